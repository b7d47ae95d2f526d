// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_CONFIG_H
#define CAIRN_RELAY_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/drop.h"
#include "cairn/err.h"
#include "cairn/span.h"

/*
 * cairnd.conf: lines of a keyword and its values, comments from a # to the end of the line. Each keyword stands
 * in one table in config.c; cairnd.conf(5) tells what they are for.
 */
#define CONFIG_BYTES_MAX 65536U
#define CONFIG_LISTEN_MAX 8U
#define CONFIG_PATH_MAX 108U /* what a Unix socket's address takes, with its zero */
#define CONFIG_DATA_MAX 200U
#define CONFIG_DOORS 3U      /* by enum cairn_door; 0 is unused */

enum config_listen_kind {
	CONFIG_LISTEN_UNIX,
	CONFIG_LISTEN_TCP,
};

struct config_listen {
	enum config_listen_kind kind;
	char address[CONFIG_PATH_MAX]; /* path, or numeric IPv4 or IPv6 address */
	uint16_t port;
	bool counted; /* rate counters are kept: not for the onion's */
	bool site;    /* the public site is served there, and nothing else */
};

struct config {
	char data[CONFIG_DATA_MAX];
	struct config_listen listens[CONFIG_LISTEN_MAX];
	size_t listen_count;
	bool anywhere;         /* addresses other than loopback may be listened on */
	unsigned socket_mode;  /* of Unix sockets */
	unsigned threads;
	unsigned connections;
	unsigned verifiers;
	unsigned rate;         /* writes a minute and bucket, on counted listeners */
	unsigned reserve_mib;  /* of the disk, kept free of what strangers send */
	unsigned cache_mib;    /* of board files, in memory */
	bool confine;
	char page[CONFIG_DATA_MAX]; /* folder of the person's page; empty: it is not served */
	char site[CONFIG_DATA_MAX]; /* folder of the public site; empty: it is not served */
	char exit[CONFIG_DATA_MAX]; /* where its "Leave" goes */
	bool all_languages;         /* also those that no native speaker reviewed */
	unsigned plain;             /* forms of the page without scripts at a time; 0: there is none */
	char plain_program[CONFIG_DATA_MAX];
	unsigned difficulty[CONFIG_DOORS];
	uint64_t cells[CONFIG_DOORS]; /* that a desk's door keeps waiting at most */
	uint64_t blobs[CONFIG_DOORS];
	unsigned feed_mib;     /* that a desk's feed holds at most */
};

/* Where and what is wrong, for the operator. */
struct config_error {
	unsigned line; /* 0: the whole */
	char text[160];
};

void config_defaults(struct config *config);

/* Reads text on top of what config has. CAIRN_ERR_FORMAT with error filled in. */
CAIRN_NODISCARD int config_read(struct config *config, struct config_error *error, struct cairn_span text);

/* One keyword with its values, as from a flag. */
CAIRN_NODISCARD int config_set(struct config *config, struct config_error *error, const char *keyword,
    const char *value);

/* What no single line can tell: addresses that are not loopback, no listener. */
CAIRN_NODISCARD int config_check(const struct config *config, struct config_error *error);

#endif
