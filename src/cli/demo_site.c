// SPDX-License-Identifier: GPL-3.0-or-later
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
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
	char path[PLACE_MAX], real[PATH_MAX];

	return place_beside(path, sizeof(path), assets, 2) && place_beside(path, sizeof(path), sources, 2) &&
	    realpath(path, real) != NULL && snprintf(example, room, "%s", real) < (int)room;
}

int
demo_begin_site(struct demo *d)
{
	if (d->example[0] == '\0')
		return CAIRN_EXIT_OK;
	if (mkdir(d->site, 0700) != 0)
		return fail(CAIRN_EXIT_STORAGE, "%s could not be made", d->site);
	/* Some way off, where the relay's own may be taken by another run. */
	(void)snprintf(d->site_listen, sizeof(d->site_listen), "127.0.0.1:%u", demo_free_port(d->port + 1));
	(void)snprintf(d->site_base, sizeof(d->site_base), "http://%s/", d->site_listen);
	return CAIRN_EXIT_OK;
}

/* Anew, out of d->source. */
static int
build_site(struct demo *d)
{
	const struct demo_call build = {{d->self, "site", "build", d->source, d->site, "--all-languages", "--base",
					    d->site_base, "--desk", d->address},
	    {0}};

	screen_command("cairn site build %s %s", screen_path(d->source), screen_path(d->site));
	return demo_show(d, &build);
}

int
demo_make_site(struct demo *d)
{
	const struct demo_call copy = {{"/bin/cp", "-R", d->example, d->source}, {0}};
	int code;

	if (d->example[0] == '\0')
		return CAIRN_EXIT_OK;
	screen_heading("A public record, with what anybody can do");
	screen_say("Out of a folder of texts, tables and claims the desk makes a site that loads nothing from");
	screen_say("elsewhere, and whose every page can be checked.");
	screen_command("cp -R %s %s", screen_path(d->example), screen_path(d->source));
	code = demo_run(d, &copy);
	return code == CAIRN_EXIT_OK ? build_site(d) : code;
}

int
demo_sign_site(struct demo *d)
{
	char key[DEMO_PATH + 64];
	const struct demo_call publish = {{d->self, "site", "publish", d->site, "--desk-id", d->desk_id, "--site-key",
					      key},
	    {0}};
	const struct demo_call verify = {{d->self, "verify", "site", d->site_base, "--desk-id", d->desk_id,
					     "--site-key", d->site_key},
	    {0}};
	int code;

	if (d->example[0] == '\0')
		return CAIRN_EXIT_OK;
	(void)snprintf(key, sizeof(key), "%s/site.key", d->folder);
	screen_heading("The site is built anew, with the claim, and signed");
	if ((code = build_site(d)) != CAIRN_EXIT_OK)
		return code;
	screen_command("cairn site publish %s --desk-id ... --site-key %s", screen_path(d->site), screen_path(key));
	if ((code = demo_show(d, &publish)) != CAIRN_EXIT_OK)
		return code;
	screen_command("cairn verify site %s --desk-id ... --site-key %s", d->site_base, d->site_key);
	return demo_show(d, &verify);
}

/* What a visitor does on a page, and what the desk then says in its own terminal. */
static const struct {
	const char *what, *page, *then[3];
} ways[] = {
    {"Sign the petition", "help/petition-protect-them.html",
	{"petition take \"$SOURCE\"", "petition publish protect-them \"$SOURCE\""}},
    {"Comment an entry", "help/comment.html#first-report",
	{"petition take \"$SOURCE\"", "site letters", "site accept 1 \"$SOURCE\""}},
    {"Suggest a vigil", "help/suggest.html",
	{"petition take \"$SOURCE\"", "site letters",
	    "site accept 1 \"$SOURCE\" --city Berlin --id vigil --safety '...'"}},
    {"Write a letter to an embassy: nothing of it reaches anybody but whom you send it to",
	"help/letters/index.html", {0}},
    {"Put a gathering into a calendar", "help/gatherings.html", {0}},
    {"Give, where the desk says so", "help/give-main.html", {"verify give --desk \"$DESK\" \"$SITE/give/main.txt\""}},
    {"Check a claim", "claims/round-up-2017.html",
	{"verify claim --card \"$SITE/desk-card.txt\" \"$SITE/claims/round-up-2017.claim.txt\""}},
};

void
demo_farewell_site(const struct demo *d)
{
	const char *self = screen_path(d->self);

	if (d->example[0] == '\0')
		return;
	screen_say("The public site: read, sign, write a letter, suggest a vigil, comment, give, check a claim");
	screen_copy(d->site_base);
	screen_say("Each by hand: the page for a visitor, and below it what the desk says in its terminal. What");
	screen_say("was sent comes with the desk's next tick.");
	screen_say("  SOURCE=%s", screen_path(d->source));
	screen_say("  SITE=%s", screen_path(d->site));
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		screen_gap();
		screen_say("  %s", ways[i].what);
		screen_say("    %sen/%s", d->site_base, ways[i].page);
		for (size_t j = 0; j < 3 && ways[i].then[j] != NULL; j++)
			screen_say("    %s %s", self, ways[i].then[j]);
	}
	screen_gap();
	screen_say("  After a change the site is built and signed anew:");
	screen_say("    %s site build \"$SOURCE\" \"$SITE\" --all-languages --base %s --desk \"$DESK\"", self,
	    d->site_base);
	screen_say("    %s site publish \"$SITE\" --desk-id %s --site-key %s/site.key", self, d->desk_id,
	    screen_path(d->folder));
	screen_gap();
}
