// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "cli/commands.h"
#include "cli/desk_session.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/shares_load.h"
#include "desk/card.h"
#include "desk/share_file.h"

/*
 * Three new shares of the same key out of two, where one is lost or was seen by others. New ones and old ones give
 * nothing together, so that an old one alone, wherever it is, tells nothing once the other old ones are destroyed.
 */
struct shares_options {
	struct desk_options desk;
	struct option_list shares;
	const char *out;
};

#define S struct shares_options
static const struct option_def defs[] = {
    OPTION(LIST, S, shares, "share", "FILE", "a share of the identity key (twice)"),
    OPTION(TEXT, S, out, "out", "DIR", "folder for the three new ones"),
    DESK_DIR_OPTION(S, desk),
    OPTIONS_END,
};
const struct option_table desk_shares_options = {defs, sizeof(S)};

struct split {
	uint8_t identity_secret[64];
	struct share shares[SHARES];
};

static int
split_anew(struct desk *desk, struct split *split, const struct share old[SHARES_NEEDED], const char *out)
{
	char path[SHARE_PATH_MAX];
	int err = identity_rebuild(desk, split->identity_secret, &old[0], &old[1]);

	if (err != CAIRN_OK)
		return desk_fail(desk, err);
	err = shares_split(split->shares, split->identity_secret, desk->self.desk_id);
	if (err != CAIRN_OK)
		return desk_fail(desk, err);
	err = shares_put(path, out, split->shares, desk->self.name, SHARE_OF_IDENTITY);
	if (err == CAIRN_ERR_CONFLICT)
		return fail(CAIRN_EXIT_REFUSED, "there is a share already: %s. Name an empty folder", path);
	if (err != CAIRN_OK)
		return fail(CAIRN_EXIT_STORAGE, "a share could not be written: %s", path);
	printf("Three new shares are in %s. Give each to another person, and take them off this machine.\n"
	       "Then destroy every old one: two of those are still the desk. An old and a new one give nothing.\n",
	    out);
	return CAIRN_EXIT_OK;
}

int
cmd_desk_shares(const void *options, int argc, char **argv)
{
	const S *o = options;
	const char *folder = desk_folder(&o->desk);
	struct desk_session s = {.vault = NULL};
	struct split *split = NULL;
	struct share *old;
	int code;

	(void)argc;
	(void)argv;
	if (folder == NULL)
		return CAIRN_EXIT_USAGE;
	if (o->out == NULL)
		return fail(CAIRN_EXIT_USAGE, "--out DIR is needed");
	if (strcmp(folder, o->out) == 0)
		return fail(CAIRN_EXIT_USAGE,
		    "the shares must not lie in the desk's own folder: whoever gets that would have both");
	code = shares_load(&old, &o->shares);
	if (code == CAIRN_EXIT_OK)
		code = desk_session_begin(&s, &o->desk);
	if (code == CAIRN_EXIT_OK && (split = sodium_malloc(sizeof(*split))) == NULL)
		code = fail(CAIRN_EXIT_STORAGE, "not enough memory");
	if (code == CAIRN_EXIT_OK)
		code = split_anew(s.desk, split, old, o->out);
	sodium_free(split);
	sodium_free(old);
	desk_session_end(&s);
	return code;
}
