// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "carry/lifecycle.h"
#include "cli/case_show.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "desk/card.h"

/* What officers say of a case or a compartment: how it stands, that it is over, that it goes. */

struct mark_options {
	struct engine_options engine;
	const char *mark;
	const char *officer;
};

#define M struct mark_options
static const struct option_def close_defs[] = {
    OPTION(TEXT, M, mark, "mark", "MARK", "what is over: closed, arrived, left, handed over, decided, "
        "withdrawn (closed)"),
    OPTION(TEXT, M, officer, "officer", "NAME", "who says so, by the name that staff know"),
    ENGINE_OPTIONS(M, engine),
    OPTIONS_END,
};
const struct option_table case_close_options = {close_defs, sizeof(M)};

static const struct option_def defs[] = {
    ENGINE_OPTIONS(M, engine),
    OPTIONS_END,
};
const struct option_table case_reopen_options = {defs, sizeof(M)};
const struct option_table case_state_options = {defs, sizeof(M)};
const struct option_table case_destroy_options = {defs, sizeof(M)};

static const struct engine_word words[] = {
    {CAIRN_ERR_DENIED, "refused: that mark means nothing to that compartment; or this device is not in it; or, "
        "for a whole "
		       "case, has not one of the roles intake, case, security"},
    {0, NULL},
};

/* A compartment of a case, or, where none is named, the case: then c->id is all zeros. */
static int
named(struct engine *e, struct carry_compartment *c, int argc, char **argv)
{
	memset(c, 0, sizeof(*c));
	return argc > 1 ? engine_compartment(e, c, argv[0], argv[1]) : engine_case(e, c->case_id, argv[0]);
}

static int
close_check(uint8_t *mark, const M *o)
{
	const char *name = o->mark == NULL ? "closed" : o->mark;

	if (mark_by_name(mark, (struct cairn_span){name, strlen(name)}) != CAIRN_OK)
		return fail(CAIRN_EXIT_USAGE, "--mark is one of: closed, arrived, left, handed over, decided, "
		    "withdrawn");
	if (o->officer == NULL || !card_line_ok(o->officer, OP_ALIAS_MAX))
		return fail(CAIRN_EXIT_USAGE, "--officer NAME: what runs from here on destroys, so somebody "
		    "says it by name");
	return CAIRN_EXIT_OK;
}

/* What is due when is told after the sync, by which it took effect. */
static int
close_tell(struct engine *e, const struct carry_compartment *c)
{
	struct carry_compartment of[COMPARTMENTS_OF_CASE_MAX];
	size_t count;
	int err = compartments_of(e->carry, of, COMPARTMENTS_OF_CASE_MAX, &count, c->case_id);

	for (size_t i = 0; i < count && err == CAIRN_OK; i++)
		if (c->n == 0 || of[i].n == c->n)
			err = compartment_tell(e, &of[i], false);
	return err == CAIRN_OK ? CAIRN_EXIT_OK : engine_fail(e, err, NULL);
}

int
cmd_case_close(const void *options, int argc, char **argv)
{
	const M *o = options;
	struct carry_compartment c;
	struct engine e;
	uint8_t mark;
	int err;
	int code = engine_begin(&e, &o->engine);

	if (code == CAIRN_EXIT_OK)
		code = close_check(&mark, o);
	if (code == CAIRN_EXIT_OK)
		code = named(&e, &c, argc, argv);
	if (code == CAIRN_EXIT_OK) {
		err = carry_close(e.carry, c.id, c.case_id, mark, (struct cairn_span){o->officer, strlen(o->officer)},
		    e.now);
		code = err == CAIRN_OK ? CAIRN_EXIT_OK : engine_fail(&e, err, words);
	}
	if (code == CAIRN_EXIT_OK)
		code = engine_done(&e, NULL, "Marked. 'cairn case reopen' takes it back, until it is destroyed.");
	if (code == CAIRN_EXIT_OK && !e.json && e.reaches)
		code = close_tell(&e, &c);
	engine_end(&e);
	return code;
}

int
cmd_case_reopen(const void *options, int argc, char **argv)
{
	const M *o = options;
	struct carry_compartment c;
	struct engine e;
	int err;
	int code = engine_begin(&e, &o->engine);

	if (code == CAIRN_EXIT_OK)
		code = named(&e, &c, argc, argv);
	if (code == CAIRN_EXIT_OK) {
		err = carry_reopen(e.carry, c.id, c.case_id, e.now);
		code = err == CAIRN_OK ? CAIRN_EXIT_OK : engine_fail(&e, err, words);
	}
	if (code == CAIRN_EXIT_OK)
		code = engine_done(&e, NULL, "The marks on it are taken back: its time does not run.");
	engine_end(&e);
	return code;
}

int
cmd_case_state(const void *options, int argc, char **argv)
{
	static const struct engine_word denied[] = {{CAIRN_ERR_DENIED, "this device is in no compartment of "
								       "that case"},
	    {0, NULL}};
	const M *o = options;
	uint8_t id[OP_ID_BYTES], state;
	struct engine e;
	int err;
	int code = engine_begin(&e, &o->engine);

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = engine_case(&e, id, argv[0]);
	if (code == CAIRN_EXIT_OK &&
	    case_state_by_name(&state, (struct cairn_span){argv[1], strlen(argv[1])}) != CAIRN_OK)
		code = fail(CAIRN_EXIT_USAGE, "the state is one of: open, silent, suspected coercion, "
		    "captured, withdrew, "
					      "returned home");
	if (code == CAIRN_EXIT_OK) {
		err = carry_case_state(e.carry, id, state, e.now);
		code = err == CAIRN_OK ? CAIRN_EXIT_OK : engine_fail(&e, err, denied);
	}
	if (code == CAIRN_EXIT_OK)
		code = engine_done(&e, NULL, "%s", case_state_stops(state)
			? "Said. No time runs in this case until it is open again: silence is not closure."
			: "Said.");
	engine_end(&e);
	return code;
}

int
cmd_case_destroy(const void *options, int argc, char **argv)
{
	static const struct engine_word denied[] = {
	    {CAIRN_ERR_DENIED, "another device must consent first: 'cairn desk ask destroy', and there 'cairn "
	        "desk consent'; it "
			       "holds for an hour. And this device must be a member"},
	    {0, NULL},
	};
	const M *o = options;
	struct carry_compartment c;
	struct engine e;
	int err;
	int code = engine_begin(&e, &o->engine);

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = engine_send(&e); /* the consents */
	if (code == CAIRN_EXIT_OK)
		code = engine_compartment(&e, &c, argv[0], argv[1]);
	if (code == CAIRN_EXIT_OK) {
		err = carry_destroy(e.carry, c.id, e.now);
		code = err == CAIRN_OK ? CAIRN_EXIT_OK : engine_fail(&e, err, denied);
	}
	if (code == CAIRN_EXIT_OK)
		code = engine_done(&e, NULL, "Destroyed here; on the other devices when they next sync.");
	engine_end(&e);
	return code;
}
