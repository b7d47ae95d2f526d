// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_NET_URL_H
#define CAIRN_NET_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/hash.h"

/*
 * The address of a desk, as people are given it: http[s]://host[:port]/d/<desk_id>/ and behind a '#', where
 * there is one, the identity key in base64url. What stands behind the '#' is never sent.
 */
#define NET_URL_MAX 512U

struct net_url {
	char base[NET_URL_MAX]; /* ends in "/d/<desk_id>/": what request paths are put behind */
	uint8_t desk_id[CAIRN_HASH_BYTES];
	bool has_identity;
	uint8_t identity_key[32];
	bool onion;    /* must go through a proxy, and its name must not be looked up */
	bool loopback; /* this machine: never through a proxy of the environment */
};

/*
 * CAIRN_ERR_FORMAT: not such an address. The last slash may be missing; a name and password, a query,
 * or anything behind the desk's id but a '#' is refused.
 */
CAIRN_NODISCARD int net_url_read(struct net_url *url, const char *text);

/* The address of a public site, whatever its path; desk and key are zeros. The same errors. */
CAIRN_NODISCARD int net_url_read_site(struct net_url *url, const char *text);

/*
 * Is proxy one that looks the relay's name up itself? "socks5h://host:port" or "http://host:port". Others would
 * tell the machine's own name server whom the person talks to.
 */
bool net_proxy_ok(const char *proxy);

#endif
