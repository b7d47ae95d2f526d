// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/engine.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <sodium.h>

#include "cli/exit.h"
#include "cli/output.h"
#include "desk/in_step.h"

static int
engine_take(struct engine *e, const struct engine_options *o, int code)
{
	e->carry = e->s.desk == NULL ? NULL : e->s.desk->carry;
	e->now = desk_now();
	e->json = o->json;
	return code;
}

int
engine_begin(struct engine *e, const struct engine_options *o)
{
	int code;

	memset(e, 0, sizeof(*e));
	code = o->offline ? desk_session_begin(&e->s, &o->desk) : desk_session_reach(&e->s, &o->desk);
	e->reaches = !o->offline;
	return engine_take(e, o, code);
}

int
engine_look(struct engine *e, const struct engine_options *o)
{
	memset(e, 0, sizeof(*e));
	return engine_take(e, o, desk_session_begin(&e->s, &o->desk));
}

void
engine_end(struct engine *e)
{
	desk_session_end(&e->s);
	memset(e, 0, sizeof(*e));
}

int
engine_fail(const struct engine *e, int err, const struct engine_word *words)
{
	for (; words != NULL && words->text != NULL; words++)
		if (words->err == err)
			return fail(err == CAIRN_ERR_DENIED || err == CAIRN_ERR_CONFLICT ? CAIRN_EXIT_REFUSED
											 : CAIRN_EXIT_USAGE,
			    "%s", words->text);
	return desk_fail(e->s.desk, desk_state_trouble(e->s.desk, err));
}

int
engine_send(struct engine *e)
{
	struct sync sync;
	int err;

	if (!e->reaches)
		return CAIRN_EXIT_OK;
	e->s.desk->trouble[0] = '\0';
	err = desk_sync(e->s.desk, &sync, 0, e->now, NULL, NULL);
	if (err == CAIRN_OK && sync.waiting == 0)
		return CAIRN_EXIT_OK;
	if (err == CAIRN_OK)
		return fail(CAIRN_EXIT_BUSY, "kept on this device, but not with the others yet: 'cairn desk "
		    "sync' goes on");
	complain("kept on this device, but not with the others yet: 'cairn desk sync' sends it");
	return desk_fail(e->s.desk, err);
}

int
engine_done(struct engine *e, json_t *more, const char *format, ...)
{
	int code = engine_send(e);
	json_t *object = more != NULL ? more : json_object();
	va_list args;

	if (e->json) {
		json_object_set_new(object, "sent", json_boolean(e->reaches && code == CAIRN_EXIT_OK));
		return print_json(object) == CAIRN_EXIT_OK ? code : CAIRN_EXIT_STORAGE;
	}
	json_decref(object);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	puts(e->reaches ? "" : " It waits on this device: 'cairn desk sync' sends it.");
	return code;
}

int
engine_case(struct engine *e, uint8_t case_id[OP_ID_BYTES], const char *name)
{
	static const struct engine_word words[] = {
	    {CAIRN_ERR_UNKNOWN, "there is no such case: 'cairn case list' names those that this device knows of"},
	    {CAIRN_ERR_CONFLICT, "several cases are called that: name it by the digits that 'cairn case list' shows"},
	    {0, NULL},
	};
	int err = case_named(e->carry, case_id, name, e->now);

	return err == CAIRN_OK ? CAIRN_EXIT_OK : engine_fail(e, err, words);
}

int
engine_compartment(struct engine *e, struct carry_compartment *c, const char *case_name, const char *name)
{
	static const struct engine_word words[] = {
	    {CAIRN_ERR_UNKNOWN, "that case has no such compartment: 'cairn case show' names them, as contact, "
	        "plan, leg 2"},
	    {0, NULL},
	};
	uint8_t id[OP_ID_BYTES];
	int code = engine_case(e, id, case_name);
	int err;

	if (code != CAIRN_EXIT_OK)
		return code;
	err = compartment_named(e->carry, c, id, name);
	return err == CAIRN_OK ? CAIRN_EXIT_OK : engine_fail(e, err, words);
}

int
engine_device(struct engine *e, struct carry_device *device, const char *name)
{
	static const struct engine_word words[] = {
	    {CAIRN_ERR_UNKNOWN, "there is no such device: 'cairn desk devices' names them"},
	    {CAIRN_ERR_CONFLICT, "several devices are called that: name one by the digits that 'cairn desk "
	        "devices' shows"},
	    {0, NULL},
	};
	int err = device_named(e->carry, device, name);

	return err == CAIRN_OK ? CAIRN_EXIT_OK : engine_fail(e, err, words);
}

static bool
called(const struct carry_device *device, const char *name)
{
	char hex[2 * OP_ID_BYTES + 1];
	size_t length = strlen(name);

	sodium_bin2hex(hex, sizeof(hex), device->id, OP_ID_BYTES);
	return strcasecmp(device->alias, name) == 0 || strcasecmp(device->owner, name) == 0 ||
	    (length >= 4 && length < sizeof(hex) && strncasecmp(hex, name, length) == 0);
}

int
engine_devices(struct engine *e, uint64_t *rows, size_t *ret_count, const char *name)
{
	struct carry_device *all = calloc(DEVICES_MAX, sizeof(*all));
	size_t count = 0;
	int err = all == NULL ? CAIRN_ERR_NOMEM : device_list(e->carry, all, &count);

	*ret_count = 0;
	for (size_t i = 0; i < count && err == CAIRN_OK; i++)
		if (called(&all[i], name))
			rows[(*ret_count)++] = all[i].n;
	free(all);
	if (err != CAIRN_OK)
		return engine_fail(e, err, NULL);
	return *ret_count > 0 ? CAIRN_EXIT_OK
			      : fail(CAIRN_EXIT_USAGE, "nobody and no device is called that: 'cairn desk "
			          "devices' lists them");
}
