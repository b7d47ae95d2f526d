// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "cairn/hpke.h"
#include "fuzz.h"
#include "site/claim_opening.h"

/*
 * What stands behind a seal is out of a fuzzer's reach: so the bytes are the plaintext, filled up with zeros, and
 * sealed to the court here. As they are, they must be refused.
 */
static size_t
seal(uint8_t *out, const uint8_t *bytes, size_t size, const struct cairn_xwing_key *court)
{
	static const uint8_t eseed[CAIRN_XWING_ESEED_BYTES] = {1};
	static uint8_t plain[16 * CLAIM_OPENING_PAD];
	size_t padded = (size / CLAIM_OPENING_PAD + 1) * CLAIM_OPENING_PAD;
	uint8_t info[15 + CAIRN_HASH_BYTES + CLAIM_ID_BYTES] = "cairn/1 opening";

	if (padded > sizeof(plain))
		return 0;
	memset(plain, 0, sizeof(plain));
	memcpy(plain, bytes, size);
	memset(out, 0, CLAIM_OPENING_HEAD);
	out[0] = 1;
	FUZZ_CHECK(cairn_hpke_seal(out + CLAIM_OPENING_HEAD, out + CLAIM_OPENING_HEAD + CAIRN_XWING_ENC_BYTES, plain,
	    padded,
	               court->public_key, info, sizeof(info), eseed) == CAIRN_OK);
	return CLAIM_OPENING_HEAD + CAIRN_XWING_ENC_BYTES + padded + CAIRN_HPKE_TAG_BYTES;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const uint8_t seed[32] = {2};
	static struct claim_opening opening;
	static uint8_t sealed[CLAIM_OPENING_MAX];
	struct cairn_xwing_key court;
	size_t sealed_bytes;

	cairn_xwing_key_init(&court, seed);
	FUZZ_CHECK(claim_opening_open(&opening, bytes, size, &court) != CAIRN_OK && opening.count == 0);
	sealed_bytes = seal(sealed, bytes, size, &court);
	if (sealed_bytes > 0 && claim_opening_open(&opening, sealed, sealed_bytes, &court) == CAIRN_OK) {
		size_t bad;
		struct claim claim = {.accounts = 5};

		FUZZ_CHECK(opening.count >= 1 && opening.count <= CLAIM_OPENED_MAX);
		FUZZ_CHECK(claim_opening_check(&opening, &claim, &bad) != CAIRN_OK);
		FUZZ_CHECK(claim_opening_find(&opening, opening.items[0].account) == 0);
	}
	cairn_xwing_key_clear(&court);
	return 0;
}
