// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/receipt_file.h"

#include <errno.h>
#include <string.h>

#include <jansson.h>

#include "base/text.h"
#include "cli/exit.h"
#include "cli/output.h"

/* Which of the card's relays signed it. */
static void
find_relay(uint8_t key[32], const struct cairn_send *send, size_t i, const uint8_t desk_id[CAIRN_HASH_BYTES])
{
	struct cairn_span value;
	struct cairn_card_key relay;
	size_t at = 0;

	memset(key, 0, 32);
	while (cairn_card_next(&send->opening.card, "relay", &at, &value))
		if (cairn_card_key_read(&relay, value) == CAIRN_OK &&
		    cairn_receipt_check(NULL, send->receipts[i], CAIRN_RECEIPT_BYTES, desk_id,
		        send->cell_hashes[i], relay.key) == CAIRN_OK)
			memcpy(key, relay.key, 32);
}

int
receipt_file_write(const char *path, const uint8_t desk_id[CAIRN_HASH_BYTES], const struct cairn_send *send)
{
	json_t *lines = json_array();
	json_t *file;
	FILE *out;
	int bad;

	for (size_t i = 0; i < send->sent; i++) {
		uint8_t key[32];

		find_relay(key, send, i, desk_id);
		json_array_append_new(lines, json_pack("{s:o,s:o,s:o}",
		    "cell_hash", json_hex(send->cell_hashes[i], CAIRN_HASH_BYTES),
		    "receipt", json_hex(send->receipts[i], CAIRN_RECEIPT_BYTES),
		    "relay_key", json_hex(key, sizeof(key))));
	}
	file = json_pack("{s:o,s:o}", "desk", json_hex(desk_id, CAIRN_HASH_BYTES), "receipts", lines);
	out = fopen(path, "wx");
	if (out == NULL) {
		json_decref(file);
		return fail(CAIRN_EXIT_STORAGE, "%s: %s", path, strerror(errno));
	}
	bad = file == NULL || json_dumpf(file, out, JSON_INDENT(1)) != 0 || fputc('\n', out) == EOF;
	bad |= fclose(out) != 0;
	json_decref(file);
	return bad ? fail(CAIRN_EXIT_STORAGE, "%s could not be written", path) : CAIRN_EXIT_OK;
}

static bool
hex_member(uint8_t *out, size_t size, const json_t *object, const char *key)
{
	const json_t *text = json_object_get(object, key);

	return json_is_string(text) && text_hex(out, size,
	    (struct cairn_span){json_string_value(text), json_string_length(text)}) == CAIRN_OK;
}

static bool
read_lines(struct receipt_list *list, const json_t *file)
{
	const json_t *lines = json_object_get(file, "receipts");

	list->count = json_array_size(lines);
	if (!hex_member(list->desk_id, CAIRN_HASH_BYTES, file, "desk") || list->count == 0 ||
	    list->count > CAIRN_SEND_CELLS_MAX)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		struct receipt_line *line = &list->lines[i];
		const json_t *object = json_array_get(lines, i);

		if (!hex_member(line->cell_hash, CAIRN_HASH_BYTES, object, "cell_hash") ||
		    !hex_member(line->receipt, CAIRN_RECEIPT_BYTES, object, "receipt") ||
		    !hex_member(line->relay_key, 32, object, "relay_key"))
			return false;
	}
	return true;
}

int
receipt_file_read(struct receipt_list *list, const char *path)
{
	json_error_t error;
	json_t *file = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	bool ok = file != NULL && read_lines(list, file);

	json_decref(file);
	if (!ok)
		return fail(CAIRN_EXIT_STORAGE, "%s is no file of receipts, or cannot be read", path);
	return CAIRN_EXIT_OK;
}
