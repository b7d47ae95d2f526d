// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "cli/board_check.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/file.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/reach.h"
#include "cli/safe.h"

struct board_options {
	struct reach_options reach;
	const char *against;
	const char *save;
	bool json;
};

#define B struct board_options
static const struct option_def defs[] = {
    REACH_OPTIONS(B, reach),
    OPTION(TEXT, B, against, "against", "FILE", "an earlier checkpoint that this board must go on from"),
    OPTION(TEXT, B, save, "save", "FILE", "save this checkpoint, once all of it holds"),
    OPTION(FLAG, B, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table verify_board_options = {defs, sizeof(B)};

struct verifying {
	const B *options;
	struct board_check *check;
	struct reach reach;
	struct board_source source;
	struct progress progress;
	size_t before_bytes;
	uint8_t before[CAIRN_CHECKPOINT_BYTES_MAX];
};

static void
on_progress(void *arg, uint64_t done, uint64_t total)
{
	struct verifying *v = arg;

	v->progress.total = total;
	progress_at(&v->progress, done);
}

/* ---- where the board is ---- */

/* The desk of a mirrored board, by the checkpoint's first line: "cairn/<desk_id>/board". */
static bool
desk_of(uint8_t desk_id[CAIRN_HASH_BYTES], struct board_source *source)
{
	const uint8_t *body;
	struct cairn_span rest, line;
	size_t bytes;

	if (source->get(source, "board/checkpoint", CAIRN_CHECKPOINT_BYTES_MAX, &body, &bytes) != 200)
		return false;
	rest = (struct cairn_span){(const char *)body, bytes};
	line = span_cut(&rest, '\n');
	return span_is(span_cut(&line, '/'), "cairn") &&
	    text_hex(desk_id, CAIRN_HASH_BYTES, span_cut(&line, '/')) == CAIRN_OK && span_is(line, "board");
}

static int
begin_folder(struct verifying *v, const char *path)
{
	struct cairn_client *client = &v->check->client;
	uint32_t day;

	if (board_source_folder(&v->source, path) != CAIRN_OK)
		return fail(CAIRN_EXIT_STORAGE, "there is no folder %s", path);
	if (!desk_of(client->desk_id, &v->source))
		return fail(CAIRN_EXIT_REFUSED, "there is no checkpoint of a board in %s", path);
	client->hour = (uint32_t)(time(NULL) / 3600);
	if (v->options->reach.date == NULL)
		return CAIRN_EXIT_OK;
	if (!day_read(&day, (struct cairn_span){v->options->reach.date, strlen(v->options->reach.date)}))
		return fail(CAIRN_EXIT_USAGE, "--date wants a day as 2026-11-22");
	client->hour = day * 24;
	return CAIRN_EXIT_OK;
}

static int
begin_relay(struct verifying *v)
{
	int code = reach_begin(&v->reach, &v->options->reach);

	if (code != CAIRN_EXIT_OK)
		return code;
	v->check->client = v->reach.client;
	board_source_relay(&v->source, v->reach.net);
	return CAIRN_EXIT_OK;
}

/* A mirror may be old, and is checked all the same: its age is shown. */
static int
begin(struct verifying *v, int argc, char **argv)
{
	int code;

	if ((argc == 1) == (v->options->reach.desk != NULL))
		return fail(CAIRN_EXIT_USAGE, "give either --desk with its address or a folder");
	code = argc == 1 ? begin_folder(v, argv[0]) : begin_relay(v);
	v->check->client.hour_confirmed = true;
	v->check->source = &v->source;
	return code;
}

/* ---- what came out ---- */

static void
show_fork(const struct verifying *v)
{
	const struct cairn_opening *o = &v->check->opening;

	puts("The earlier checkpoint:\n");
	(void)fwrite(v->before, 1, v->before_bytes, stdout);
	puts("\nThe one that is shown now:\n");
	(void)fwrite(o->checkpoint_file, 1, o->bytes[0], stdout);
	puts("\nBoth are signed by the desk's board key and contradict each other.");
	puts("Keep them: together they are the proof.");
}

static int
show_fault(const struct verifying *v, int err)
{
	int code = err == CAIRN_ERR_UNKNOWN ? CAIRN_EXIT_REFUSED : exit_for(err);

	complain("%s", v->check->fault[0] == '\0' ? cairn_strerror(err) : v->check->fault);
	if (v->options->json)
		(void)print_json(json_pack("{s:b,s:s,s:b}", "ok", 0, "fault", v->check->fault, "fork",
		    err == CAIRN_ERR_CONFLICT));
	else if (err == CAIRN_ERR_CONFLICT)
		show_fork(v);
	return code;
}

static unsigned
witness_count(const struct cairn_card *card)
{
	struct cairn_span value;
	unsigned count = 0;
	size_t at = 0;

	while (cairn_card_next(card, "witness", &at, &value))
		count++;
	return count;
}

static int
show_json(const struct board_check *c)
{
	const struct cairn_opening *o = &c->opening;

	return print_json(json_pack("{s:b,s:o,s:o,s:I,s:i,s:o,s:i,s:i,s:i,s:I,s:I,s:I,s:I,s:I,s:b}",
	    "ok", 1,
	    "desk", json_hex(c->client.desk_id, CAIRN_HASH_BYTES),
	    "name", json_span(o->card.name),
	    "size", (json_int_t)o->checkpoint.size,
	    "hour", (int)o->checkpoint.hour,
	    "root", json_hex(o->checkpoint.root, 32),
	    "witnesses", (int)witness_count(&o->card),
	    "cosignatures", __builtin_popcountll(o->witnesses),
	    "card_not_after", (int)o->card.not_after,
	    "entries", (json_int_t)c->entries,
	    "tiles", (json_int_t)c->tiles,
	    "batches", (json_int_t)c->batches,
	    "batches_gone", (json_int_t)c->batches_gone,
	    "epoch_keys", (json_int_t)c->epoch_keys,
	    "extends", (int)c->extends));
}

static int
show_words(const struct board_check *c)
{
	const struct cairn_opening *o = &c->opening;
	char when[WHEN_BYTES];

	printf("The board of ");
	safe_inline(stdout, o->card.name);
	printf(" holds.\n\n  desk        ");
	print_hex(stdout, c->client.desk_id, CAIRN_HASH_BYTES);
	printf("\n  checkpoint  size %llu, signed %s\n", (unsigned long long)o->checkpoint.size,
	    when_hour(when, o->checkpoint.hour));
	printf("  witnesses   %d of %u signed it too\n", __builtin_popcountll(o->witnesses), witness_count(&o->card));
	printf("  card        serial %llu, holds until %s\n", (unsigned long long)o->card.serial,
	    when_day(when, o->card.not_after));
	printf("  identity    %zu %s\n", o->identity.steps, o->identity.steps == 1 ? "successor" : "successors");
	printf("  entries     %llu of %zu %s; the tree of %llu %s is right\n", (unsigned long long)c->entries,
	    o->days.count, o->days.count == 1 ? "day" : "days", (unsigned long long)c->tiles,
	    c->tiles == 1 ? "tile" : "tiles");
	printf("  batches     %llu there and right, %llu gone after their time\n",
	    (unsigned long long)c->batches, (unsigned long long)c->batches_gone);
	printf("  epoch keys  %llu\n", (unsigned long long)c->epoch_keys);
	if (c->extends)
		puts("  earlier     this board goes on from the earlier checkpoint");
	return CAIRN_EXIT_OK;
}

/* ---- the command ---- */

static int
check(struct verifying *v)
{
	int err = board_check_open(v->check);

	if (err == CAIRN_OK && v->before_bytes > 0)
		err = board_check_against(v->check, v->before, v->before_bytes);
	if (err != CAIRN_OK)
		return err;
	progress_begin(&v->progress, "checking entries", v->check->opening.checkpoint.size);
	v->check->progress = on_progress;
	v->check->progress_arg = v;
	err = board_check_all(v->check);
	progress_end(&v->progress);
	return err;
}

static int
run(struct verifying *v, int argc, char **argv)
{
	const struct cairn_opening *o = &v->check->opening;
	int code = begin(v, argc, argv);
	int err;

	if (code == CAIRN_EXIT_OK && v->options->against != NULL)
		code = file_read(v->options->against, v->before, sizeof(v->before), &v->before_bytes);
	if (code != CAIRN_EXIT_OK)
		return code;
	err = check(v);
	if (err != CAIRN_OK)
		return show_fault(v, err);
	if (v->options->save != NULL)
		code = file_write(v->options->save, o->checkpoint_file, o->bytes[0]);
	err = v->options->json ? show_json(v->check) : show_words(v->check);
	return code == CAIRN_EXIT_OK ? err : code;
}

int
cmd_verify_board(const void *options, int argc, char **argv)
{
	struct verifying *v = calloc(1, sizeof(*v));
	int code = CAIRN_EXIT_MEMORY;

	if (v != NULL) {
		v->options = options;
		v->source.folder = -1;
		v->check = calloc(1, sizeof(*v->check));
	}
	if (v == NULL || v->check == NULL)
		code = fail(CAIRN_EXIT_MEMORY, "out of memory");
	else
		code = run(v, argc, argv);
	if (v != NULL) {
		board_source_end(&v->source);
		reach_end(&v->reach);
		free(v->check);
	}
	free(v);
	return code;
}
