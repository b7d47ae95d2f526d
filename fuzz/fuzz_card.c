// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk.h"

#define TODAY 20002U

/* Every line that was taken is within the lines, and those of a key can be read. */
static void
read_lines(const struct cairn_card *card)
{
	static const char *const words[] = {
	    "lang",
	    "relay",
	    "door",
	    "site-key",
	    "page",
	    "witness",
	    "never-asks",
	};
	struct cairn_card_key key;
	struct cairn_span value;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		for (size_t at = 0; cairn_card_next(card, words[i], &at, &value);) {
			FUZZ_CHECK(fuzz_within(value, (const uint8_t *)card->lines.text, card->lines.size));
			FUZZ_CHECK(value.size > 0);
			if (strcmp(words[i], "relay") == 0 || strcmp(words[i], "witness") == 0)
				FUZZ_CHECK(cairn_card_key_read(&key, value) == CAIRN_OK && key.word.size > 0);
		}
	FUZZ_CHECK(cairn_card_has_door(card, CAIRN_DOOR_INTAKE) || cairn_card_has_door(card, CAIRN_DOOR_CAMPAIGN));
}

static void
open_card(const uint8_t *bytes, size_t size)
{
	static const struct cairn_identity_chain none;
	uint8_t desk_id[CAIRN_HASH_BYTES];
	struct cairn_card_seen seen;
	struct cairn_card card;

	fuzz_desk_id(desk_id);
	if (cairn_card_open(&card, bytes, size, desk_id, &none, TODAY, NULL) != CAIRN_OK)
		return;
	FUZZ_CHECK(card.batch_cells >= 1 && card.batch_cells <= 64);
	FUZZ_CHECK(card.not_after >= TODAY && card.not_after - TODAY <= CAIRN_CARD_DAYS_MAX);
	FUZZ_CHECK(card.name.size > 0 && fuzz_within(card.name, bytes, size) && fuzz_within(card.free, bytes, size));
	read_lines(&card);
	seen.serial = card.serial;
	memcpy(seen.text_hash, card.text_hash, sizeof(seen.text_hash));
	FUZZ_CHECK(cairn_card_open(&card, bytes, size, desk_id, &none, TODAY, &seen) == CAIRN_OK);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	size_t note_bytes = 0;
	uint8_t *note = fuzz_sign(&note_bytes, bytes, size, "identity");

	if (note != NULL)
		open_card(note, note_bytes);
	free(note);
	return 0;
}
