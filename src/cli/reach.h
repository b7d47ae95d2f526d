// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_REACH_H
#define CAIRN_CLI_REACH_H

#include "cairn/opening.h"
#include "cli/options.h"
#include "net/net.h"

/* How a command that is not a desk's own reaches a desk: what all of them share. */
struct reach_options {
	const char *desk;
	const char *proxy;
	const char *socket;
	const char *date;
	uint64_t patience;
};

#define REACH_OPTIONS(type, member)                                                                   \
	OPTION(TEXT, type, member.desk, "desk", "URL", "the address of the desk, as it was given out"), \
	OPTION(TEXT, type, member.proxy, "proxy", "URL", "go through this, socks5h://127.0.0.1:9050 for Tor"), \
	OPTION(TEXT, type, member.socket, "socket", "PATH", "connect to this Unix socket of a relay"), \
	OPTION(TEXT, type, member.date, "date", "DAY", "today's date, YYYY-MM-DD, where the clock is wrong"), \
	OPTION(NUMBER, type, member.patience, "patience", "SECONDS", "how long to try again without an answer (45)")

struct reach {
	struct net_url url;
	struct net *net;
	struct cairn_client client;
};

/* Reads the options. Returns an enum cairn_exit and has told what was wrong. reach_end() in any case. */
int reach_begin(struct reach *r, const struct reach_options *options);
void reach_end(struct reach *r);

/*
 * After CAIRN_ERR_CLOCK: asks which date is right and sets the client's hour. CAIRN_EXIT_OK: to be tried again.
 * board_hour is what the board says of itself.
 */
int reach_ask_clock(struct reach *r, uint32_t board_hour);

/*
 * Says in words why a machine failed, and returns the exit code. A fork is told with both signed checkpoints, on
 * stdout, to be kept: they are the proof. opening may be NULL where there was none.
 */
int reach_fail(const struct reach *r, const struct cairn_opening *opening, int err);

/* "YYYY-MM-DD" to days since 1970; false for anything else. */
bool day_read(uint32_t *ret_day, struct cairn_span text);

#endif
