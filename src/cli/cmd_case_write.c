// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "carry/due.h"
#include "carry/field_text.h"
#include "carry/say.h"
#include "cli/ask.h"
#include "cli/case_show.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/secret.h"

/* What is said in a compartment: values, elements of sets, notes, and what is taken back. */

#define REASON_MAX 512U

struct write_options {
	struct engine_options engine;
	int text_fd;
};

#define W struct write_options
static const struct option_def text_defs[] = {
    OPTION(FD, W, text_fd, "text-fd", "N", "read the text from this open file"),
    ENGINE_OPTIONS(W, engine),
    OPTIONS_END,
};
const struct option_table case_set_options = {text_defs, sizeof(W)};
const struct option_table case_add_options = {text_defs, sizeof(W)};
const struct option_table case_note_options = {text_defs, sizeof(W)};
const struct option_table case_retract_options = {text_defs, sizeof(W)};

static const struct option_def drop_defs[] = {
    ENGINE_OPTIONS(W, engine),
    OPTIONS_END,
};
const struct option_table case_drop_options = {drop_defs, sizeof(W)};

static const struct engine_word words[] = {
    {CAIRN_ERR_DENIED, "this device is no member of that compartment, or it opens with others' consent only: "
		       "'cairn case show' says which"},
    {CAIRN_ERR_STALE, "that compartment is destroyed, or its time is over: nothing more is said in it"},
    {CAIRN_ERR_FORMAT, "name what was said as 'cairn case show' does, like 3f2a-17"},
    {CAIRN_ERR_UNKNOWN, "nothing of that name is in that compartment: 'cairn case show' names it, like 3f2a-17"},
    {CAIRN_ERR_RANGE, "that is too long"},
    {0, NULL},
};

static int
say_in(struct engine *e, const struct carry_compartment *c, enum op_type type, const void *body)
{
	bool over;
	int err = compartment_over(e->carry, &over, c, e->now);

	/* What is said now would go with the next sync, and nobody would see it. */
	if (err == CAIRN_OK && over)
		err = CAIRN_ERR_STALE;
	if (err == CAIRN_OK)
		err = carry_say(e->carry, c->id, type, body, e->now, NULL);
	return err == CAIRN_OK ? CAIRN_EXIT_OK : engine_fail(e, err, words);
}

/* The text, which must not be on the command line. */
static int
text_get(char *text, size_t *bytes, const W *o, const char *what)
{
	return text == NULL ? fail(CAIRN_EXIT_MEMORY, "out of memory")
			    : ask_text(o->text_fd, true, what, text, OP_TEXT_MAX, bytes);
}

static int
field_fail(const struct field_def *def, int err)
{
	if (err == CAIRN_ERR_UNKNOWN)
		return fail(CAIRN_EXIT_USAGE, "%s is one of: %s", def->name, def->choices);
	if (err == CAIRN_ERR_RANGE || err == CAIRN_ERR_SPACE)
		return fail(CAIRN_EXIT_USAGE, "%s takes at most %zu bytes", def->name, def->most);
	return fail(CAIRN_EXIT_USAGE, "that is no %s, which %s is "
				      "(%s)",
	    field_type_name(def->type), def->name, def->text);
}

static int
field_get(const struct field_def **ret, const struct carry_compartment *c, const char *name, enum field_shape shape)
{
	*ret = field_by_name((uint8_t)c->kind, (struct cairn_span){name, strlen(name)});
	if (*ret == NULL)
		return fail(CAIRN_EXIT_USAGE, "a %s has no field of that name: docs/carry.md lists them",
		    kind_find(c->kind) == NULL ? "compartment like that" : kind_find(c->kind)->name);
	if ((*ret)->shape != shape)
		return fail(CAIRN_EXIT_USAGE, shape == FIELD_SET ? "%s has one value: 'cairn case set'"
								 : "%s has any number of elements: 'cairn case "
								     "add', 'case drop'",
		    (*ret)->name);
	return CAIRN_EXIT_OK;
}

static int
value_say(struct engine *e, const struct carry_compartment *c, const struct field_def *def, struct cairn_span text)
{
	uint8_t *value = secret_new(OP_VALUE_MAX);
	struct op_set set = {.field = def->number};
	struct op_add add = {.field = def->number};
	size_t bytes = 0;
	int err = value == NULL ? CAIRN_ERR_NOMEM : field_from_text(value, OP_VALUE_MAX, &bytes, def, text);
	int code;

	set.value = add.value = (struct cairn_span){(const char *)value, bytes};
	if (err == CAIRN_ERR_NOMEM)
		code = fail(CAIRN_EXIT_MEMORY, "out of memory");
	else if (err != CAIRN_OK)
		code = field_fail(def, err);
	else
		code = def->shape == FIELD_SET ? say_in(e, c, OP_ADD, &add) : say_in(e, c, OP_SET, &set);
	secret_free(value);
	return code;
}

static int
write_field(const W *o, char **argv, enum field_shape shape)
{
	char *text = secret_new(OP_TEXT_MAX);
	const struct field_def *def;
	struct carry_compartment c;
	struct engine e;
	size_t bytes = 0;
	int code = engine_begin(&e, &o->engine);

	if (code == CAIRN_EXIT_OK)
		code = engine_compartment(&e, &c, argv[0], argv[1]);
	if (code == CAIRN_EXIT_OK)
		code = field_get(&def, &c, argv[2], shape);
	if (code == CAIRN_EXIT_OK)
		code = text_get(text, &bytes, o, def->text);
	if (code == CAIRN_EXIT_OK)
		code = value_say(&e, &c, def, (struct cairn_span){text, bytes});
	if (code == CAIRN_EXIT_OK)
		code = engine_done(&e, NULL, shape == FIELD_SET ? "Added." : "Set.");
	secret_free(text);
	engine_end(&e);
	return code;
}

int
cmd_case_set(const void *options, int argc, char **argv)
{
	(void)argc;
	return write_field(options, argv, FIELD_REGISTER);
}

int
cmd_case_add(const void *options, int argc, char **argv)
{
	(void)argc;
	return write_field(options, argv, FIELD_SET);
}

static int
note_say(struct engine *e, const struct carry_compartment *c, struct cairn_span text)
{
	struct op_note said = {.text = text};

	if (text.size == 0)
		return fail(CAIRN_EXIT_USAGE, "nothing was said, so nothing was noted");
	return say_in(e, c, OP_NOTE, &said);
}

int
cmd_case_note(const void *options, int argc, char **argv)
{
	const W *o = options;
	char *text = secret_new(OP_TEXT_MAX);
	struct carry_compartment c;
	struct engine e;
	size_t bytes = 0;
	int code = engine_begin(&e, &o->engine);

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = engine_compartment(&e, &c, argv[0], argv[1]);
	if (code == CAIRN_EXIT_OK)
		code = text_get(text, &bytes, o, "the note");
	if (code == CAIRN_EXIT_OK)
		code = note_say(&e, &c, (struct cairn_span){text, bytes});
	if (code == CAIRN_EXIT_OK)
		code = engine_done(&e, NULL, "Noted.");
	secret_free(text);
	engine_end(&e);
	return code;
}

/* The operation that an item's name means. what is FOLD_ELEMENT for those only; else any. */
static int
item_get(struct engine *e, struct op *ret, const struct carry_compartment *c, const char *name, bool element)
{
	const struct fold_item *item = NULL;
	struct view view;
	int err = view_make(e->carry, &view, c->id, e->now);
	int code = CAIRN_EXIT_OK;

	if (err == CAIRN_OK)
		err = item_named(&view, &item, name);
	if (err != CAIRN_OK)
		code = engine_fail(e, err, words);
	else if (element && item->what != FOLD_ELEMENT)
		code = fail(CAIRN_EXIT_USAGE, "that is no element of a set: 'cairn case set' changes a value, "
		    "'case retract' "
					      "marks what was said as taken back");
	else
		*ret = item->op;
	view_end(&view);
	return code;
}

int
cmd_case_drop(const void *options, int argc, char **argv)
{
	const W *o = options;
	struct carry_compartment c;
	struct op_remove said;
	struct op op;
	struct engine e;
	int code = engine_begin(&e, &o->engine);

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = engine_compartment(&e, &c, argv[0], argv[1]);
	if (code == CAIRN_EXIT_OK)
		code = item_get(&e, &op, &c, argv[2], true);
	if (code == CAIRN_EXIT_OK) {
		memcpy(said.device, op.device, OP_ID_BYTES);
		said.counter = op.counter;
		code = say_in(&e, &c, OP_REMOVE, &said);
	}
	if (code == CAIRN_EXIT_OK)
		code = engine_done(&e, NULL, "Taken out.");
	engine_end(&e);
	return code;
}

int
cmd_case_retract(const void *options, int argc, char **argv)
{
	const W *o = options;
	char *text = secret_new(OP_TEXT_MAX);
	struct carry_compartment c;
	struct op_retract said;
	struct op op;
	struct engine e;
	size_t bytes = 0;
	int code = engine_begin(&e, &o->engine);

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = engine_compartment(&e, &c, argv[0], argv[1]);
	if (code == CAIRN_EXIT_OK)
		code = item_get(&e, &op, &c, argv[2], false);
	if (code == CAIRN_EXIT_OK)
		code = text_get(text, &bytes, o, "why it is taken back");
	if (code == CAIRN_EXIT_OK && bytes > REASON_MAX)
		code = fail(CAIRN_EXIT_USAGE, "a reason is at most %u bytes; the rest goes into a note", REASON_MAX);
	if (code == CAIRN_EXIT_OK) {
		memcpy(said.device, op.device, OP_ID_BYTES);
		said.counter = op.counter;
		said.reason = (struct cairn_span){text, bytes};
		code = say_in(&e, &c, OP_RETRACT, &said);
	}
	if (code == CAIRN_EXIT_OK)
		code = engine_done(&e, NULL, "Marked as taken back. It stays, and stays visible.");
	secret_free(text);
	engine_end(&e);
	return code;
}
