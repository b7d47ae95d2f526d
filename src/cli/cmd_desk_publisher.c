// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "carry/publisher.h"
#include "cli/commands.h"
#include "cli/engine.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/safe.h"
#include "cli/shares_load.h"
#include "desk/take_over.h"

struct publisher_options {
	struct engine_options engine;
	struct option_list shares;
	bool stop;
	bool take_over;
};

#define P struct publisher_options
static const struct option_def defs[] = {
    OPTION(FLAG, P, stop, "stop", "", "on the publisher: it signs no more, so that another may follow"),
    OPTION(FLAG, P, take_over, "take-over", "", "this device publishes from now on, with a new board key and card"),
    OPTION(LIST, P, shares, "share", "FILE", "a share of the identity key, with --take-over (twice)"),
    ENGINE_OPTIONS(P, engine),
    OPTIONS_END,
};
const struct option_table desk_publisher_options = {defs, sizeof(P)};

static const struct engine_word words[] = {
    {CAIRN_ERR_DENIED, "refused: the publisher itself says --stop first, unless it is gone; the next one must have "
        "the role publish, and is named by one with the role admin or security: 'cairn desk publisher DEVICE'"},
    {CAIRN_ERR_STALE, "the publisher has stopped already: name the next one"},
    {0, NULL},
};

static int
show(struct engine *e)
{
	struct publisher now;
	char name[OP_ALIAS_MAX + 1] = "";
	int err = publisher_now(e->carry, &now);

	if (err != CAIRN_OK)
		return engine_fail(e, err, NULL);
	if (now.term > 0)
		device_name_of(e->carry, name, now.device);
	if (e->json)
		return print_json(json_pack("{s:s, s:I, s:b, s:I, s:b}", "device", name, "term", (json_int_t)now.term,
		    "stopped", now.stopped, "size", (json_int_t)now.size, "gone", now.gone));
	if (now.term == 0) {
		puts("Nobody publishes yet.");
		return CAIRN_EXIT_OK;
	}
	safe_inline(stdout, (struct cairn_span){name, strlen(name)});
	printf(" publishes, in term %u.\n", now.term);
	if (now.stopped)
		printf("It has stopped behind batch %llu: 'cairn desk publisher DEVICE' names the next one.\n",
		    (unsigned long long)now.size);
	if (now.gone)
		puts("It is suspended, or the desk's no more, and has the board's key: on a device with the role "
		     "publish, 'cairn\ndesk publisher --take-over' with two shares makes a new key and card.");
	return CAIRN_EXIT_OK;
}

/* Behind everything that this device has signed, also what has not got through yet. */
static int
stop(struct engine *e)
{
	struct query q = query(e->s.desk->state, SQL_BOARD_HEAD);
	uint64_t size;
	int err = query_number(&q, &size);

	if (err == CAIRN_OK)
		err = carry_publisher_stop(e->carry, size, e->now);
	return err == CAIRN_OK ? engine_done(e, NULL, "This device signs no more. Name the next one: 'cairn "
	    "desk publisher DEVICE'.")
			       : engine_fail(e, err, words);
}

/* Is that device the publisher already, by the feed? */
static int
is_publisher(struct engine *e, bool *ret, const struct carry_device *device)
{
	struct publisher now;
	int err = publisher_now(e->carry, &now);

	*ret = err == CAIRN_OK && now.term > 0 && !now.stopped && memcmp(now.device, device->id, OP_ID_BYTES) == 0;
	return err;
}

static int
term_say(struct engine *e, const struct carry_device *device)
{
	bool already;
	int err = is_publisher(e, &already, device);

	if (err == CAIRN_OK && !already)
		err = carry_publisher_next(e->carry, device->id, e->now);
	return err == CAIRN_OK ? engine_send(e) : engine_fail(e, err, words);
}

/* The board's key never leaves its device: the next publisher makes a new one, which a new card puts in force. */
static int
take_over(struct engine *e, const P *o)
{
	struct carry_device self;
	struct share *shares;
	int code = shares_load(&shares, &o->shares);
	int err;

	if (code == CAIRN_EXIT_OK)
		code = engine_send(e); /* whether the one before has stopped */
	if (code == CAIRN_EXIT_OK)
		code =
		    (err = device_self(e->carry, &self)) == CAIRN_OK ? term_say(e, &self) : engine_fail(e, err, NULL);
	if (code == CAIRN_EXIT_OK && (err = desk_take_over(e->s.desk, &shares[0], &shares[1], e->now)) != CAIRN_OK)
		code = desk_fail(e->s.desk, err);
	sodium_free(shares);
	return code == CAIRN_EXIT_OK ? engine_done(e, NULL,
	    "The board is this device's, with its next round. Take the shares off this machine.") : code;
}

static int
hand_over(struct engine *e, const char *name)
{
	struct carry_device device;
	int code = engine_send(e);

	if (code == CAIRN_EXIT_OK)
		code = engine_device(e, &device, name);
	if (code == CAIRN_EXIT_OK)
		code = term_say(e, &device);
	if (code != CAIRN_EXIT_OK)
		return code;
	return engine_done(e, NULL, "Said. That device takes the board over with two shares: 'cairn desk "
	    "publisher --take-over'.");
}

int
cmd_desk_publisher(const void *options, int argc, char **argv)
{
	const P *o = options;
	struct engine e;
	int code = engine_begin(&e, &o->engine);

	if (code == CAIRN_EXIT_OK && o->stop + o->take_over + (argc > 0) > 1)
		code = fail(CAIRN_EXIT_USAGE, "one at a time: --stop on the publisher; then the next one is "
		    "named, or takes over");
	else if (code == CAIRN_EXIT_OK && o->take_over)
		code = take_over(&e, o);
	else if (code == CAIRN_EXIT_OK)
		code = o->stop ? stop(&e) : argc > 0 ? hand_over(&e, argv[0])
						     : show(&e);
	engine_end(&e);
	return code;
}
