// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_NET_MAILER_H
#define CAIRN_NET_MAILER_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"

/*
 * Letters by SMTP (RFC 5321), over one connection as long as the server keeps it. TLS is asked of the server and its
 * certificate checked; only to this machine itself it may be without.
 */
struct mail {
	const char *url;      /* smtp://host[:port] (STARTTLS) or smtps://host[:port] */
	const char *proxy;    /* "socks5h://127.0.0.1:9050"; NULL: straight, or by the environment */
	const char *user;     /* NULL: nobody logs in */
	const char *password; /* secret */
	const char *from;     /* "campaign@desk.example" */
	uint32_t patience_s;  /* for one letter; 0: 60 */
};

struct mailer;

/* *mail must outlive *ret. CAIRN_ERR_RANGE: a URL that is none of these, or a proxy that looks names up here. */
CAIRN_NODISCARD int mailer_new(struct mailer **ret, const struct mail *mail);
/* NULL is fine. */
void mailer_free(struct mailer *mailer);

/*
 * One letter, whose text is whole lines of UTF-8 that end in "\n", below its head. CAIRN_ERR_DENIED: the server will
 * not have this one (5yz to the address), another may go; CAIRN_ERR_IO: it cannot be reached or takes nothing now,
 * and why[256] says so. CAIRN_ERR_FORMAT: to, from or subject is not one printable word or line of ASCII.
 */
CAIRN_NODISCARD int mailer_send(struct mailer *mailer, const char *to, const char *subject, const char *text,
    char why[256]);

#endif
