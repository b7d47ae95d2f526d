// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "cairn/desk_keys.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/file.h"
#include "cli/output.h"
#include "cli/reach.h"
#include "cli/safe.h"

struct card_options {
	const char *desk_id;
	const char *identity;
	const char *date;
	bool json;
};

#define C struct card_options
static const struct option_def defs[] = {
    OPTION(TEXT, C, desk_id, "desk-id", "ID", "the desk whose card it must be, 64 hex digits"),
    OPTION(TEXT, C, identity, "identity", "FILE", "the chain of its identity keys, where it has had several"),
    OPTION(TEXT, C, date, "date", "DAY", "check as of this day, YYYY-MM-DD"),
    OPTION(FLAG, C, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table verify_card_options = {defs, sizeof(C)};

struct card_files {
	size_t card_bytes;
	size_t chain_bytes;
	uint8_t card[CAIRN_NOTE_BYTES_MAX];
	uint8_t chain[CAIRN_NOTE_BYTES_MAX];
};

static struct cairn_span
span(const char *text)
{
	return (struct cairn_span){text, strlen(text)};
}

/* The lines of the card that may stand several times, in the order in which they are shown. */
static const char *const repeated[] = {"lang", "door", "relay", "site-key", "page", "witness", "never-asks"};

static json_t *
lines_json(const struct cairn_card *card, const char *keyword)
{
	json_t *list = json_array();
	struct cairn_span value;
	size_t at = 0;

	while (cairn_card_next(card, keyword, &at, &value))
		json_array_append_new(list, json_span(value));
	return list;
}

static int
show_json(const struct cairn_card *card, const uint8_t desk_id[CAIRN_HASH_BYTES])
{
	json_t *object = json_pack("{s:b,s:o,s:o,s:I,s:i,s:i,s:o}",
	    "ok", 1,
	    "desk", json_hex(desk_id, CAIRN_HASH_BYTES),
	    "name", json_span(card->name),
	    "serial", (json_int_t)card->serial,
	    "not_after", (int)card->not_after,
	    "batch", (int)card->batch_cells,
	    "board_key", json_hex(card->board_key, sizeof(card->board_key)));

	for (size_t i = 0; i < sizeof(repeated) / sizeof(repeated[0]); i++)
		json_object_set_new(object, repeated[i], lines_json(card, repeated[i]));
	return print_json(object);
}

static int
show_words(const struct cairn_card *card)
{
	struct cairn_span value;
	char when[WHEN_BYTES];

	printf("This is a card of the desk, signed by its identity key.\n\n  %-12s", "name");
	safe_inline(stdout, card->name);
	printf("\n  %-12s%llu\n  %-12s%s\n", "serial", (unsigned long long)card->serial, "holds until",
	    when_day(when, card->not_after));
	for (size_t i = 0; i < sizeof(repeated) / sizeof(repeated[0]); i++) {
		size_t at = 0;

		while (cairn_card_next(card, repeated[i], &at, &value)) {
			printf("  %-12s", repeated[i]);
			safe_inline(stdout, value);
			putchar('\n');
		}
	}
	if (card->free.size > 0) {
		putchar('\n');
		safe_text(stdout, card->free, "  ");
	}
	return CAIRN_EXIT_OK;
}

static int
explain(int err)
{
	switch (err) {
	case CAIRN_ERR_STALE:
		return fail(CAIRN_EXIT_REFUSED, "this card is past its last day");
	case CAIRN_ERR_CRYPTO:
		return fail(CAIRN_EXIT_REFUSED, "this card is not signed by the identity key of that desk");
	default:
		return fail(exit_for(err), "this is no card of that desk: %s", cairn_strerror(err));
	}
}

static int
check(const struct card_files *f, const uint8_t desk_id[CAIRN_HASH_BYTES], uint32_t today, bool json)
{
	struct cairn_identity_chain chain;
	struct cairn_card card;
	int err = cairn_identity_read(&chain, f->chain, f->chain_bytes, desk_id, NULL);

	if (err != CAIRN_OK)
		return fail(exit_for(err), "the chain of identity keys does not hold: %s", cairn_strerror(err));
	err = cairn_card_open(&card, f->card, f->card_bytes, desk_id, &chain, today, NULL);
	if (err != CAIRN_OK)
		return explain(err);
	return json ? show_json(&card, desk_id) : show_words(&card);
}

int
cmd_verify_card(const void *options, int argc, char **argv)
{
	const C *o = options;
	uint32_t today = (uint32_t)(time(NULL) / 86400);
	uint8_t desk_id[CAIRN_HASH_BYTES];
	struct card_files *files;
	int code;

	(void)argc;
	if (o->desk_id == NULL || text_hex(desk_id, sizeof(desk_id), span(o->desk_id)) != CAIRN_OK)
		return fail(CAIRN_EXIT_USAGE, "--desk-id wants the desk's 64 hex digits");
	if (o->date != NULL && !day_read(&today, span(o->date)))
		return fail(CAIRN_EXIT_USAGE, "--date wants a day as 2026-11-22");
	files = calloc(1, sizeof(*files));
	if (files == NULL)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	code = file_read(argv[0], files->card, sizeof(files->card), &files->card_bytes);
	if (code == CAIRN_EXIT_OK && o->identity != NULL)
		code = file_read(o->identity, files->chain, sizeof(files->chain), &files->chain_bytes);
	if (code == CAIRN_EXIT_OK)
		code = check(files, desk_id, today, o->json);
	free(files);
	return code;
}
