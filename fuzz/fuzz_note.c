// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk.h"

/* A note is its text, an empty line and its signatures, every byte of it; nobody's key signed what was not signed. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct cairn_note_key keys[2] = {
	    {.name = {"witness.example/w1", 18}, .type = CAIRN_KEY_COSIGNATURE},
	    {.name = {"nobody", 6}, .type = CAIRN_KEY_ED25519},
	};
	uint64_t signed_by = 0, times[2];
	struct cairn_note note;

	if (cairn_note_read(&note, bytes, size) != CAIRN_OK)
		return 0;
	FUZZ_CHECK(note.text.size + 1 + note.signatures.size == size);
	FUZZ_CHECK(fuzz_within(note.text, bytes, size) && fuzz_within(note.signatures, bytes, size));
	FUZZ_CHECK(note.text.text[note.text.size - 1] == '\n');
	if (cairn_note_verify(&signed_by, times, &note, keys, 2) == CAIRN_OK)
		FUZZ_CHECK(signed_by == 0);
	return 0;
}
