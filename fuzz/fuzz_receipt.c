// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "cairn/drop.h"
#include "fuzz.h"

static uint8_t key[32], secret[64];
static const uint8_t desk_id[CAIRN_HASH_BYTES] = {2}, cell_hash[CAIRN_HASH_BYTES] = {3};

/* A receipt for the hour that the input begins with, one bit of it flipped where a second byte says. */
static void
flip(const uint8_t *bytes)
{
	uint8_t receipt[CAIRN_RECEIPT_BYTES];

	cairn_receipt_sign(receipt, desk_id, cell_hash, get_u32(bytes), secret);
	FUZZ_CHECK(cairn_receipt_check(NULL, receipt, sizeof receipt, desk_id, cell_hash, key) == CAIRN_OK);
	receipt[bytes[4] % sizeof receipt] ^= (uint8_t)(1U << (bytes[5] & 7));
	FUZZ_CHECK(
	    cairn_receipt_check(NULL, receipt, sizeof receipt, desk_id, cell_hash, key) == CAIRN_ERR_CRYPTO);
}

/* No receipt but the one that the relay signs is taken. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const uint8_t seed[32] = {1};
	uint8_t receipt[CAIRN_RECEIPT_BYTES];
	uint32_t hour;

	crypto_sign_seed_keypair(key, secret, seed);
	if (size >= 6)
		flip(bytes);
	if (cairn_receipt_check(&hour, bytes, size, desk_id, cell_hash, key) != CAIRN_OK)
		return 0;
	FUZZ_CHECK(size == sizeof receipt);
	cairn_receipt_sign(receipt, desk_id, cell_hash, hour, secret);
	FUZZ_CHECK(memcmp(receipt, bytes, size) == 0);
	return 0;
}
