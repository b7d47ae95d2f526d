// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_NET_CALL_H
#define CAIRN_NET_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"

/*
 * One HTTP request to a server that is no relay. It says nothing of this machine, nor of this program but in the
 * caller's headers, follows no redirect, keeps nothing; TLS certificates are checked by the system's list.
 */
struct net_call {
	const char *method;         /* GET, POST, PUT, DELETE */
	const char *url;            /* http or https */
	const char *proxy;          /* "socks5h://127.0.0.1:9050"; NULL: straight, or by the environment */
	const char *const *headers; /* "Name: value", ended by NULL; copies are wiped */
	const uint8_t *body;        /* NULL: none */
	size_t bytes;
	uint32_t patience_s; /* in all; 0: 60 */
};

struct net_answer {
	uint8_t *out; /* the caller's */
	size_t room;
	size_t bytes;
	long status;
	char type[96]; /* Content-Type; empty where there is none */
	bool reached;  /* false: surely nothing of the request got there */
	bool overlong;
};

/*
 * Any answer, whatever its status, is CAIRN_OK. CAIRN_ERR_RANGE: a proxy that looks names up here, or an onion
 * address without one; CAIRN_ERR_IO: no answer; CAIRN_ERR_SPACE: it is longer than room. why[256] says so.
 */
CAIRN_NODISCARD int net_call_do(const struct net_call *call, struct net_answer *answer, char why[256]);

/* Is that way one that asks no name server here for an onion's name, nor for any through a proxy? */
bool net_way_ok(const char *url, const char *proxy);

/* A curl code after which nothing was handed over: no connection, or none that is safe. */
bool net_never_reached(int curl_code);

#endif
