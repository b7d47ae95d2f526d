// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "cairn/board.h"
#include "cairn/desk_keys.h"
#include "core/note.h"

/* Where the values of keywords go while a card is read. */
struct reading {
	struct cairn_card *card;
	uint8_t desk_id[CAIRN_HASH_BYTES];
};

typedef int value_reader(struct reading *reading, struct cairn_span value);

static int
desk_read(struct reading *reading, struct cairn_span value)
{
	return text_hex(reading->desk_id, sizeof reading->desk_id, value);
}

static int
serial_read(struct reading *reading, struct cairn_span value)
{
	return text_number(&reading->card->serial, value, UINT64_MAX);
}

static int
not_after_read(struct reading *reading, struct cairn_span value)
{
	uint64_t day = 0;
	int err = text_number(&day, value, UINT32_MAX);

	reading->card->not_after = (uint32_t)day;
	return err;
}

static int
some_text_read(struct reading *reading, struct cairn_span value)
{
	(void)reading;
	return value.size > 0 ? CAIRN_OK : CAIRN_ERR_FORMAT;
}

static int
name_read(struct reading *reading, struct cairn_span value)
{
	reading->card->name = value;
	return some_text_read(reading, value);
}

static int
identity_read(struct reading *reading, struct cairn_span value)
{
	return note_key(reading->card->identity_key, value);
}

static int
board_key_read(struct reading *reading, struct cairn_span value)
{
	return note_key(reading->card->board_key, value);
}

static int
batch_read(struct reading *reading, struct cairn_span value)
{
	uint64_t cells = 0;
	int err = text_number(&cells, value, CAIRN_BATCH_CELLS_MAX);

	reading->card->batch_cells = (uint32_t)cells;
	return cells == 0 ? CAIRN_ERR_FORMAT : err;
}

static int
min_version_read(struct reading *reading, struct cairn_span value)
{
	return text_number(&reading->card->min_version, value, UINT64_MAX);
}

static int
relay_read(struct reading *reading, struct cairn_span value)
{
	struct cairn_card_key relay;

	(void)reading;
	return cairn_card_key_read(&relay, value);
}

static int
witness_read(struct reading *reading, struct cairn_span value)
{
	struct cairn_card_key witness;
	int err = cairn_card_key_read(&witness, value);

	(void)reading;
	return err == CAIRN_OK && !cairn_note_name_ok(witness.word) ? CAIRN_ERR_FORMAT : err;
}

static int
door_read(struct reading *reading, struct cairn_span value)
{
	enum cairn_door door;

	(void)reading;
	return cairn_door_find(&door, value) != CAIRN_OK ? CAIRN_ERR_FORMAT : CAIRN_OK;
}

static int
site_key_read(struct reading *reading, struct cairn_span value)
{
	uint8_t key[32];

	(void)reading;
	return note_key(key, value);
}

static int
page_read(struct reading *reading, struct cairn_span value)
{
	uint8_t hash[CAIRN_SHA256_BYTES];

	(void)reading;
	return text_hex(hash, sizeof hash, value);
}

static const struct {
	const char *word;
	unsigned least, most;
	value_reader *read;
} keywords[] = {
	{"desk", 1, 1, desk_read},
	{"serial", 1, 1, serial_read},
	{"not-after", 1, 1, not_after_read},
	{"name", 1, 1, name_read},
	{"identity", 1, 1, identity_read},
	{"board-key", 1, 1, board_key_read},
	{"batch", 1, 1, batch_read},
	{"min-version", 1, 1, min_version_read},
	{"lang", 1, UINT32_MAX, some_text_read},
	{"relay", 1, UINT32_MAX, relay_read},
	{"door", 1, UINT32_MAX, door_read},
	{"site-key", 0, UINT32_MAX, site_key_read},
	{"page", 0, UINT32_MAX, page_read},
	{"give", 0, UINT32_MAX, page_read},
	{"witness", 0, UINT32_MAX, witness_read},
	{"never-asks", 0, UINT32_MAX, some_text_read},
};
#define KEYWORDS (sizeof keywords / sizeof keywords[0])

/* Unknown keywords are skipped, so that a later version can say more; they still are a word and a space. */
static int
line_read(struct reading *reading, unsigned *counts, struct cairn_span value)
{
	struct cairn_span word = span_cut(&value, ' ');

	if (word.size == 0 || value.text == NULL)
		return CAIRN_ERR_FORMAT;
	for (size_t i = 0; i < KEYWORDS; i++)
		if (span_is(word, keywords[i].word)) {
			counts[i]++;
			return keywords[i].read(reading, value);
		}
	return CAIRN_OK;
}

/* The lines from rest on, up to the first empty one; what is behind that is free. */
static int
lines_read(struct reading *reading, struct cairn_span rest)
{
	struct cairn_span line, begin = rest;
	unsigned counts[KEYWORDS] = {0};
	size_t size = 0;

	while (note_take_line(&line, &rest) && line.size > 0) {
		if (line_read(reading, counts, line) != CAIRN_OK)
			return CAIRN_ERR_FORMAT;
		size += line.size + 1;
	}
	for (size_t i = 0; i < KEYWORDS; i++)
		if (counts[i] < keywords[i].least || counts[i] > keywords[i].most)
			return CAIRN_ERR_FORMAT;
	reading->card->lines = (struct cairn_span){begin.text, size};
	reading->card->free = rest;
	return CAIRN_OK;
}

static int
text_read(struct cairn_card *card, struct cairn_span text, const uint8_t desk_id[CAIRN_HASH_BYTES])
{
	struct reading reading = {.card = card};
	struct cairn_span line, rest = text;
	int err = CAIRN_ERR_FORMAT;

	if (note_take_line(&line, &rest) && span_is(line, "cairn card 1"))
		err = lines_read(&reading, rest);
	if (err == CAIRN_OK && memcmp(reading.desk_id, desk_id, sizeof reading.desk_id) != 0)
		err = CAIRN_ERR_FORMAT;
	card->text = text;
	crypto_hash_sha256(card->text_hash, (const uint8_t *)text.text, text.size);
	return err;
}

static int
age_check(const struct cairn_card *card, uint32_t today, const struct cairn_card_seen *seen)
{
	if (today > card->not_after)
		return CAIRN_ERR_STALE;
	if (card->not_after - today > CAIRN_CARD_DAYS_MAX)
		return CAIRN_ERR_RANGE;
	if (seen == NULL || card->serial > seen->serial)
		return CAIRN_OK;
	if (card->serial < seen->serial)
		return CAIRN_ERR_STALE;
	/* Two texts of one serial: one of them is not for everybody. */
	return memcmp(card->text_hash, seen->text_hash, sizeof card->text_hash) == 0 ? CAIRN_OK : CAIRN_ERR_CONFLICT;
}

static int
card_open(struct cairn_card *card, const void *bytes, size_t size, const uint8_t desk_id[CAIRN_HASH_BYTES],
    const struct cairn_identity_chain *chain)
{
	char name[CAIRN_KEY_NAME_BYTES];
	struct cairn_note_key key = {.name = cairn_key_name(name, desk_id, "identity"), .type = CAIRN_KEY_ED25519};
	struct cairn_note note;
	int err = cairn_note_read(&note, bytes, size);

	if (err == CAIRN_OK)
		err = text_read(card, note.text, desk_id);
	if (err == CAIRN_OK)
		err = cairn_identity_is(chain, desk_id, card->identity_key);
	if (err != CAIRN_OK)
		return err;
	memcpy(key.key, card->identity_key, sizeof key.key);
	return cairn_note_open(&note, bytes, size, &key);
}

int
cairn_card_open(struct cairn_card *card, const void *bytes, size_t size,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const struct cairn_identity_chain *chain, uint32_t today,
    const struct cairn_card_seen *seen)
{
	int err;

	memset(card, 0, sizeof *card);
	err = card_open(card, bytes, size, desk_id, chain);
	if (err == CAIRN_OK)
		err = age_check(card, today, seen);
	if (err != CAIRN_OK)
		memset(card, 0, sizeof *card);
	return err;
}

bool
cairn_card_next(const struct cairn_card *card, const char *keyword, size_t *at, struct cairn_span *value)
{
	struct cairn_span line, rest;

	if (*at >= card->lines.size)
		return false;
	rest = (struct cairn_span){card->lines.text + *at, card->lines.size - *at};
	while (note_take_line(&line, &rest)) {
		*at += line.size + 1;
		if (note_line(value, line, keyword))
			return true;
	}
	return false;
}

int
cairn_card_key_read(struct cairn_card_key *out, struct cairn_span value)
{
	struct cairn_span words[2];
	struct cairn_card_key read;

	memset(out, 0, sizeof *out);
	if (note_words(words, 2, value) != CAIRN_OK || note_key(read.key, words[1]) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	read.word = words[0];
	*out = read;
	return CAIRN_OK;
}

bool
cairn_card_has_door(const struct cairn_card *card, enum cairn_door door)
{
	struct cairn_span value;
	enum cairn_door found;

	for (size_t at = 0; cairn_card_next(card, "door", &at, &value);)
		if (cairn_door_find(&found, value) == CAIRN_OK && found == door)
			return true;
	return false;
}
