// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_RELAY_H
#define CAIRN_RELAY_RELAY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "relay/buckets.h"
#include "relay/config.h"
#include "relay/relay_key.h"

struct allowance;
struct answers;
struct blobs;
struct board_cache;
struct commit;
struct connections;
struct desks;
struct leases;
struct mailbox;
struct nonces;
struct page;
struct plain;
struct pool;
struct site_server;
struct store;
struct waits;
struct MHD_Daemon;

/* What may change while it runs, on SIGHUP. Each on its own: nothing hangs on two of them at once. */
struct settings {
	atomic_uint difficulty[CONFIG_DOORS];
	_Atomic uint64_t cells[CONFIG_DOORS];
	_Atomic uint64_t blobs[CONFIG_DOORS];
	_Atomic uint64_t feed_bytes;
	atomic_uint rate;
	atomic_uint reserve_mib;
};

/*
 * The running daemon. Everything here is made before the first request is taken and stays until after the
 * last; each part locks itself.
 */
struct relay {
	const struct config *config;
	struct settings settings;
	struct relay_key *key;
	int data; /* the data folder, open */
	struct store *store;
	struct commit *commit;
	struct pool *keeper;    /* one thread: what staff asks for and what is kept in files, one after the other */
	struct pool *verifiers;
	struct leases *leases;
	struct mailbox *mailbox;
	struct waits *waits;
	bool left_waiting;      /* what the keeper's thread works on is in waits now, and no longer its own */
	struct nonces *nonces;
	struct allowance *allowance; /* the keeper's thread's */
	struct buckets buckets;
	struct desks *desks;
	struct blobs *blobs;
	struct board_cache *cache;
	struct connections *connections;
	struct answers *answers;
	struct page *page; /* NULL: none is served */
	struct site_server *site; /* NULL: no public site is served */
	struct plain *plain; /* NULL: there is no page without scripts */
	struct MHD_Daemon *http;
	atomic_bool disk_low;   /* less than the reserve is free */
	atomic_uint large;      /* bodies of more than a cell that are being collected */
	atomic_uint large_answers; /* pieces of feeds that are on their way */
};

#endif
