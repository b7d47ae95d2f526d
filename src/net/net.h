// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_NET_NET_H
#define CAIRN_NET_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/staff.h"
#include "cairn/step.h"
#include "net/url.h"

/*
 * Moves the bytes that a machine of the core names: one relay, one desk, one connection that is kept. A request
 * carries nothing but what the protocol wants: no user agent, no language, no cookie, no referrer;
 * nothing is cached, no redirect is followed, nothing is written down.
 */
struct net;

/*
 * Signs a staff request: fills in the Authorization header's value. Called anew for each try, since a nonce is good
 * for one. Returns an enum cairn_err, which ends the request.
 */
typedef int net_sign(void *arg, char authorization[CAIRN_AUTHORIZATION_MAX],
    const struct cairn_staff_request *request);

struct net_options {
	const struct net_url *url;  /* copied */
	const char *proxy;          /* "socks5h://127.0.0.1:9050"; NULL for the environment's, or none */
	const char *unix_socket;    /* connect to this path whatever the URL says; NULL for none */
	uint32_t patience_ms;       /* how long one request may be tried again in all; 0: NET_PATIENCE_MS */
	net_sign *sign;             /* staff devices only; NULL for a person */
	void *sign_arg;
	const uint8_t *relay_key;   /* [32], staff devices only: what their requests are signed for */
};

#define NET_PATIENCE_MS 45000U
#define NET_CONNECT_MS 30000U  /* an onion's first circuit takes its time */
#define NET_STALL_S 30U        /* no byte for so long: the line is lost */
#define NET_TRIES_MAX 8U
#define NET_BACKOFF_MS 400U    /* doubled each time, up to: */
#define NET_BACKOFF_MAX_MS 15000U

/* CAIRN_ERR_RANGE: a proxy that looks names up here, or an onion address without a proxy; CAIRN_ERR_NOMEM. */
CAIRN_NODISCARD int net_new(struct net **ret_net, const struct net_options *options);
void net_free(struct net *net);

/* What came back. body belongs to net and lasts until its next request. */
struct net_answer {
	int status; /* of HTTP; CAIRN_NO_ANSWER where there was none */
	const uint8_t *body;
	size_t bytes;
};

/*
 * Does one request. Where no answer comes (no connection, a lost line, an answer longer than answer_max) it is
 * tried again with growing, random pauses, NET_TRIES_MAX times and while patience lasts: every request of the
 * protocol may be repeated. A status of any kind is an answer. Returns CAIRN_OK also for CAIRN_NO_ANSWER; an error
 * is one of signing or of memory.
 */
CAIRN_NODISCARD int net_do(struct net *net, const struct cairn_request *request, struct net_answer *answer);

/* Why the last request got no answer, for whoever looks after the line; never NULL. */
const char *net_why(const struct net *net);

/* Sleeps; less only when a signal ends the program. */
void net_pause(uint32_t ms);

/* The pause before try number n (from 1): random, between half and all of the doubled step. */
uint32_t net_backoff_ms(unsigned n);

#endif
