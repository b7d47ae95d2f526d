// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "cli/case_show.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/safe.h"

struct show_options {
	struct engine_options engine;
};

#define S struct show_options
static const struct option_def defs[] = {
    ENGINE_READ_OPTIONS(S, engine),
    OPTIONS_END,
};
const struct option_table case_show_options = {defs, sizeof(S)};
const struct option_table case_list_options = {defs, sizeof(S)};

/* What stands over a case: its name, digits, and how it stands. */
struct head {
	char name[CASE_NAME_MAX];
	char digits[CASE_DIGITS + 1];
	const char *state;
	struct carry_compartment of[COMPARTMENTS_OF_CASE_MAX];
	size_t count;
};

static int
head_read(struct engine *e, struct head *h, const uint8_t id[OP_ID_BYTES])
{
	uint8_t state;
	int err = case_name(e->carry, h->name, id, e->now);

	if (err == CAIRN_OK)
		err = case_state_now(e->carry, &state, id);
	if (err == CAIRN_OK)
		err = compartments_of(e->carry, h->of, COMPARTMENTS_OF_CASE_MAX, &h->count, id);
	if (err != CAIRN_OK)
		return err;
	h->state = case_state_name(state) == NULL ? "a state of a newer version" : case_state_name(state);
	sodium_bin2hex(h->digits, sizeof(h->digits), id, CASE_DIGITS / 2);
	return CAIRN_OK;
}

static void
head_tell(const struct head *h)
{
	safe_inline(stdout, (struct cairn_span){h->name, strlen(h->name)});
	if (strcmp(h->name, h->digits) != 0)
		printf(" (%s)", h->digits);
	printf(": %s\n", h->state);
}

static int
show_json(struct engine *e, const struct head *h, const struct carry_compartment *only, bool whole, json_t **ret)
{
	json_t *array = json_array(), *one;
	int err = CAIRN_OK;

	for (size_t i = 0; i < h->count && err == CAIRN_OK; i++) {
		if (only != NULL && only->n != h->of[i].n)
			continue;
		err = compartment_json(e, &one, &h->of[i], whole);
		if (err == CAIRN_OK)
			json_array_append_new(array, one);
	}
	*ret = err == CAIRN_OK ? json_pack("{s:s, s:s, s:s, s:o}", "case", h->name, "id", h->digits, "state",
				     h->state, "compartments", array)
			       : NULL;
	if (err != CAIRN_OK)
		json_decref(array);
	return err;
}

static int
show_text(struct engine *e, const struct head *h, const struct carry_compartment *only, bool whole)
{
	int err = CAIRN_OK;

	head_tell(h);
	for (size_t i = 0; i < h->count && err == CAIRN_OK; i++)
		if (only == NULL ? whole || !h->of[i].destroyed : only->n == h->of[i].n)
			err = compartment_tell(e, &h->of[i], whole);
	return err;
}

static int
show(struct engine *e, const uint8_t id[OP_ID_BYTES], const struct carry_compartment *only)
{
	struct head *h = malloc(sizeof(*h));
	json_t *object;
	int err = h == NULL ? CAIRN_ERR_NOMEM : head_read(e, h, id);
	int code = CAIRN_EXIT_OK;

	if (err == CAIRN_OK && e->json) {
		err = show_json(e, h, only, true, &object);
		if (err == CAIRN_OK)
			code = print_json(object);
	} else if (err == CAIRN_OK) {
		err = show_text(e, h, only, true);
	}
	free(h);
	return err == CAIRN_OK ? code : engine_fail(e, err, NULL);
}

int
cmd_case_show(const void *options, int argc, char **argv)
{
	const S *o = options;
	struct carry_compartment only;
	uint8_t id[OP_ID_BYTES];
	struct engine e;
	int code = engine_look(&e, &o->engine);

	if (code == CAIRN_EXIT_OK)
		code = engine_case(&e, id, argv[0]);
	if (code == CAIRN_EXIT_OK && argc > 1)
		code = engine_compartment(&e, &only, argv[0], argv[1]);
	if (code == CAIRN_EXIT_OK)
		code = show(&e, id, argc > 1 ? &only : NULL);
	engine_end(&e);
	return code;
}

static int
list(struct engine *e)
{
	struct head *h = malloc(sizeof(*h));
	uint8_t(*cases)[OP_ID_BYTES] = NULL;
	json_t *array = e->json ? json_array() : NULL, *one;
	size_t count = 0;
	int err = h == NULL ? CAIRN_ERR_NOMEM : case_list(e->carry, &cases, &count);

	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		err = head_read(e, h, cases[i]);
		if (err == CAIRN_OK && e->json) {
			err = show_json(e, h, NULL, false, &one);
			if (err == CAIRN_OK)
				json_array_append_new(array, one);
		} else if (err == CAIRN_OK) {
			err = show_text(e, h, NULL, false);
		}
	}
	free(cases);
	free(h);
	if (err != CAIRN_OK) {
		json_decref(array);
		return engine_fail(e, err, NULL);
	}
	if (e->json)
		return print_json(json_pack("{s:o}", "cases", array));
	if (count == 0)
		puts("No case. 'cairn case new ALIAS' begins one.");
	return CAIRN_EXIT_OK;
}

int
cmd_case_list(const void *options, int argc, char **argv)
{
	const S *o = options;
	struct engine e;
	int code = engine_look(&e, &o->engine);

	(void)argc;
	(void)argv;
	if (code == CAIRN_EXIT_OK)
		code = list(&e);
	engine_end(&e);
	return code;
}
