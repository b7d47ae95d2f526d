// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "fuzz.h"
#include "record/evidence_entry.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const uint8_t desk_id[32], seed[32] = {1};
	uint8_t key[32], secret[64], out[EVIDENCE_ENTRY_MAX];
	struct evidence_entry e;
	size_t written;

	if (evidence_entry_read(&e, bytes, size) != CAIRN_OK)
		return 0;
	if (evidence_entry_check(bytes, size, &e, desk_id) == CAIRN_OK)
		FUZZ_CHECK(size > 64);
	FUZZ_CHECK(strcmp(evidence_action_word(e.action), "unknown") != 0);
	/* Written anew it is the same, but for key and signature. */
	memcpy(key, e.sign_key, sizeof(key));
	crypto_sign_seed_keypair(key, secret, seed);
	FUZZ_CHECK(evidence_entry_write(out, sizeof(out), &written, &e, desk_id, secret) == CAIRN_OK);
	FUZZ_CHECK(written == size && memcmp(out, bytes, 44) == 0);
	FUZZ_CHECK(memcmp(out + 76, bytes + 76, size - 76 - 64) == 0);
	return 0;
}
