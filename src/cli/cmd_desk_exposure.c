// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/exposure_show.h"
#include "cli/output.h"
#include "cli/safe.h"

struct exposure_options {
	struct engine_options engine;
};

#define X struct exposure_options
static const struct option_def defs[] = {
    ENGINE_READ_OPTIONS(X, engine),
    OPTIONS_END,
};
const struct option_table desk_exposure_options = {defs, sizeof(X)};

/* If this device, or all on which this person works, were taken now. */
static int
exposure_of_name(struct engine *e, const char *name)
{
	uint64_t rows[DEVICES_MAX];
	struct exposure x;
	json_t *object;
	size_t count;
	int code = engine_devices(e, rows, &count, name);
	int err;

	if (code != CAIRN_EXIT_OK)
		return code;
	err = exposure_of(e->carry, &x, rows, count);
	if (err == CAIRN_OK && e->json) {
		err = exposure_json(e, &object, &x);
		code = err == CAIRN_OK ? print_json(object) : code;
	} else if (err == CAIRN_OK) {
		printf("Whoever has what is called ");
		safe_inline(stdout, (struct cairn_span){name, strlen(name)});
		printf(" (devices: %zu) knows of ", count);
		err = exposure_tell(e, &x);
	}
	exposure_end(&x);
	return err == CAIRN_OK ? code : engine_fail(e, err, NULL);
}

static void
most_tell(struct engine *e, const struct exposure_most *most)
{
	char one[OP_ALIAS_MAX + 1], two[OP_ALIAS_MAX + 1];

	printf("%zu people are in care.\n", most->people);
	if (most->one != 0) {
		device_name(e->carry, one, most->one);
		printf("One device exposes at most %zu of them: ", most->one_exposes);
		safe_inline(stdout, (struct cairn_span){one, strlen(one)});
		putchar('\n');
	}
	if (most->two[0] != 0) {
		device_name(e->carry, one, most->two[0]);
		device_name(e->carry, two, most->two[1]);
		printf("Two devices together expose at most %zu: ", most->two_expose);
		safe_inline(stdout, (struct cairn_span){one, strlen(one)});
		fputs(" and ", stdout);
		safe_inline(stdout, (struct cairn_span){two, strlen(two)});
		putchar('\n');
	}
	puts("'cairn desk exposure DEVICE' or '... PERSON' says what that would be.");
}

static int
exposure_of_desk(struct engine *e)
{
	char one[OP_ALIAS_MAX + 1] = "", two[2][OP_ALIAS_MAX + 1] = {"", ""};
	struct exposure_most most;
	int err = exposure_most(e->carry, &most);

	if (err != CAIRN_OK)
		return engine_fail(e, err, NULL);
	if (!e->json) {
		most_tell(e, &most);
		return CAIRN_EXIT_OK;
	}
	if (most.one != 0)
		device_name(e->carry, one, most.one);
	for (size_t i = 0; i < 2 && most.two[0] != 0; i++)
		device_name(e->carry, two[i], most.two[i]);
	return print_json(json_pack("{s:I, s:s, s:I, s:[s,s], s:I}", "people", (json_int_t)most.people, "one", one,
	    "one_exposes", (json_int_t)most.one_exposes, "two", two[0], two[1], "two_expose",
	    (json_int_t)most.two_expose));
}

int
cmd_desk_exposure(const void *options, int argc, char **argv)
{
	const X *o = options;
	struct engine e;
	int code = engine_look(&e, &o->engine);

	if (code == CAIRN_EXIT_OK)
		code = argc > 0 ? exposure_of_name(&e, argv[0]) : exposure_of_desk(&e);
	engine_end(&e);
	return code;
}
