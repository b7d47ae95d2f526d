// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "carry/captured.h"
#include "cli/case_show.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/exposure_show.h"
#include "cli/output.h"
#include "cli/safe.h"
#include "cli/tasks_show.h"

struct captured_options {
	struct engine_options engine;
	struct option_list cases;
	uint64_t confirm;
};

#define C struct captured_options
static const struct option_def defs[] = {
    OPTION(LIST, C, cases, "case", "CASE", "the person of this case was taken (several times)"),
    OPTION(NUMBER, C, confirm, "confirm", "N", "say it too, as the second security device: what is asked as "
        "number N"),
    ENGINE_OPTIONS(C, engine),
    OPTIONS_END,
};
const struct option_table desk_captured_options = {defs, sizeof(C)};

static const struct engine_word words[] = {
    {CAIRN_ERR_DENIED, "only a device with the role security says it, and the second must be another than the first"},
    {CAIRN_ERR_UNKNOWN, "nothing is asked as that number: 'cairn desk captured' lists what waits for a second "
        "device"},
    {CAIRN_ERR_RANGE, "name the device that was taken, not this one itself, or the case with --case; at most 64"},
    {0, NULL},
};

/* Devices and cases that were named, once each. */
static int
named_read(struct engine *e, struct cairn_suspended *named, size_t *ret_count, const C *o, int argc, char **argv)
{
	uint64_t rows[DEVICES_MAX];
	size_t count = 0;
	int code = argc > 0 ? engine_devices(e, rows, &count, argv[0]) : CAIRN_EXIT_OK;

	*ret_count = 0;
	if (code == CAIRN_EXIT_OK && count + o->cases.count > CAIRN_SUSPENSION_NAMES_MAX)
		code = engine_fail(e, CAIRN_ERR_RANGE, words);
	for (size_t i = 0; i < count && code == CAIRN_EXIT_OK; i++) {
		struct carry_device device;
		int err = device_at(e->carry, &device, rows[i]);

		if (err != CAIRN_OK)
			return engine_fail(e, err, NULL);
		named[*ret_count].kind = CAIRN_SUSPENDED_DEVICE;
		memcpy(named[(*ret_count)++].id, device.id, OP_ID_BYTES);
	}
	for (size_t i = 0; i < o->cases.count && code == CAIRN_EXIT_OK; i++) {
		code = engine_case(e, named[*ret_count].id, o->cases.items[i]);
		named[(*ret_count)++].kind = CAIRN_SUSPENDED_CASE;
	}
	return code;
}

/* What was known on these devices: to be seen before it is taken from them. */
static int
known_tell(struct engine *e, const struct cairn_suspended *named, size_t count)
{
	uint64_t rows[DEVICES_MAX];
	struct exposure x;
	size_t devices = 0;
	int err = CAIRN_OK;

	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		struct carry_device device;

		if (named[i].kind != CAIRN_SUSPENDED_DEVICE)
			continue;
		err = device_get(e->carry, &device, named[i].id);
		rows[devices++] = device.n;
	}
	if (err == CAIRN_OK)
		err = exposure_of(e->carry, &x, rows, devices);
	if (err != CAIRN_OK)
		return err;
	if (!e->json && devices > 0) {
		printf("Whoever has taken it knows of ");
		err = exposure_tell(e, &x);
	}
	exposure_end(&x);
	return err;
}

/* A person knows of all that was done for him or her, and of whoever did it. */
static int
case_known_tell(struct engine *e, const uint8_t case_id[OP_ID_BYTES])
{
	struct carry_compartment of[COMPARTMENTS_OF_CASE_MAX];
	char name[CASE_NAME_MAX];
	size_t count = 0;
	int err = case_name(e->carry, name, case_id, e->now);

	if (err == CAIRN_OK)
		err = compartments_of(e->carry, of, COMPARTMENTS_OF_CASE_MAX, &count, case_id);
	if (err == CAIRN_OK) {
		fputs("The person of ", stdout);
		safe_inline(stdout, (struct cairn_span){name, strlen(name)});
		puts(" may know of:");
	}
	for (size_t i = 0; i < count && err == CAIRN_OK; i++)
		if (!of[i].destroyed)
			err = compartment_tell(e, &of[i], false);
	sodium_memzero(name, sizeof(name));
	return err;
}

static int
cases_known_tell(struct engine *e, const struct cairn_suspended *named, size_t count)
{
	int err = CAIRN_OK;

	for (size_t i = 0; i < count && err == CAIRN_OK && !e->json; i++)
		if (named[i].kind == CAIRN_SUSPENDED_CASE)
			err = case_known_tell(e, named[i].id);
	return err;
}

static int
first(struct engine *e, const C *o, int argc, char **argv)
{
	struct cairn_suspended named[CAIRN_SUSPENSION_NAMES_MAX + 1];
	size_t count;
	int code = named_read(e, named, &count, o, argc, argv);
	int err;

	if (code != CAIRN_EXIT_OK)
		return code;
	err = captured_say(e->carry, named, count, e->now);
	if (err == CAIRN_OK)
		err = known_tell(e, named, count);
	if (err == CAIRN_OK)
		err = cases_known_tell(e, named, count);
	if (err != CAIRN_OK)
		return engine_fail(e, err, words);
	return engine_done(e, NULL,
	    "Said by this device. IT DOES NOT HOLD YET: a second device with the role security says it too, "
	    "with 'cairn desk captured --confirm'.");
}

static int
second(struct engine *e, const C *o)
{
	int code = engine_send(e);
	int err;

	if (code != CAIRN_EXIT_OK)
		return code;
	err = captured_confirm(e->carry, o->confirm, e->now);
	if (err != CAIRN_OK)
		return engine_fail(e, err, words);
	code = engine_done(e, NULL, "It holds: relay and devices refuse what was named, and its compartments "
	    "get new keys.");
	return code == CAIRN_EXIT_OK && !e->json ? tasks_show(e, 0) : code;
}

static void
ask_tell(struct engine *e, const struct captured_ask *ask)
{
	char who[OP_ALIAS_MAX + 1], name[CASE_NAME_MAX], when[DESK_WHEN_BYTES];

	device_name_of(e->carry, who, ask->device);
	printf("%llu  said by ", (unsigned long long)ask->n);
	safe_inline(stdout, (struct cairn_span){who, strlen(who)});
	printf(", %s:", desk_when(when, ask->at));
	for (size_t i = 0; i < ask->count; i++) {
		bool device = ask->named[i].kind == CAIRN_SUSPENDED_DEVICE;

		if (device)
			device_name_of(e->carry, name, ask->named[i].id);
		else if (case_name(e->carry, name, ask->named[i].id, e->now) != CAIRN_OK)
			memcpy(name, "?", 2);
		printf(" %s ", device ? "device" : "case");
		safe_inline(stdout, (struct cairn_span){name, strlen(name)});
	}
	printf("\n   Is it so? Then on this device: cairn desk captured --confirm "
	       "%llu\n",
	    (unsigned long long)ask->n);
}

static json_t *
ask_json(struct engine *e, const struct captured_ask *ask)
{
	char who[OP_ALIAS_MAX + 1], name[CASE_NAME_MAX];
	json_t *devices = json_array(), *cases = json_array();

	for (size_t i = 0; i < ask->count; i++) {
		if (ask->named[i].kind == CAIRN_SUSPENDED_DEVICE) {
			device_name_of(e->carry, name, ask->named[i].id);
			json_array_append_new(devices, json_string(name));
		} else if (case_name(e->carry, name, ask->named[i].id, e->now) == CAIRN_OK) {
			json_array_append_new(cases, json_string(name));
		}
	}
	device_name_of(e->carry, who, ask->device);
	return json_pack("{s:I, s:s, s:I, s:o, s:o}", "number", (json_int_t)ask->n, "by", who, "at",
	    (json_int_t)ask->at, "devices", devices, "cases", cases);
}

static int
waiting(struct engine *e)
{
	struct captured_ask *asks;
	size_t count;
	json_t *array = e->json ? json_array() : NULL;
	int err = captured_asks(e->carry, &asks, &count);

	for (size_t i = 0; i < count && err == CAIRN_OK; i++)
		if (e->json)
			json_array_append_new(array, ask_json(e, &asks[i]));
		else
			ask_tell(e, &asks[i]);
	free(asks);
	if (err != CAIRN_OK) {
		json_decref(array);
		return engine_fail(e, err, NULL);
	}
	if (e->json)
		return print_json(json_pack("{s:o}", "waiting", array));
	if (count == 0)
		puts("Nothing waits for a second device.");
	return CAIRN_EXIT_OK;
}

int
cmd_desk_captured(const void *options, int argc, char **argv)
{
	const C *o = options;
	struct engine e;
	int code = engine_begin(&e, &o->engine);

	if (code == CAIRN_EXIT_OK && o->confirm > 0 && (argc > 0 || o->cases.count > 0))
		code = fail(CAIRN_EXIT_USAGE, "--confirm says what the first device said, and nothing besides");
	else if (code == CAIRN_EXIT_OK && o->confirm > 0)
		code = second(&e, o);
	else if (code == CAIRN_EXIT_OK && (argc > 0 || o->cases.count > 0))
		code = first(&e, o, argc, argv);
	else if (code == CAIRN_EXIT_OK)
		code = waiting(&e);
	engine_end(&e);
	return code;
}
