// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "plain/turn.h"

/* web/person/src/screens/begin.ts */

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
step_before(struct turn *turn)
{
	turn->screen = "before";
}

void
step_which(struct turn *turn)
{
	turn->screen = "which";
}
