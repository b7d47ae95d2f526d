// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "carry/faults.h"
#include "carry/feed.h"
#include "carry/publisher.h"
#include "cli/commands.h"
#include "cli/engine.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/safe.h"

#define CHAIN_BYTES 6U /* of the last record's hash: as much as two people compare by voice */

struct devices_options {
	struct engine_options engine;
};

#define D struct devices_options
static const struct option_def defs[] = {
    ENGINE_READ_OPTIONS(D, engine),
    OPTIONS_END,
};
const struct option_table desk_devices_options = {defs, sizeof(D)};

static const char *
standing(const struct carry_device *device, uint32_t day)
{
	if (device->suspended != 0)
		return "suspended";
	if (device->listed == 0)
		return "gone";
	return device_valid(device, day) ? "valid" : "not today";
}

static json_t *
device_json(const struct engine *e, const struct carry_device *d, const struct publisher *publisher,
    const struct fault *fault)
{
	return json_pack("{s:s, s:s, s:o, s:s, s:s, s:b, s:b, s:I}", "device", d->alias, "owner", d->owner, "id",
	    json_hex(d->id, sizeof(d->id)), "roles", d->roles, "standing", standing(d, desk_day(e->now)), "publisher",
	    publisher->term > 0 && memcmp(publisher->device, d->id, OP_ID_BYTES) == 0, "self",
	    memcmp(e->carry->self.device, d->id, OP_ID_BYTES) == 0, "passed_over", (json_int_t)fault->records);
}

static void
fault_tell(const struct fault *fault)
{
	if (fault->records > 0)
		printf("          BROKEN OR IN WRONG HANDS: %llu of its records were passed over by all, last record "
		    "%llu.\n          Tell the security officer now.\n", (unsigned long long)fault->records,
		    (unsigned long long)fault->seq);
}

static void
device_tell(const struct engine *e, const struct carry_device *d, const struct publisher *publisher,
    const struct fault *fault)
{
	char digits[CASE_DIGITS + 1];

	sodium_bin2hex(digits, sizeof(digits), d->id, CASE_DIGITS / 2);
	printf("%-9s ", standing(d, desk_day(e->now)));
	safe_inline(stdout, (struct cairn_span){d->alias, strlen(d->alias)});
	printf(" (%s), worked on by ", digits);
	safe_inline(stdout, (struct cairn_span){d->owner, strlen(d->owner)});
	printf("%s%s\n          %s\n", memcmp(e->carry->self.device, d->id, OP_ID_BYTES) == 0 ? "; this device" : "",
	    publisher->term > 0 && memcmp(publisher->device, d->id, OP_ID_BYTES) == 0 ? "; publishes" : "", d->roles);
	fault_tell(fault);
}

/* The place in the feed, and the end of its chain: equal on all devices that stand at the same record. */
static int
devices_show(struct engine *e, const struct carry_device *all, size_t count)
{
	struct publisher publisher;
	struct feed_position at;
	struct fault fault;
	json_t *array = e->json ? json_array() : NULL;
	char chain[2 * CHAIN_BYTES + 1];
	int err = publisher_now(e->carry, &publisher);

	if (err == CAIRN_OK)
		err = feed_position_get(e->carry, &at);
	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		err = faults_of(e->carry, &fault, all[i].n);
		if (err == CAIRN_OK && e->json)
			json_array_append_new(array, device_json(e, &all[i], &publisher, &fault));
		else if (err == CAIRN_OK)
			device_tell(e, &all[i], &publisher, &fault);
	}
	if (err != CAIRN_OK) {
		json_decref(array);
		return engine_fail(e, err, NULL);
	}
	sodium_bin2hex(chain, sizeof(chain), at.prev, CHAIN_BYTES);
	if (e->json)
		return print_json(json_pack("{s:o, s:I, s:s}", "devices", array, "records", (json_int_t)at.next,
		    "chain", chain));
	printf("\nThis device has read %llu records. Chain: %.4s %.4s %.4s\nTwo devices that have read as many "
	    "show the "
	       "same chain. If not, the relay shows them different things: tell the security officer.\n",
	    (unsigned long long)at.next, chain, chain + 4, chain + 8);
	return CAIRN_EXIT_OK;
}

int
cmd_desk_devices(const void *options, int argc, char **argv)
{
	const D *o = options;
	struct carry_device *all = calloc(DEVICES_MAX, sizeof(*all));
	struct engine e;
	size_t count = 0;
	int code = engine_look(&e, &o->engine);
	int err;

	(void)argc;
	(void)argv;
	if (code == CAIRN_EXIT_OK) {
		err = all == NULL ? CAIRN_ERR_NOMEM : device_list(e.carry, all, &count);
		code = err == CAIRN_OK ? devices_show(&e, all, count) : engine_fail(&e, err, NULL);
	}
	free(all);
	engine_end(&e);
	return code;
}
