// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "carry/cases.h"
#include "carry/fields.h"
#include "carry/say.h"
#include "cli/commands.h"
#include "cli/engine.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "desk/card.h"

struct open_options {
	struct engine_options engine;
	struct option_list members;
	uint64_t threshold;
	bool leave;
};

#define O struct open_options
static const struct option_def open_defs[] = {
    OPTION(LIST, O, members, "member", "DEVICE", "a device that is to be in it (several times)"),
    OPTION(FLAG, O, leave, "leave", "", "leave it as soon as another member has the key"),
    OPTION(NUMBER, O, threshold, "threshold", "K", "it opens only with the consent of so many of its members"),
    ENGINE_OPTIONS(O, engine),
    OPTIONS_END,
};
const struct option_table case_open_options = {open_defs, sizeof(O)};

static const struct option_def new_defs[] = {
    OPTION(LIST, O, members, "member", "DEVICE", "a device that is to be in the contact (several times)"),
    DESK_OPTIONS(O, engine.desk),
    OPTION(FLAG, O, engine.json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table case_new_options = {new_defs, sizeof(O)};

static const struct engine_word open_words[] = {
    {CAIRN_ERR_DENIED, "no role of one of these devices allows it there: docs/carry.md has the table of who "
        "may be in what. "
		       "A device that opens a compartment for others leaves it: --member DEVICE --leave"},
    {CAIRN_ERR_CONFLICT, "one of these devices is in another compartment of this case that must stay apart: "
        "nobody is "
			 "to see a person's way, place, account and name together. Choose another; where the "
			 "desk has no "
			 "other, 'cairn case member --together' adds it later, and exposure shows it"},
    {CAIRN_ERR_RANGE, "--leave wants another member who will have the key; --threshold K is 2 to the number of "
		      "members, at most 16"},
    {CAIRN_ERR_UNKNOWN, "one of these devices has left no key for today: have it sync first"},
    {0, NULL},
};

static int
members_read(struct engine *e, uint8_t (*ids)[OP_ID_BYTES], const O *o)
{
	int code = CAIRN_EXIT_OK;

	for (size_t i = 0; i < o->members.count && code == CAIRN_EXIT_OK; i++) {
		struct carry_device device;

		code = engine_device(e, &device, o->members.items[i]);
		if (code == CAIRN_EXIT_OK)
			memcpy(ids[i], device.id, OP_ID_BYTES);
	}
	return code;
}

/* Said, not sent yet. */
static int
open_say(struct engine *e, uint8_t id[OP_ID_BYTES], uint8_t kind, uint8_t case_id[OP_ID_BYTES], const O *o)
{
	uint8_t ids[OPTION_LIST_MAX][OP_ID_BYTES];
	const uint8_t(*members)[OP_ID_BYTES] = (const uint8_t(*)[OP_ID_BYTES])ids;
	int code = members_read(e, ids, o);
	int err;

	if (code != CAIRN_EXIT_OK)
		return code;
	if (o->threshold > UINT8_MAX || (o->threshold > 0 && o->leave))
		return fail(CAIRN_EXIT_USAGE, "--threshold is 2 to 16, and not together with --leave");
	err = o->threshold > 0 ? carry_open_threshold(e->carry, id, kind, case_id, members, o->members.count,
		                     (uint8_t)o->threshold, e->now)
			       : carry_open(e->carry, id, kind, case_id, members, o->members.count, o->leave, e->now);
	return err == CAIRN_OK ? CAIRN_EXIT_OK : engine_fail(e, err, open_words);
}

int
cmd_case_open(const void *options, int argc, char **argv)
{
	const O *o = options;
	uint8_t case_id[OP_ID_BYTES], id[OP_ID_BYTES], kind;
	struct engine e;
	int code = engine_begin(&e, &o->engine);

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = engine_case(&e, case_id, argv[0]);
	if (code == CAIRN_EXIT_OK &&
	    (kind_by_name(&kind, (struct cairn_span){argv[1], strlen(argv[1])}) != CAIRN_OK || kind == KIND_DESK))
		code = fail(CAIRN_EXIT_USAGE, "that is no kind of compartment: contact, verification, plan, "
		    "leg, stay, "
					      "medical, identity, testimony, money, record or security");
	if (code == CAIRN_EXIT_OK)
		code = open_say(&e, id, kind, case_id, o);
	if (code == CAIRN_EXIT_OK)
		code = engine_done(&e, json_pack("{s:o}", "id", json_hex(id, sizeof(id))), "Opened.");
	engine_end(&e);
	return code;
}

/* The contact must have come back out of the feed before anything can be said in it. */
static int
alias_say(struct engine *e, const uint8_t id[OP_ID_BYTES], const char *alias)
{
	struct op_set said = {.field = FIELD_CONTACT_ALIAS, .value = {alias, strlen(alias)}};
	int err = carry_say(e->carry, id, OP_SET, &said, e->now, NULL);

	return err == CAIRN_OK ? CAIRN_EXIT_OK : engine_fail(e, err, NULL);
}

static int
alias_free(struct engine *e, const char *alias)
{
	uint8_t other[OP_ID_BYTES];

	if (!card_line_ok(alias, OP_ALIAS_MAX))
		return fail(CAIRN_EXIT_USAGE, "an alias is 1 to 64 bytes of plain text, and means nothing "
		    "outside the desk");
	return case_named(e->carry, other, alias, e->now) == CAIRN_ERR_UNKNOWN
	    ? CAIRN_EXIT_OK
	    : fail(CAIRN_EXIT_USAGE, "a case is called that already: choose another alias");
}

int
cmd_case_new(const void *options, int argc, char **argv)
{
	const O *o = options;
	uint8_t case_id[OP_ID_BYTES] = {0}, id[OP_ID_BYTES];
	struct engine e;
	int code = engine_begin(&e, &o->engine);

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = engine_send(&e);
	if (code == CAIRN_EXIT_OK)
		code = alias_free(&e, argv[0]);
	if (code == CAIRN_EXIT_OK)
		code = open_say(&e, id, KIND_CONTACT, case_id, o);
	if (code == CAIRN_EXIT_OK)
		code = engine_send(&e);
	if (code == CAIRN_EXIT_OK)
		code = alias_say(&e, id, argv[0]);
	if (code == CAIRN_EXIT_OK)
		code = engine_done(&e,
		    json_pack("{s:s, s:o}", "case", argv[0], "id", json_hex(case_id, sizeof(case_id))),
		    "The case is open. 'cairn case set' and 'cairn case note' say what is known.");
	engine_end(&e);
	return code;
}
