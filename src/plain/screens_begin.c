// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "plain/turn.h"

/* web/person/src/screens/begin.ts */

#define ASKS_MAX 16U /* lines of the card: what else it says is shown nowhere */

void
step_begin(struct turn *turn)
{
	turn->screen = "begin";
	values_list(turn->values, "offered");
	for (size_t i = 0; i < language_count; i++) {
		const struct language *l = &languages[i];
		struct cairn_span row[] = {{l->tag, strlen(l->tag)}, {l->name, strlen(l->name)},
		    {"*", l->reviewed ? 0 : 1}};

		if (language_offered(l, turn->site->all_languages) && i != turn->state.language)
			values_row(turn->values, "offered", row, 3);
	}
}

void
step_wait(struct turn *turn)
{
	turn->screen = "wait";
}

void
put_asks(struct turn *turn, const struct cairn_card *card)
{
	struct cairn_span ask;

	values_list(turn->values, "asks");
	if (card == NULL)
		return;
	for (size_t at = 0, n = 0; n < ASKS_MAX && cairn_card_next(card, "never-asks", &at, &ask); n++) {
		GString *shown = turn_shown(ask);
		struct cairn_span row[] = {{shown->str, shown->len}};

		values_row(turn->values, "asks", row, 1);
		g_string_free(shown, TRUE);
	}
}

/* What the desk says of itself stands there before anything is typed, where its board can be read. */
void
step_before(struct turn *turn)
{
	struct cairn_opening *opening = NULL;
	int err = talk_card(&turn->talk, &turn->state, &opening);
	GString *name = turn_shown(err == CAIRN_OK ? opening->card.name : (struct cairn_span){"", 0});

	turn->screen = "before";
	values_text(turn->values, "desk", (struct cairn_span){name->str, name->len});
	put_asks(turn, err == CAIRN_OK ? &opening->card : NULL);
	g_string_free(name, TRUE);
	talk_card_free(opening);
}

void
step_which(struct turn *turn)
{
	turn->screen = "which";
}
