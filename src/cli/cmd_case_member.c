// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/cases.h"
#include "cli/commands.h"
#include "cli/engine.h"
#include "cli/exit.h"

struct member_options {
	struct engine_options engine;
	bool remove;
	bool together;
};

#define M struct member_options
static const struct option_def defs[] = {
    OPTION(FLAG, M, remove, "remove", "", "take it out: the compartment gets a new key"),
    OPTION(FLAG, M, together, "together", "", "although it is in what must stay apart; exposure shows it"),
    ENGINE_OPTIONS(M, engine),
    OPTIONS_END,
};
const struct option_table case_member_options = {defs, sizeof(M)};

static const struct engine_word words[] = {
    {CAIRN_ERR_DENIED, "refused: this device is no member of that compartment, or no role of the other allows "
		       "it there"},
    {CAIRN_ERR_CONFLICT, "that device is in another compartment of this case that must stay apart. Choose "
			 "another; where the desk has no other: --together, which exposure shows"},
    {CAIRN_ERR_BUSY, "nobody would be left who has all of it, and it would be lost: let another device in first, and "
		     "wait until it has it; when it is over, 'cairn case close'"},
    {CAIRN_ERR_RANGE, "that compartment has had as many members as it can"},
    {CAIRN_ERR_STATE, "that compartment opens only together, by shares that were given when it was made. Nobody is "
		      "added, and nobody taken out while too few would be left: open it, and make another"},
    {0, NULL},
};

static int
member_say(struct engine *e, const struct carry_compartment *c, const struct carry_device *device, const M *o)
{
	struct carry_device self;
	bool member = false;
	int err = device_self(e->carry, &self);

	/* The others would pass it over. */
	if (err == CAIRN_OK)
		err = member_is(e->carry, &member, c->n, self.n);
	if (err == CAIRN_OK && !member)
		err = CAIRN_ERR_DENIED;
	if (err == CAIRN_OK)
		err = o->remove ? carry_member_remove(e->carry, c->id, device->id, e->now)
				: carry_member_add(e->carry, c->id, device->id, o->together, e->now);
	return err == CAIRN_OK ? CAIRN_EXIT_OK : engine_fail(e, err, words);
}

int
cmd_case_member(const void *options, int argc, char **argv)
{
	const M *o = options;
	struct carry_compartment c;
	struct carry_device device;
	struct engine e;
	int code = engine_begin(&e, &o->engine);

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = engine_compartment(&e, &c, argv[0], argv[1]);
	if (code == CAIRN_EXIT_OK)
		code = engine_device(&e, &device, argv[2]);
	if (code == CAIRN_EXIT_OK)
		code = member_say(&e, &c, &device, o);
	if (code == CAIRN_EXIT_OK)
		code = engine_done(&e, NULL,
		    o->remove ? "Taken out; what is said from now on it cannot read." : "Added.");
	engine_end(&e);
	return code;
}
