// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_RETENTION_H
#define CAIRN_CARRY_RETENTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/span.h"

/*
 * When a compartment is destroyed (docs/carry.md). No time runs until a named officer marks it; a person who is
 * silent, perhaps under coercion, or captured stops it, and when it goes on, it counts anew: silence is not closure.
 * Nothing here knows a clock.
 */

/* X(NAME, number, "name", what the officer says by it) */
#define MARKS(X)                                                                      \
	X(CLOSED, 1, "closed", "it is over, and nobody waits for anything")           \
	X(ARRIVED, 2, "arrived", "the person has arrived, and has confirmed it")      \
	X(LEFT, 3, "left", "the person has left")                                     \
	X(HANDED_OVER, 4, "handed over", "somebody else has taken it over")           \
	X(DECIDED, 5, "decided", "it is decided who is who: result, grade and date stay with the contact") \
	X(WITHDRAWN, 6, "withdrawn", "the person took the consent back")

/* X(NAME, number, "name", stops, what it says) */
#define CASE_STATES(X)                                                                          \
	X(OPEN, 0, "open", false, "it goes on")                                                 \
	X(SILENT, 1, "silent", true, "a sign of life did not come")                             \
	X(COERCION, 2, "suspected coercion", true, "somebody may speak through the person")     \
	X(CAPTURED, 3, "captured", true, "the person has been taken")                           \
	X(WITHDREW, 4, "withdrew", false, "the person wants nothing more")                      \
	X(RETURNED, 5, "returned home", false, "the person has gone back")

/*
 * X(KIND, MARK, hours, least hours that a desk may choose, sentence for staff). A compartment goes at the earliest
 * that any of its marks gives; the mark closed may be given to a whole case. What has no row goes by hand only.
 */
#define RETENTION(X)                                                                                               \
	X(CONTACT, CLOSED, 720, 24, "30 days after an officer marked it, or its case, as closed")                  \
	X(VERIFICATION, DECIDED, 0, 0, "as soon as it is decided")                                                 \
	X(VERIFICATION, CLOSED, 0, 0, "as soon as its case is closed")                                             \
	X(PLAN, CLOSED, 0, 0, "as soon as its case is closed")                                                     \
	X(LEG, ARRIVED, 72, 24, "72 hours after an officer marked the arrival")                                    \
	X(LEG, CLOSED, 72, 24, "72 hours after its case is closed")                                                \
	X(STAY, LEFT, 0, 0, "as soon as the person has left")                                                      \
	X(STAY, HANDED_OVER, 0, 0, "as soon as somebody else has taken over")                                      \
	X(STAY, CLOSED, 0, 0, "as soon as its case is closed")                                                     \
	X(MEDICAL, LEFT, 0, 0, "as soon as the person has left")                                                   \
	X(MEDICAL, HANDED_OVER, 0, 0, "as soon as somebody else has taken over")                                   \
	X(MEDICAL, CLOSED, 0, 0, "as soon as its case is closed")                                                  \
	X(IDENTITY, ARRIVED, 0, 0, "as soon as the arrival is confirmed")                                          \
	X(IDENTITY, CLOSED, 0, 0, "as soon as its case is closed")                                                 \
	X(TESTIMONY, WITHDRAWN, 0, 0, "when the person takes the consent back; never by time")                     \
	X(MONEY, CLOSED, 0, 0, "as soon as its case is closed; sums without names stay")                           \
	X(SECURITY, CLOSED, 0, 0, "as soon as its case is closed")

enum mark {
#define MARK_ENUM(NAME, number, name, text) MARK_##NAME = (number),
	MARKS(MARK_ENUM)
#undef MARK_ENUM
};

enum case_state {
#define STATE_ENUM(NAME, number, name, stops, text) CASE_##NAME = (number),
	CASE_STATES(STATE_ENUM)
#undef STATE_ENUM
};

/* A row of the table. */
struct retention_row {
	uint8_t kind;
	uint8_t mark;
	uint32_t hours;
	uint32_t least;
	const char *text;
};

extern const struct retention_row retention_table[];
extern const size_t retention_count;

/* NULL: that mark means nothing to that kind. */
const struct retention_row *retention_find(uint8_t kind, uint8_t mark);

/* NULL: no such mark, no such state. */
const char *mark_name(uint8_t mark);
const char *case_state_name(uint8_t state);
/* By name, as staff type it. CAIRN_ERR_UNKNOWN. */
CAIRN_NODISCARD int mark_by_name(uint8_t *mark, struct cairn_span name);
CAIRN_NODISCARD int case_state_by_name(uint8_t *state, struct cairn_span name);

/* Does that state stop the time? One that is not known does: a newer version may know why. */
bool case_state_stops(uint8_t state);

/*
 * May a desk keep that kind for so many hours? CAIRN_ERR_UNKNOWN: it has no time that could be shortened;
 * CAIRN_ERR_RANGE: longer than the table's, or less than its least.
 */
CAIRN_NODISCARD int retention_choose(uint8_t kind, uint32_t hours);

/* A mark that was given and not taken back; of the compartment, or closed of its case. */
struct retention_mark {
	uint8_t mark;
	uint64_t time; /* Unix seconds */
};

/* How a case stood from then on; in the order of the feed. Before the first it was open. */
struct retention_change {
	uint8_t state;
	uint64_t time;
};

#define RETENTION_AS_TABLE UINT32_MAX

enum retention_when {
	RETENTION_NEVER, /* nobody marked it, or not with a mark that counts */
	RETENTION_HELD,  /* marked, and stopped by how it stands with the case */
	RETENTION_AT,
};

/*
 * When it is due: *ret_at, in Unix seconds, with RETENTION_AT; 0 otherwise. chosen is what the desk keeps that kind
 * for, or RETENTION_AS_TABLE; what retention_choose() would refuse counts as the nearest that it allows.
 */
enum retention_when retention_due(uint64_t *ret_at, uint8_t kind, const struct retention_mark *marks,
    size_t mark_count, const struct retention_change *changes, size_t change_count, uint32_t chosen);

#endif
