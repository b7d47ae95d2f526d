// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_COVER_H
#define CAIRN_DESK_COVER_H

#include "desk/desk.h"

/*
 * A life for a desk that is shown instead of another (docs/desk.md, "Two desks in one vault"): conversations that
 * staff wrote themselves are taken in as if they had come over the relay, by the same steps, each at its own time.
 * What the relay knows is another matter: it has never seen them.
 */
struct cover_person {
	struct cairn_conversation conv; /* secret */
	bool begun;
};

/* Somebody new. */
void cover_person_init(struct cover_person *person);
void cover_person_clear(struct cover_person *person);

/*
 * What they say, and what the desk answers, as of the Unix second at, which is not after now. language is a tag, or
 * empty. CAIRN_ERR_RANGE: the text is empty, or longer than one letter holds. CAIRN_ERR_STATE: an answer to nobody.
 */
CAIRN_NODISCARD int cover_letter(struct desk *desk, struct cover_person *person, struct cairn_span language,
    struct cairn_span text, uint64_t at, uint64_t now);
CAIRN_NODISCARD int cover_answer(struct desk *desk, const struct cover_person *person, struct cairn_span text,
    uint64_t at);

#endif
