// SPDX-License-Identifier: GPL-3.0-or-later
#include "cairn/tlog.h"
#include "desk.h"

/* There is one way of writing a checkpoint: what was read is signed anew, and has the same text. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	uint8_t desk_id[CAIRN_HASH_BYTES], key[32], secret[64], again[CAIRN_NOTE_COSIGNED_MAX];
	struct cairn_span text = {(const char *)bytes, size};
	struct cairn_checkpoint checkpoint;
	char name[CAIRN_KEY_NAME_BYTES];
	struct cairn_span origin;
	size_t again_bytes = 0;

	fuzz_desk_id(desk_id);
	fuzz_key(key, secret, FUZZ_BOARD_SEED);
	origin = cairn_key_name(name, desk_id, "board");
	if (cairn_checkpoint_read(&checkpoint, text, origin) != CAIRN_OK)
		return 0;
	FUZZ_CHECK(
	    cairn_checkpoint_sign(again, sizeof(again), &again_bytes, &checkpoint, origin, secret) == CAIRN_OK);
	/* The last newline may be wanting here; in a note it is there. */
	FUZZ_CHECK(again_bytes > size && memcmp(again, bytes, size) == 0);
	return 0;
}
