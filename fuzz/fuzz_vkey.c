// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk.h"

/* There is one way of writing a verifier key. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct cairn_note_key key;
	char again[512];

	if (cairn_note_vkey_read(&key, (struct cairn_span){(const char *)bytes, size}) != CAIRN_OK)
		return 0;
	FUZZ_CHECK(cairn_note_name_ok(key.name));
	FUZZ_CHECK(cairn_note_vkey_write(again, sizeof(again), &key) == CAIRN_OK);
	FUZZ_CHECK(strlen(again) == size && memcmp(again, bytes, size) == 0);
	return 0;
}
