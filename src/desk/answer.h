// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_ANSWER_H
#define CAIRN_DESK_ANSWER_H

#include "desk/desk.h"

/* Queueing an answer. It is sealed only when it is published, under the tag of that day. */

#define ANSWER_CELLS_MAX 16U    /* as many as a lane has tags for in a day */
#define ANSWER_QUESTIONS_MAX 2U /* what fits beside the rest of one cell */
#define ANSWER_RECEIVED_MAX 24U /* in one cell; more go with the next answer */
#define ANSWER_QUESTION_BYTES_MAX 1024U

struct answer {
	struct cairn_span text; /* well-formed UTF-8; may be empty where something else is said */
	struct cairn_span questions[ANSWER_QUESTIONS_MAX];
	size_t question_count;
	uint32_t answer_by;    /* hour by which a person at the desk will answer; 0: not said */
	uint32_t check_in_due; /* hour by which the desk waits for a check-in; 0: not said */
};

struct answered {
	size_t cells;
	size_t received;         /* messages whose reading it tells */
	uint32_t first_question; /* id of the first question */
	bool held;               /* no tag key to seal it under: it waits for the person's next message */
};

/*
 * CAIRN_ERR_FORMAT: not UTF-8, or a zero in it; CAIRN_ERR_RANGE: nothing to say, or more than 16 cells hold;
 * CAIRN_ERR_UNKNOWN: nobody to answer there.
 */
CAIRN_NODISCARD int desk_answer(struct desk *desk, struct answered *ret, uint64_t conv, const struct answer *answer,
    uint64_t now);

/* What waits needs no answer: it is read, and the conversation leaves the list of those who wait. */
CAIRN_NODISCARD int desk_answer_none(struct desk *desk, uint64_t conv, uint64_t now);

#endif
