// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_PLAIN_STATE_H
#define CAIRN_PLAIN_STATE_H

#include <stdbool.h>

#include "cairn/look.h"
#include "cairn/passphrase.h"

/*
 * What one step leaves to the next. It goes to the browser and back in one hidden field, sealed; here nothing of it
 * stays. All of it is secret.
 */
#define STATE_TEXT_MAX 16384U /* what was typed */
#define STATE_QUESTIONS 3U
#define STATE_QUESTION_MAX 1024U
#define STATE_STATEMENTS 4U
#define STATE_STATEMENT_MAX 1024U
#define STATE_ALL_CLEAR_MAX 256U
#define STATE_ROOM                                                                                                   \
	(STATE_TEXT_MAX + 2U * STATE_QUESTIONS * STATE_QUESTION_MAX + STATE_STATEMENTS * STATE_STATEMENT_MAX +       \
	    STATE_ALL_CLEAR_MAX)
#define STATE_FETCHED 64U
#define STATE_MSGIDS 32U
#define STATE_NOTE_MAX 700U

struct state {
	uint8_t language; /* index into languages */
	bool fresh;       /* words made here, not typed */
	bool open;        /* root is there */
	bool confirmed;   /* the person said which hour is right */
	bool has_zone;    /* the person said what time it is there */
	int16_t zone;     /* minutes to add to UTC */
	int32_t shift;    /* hours to add to the clock */
	uint32_t board_hour;
	uint32_t since;               /* first day to look from; 0: the usual */
	struct cairn_passphrase pass; /* only until the root is made */
	uint8_t root[CAIRN_KEY_BYTES];
	uint8_t seed[32]; /* of the letter that is being written */

	uint8_t answer_language;
	uint8_t urgency;
	uint16_t needs;         /* bit n: need n */
	struct cairn_span text; /* these look into room */
	struct state_question {
		uint16_t id;
		struct cairn_span question, answer;
	} questions[STATE_QUESTIONS];
	struct state_more {
		bool has_window;
		uint16_t from, to; /* when an answer is safe: minutes of the UTC day */
		uint32_t check_in; /* 0: not said */
		struct cairn_passphrase second; /* 0 bytes: none */
		struct cairn_span all_clear, statements[STATE_STATEMENTS];
	} more;

	/* of struct cairn_session: the newest that fits */
	struct cairn_session session;

	size_t used;
	char room[STATE_ROOM + 16];
};

/* Copies text into the room; as much of it as fits. */
struct cairn_span state_keep(struct state *state, struct cairn_span text, size_t most);

/* Forgets the letter, and makes the next one's seed. */
void state_new_letter(struct state *state);

#endif
