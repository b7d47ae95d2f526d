// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_LOOK_H
#define CAIRN_LOOK_H

#include "cairn/opening.h"

/*
 * Looking for mail (docs/protocol.md, section 7). What a watcher sees does not depend on whether there is any,
 * nor on whether the words were right: the same requests, of the same sizes, and the same work.
 */

#define CAIRN_LOOK_BATCHES_MAX 65536U /* from 256 before the window to the board's end */
#define CAIRN_LOOK_FOUND_MAX 256U     /* messages that one look hands out */
#define CAIRN_SESSION_FETCHED_MAX 1024U
#define CAIRN_SESSION_MSGIDS_MAX 1024U
#define CAIRN_LOOK_SLOTS 262144U

/* What one root's looks remember of each other while the page is open. Begins as zeros. Secret. */
struct cairn_session {
	struct cairn_memory memory;
	size_t fetched_count;
	uint64_t fetched[CAIRN_SESSION_FETCHED_MAX]; /* batches, in the order they were fetched */
	size_t msgid_count;
	uint8_t msgids[CAIRN_SESSION_MSGIDS_MAX][CAIRN_MSGID_BYTES];
};

/* A message that came, not shown before in this session. */
struct cairn_found {
	uint64_t batch;
	uint32_t hour; /* of the batch */
	uint8_t plain[CAIRN_REPLY_PLAIN_BYTES];
};

struct cairn_look {
	struct cairn_request request;
	int err;
	struct cairn_opening opening;

	/* valid after CAIRN_STEP_DONE */
	uint32_t first_day;
	uint32_t last_day;
	bool more; /* hits are left that this look did not fetch */
	size_t found_count;
	struct cairn_found found[CAIRN_LOOK_FOUND_MAX]; /* oldest first */

	/* private */
	const struct cairn_client *client;
	const struct cairn_conversation *conv;
	struct cairn_session *session;
	bool has_named;
	uint32_t named;
	bool all;
	unsigned state;
	unsigned level;  /* of the tile being fetched */
	uint64_t begin;  /* first entry that is read: a multiple of 256 */
	uint64_t window; /* first batch of the window; the board's size when there is none */
	uint32_t hour;   /* of the entry read last */
	struct cairn_tree tree;
	struct cairn_days_walk walk;
	size_t picked; /* of picks, fetched so far */
	size_t pick_count;
	uint64_t picks[CAIRN_LOOK_BATCHES_MAX]; /* ascending */
	size_t tag_count;
	struct cairn_look_tag tags[CAIRN_LOOK_TAGS_MAX];
	uint32_t slots[CAIRN_LOOK_SLOTS]; /* of tags by their first bytes: index + 1, or 0 */
	struct cairn_look_batch {
		uint8_t leaf[32];
		uint32_t hour;
		bool hit;
	} batches[CAIRN_LOOK_BATCHES_MAX]; /* from begin on */
};

/*
 * named is the first day to look from, or NULL for the last seven; all fetches every batch of the window, for a
 * person with a good line. client, conv and session must outlive it.
 */
void cairn_look_init(struct cairn_look *look, const struct cairn_client *client,
    const struct cairn_conversation *conv, struct cairn_session *session, const uint32_t *named, bool all);
enum cairn_step cairn_look_next(struct cairn_look *look);
void cairn_look_answer(struct cairn_look *look, int status, const uint8_t *body, size_t bytes);
void cairn_look_clear(struct cairn_look *look);

/*
 * err after CAIRN_STEP_FAILED, beside opening's: CAIRN_ERR_CRYPTO entries, tiles or a batch are not what was signed;
 * CAIRN_ERR_SPACE a window of more batches than CAIRN_LOOK_BATCHES_MAX.
 */

#endif
