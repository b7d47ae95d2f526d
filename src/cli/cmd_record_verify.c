// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/record_session.h"
#include "carry/devices.h"
#include "record/apply.h"
#include "record/sql.h"

struct verify_options {
	struct desk_options desk;
	bool json;
};

#define V struct verify_options
static const struct option_def defs[] = {
    DESK_DIR_OPTION(V, desk),
    OPTION(FLAG, V, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table record_verify_options = {defs, sizeof(V)};

struct checking {
	struct desk *desk;
	size_t good;    /* signed here, and the signature holds */
	size_t carried; /* of other devices, and theirs holds */
	size_t bad;
	size_t gaps; /* counters of this device that are missing */
	uint64_t last; /* what was destroyed with its compartment is not missing */
};

/* The key of whoever made it; CAIRN_ERR_UNKNOWN: no device of the desk. */
static int
key_of(const struct checking *c, uint8_t key[32], const uint8_t device[CAIRN_DEVICE_ID_BYTES])
{
	struct carry_device row;
	int err = CAIRN_OK;

	if (memcmp(device, c->desk->self.device_id, CAIRN_DEVICE_ID_BYTES) == 0) {
		memcpy(key, c->desk->self.sign_secret + 32, 32);
		return CAIRN_OK;
	}
	err = device_get(c->desk->carry, &row, device);
	memcpy(key, row.sign_key, 32);
	return err;
}

static int
check_one(const struct record_logged *op, void *arg)
{
	struct checking *c = arg;
	struct record_origin origin = {.counter = op->counter, .lamport = op->lamport, .at = op->at};
	bool own = memcmp(op->device, c->desk->self.device_id, sizeof(op->device)) == 0;
	uint8_t key[32];
	int err;

	memcpy(origin.device, op->device, sizeof(origin.device));
	memcpy(origin.compartment, op->compartment, sizeof(origin.compartment));
	origin.signature = (const uint8_t *)op->signature.text;
	err = op->signature.size == 64 ? key_of(c, key, op->device) : CAIRN_ERR_UNKNOWN;
	if (err == CAIRN_OK)
		err = record_verify(&origin, op->bytes.text, op->bytes.size, c->desk->self.desk_id, key);
	if (err != CAIRN_OK && err != CAIRN_ERR_CRYPTO && err != CAIRN_ERR_UNKNOWN)
		return err;
	c->good += own && err == CAIRN_OK;
	c->carried += !own && err == CAIRN_OK;
	c->bad += err != CAIRN_OK;
	if (own && op->counter > c->last) {
		c->gaps += op->counter - c->last - 1;
		c->last = op->counter;
	}
	return CAIRN_OK;
}

int
cmd_record_verify(const void *options, int argc, char **argv)
{
	const V *o = options;
	struct checking c = {.good = 0};
	struct record_session s;
	int code = record_begin(&s, &o->desk), err = CAIRN_OK;

	(void)argc;
	(void)argv;
	if (code == CAIRN_EXIT_OK) {
		struct query q = record_query(s.db, RECORD_SQL_FLOOR_GET);

		c.desk = s.desk.desk;
		bind_bytes(&q, c.desk->self.device_id, CAIRN_DEVICE_ID_BYTES);
		err = query_number(&q, &c.last);
		if (err == CAIRN_OK)
			err = record_log(s.db, NULL, check_one, &c);
		code = err == CAIRN_OK ? CAIRN_EXIT_OK : record_fail(&s, err);
	}
	if (code == CAIRN_EXIT_OK && o->json)
		code = print_json(json_pack("{s:b, s:I, s:I, s:I, s:I}", "ok", c.bad == 0 && c.gaps == 0, "signed",
		    (json_int_t)c.good, "carried", (json_int_t)c.carried, "bad", (json_int_t)c.bad, "missing",
		    (json_int_t)c.gaps));
	else if (code == CAIRN_EXIT_OK)
		printf("%zu operations of this device, each with its signature; %zu that the feed brought\n",
		    c.good, c.carried);
	if (code == CAIRN_EXIT_OK && (c.bad > 0 || c.gaps > 0))
		code = fail(CAIRN_EXIT_REFUSED,
		    "%zu operations are not as they were signed, %zu are missing: somebody has "
		    "written into the desk's file",
		    c.bad, c.gaps);
	record_end(&s);
	return code;
}
