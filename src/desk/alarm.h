// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_ALARM_H
#define CAIRN_DESK_ALARM_H

#include "desk/state.h"

/* What staff must be shown, kept until the end: never a line that scrolls by. */
enum alarm_kind {
	ALARM_FORK = 1,    /* a person was shown a board of size a whose root is not ours */
	ALARM_AHEAD,       /* a person was shown a board of size a; ours had only b */
	ALARM_FROZEN,      /* a person who wrote on day a was shown a board of hour b */
	ALARM_TAGS,        /* a hello of day a whose tag key does not continue the one held */
	ALARM_SECOND_TAGS, /* the same, out of the record second, for a conversation that was known: not taken */
	ALARM_BOARD,       /* the relay has a board of size a that this device did not write; ours has b */
	ALARM_RECORD,      /* record a of the feed was passed over: what it says cannot be said like that */
};

struct alarm {
	uint64_t at;
	uint64_t conv; /* 0: none */
	enum alarm_kind kind;
	uint64_t a;
	uint64_t b;
};

/* Once for the same facts. In the caller's transaction, or on its own. */
CAIRN_NODISCARD int alarm_raise(struct db *state, const struct alarm *alarm);

/* The newest, or those of one conversation oldest first; *ret_count of at most room. */
CAIRN_NODISCARD int alarm_newest(struct db *state, struct alarm *out, size_t room, size_t *ret_count);
CAIRN_NODISCARD int alarm_of(struct db *state, uint64_t conv, struct alarm *out, size_t room,
    size_t *ret_count);

/* "fork", "tags" and so on, for programs; and a sentence for people: what it is, what to do. */
#define ALARM_TEXT_MAX 400U
const char *alarm_name(enum alarm_kind kind);
void alarm_text(char out[ALARM_TEXT_MAX], const struct alarm *alarm);

#endif
