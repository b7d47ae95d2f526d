// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_PLAIN_TALK_H
#define CAIRN_PLAIN_TALK_H

#include "cairn/look.h"
#include "cairn/send.h"
#include "plain/state.h"

/* The relay that the forms came through, asked like by anybody: over its own listener. */
struct talk {
	const char *address;     /* "http://127.0.0.1:8080" */
	const char *unix_socket; /* or this one; NULL for none */
	const uint8_t *desk_id;
	uint64_t now; /* seconds, by this machine's clock */
};

/* The client's hour: this machine's clock and what the person said of it. */
uint32_t talk_hour(const struct talk *talk, const struct state *state);

/* Makes the root of the words, and forgets the words. CAIRN_ERR_NOMEM. */
CAIRN_NODISCARD int talk_root(const struct talk *talk, struct state *state);

/*
 * Sends what was written. An enum cairn_err as the machines' (cairn/send.h); CAIRN_ERR_SPACE: too long for the
 * cells of one sending. Takes as long whether other words are among it or not.
 */
CAIRN_NODISCARD int talk_send(const struct talk *talk, struct state *state);

/* The desk's card, checked. *ret is NULL where that failed; an error as those of cairn/opening.h. */
CAIRN_NODISCARD int talk_card(const struct talk *talk, struct state *state, struct cairn_opening **ret);
void talk_card_free(struct cairn_opening *opening);

/* One look. *ret is zeroed by talk_look_free(). */
CAIRN_NODISCARD int talk_look(const struct talk *talk, struct state *state, struct cairn_look **ret);
void talk_look_free(struct cairn_look *look);

#endif
