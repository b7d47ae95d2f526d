// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/demo.h"
#include "cli/demo_process.h"
#include "cli/demo_screen.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/place.h"

/* The worked example's public site, which the story ends with. */

bool
demo_find_site(char *example, size_t room)
{
	static const char *const sources[] = {"../../../examples/chechnya-2017",
	    "../share/doc/cairn/examples/chechnya-2017"};
	static const char *const assets[] = {"../../web/site", "../share/cairn/site"};
	char path[PLACE_MAX];

	return place_beside(path, sizeof(path), assets, 2) && place_beside(example, room, sources, 2);
}

int
demo_begin_site(struct demo *d)
{
	if (d->example[0] == '\0')
		return CAIRN_EXIT_OK;
	if (mkdir(d->site, 0700) != 0)
		return fail(CAIRN_EXIT_STORAGE, "%s could not be made", d->site);
	/* Some way off, where the relay's own may be taken by another run. */
	d->site_port = demo_free_port(d->port + 1);
	(void)snprintf(d->site_listen, sizeof(d->site_listen), "127.0.0.1:%u", d->site_port);
	return CAIRN_EXIT_OK;
}

int
demo_build_site(struct demo *d)
{
	char base[64];
	const struct demo_call build = {{d->self, "site", "build", d->example, d->site, "--all-languages", "--base",
	    base,
					    "--desk", d->address},
	    {0}};
	const struct demo_call verify = {{d->self, "verify", "site", base}, {0}};
	const struct demo_call *const calls[] = {&build, &verify};

	if (d->example[0] == '\0')
		return CAIRN_EXIT_OK;
	(void)snprintf(base, sizeof(base), "http://127.0.0.1:%u/", d->site_port);
	screen_heading("A public record, with what anybody can do");
	screen_say("Out of a folder of texts, tables and claims the desk makes a site that loads nothing from");
	screen_say("elsewhere, and whose every page can be checked.");
	screen_command("cairn site build %s %s", screen_path(d->example), screen_path(d->site));
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		int code = demo_call(calls[i], d->out, sizeof(d->out));

		screen_output(d->out);
		if (code != 0)
			return fail(CAIRN_EXIT_STORAGE, "the site was not made as it should be");
	}
	return CAIRN_EXIT_OK;
}

void
demo_farewell_site(const struct demo *d)
{
	char address[64];

	if (d->example[0] == '\0')
		return;
	(void)snprintf(address, sizeof(address), "http://127.0.0.1:%u/", d->site_port);
	screen_say("The public site: read, sign, write a letter, suggest a vigil, comment, check a claim");
	screen_copy(address);
	screen_gap();
}
