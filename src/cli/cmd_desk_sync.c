// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "cli/engine.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "carry/joining.h"
#include "desk/in_step.h"
#include "desk/tell.h"

#define WAIT_S 20U /* a line on which nothing comes for longer is taken for lost */

struct sync_options {
	struct desk_options desk;
	bool wait;
	bool json;
};

#define S struct sync_options
static const struct option_def defs[] = {
    DESK_OPTIONS(S, desk),
    OPTION(FLAG, S, wait, "wait", "", "wait a little for something new, where there is nothing"),
    OPTION(FLAG, S, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table desk_sync_options = {defs, sizeof(S)};

static void
on_record(void *arg, uint64_t done, uint64_t total)
{
	struct progress *p = arg;

	p->total = total;
	progress_at(p, done);
}

static int
sync_json(const struct sync *sync, bool half, int err, const char *trouble)
{
	json_t *hole = sync->hole == UINT64_MAX ? json_null() : json_integer((json_int_t)sync->hole);

	return print_json(json_pack("{s:I, s:I, s:I, s:I, s:I, s:b, s:b, s:o, s:s}", "read",
	    (json_int_t)sync->read.records, "refused", (json_int_t)sync->read.refused, "sent", (json_int_t)sync->sent,
	    "waiting", (json_int_t)sync->waiting, "records", (json_int_t)sync->head, "at_head", sync->at_head,
	    "joining", half, "missing", hole, "trouble", err == CAIRN_OK ? "" : trouble));
}

static void
sync_tell(const struct sync *sync, bool half)
{
	if (sync->head > 0) /* else the relay did not say */
		printf("%zu records read, %zu sent; the feed has %llu.\n", sync->read.records, sync->sent,
		    (unsigned long long)sync->head);
	if (sync->waiting > 0)
		printf("NOT SENT YET: %zu. What they say is on this device alone.\n", sync->waiting);
	if (half)
		puts("This device has not all of the desk's state yet: keep 'cairn desk admit' running on the "
		    "other one.");
	if (sync->read.refused > 0)
		printf("%zu were passed over, as by all devices: what they said is not allowed to who said it. "
		    "'cairn desk devices' shows whose records were. Tell the security officer.\n",
		    sync->read.refused);
	if (sync->hole != UINT64_MAX)
		printf("MISSING: record %llu is gone at the relay, and nobody of the desk destroyed it. Tell "
		       "the security "
		       "officer.\n",
		    (unsigned long long)sync->hole);
	if (sync->waiting == 0 && !half && sync->hole == UINT64_MAX && sync->at_head)
		puts("In step with the others.");
}

int
cmd_desk_sync(const void *options, int argc, char **argv)
{
	const S *o = options;
	const struct engine_options engine = {.desk = o->desk, .json = o->json};
	struct progress p;
	struct sync sync;
	struct engine e;
	int code = engine_begin(&e, &engine);
	int err;

	(void)argc;
	(void)argv;
	if (code == CAIRN_EXIT_OK) {
		progress_begin(&p, "reading the feed", 0);
		err = desk_sync(e.s.desk, &sync, o->wait ? WAIT_S : 0, e.now, on_record, &p);
		if (err == CAIRN_OK)
			err = tell_everything(e.s.desk, e.now);
		if (err == CAIRN_OK)
			err = desk_state_trouble(e.s.desk, sync_left(e.carry, &sync));
		progress_end(&p);
		if (o->json)
			code = sync_json(&sync, joining(e.carry), err, e.s.desk->trouble);
		else
			sync_tell(&sync, joining(e.carry));
		if (err != CAIRN_OK)
			code = desk_fail(e.s.desk, err);
	}
	engine_end(&e);
	return code;
}
