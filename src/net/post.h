// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_NET_POST_H
#define CAIRN_NET_POST_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"

/*
 * One POST to a server that is no relay: a time-stamping authority. It says nothing of this machine or program,
 * follows no redirect, keeps nothing; TLS certificates are checked by the system's list.
 */
struct post {
	const char *url;    /* http or https */
	const char *proxy;  /* "socks5h://127.0.0.1:9050"; NULL: straight, or by the environment */
	const char *type;   /* Content-Type */
	const char *accept; /* what the answer's Content-Type must be */
	const uint8_t *body;
	size_t bytes;
	uint32_t patience_s; /* in all; 0: 60 */
};

/*
 * The body of an answer 200 into out[room]. CAIRN_ERR_RANGE: a proxy that looks names up here, or an onion address
 * without one; CAIRN_ERR_IO: no such answer, and why[256] says so; CAIRN_ERR_SPACE: it is longer than room.
 */
CAIRN_NODISCARD int post_do(const struct post *post, uint8_t *out, size_t room, size_t *ret_bytes, char why[256]);

#endif
