// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "carry/lifecycle.h"
#include "carry/membership.h"
#include "cli/case_show.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/safe.h"

struct retention_options {
	struct engine_options engine;
	const char *set;
	const char *hours;
};

#define R struct retention_options
static const struct option_def defs[] = {
    OPTION(TEXT, R, set, "set", "KIND", "keep compartments of this kind for fewer hours, with --hours"),
    OPTION(TEXT, R, hours, "hours", "N", "so many hours after it was marked as over"),
    ENGINE_OPTIONS(R, engine),
    OPTIONS_END,
};
const struct option_table desk_retention_options = {defs, sizeof(R)};

static int
set(struct engine *e, const R *o)
{
	static const struct engine_word words[] = {
	    {CAIRN_ERR_DENIED, "refused: that is for a device with the role admin"},
	    {CAIRN_ERR_UNKNOWN, "compartments of that kind have no time that could be shortened: docs/carry.md"},
	    {CAIRN_ERR_RANGE, "a desk may choose fewer hours than the table of docs/carry.md, down to the "
	        "least there"},
	    {0, NULL},
	};
	uint64_t hours;
	uint8_t kind;
	int err;

	if (o->hours == NULL ||
	    text_number(&hours, (struct cairn_span){o->hours, strlen(o->hours)}, UINT32_MAX - 1) != CAIRN_OK)
		return fail(CAIRN_EXIT_USAGE, "--set KIND and --hours N belong together");
	if (kind_by_name(&kind, (struct cairn_span){o->set, strlen(o->set)}) != CAIRN_OK)
		return fail(CAIRN_EXIT_USAGE, "that is no kind of compartment");
	err = carry_retention(e->carry, kind, (uint32_t)hours, e->now);
	return err == CAIRN_OK ? engine_done(e, NULL, "Said. It holds for all cases.") : engine_fail(e, err, words);
}

static int
line(struct engine *e, const char *name, const struct carry_compartment *c, json_t *array)
{
	char part[COMPARTMENT_NAME_MAX], due[DUE_WORDS_MAX];
	enum retention_when when;
	uint64_t at = 0;
	int err = compartment_name(e->carry, part, c);

	if (err == CAIRN_OK)
		err = due_words(e, due, c);
	if (err == CAIRN_OK)
		err = compartment_due(e->carry, &when, &at, c);
	if (err != CAIRN_OK)
		return err;
	if (array != NULL) {
		json_array_append_new(array,
		    json_pack("{s:s, s:s, s:s, s:o, s:b}", "case", name, "compartment", part, "goes", due, "at",
			when == RETENTION_AT ? json_integer((json_int_t)at) : json_null(), "held",
			when == RETENTION_HELD));
		return CAIRN_OK;
	}
	fputs("  ", stdout);
	safe_inline(stdout, (struct cairn_span){name, strlen(name)});
	printf(", %s: %s\n", part, due);
	return CAIRN_OK;
}

static int
lines(struct engine *e, json_t *array, size_t *ret_cases)
{
	struct carry_compartment *of = calloc(COMPARTMENTS_OF_CASE_MAX, sizeof(*of));
	uint8_t(*cases)[OP_ID_BYTES] = NULL;
	char name[CASE_NAME_MAX];
	size_t of_count;
	int err = of == NULL ? CAIRN_ERR_NOMEM : case_list(e->carry, &cases, ret_cases);

	for (size_t i = 0; err == CAIRN_OK && i < *ret_cases; i++) {
		err = case_name(e->carry, name, cases[i], e->now);
		if (err == CAIRN_OK)
			err = compartments_of(e->carry, of, COMPARTMENTS_OF_CASE_MAX, &of_count, cases[i]);
		for (size_t k = 0; err == CAIRN_OK && k < of_count; k++)
			if (!of[k].destroyed)
				err = line(e, name, &of[k], array);
	}
	sodium_memzero(name, sizeof(name));
	free(cases);
	free(of);
	return err;
}

static int
show(struct engine *e)
{
	json_t *array = e->json ? json_array() : NULL;
	size_t cases = 0;
	int err = lines(e, array, &cases);

	if (err != CAIRN_OK) {
		json_decref(array);
		return engine_fail(e, err, NULL);
	}
	if (e->json)
		return print_json(json_pack("{s:o}", "compartments", array));
	puts(cases == 0 ? "There is no case." : "No time runs until an officer marks it: 'cairn case close'.");
	return CAIRN_EXIT_OK;
}

int
cmd_desk_retention(const void *options, int argc, char **argv)
{
	const R *o = options;
	struct engine e;
	int code = engine_begin(&e, &o->engine);

	(void)argc;
	(void)argv;
	if (code == CAIRN_EXIT_OK)
		code = o->set != NULL || o->hours != NULL
		    ? (o->set == NULL ? fail(CAIRN_EXIT_USAGE, "--set KIND and --hours N belong together")
				      : set(&e, o))
		    : show(&e);
	engine_end(&e);
	return code;
}
