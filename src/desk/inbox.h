// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_INBOX_H
#define CAIRN_DESK_INBOX_H

#include "cairn/conversation.h"
#include "desk/alias.h"
#include "desk/state.h"

/* The list that an intake officer works from: one line a conversation, in the order in which they need somebody. */

#define INBOX_LANGUAGE_MAX 35U
#define INBOX_NEEDS_MAX 16U
#define INBOX_WINDOWS_MAX 8U

/*
 * When an answer is safe: minutes of the UTC day, weekdays of `from` (bit 0 Monday). to <= from
 * runs past midnight.
 */
struct inbox_window {
	uint16_t from;
	uint16_t to;
	uint8_t weekdays;
};

struct inbox_line {
	uint64_t conv;   /* on this device; 0: letters to the campaign door without a conversation */
	uint64_t number; /* as all devices call it, and people */
	uint8_t conv_id[CAIRN_CONV_ID_BYTES];
	char alias[ALIAS_MAX];
	uint32_t door;
	uint64_t begun;
	char language[INBOX_LANGUAGE_MAX + 1];
	uint32_t urgency; /* 0 not said, 1 this week, 2 today, 3 now */
	uint8_t needs[INBOX_NEEDS_MAX];
	size_t need_count;
	struct inbox_window windows[INBOX_WINDOWS_MAX];
	size_t window_count;
	uint64_t waits_since; /* 0: nothing waits for an answer */
	uint64_t heard;
	uint64_t answered;
	uint32_t check_in;     /* hour by which they said they would write; 0: none */
	uint32_t check_in_due; /* hour by which the desk waits for a check-in; 0: none */
	uint32_t answer_by;
	uint32_t questions; /* asked so far */
	uint64_t unread;
};

/*
 * How soon a human should answer, by urgency. Whoever said "now" comes first in any case; all
 * others come in the order in which this time runs out, so that a low urgency waits longer, but not
 * for ever.
 */
#define INBOX_GOAL_NOW_S (15U * 60U)
#define INBOX_GOAL_TODAY_S (60U * 60U)
#define INBOX_GOAL_S (2U * 3600U)
#define INBOX_GOAL_WEEK_S (8U * 3600U)

enum inbox_class {
	INBOX_NOW,    /* waits, and said "now" */
	INBOX_SILENT, /* did not write by the hour that was agreed */
	INBOX_WAITS,
	INBOX_ANSWERED,
};

enum inbox_class inbox_class(const struct inbox_line *line, uint64_t now);

/* The second by which an answer is due; for the silent, when the check-in was. 0 for answered ones. */
uint64_t inbox_due(const struct inbox_line *line, uint64_t now);

/* Is an answer safe at that second? Always, where nobody said otherwise. *ret_next is when it is again. */
bool inbox_safe(const struct inbox_line *line, uint64_t now, uint64_t *ret_next);

/* All of them, in order; free() it. */
CAIRN_NODISCARD int inbox_read(struct db *state, struct inbox_line **ret, size_t *ret_count, uint64_t now);
void inbox_sort(struct inbox_line *lines, size_t count, uint64_t now);

/* CAIRN_ERR_UNKNOWN: no such conversation. */
CAIRN_NODISCARD int inbox_get(struct db *state, struct inbox_line *line, uint64_t conv);

const char *inbox_need_name(uint8_t need);
const char *inbox_urgency_name(uint32_t urgency);

#endif
