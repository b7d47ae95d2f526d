// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>

#include "cli/demo.h"
#include "cli/demo_process.h"
#include "cli/demo_screen.h"
#include "cli/exit.h"
#include "cli/output.h"

/* Programs of the story, and what they print. */

int
demo_run(struct demo *d, const struct demo_call *what)
{
	int code = demo_call(what, d->out, sizeof(d->out));

	if (code == 0)
		return CAIRN_EXIT_OK;
	screen_output(d->out);
	return fail(code < 0 ? CAIRN_EXIT_INTERNAL : code, "%s did not do its part", what->args[0]);
}

json_t *
demo_run_json(struct demo *d, const struct demo_call *what)
{
	json_t *object = NULL;

	if (demo_run(d, what) == CAIRN_EXIT_OK && (object = json_loads(d->out, 0, NULL)) == NULL)
		complain("%s printed no JSON", what->args[0]);
	return object;
}

int
demo_show(struct demo *d, const struct demo_call *what)
{
	int code = demo_run(d, what);

	if (code == CAIRN_EXIT_OK)
		screen_output(d->out);
	return code;
}

void
demo_take_line(char *out, size_t room, const struct demo *d)
{
	size_t length = strcspn(d->out, "\n");

	if (length >= room)
		length = room - 1;
	memcpy(out, d->out, length);
	out[length] = '\0';
}
