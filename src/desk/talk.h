// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_TALK_H
#define CAIRN_DESK_TALK_H

#include "cairn/tlv.h"
#include "desk/desk.h"
#include "desk/inbox.h"

/*
 * A whole conversation, both sides, in the order in which it came: nothing left out, nothing merged
 * away. Texts in several parts stand together where their first part came.
 */
struct talk_item {
	bool from_desk;
	uint64_t at;            /* when this device kept it, or queued it */
	uint32_t day;           /* theirs: the day of the cell, by their clock; 0 for the desk's own */
	const uint8_t *msgid;   /* [16] */
	uint16_t type;          /* of the record; 0 for a cell that holds nothing to show */
	struct cairn_span text; /* text, statement, all-clear, question, answer: what was said */
	uint32_t number;        /* statement: slot; question, answer: id; else hour or urgency */
	const uint8_t *value;   /* the record as it came */
	size_t bytes;
	unsigned parts;         /* of a text */
	unsigned parts_missing; /* of it, not come yet */
	bool retracted;         /* taken back by the person; it stays */
	bool unread;            /* nobody at the desk had read it before */
	unsigned state;         /* of a reply: 0 queued, 1 being published, 2 published */
	uint64_t row;           /* of the message or reply */
};

struct talk;

/* Reads it all; text is secret: talk_free() wipes it. CAIRN_ERR_UNKNOWN: no such conversation. */
CAIRN_NODISCARD int talk_read(struct talk **ret, struct db *state, uint64_t conv);
void talk_free(struct talk *talk);

size_t talk_count(const struct talk *talk);
const struct talk_item *talk_item(const struct talk *talk, size_t i);

/*
 * What is shown counts as read from now on: the next reply tells the person so. Only the messages
 * that talk holds, not those that came in the meantime.
 */
CAIRN_NODISCARD int talk_mark_read(const struct talk *talk, struct desk *desk, uint64_t now);

/* Conversations that were named as second ones, both ways: conv named other. Room is the caller's. */
struct talk_second {
	uint64_t conv;
	uint64_t other;
	uint64_t at;
};
CAIRN_NODISCARD int talk_seconds(struct db *state, uint64_t conv, struct talk_second *out, size_t room,
    size_t *ret_count);

/* The files of a conversation, oldest first. */
struct talk_file {
	uint64_t message; /* row */
	uint64_t size;
	unsigned state; /* enum file_state */
	char media_type[128];
};
CAIRN_NODISCARD int talk_files(struct db *state, uint64_t conv, struct talk_file *out, size_t room,
    size_t *ret_count);

#endif
