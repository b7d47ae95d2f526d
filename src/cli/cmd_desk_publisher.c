// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "carry/publisher.h"
#include "cli/commands.h"
#include "cli/engine.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/safe.h"

struct publisher_options {
	struct engine_options engine;
	bool stop;
};

#define P struct publisher_options
static const struct option_def defs[] = {
    OPTION(FLAG, P, stop, "stop", "", "on the publisher: it signs no more, so that another may follow"),
    ENGINE_OPTIONS(P, engine),
    OPTIONS_END,
};
const struct option_table desk_publisher_options = {defs, sizeof(P)};

static const struct engine_word words[] = {
    {CAIRN_ERR_DENIED, "refused: the publisher itself says --stop first, unless it is gone; and the next one must have the "
		       "role publish"},
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
		printf("It has stopped behind size %llu: 'cairn desk publisher DEVICE' names the next one.\n",
		    (unsigned long long)now.size);
	if (now.gone)
		puts("It is suspended, or the desk's no more: name the next one, and replace the board's key and the card.");
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
	return err == CAIRN_OK ? engine_done(e, NULL, "This device signs no more. Name the next one: 'cairn desk publisher DEVICE'.")
			       : engine_fail(e, err, words);
}

static int
hand_over(struct engine *e, const char *name)
{
	struct carry_device device;
	int code = engine_device(e, &device, name);
	int err;

	if (code != CAIRN_EXIT_OK)
		return code;
	err = carry_publisher_next(e->carry, device.id, e->now);
	return err == CAIRN_OK ? engine_done(e, NULL, "Said. It publishes from its next round on.") : engine_fail(e, err, words);
}

int
cmd_desk_publisher(const void *options, int argc, char **argv)
{
	const P *o = options;
	struct engine e;
	int code = engine_begin(&e, &o->engine);

	if (code == CAIRN_EXIT_OK && o->stop && argc > 0)
		code = fail(CAIRN_EXIT_USAGE, "first --stop, on the publisher; then the next one is named");
	else if (code == CAIRN_EXIT_OK)
		code = o->stop ? stop(&e) : argc > 0 ? hand_over(&e, argv[0]) : show(&e);
	engine_end(&e);
	return code;
}
