// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "carry/exposure.h"
#include "carry/publisher.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/exposure_show.h"
#include "cli/output.h"
#include "cli/shares_load.h"
#include "desk/lost.h"

struct lost_options {
	struct engine_options engine;
	struct option_list shares;
};

#define L struct lost_options
static const struct option_def defs[] = {
    OPTION(LIST, L, shares, "share", "FILE", "a share of the identity key (twice)"),
    DESK_OPTIONS(L, engine.desk),
    OPTION(FLAG, L, engine.json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table desk_lost_options = {defs, sizeof(L)};

/* What follows is told while it can still be told: after the roster the device is in nothing any more. */
static int
known(struct engine *e, json_t **ret, const struct carry_device *device)
{
	struct exposure x;
	int err = exposure_of(e->carry, &x, &device->n, 1);

	*ret = NULL;
	if (err != CAIRN_OK)
		return engine_fail(e, err, NULL);
	if (e->json) {
		err = exposure_json(e, ret, &x);
	} else {
		printf("It knew of ");
		err = exposure_tell(e, &x);
	}
	exposure_end(&x);
	return err == CAIRN_OK ? CAIRN_EXIT_OK : engine_fail(e, err, NULL);
}

static int
follows_tell(struct engine *e, const struct carry_device *device)
{
	struct publisher publisher;
	int err = publisher_now(e->carry, &publisher);

	if (err != CAIRN_OK)
		return engine_fail(e, err, NULL);
	puts("What follows:\n"
	     "  the relay refuses it, and every compartment that it was in gets a new key with the next sync of one "
	     "of\n  its members;\n"
	     "  what it knew must change: meeting places, words, addresses. 'cairn desk tasks' tells each device "
	     "what.");
	if (memcmp(publisher.device, device->id, OP_ID_BYTES) == 0)
		puts("  IT WAS THE PUBLISHER: until another one has taken over no answer goes out, and people write "
		     "to keys\n  that it has. Now, on a device with the role publish: 'cairn desk publisher "
		     "--take-over', with two shares.");
	return CAIRN_EXIT_OK;
}

static int
lost(struct engine *e, const struct share shares[SHARES_NEEDED], const char *name)
{
	struct carry_device device;
	json_t *object;
	int code = engine_send(e);
	int err;

	if (code == CAIRN_EXIT_OK)
		code = engine_device(e, &device, name);
	if (code == CAIRN_EXIT_OK && (err = shares_try(e->s.desk, shares)) != CAIRN_OK)
		code = desk_fail(e->s.desk, err);
	if (code == CAIRN_EXIT_OK)
		code = known(e, &object, &device);
	if (code != CAIRN_EXIT_OK)
		return code;
	err = desk_lost(e->s.desk, device.id, &shares[0], &shares[1], e->now);
	if (err != CAIRN_OK) {
		json_decref(object);
		return desk_fail(e->s.desk, err);
	}
	code = engine_done(e, object, "It is the desk's no more. Take the shares off this machine.");
	return code == CAIRN_EXIT_OK && !e->json ? follows_tell(e, &device) : code;
}

int
cmd_desk_lost(const void *options, int argc, char **argv)
{
	const L *o = options;
	struct share *shares;
	struct engine e = {.reaches = false};
	int code = shares_load(&shares, &o->shares);

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = engine_begin(&e, &o->engine);
	if (code == CAIRN_EXIT_OK)
		code = lost(&e, shares, argv[0]);
	sodium_free(shares);
	engine_end(&e);
	return code;
}
