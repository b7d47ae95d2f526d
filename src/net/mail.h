// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_NET_MAIL_H
#define CAIRN_NET_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"

/* One message handed to a mail server by SMTP. It calls itself "localhost" there, whatever this machine's name is.
 */
#define NET_MAIL_TO_MAX 16U

struct net_mail {
	const char *server; /* smtps://host:port, or smtp://host:port */
	const char *proxy;  /* as in net/call.h */
	const char *user;   /* NULL: without a login */
	const char *secret;
	bool plain;       /* smtp:// without STARTTLS: for loopback only */
	const char *from; /* addresses without names */
	const char *to[NET_MAIL_TO_MAX];
	size_t to_count;
	const uint8_t *message; /* headers and body, lines end in CR LF */
	size_t bytes;
};

/*
 * *ret_reached false: surely it was not taken. CAIRN_ERR_RANGE as net_call_do(); CAIRN_ERR_DENIED: the server said
 * no, *ret_code what; CAIRN_ERR_IO: no connection, or none to the end. why[256] says so.
 */
CAIRN_NODISCARD int net_mail_send(const struct net_mail *mail, bool *ret_reached, long *ret_code, char why[256]);

#endif
