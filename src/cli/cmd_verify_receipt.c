// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/receipt_file.h"
#include "cli/secret.h"

struct receipt_options {
	const char *cell_hash;
	const char *relay_key;
	const char *desk_id;
	bool json;
};

#define R struct receipt_options
static const struct option_def defs[] = {
    OPTION(TEXT, R, cell_hash, "cell-hash", "HASH", "the cell that one of the receipts must be for, 64 hex digits"),
    OPTION(TEXT, R, relay_key, "relay-key", "KEY", "the relay that must have signed, base64 as on the desk's card"),
    OPTION(TEXT, R, desk_id, "desk-id", "ID", "the desk that they must be for, 64 hex digits"),
    OPTION(FLAG, R, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table verify_receipt_options = {defs, sizeof(R)};

/* What the receipts are held against, instead of what the file says of itself. */
struct wanted {
	bool has_cell;
	uint8_t cell_hash[CAIRN_HASH_BYTES];
	bool has_key;
	uint8_t relay_key[32];
	bool has_desk;
	uint8_t desk_id[CAIRN_HASH_BYTES];
};

static struct cairn_span
span(const char *text)
{
	return (struct cairn_span){text, strlen(text)};
}

static int
read_wanted(struct wanted *w, const R *o)
{
	size_t bytes = 0;

	memset(w, 0, sizeof(*w));
	w->has_cell = o->cell_hash != NULL;
	if (w->has_cell && text_hex(w->cell_hash, sizeof(w->cell_hash), span(o->cell_hash)) != CAIRN_OK)
		return fail(CAIRN_EXIT_USAGE, "--cell-hash wants 64 hex digits");
	w->has_key = o->relay_key != NULL;
	if (w->has_key && (text_base64(w->relay_key, sizeof(w->relay_key), &bytes, span(o->relay_key)) != CAIRN_OK ||
	        bytes != sizeof(w->relay_key)))
		return fail(CAIRN_EXIT_USAGE, "--relay-key wants the key in base64, as the desk's card has it");
	w->has_desk = o->desk_id != NULL;
	if (w->has_desk && text_hex(w->desk_id, sizeof(w->desk_id), span(o->desk_id)) != CAIRN_OK)
		return fail(CAIRN_EXIT_USAGE, "--desk-id wants 64 hex digits");
	return CAIRN_EXIT_OK;
}

static int
check_line(const struct wanted *w, const struct receipt_list *list, size_t i, uint32_t *ret_hour)
{
	const struct receipt_line *line = &list->lines[i];
	int err = cairn_receipt_check(ret_hour, line->receipt, CAIRN_RECEIPT_BYTES,
	    w->has_desk ? w->desk_id : list->desk_id, line->cell_hash,
	    w->has_key ? w->relay_key : line->relay_key);

	if (err != CAIRN_OK)
		return fail(CAIRN_EXIT_REFUSED, "receipt %zu is not signed by %s", i + 1,
		    w->has_key ? "that relay" : "the relay that the file names");
	return CAIRN_EXIT_OK;
}

static int
check(const struct wanted *w, const struct receipt_list *list, json_t *lines)
{
	bool found = !w->has_cell;
	int code = CAIRN_EXIT_OK;

	for (size_t i = 0; i < list->count && code == CAIRN_EXIT_OK; i++) {
		uint32_t hour = 0;

		if (w->has_cell && memcmp(w->cell_hash, list->lines[i].cell_hash, CAIRN_HASH_BYTES) != 0)
			continue;
		found = true;
		code = check_line(w, list, i, &hour);
		if (code == CAIRN_EXIT_OK)
			json_array_append_new(lines, json_pack("{s:o,s:i}", "cell_hash",
			    json_hex(list->lines[i].cell_hash, CAIRN_HASH_BYTES), "hour", (int)hour));
	}
	if (code == CAIRN_EXIT_OK && !found)
		return fail(CAIRN_EXIT_REFUSED, "there is no receipt for that cell in the file");
	return code;
}

static void
show_words(const struct wanted *w, const json_t *lines)
{
	char when[WHEN_BYTES];
	size_t i;
	const json_t *line;

	json_array_foreach(lines, i, line)
		printf("The relay kept the cell %s, hour %s.\n",
		    json_string_value(json_object_get(line, "cell_hash")),
		    when_hour(when, (uint32_t)json_integer_value(json_object_get(line, "hour"))));
	if (!w->has_key)
		puts("The relay's key was taken from the file: compare it with the card, or give --relay-key.");
}

int
cmd_verify_receipt(const void *options, int argc, char **argv)
{
	const R *o = options;
	struct receipt_list *list;
	struct wanted wanted;
	json_t *lines;
	int code = read_wanted(&wanted, o);

	(void)argc;
	if (code != CAIRN_EXIT_OK)
		return code;
	list = secret_new(sizeof(*list));
	lines = json_array();
	code = list == NULL ? fail(CAIRN_EXIT_MEMORY, "out of memory") : receipt_file_read(list, argv[0]);
	if (code == CAIRN_EXIT_OK)
		code = check(&wanted, list, lines);
	if (code == CAIRN_EXIT_OK && o->json)
		code = print_json(json_pack("{s:b,s:O}", "ok", 1, "receipts", lines));
	else if (code == CAIRN_EXIT_OK)
		show_words(&wanted, lines);
	json_decref(lines);
	secret_free(list);
	return code;
}
