// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "cairn/desk_keys.h"
#include "core/note.h"

/* "epoch <door> <day> <gen> <hash>" */
static int
line_read(struct cairn_epoch *epoch, struct cairn_span line)
{
	struct cairn_span words[4], value;
	uint64_t day = 0, gen = 0;

	if (!note_line(&value, line, "epoch") || note_words(words, 4, value) != CAIRN_OK ||
	    cairn_door_find(&epoch->door, words[0]) != CAIRN_OK ||
	    text_number(&day, words[1], UINT32_MAX) != CAIRN_OK ||
	    text_number(&gen, words[2], UINT16_MAX) != CAIRN_OK ||
	    text_hex(epoch->key_hash, sizeof epoch->key_hash, words[3]) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	epoch->day = (uint32_t)day;
	epoch->gen = (uint16_t)gen;
	return CAIRN_OK;
}

static bool
is_before(const struct cairn_epoch *a, const struct cairn_epoch *b)
{
	return a->door != b->door ? a->door < b->door : a->day < b->day;
}

/* All of them well formed and in order, so that each door and day is there once. */
static int
lines_check(struct cairn_span lines)
{
	struct cairn_epoch epoch, last;
	struct cairn_span line;

	for (bool first = true; note_take_line(&line, &lines); first = false) {
		if (line_read(&epoch, line) != CAIRN_OK || (!first && !is_before(&last, &epoch)))
			return CAIRN_ERR_FORMAT;
		last = epoch;
	}
	return CAIRN_OK;
}

static int
text_read(struct cairn_epochs *epochs, struct cairn_span rest, const uint8_t desk_id[CAIRN_HASH_BYTES])
{
	struct cairn_span value;
	uint64_t hour = 0;

	if (note_take_head(&rest, "cairn epochs 1", desk_id) != CAIRN_OK || !note_take(&value, &rest, "hour") ||
	    text_number(&hour, value, UINT32_MAX) != CAIRN_OK || lines_check(rest) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	epochs->lines = rest;
	epochs->hour = (uint32_t)hour;
	return CAIRN_OK;
}

int
cairn_epochs_open(struct cairn_epochs *epochs, const void *bytes, size_t size,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t board_key[32])
{
	char name[CAIRN_KEY_NAME_BYTES];
	struct cairn_note_key key = {.name = cairn_key_name(name, desk_id, "board"), .type = CAIRN_KEY_ED25519};
	struct cairn_note note;
	int err;

	memset(epochs, 0, sizeof *epochs);
	memcpy(key.key, board_key, sizeof key.key);
	err = cairn_note_open(&note, bytes, size, &key);
	if (err == CAIRN_OK)
		err = text_read(epochs, note.text, desk_id);
	return err;
}

bool
cairn_epochs_next(const struct cairn_epochs *epochs, size_t *at, struct cairn_epoch *epoch)
{
	struct cairn_span line, rest;

	if (*at >= epochs->lines.size)
		return false;
	rest = (struct cairn_span){epochs->lines.text + *at, epochs->lines.size - *at};
	if (!note_take_line(&line, &rest))
		return false;
	*at += line.size + 1;
	return line_read(epoch, line) == CAIRN_OK;
}

int
cairn_epochs_find(struct cairn_epoch *epoch, const struct cairn_epochs *epochs, enum cairn_door door,
    uint32_t day)
{
	struct cairn_epoch found;

	memset(epoch, 0, sizeof *epoch);
	for (size_t at = 0; cairn_epochs_next(epochs, &at, &found);)
		if (found.door == door && found.day == day) {
			*epoch = found;
			return CAIRN_OK;
		}
	return CAIRN_ERR_UNKNOWN;
}

int
cairn_epoch_key_check(const struct cairn_epoch *epoch, const uint8_t *key, size_t bytes)
{
	uint8_t hash[CAIRN_SHA256_BYTES];

	if (bytes != CAIRN_XWING_PUBLIC_BYTES)
		return CAIRN_ERR_CRYPTO;
	crypto_hash_sha256(hash, key, bytes);
	if (sodium_memcmp(hash, epoch->key_hash, sizeof hash) != 0)
		return CAIRN_ERR_CRYPTO;
	return cairn_xwing_public_check(key);
}

static void
write_epoch(struct writer *w, const struct cairn_epoch *epoch)
{
	write_text(w, "epoch ");
	write_text(w, cairn_door_name(epoch->door));
	write_text(w, " ");
	write_decimal(w, epoch->day);
	write_text(w, " ");
	write_decimal(w, epoch->gen);
	write_text(w, " ");
	write_hex(w, epoch->key_hash, sizeof epoch->key_hash);
	write_text(w, "\n");
}

int
cairn_epochs_write(uint8_t *out, size_t room, size_t *ret_bytes, const uint8_t desk_id[CAIRN_HASH_BYTES],
    uint32_t hour, const struct cairn_epoch *epochs, size_t count, const uint8_t board_secret[64])
{
	char name[CAIRN_KEY_NAME_BYTES];
	struct writer w;

	writer_init(&w, out, room);
	note_write_head(&w, "cairn epochs 1", desk_id);
	write_text(&w, "hour ");
	write_decimal(&w, hour);
	write_text(&w, "\n");
	for (size_t i = 0; i < count; i++) {
		if (cairn_door_name(epochs[i].door) == NULL || (i > 0 && !is_before(&epochs[i - 1], &epochs[i])))
			return CAIRN_ERR_RANGE;
		write_epoch(&w, &epochs[i]);
	}
	return note_seal(&w, ret_bytes, cairn_key_name(name, desk_id, "board"), board_secret);
}
