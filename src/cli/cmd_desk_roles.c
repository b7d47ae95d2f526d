// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "cli/commands.h"
#include "cli/engine.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/shares_load.h"
#include "desk/roster.h"

struct roles_options {
	struct engine_options engine;
	struct option_list shares;
};

#define R struct roles_options
static const struct option_def defs[] = {
    OPTION(LIST, R, shares, "share", "FILE", "a share of the identity key (twice)"),
    DESK_OPTIONS(R, engine.desk),
    OPTION(FLAG, R, engine.json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table desk_roles_options = {defs, sizeof(R)};

static int
give(struct engine *e, const struct share shares[SHARES_NEEDED], const char *name, struct cairn_span roles)
{
	struct carry_device device;
	int code = engine_send(e);
	int err;

	if (code == CAIRN_EXIT_OK)
		code = engine_device(e, &device, name);
	if (code != CAIRN_EXIT_OK)
		return code;
	err = desk_roles(e->s.desk, device.id, roles, &shares[0], &shares[1], e->now);
	if (err != CAIRN_OK)
		return desk_fail(e->s.desk, err);
	return engine_done(e, json_pack("{s:s, s:s%}", "device", device.alias, "roles", roles.text, roles.size),
	    "It has these roles from its next sync on. What it is a member of it stays in ('cairn case member "
	    "--remove'). Take the shares off this machine.");
}

int
cmd_desk_roles(const void *options, int argc, char **argv)
{
	const R *o = options;
	struct cairn_span roles = {argv[1], strlen(argv[1])};
	struct share *shares;
	struct engine e = {.reaches = false};
	int code = CAIRN_EXIT_OK;

	(void)argc;
	if (!roster_roles_ok(roles))
		return fail(CAIRN_EXIT_USAGE, "roles are words joined by commas, each once: docs/carry.md has them");
	code = shares_load(&shares, &o->shares);
	if (code == CAIRN_EXIT_OK)
		code = engine_begin(&e, &o->engine);
	if (code == CAIRN_EXIT_OK)
		code = give(&e, shares, argv[0], roles);
	sodium_free(shares);
	engine_end(&e);
	return code;
}
