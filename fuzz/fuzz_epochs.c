// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk.h"

#define EPOCHS_MAX 1024U /* at least 80 bytes each */

/* What was taken is written anew and is the same note. */
static void
open_epochs(const uint8_t *bytes, size_t size)
{
	static struct cairn_epoch all[EPOCHS_MAX];
	static uint8_t again[CAIRN_NOTE_BYTES_MAX];
	uint8_t desk_id[CAIRN_HASH_BYTES], key[32], secret[64];
	struct cairn_epochs epochs;
	struct cairn_epoch found;
	size_t count = 0, at = 0, again_bytes = 0;

	fuzz_desk_id(desk_id);
	fuzz_key(key, secret, FUZZ_BOARD_SEED);
	if (cairn_epochs_open(&epochs, bytes, size, desk_id, key) != CAIRN_OK)
		return;
	while (cairn_epochs_next(&epochs, &at, &all[count])) {
		FUZZ_CHECK(cairn_epochs_find(&found, &epochs, all[count].door, all[count].day) == CAIRN_OK);
		FUZZ_CHECK(memcmp(found.key_hash, all[count].key_hash, sizeof(found.key_hash)) == 0);
		FUZZ_CHECK(++count < EPOCHS_MAX);
	}
	FUZZ_CHECK(cairn_epochs_write(again, sizeof(again), &again_bytes, desk_id, epochs.hour, all, count, secret) ==
	    CAIRN_OK);
	FUZZ_CHECK(again_bytes == size && memcmp(again, bytes, size) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	size_t note_bytes = 0;
	uint8_t *note = fuzz_sign(&note_bytes, bytes, size, "board");

	if (note != NULL)
		open_epochs(note, note_bytes);
	free(note);
	return 0;
}
