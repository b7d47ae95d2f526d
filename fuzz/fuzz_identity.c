// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk.h"

/* A chain as it comes, and as one step that the first key signed, whatever it says. */
static void
read_chain(const uint8_t *bytes, size_t size)
{
	uint8_t desk_id[CAIRN_HASH_BYTES], first[32], secret[64];
	struct cairn_identity_chain chain;

	fuzz_desk_id(desk_id);
	fuzz_key(first, secret, FUZZ_IDENTITY_SEED);
	if (cairn_identity_read(&chain, bytes, size, desk_id, first) != CAIRN_OK)
		return;
	FUZZ_CHECK((chain.steps == 0) == (size == 0));
	FUZZ_CHECK(chain.steps == 0 || memcmp(chain.first, first, sizeof(first)) == 0);
	FUZZ_CHECK(chain.steps == 0 || cairn_identity_is(&chain, desk_id, chain.now) == CAIRN_OK);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	size_t note_bytes = 0;
	uint8_t *note = fuzz_sign(&note_bytes, bytes, size, "identity");

	read_chain(bytes, size);
	if (note != NULL)
		read_chain(note, note_bytes);
	free(note);
	return 0;
}
