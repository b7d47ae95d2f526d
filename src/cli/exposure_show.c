// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/exposure_show.h"

#include <string.h>

#include <sodium.h>

#include "cli/output.h"
#include "cli/safe.h"

/* One line's words: the case, the compartment in it. The name is secret where it is an alias. */
static int
exposed_names(struct engine *e, char name[CASE_NAME_MAX], char part[COMPARTMENT_NAME_MAX], const struct exposed *x)
{
	int err = case_name(e->carry, name, x->compartment.case_id, e->now);

	return err == CAIRN_OK ? compartment_name(e->carry, part, &x->compartment) : err;
}

int
exposure_tell(struct engine *e, const struct exposure *x)
{
	char name[CASE_NAME_MAX], part[COMPARTMENT_NAME_MAX];
	int err = CAIRN_OK;

	printf("%zu people; %zu legs and %zu stays that are still to come or go on.\n", x->cases, x->legs, x->stays);
	for (size_t i = 0; i < x->count && err == CAIRN_OK; i++) {
		err = exposed_names(e, name, part, &x->list[i]);
		if (err != CAIRN_OK)
			break;
		fputs("  ", stdout);
		safe_inline(stdout, (struct cairn_span){name, strlen(name)});
		printf(": %s%s%s\n", part, x->list[i].to_come ? ", still to come or goes on" : ", over",
		    x->list[i].together ? "; SEEN TOGETHER with what should be apart" : "");
	}
	sodium_memzero(name, sizeof(name));
	return err;
}

int
exposure_json(struct engine *e, json_t **ret, const struct exposure *x)
{
	char name[CASE_NAME_MAX], part[COMPARTMENT_NAME_MAX];
	json_t *array = json_array();
	int err = CAIRN_OK;

	for (size_t i = 0; i < x->count && err == CAIRN_OK; i++) {
		err = exposed_names(e, name, part, &x->list[i]);
		if (err == CAIRN_OK)
			json_array_append_new(array,
			    json_pack("{s:s, s:s, s:b, s:b}", "case", name, "compartment", part, "to_come",
				x->list[i].to_come, "together", x->list[i].together));
	}
	sodium_memzero(name, sizeof(name));
	if (err != CAIRN_OK) {
		json_decref(array);
		return err;
	}
	*ret = json_pack("{s:I, s:I, s:I, s:o}", "people", (json_int_t)x->cases, "legs", (json_int_t)x->legs, "stays",
	    (json_int_t)x->stays, "known", array);
	return CAIRN_OK;
}
