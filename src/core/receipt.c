// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "cairn/drop.h"

static const char receipt_label[] = "cairn/1 stored";

#define LABEL_BYTES (sizeof receipt_label - 1)
#define SIGNED_BYTES (LABEL_BYTES + 2 * CAIRN_HASH_BYTES + 4)

_Static_assert(CAIRN_RECEIPT_BYTES == 4 + crypto_sign_BYTES, "an hour and a signature");

/* What the relay signs. */
static void
receipt_text(uint8_t out[SIGNED_BYTES], const uint8_t desk_id[CAIRN_HASH_BYTES],
    const uint8_t cell_hash[CAIRN_HASH_BYTES], uint32_t hour)
{
	memcpy(out, receipt_label, LABEL_BYTES);
	memcpy(out + LABEL_BYTES, desk_id, CAIRN_HASH_BYTES);
	memcpy(out + LABEL_BYTES + CAIRN_HASH_BYTES, cell_hash, CAIRN_HASH_BYTES);
	put_u32(out + LABEL_BYTES + 2 * (size_t)CAIRN_HASH_BYTES, hour);
}

void
cairn_receipt_sign(uint8_t receipt[CAIRN_RECEIPT_BYTES], const uint8_t desk_id[CAIRN_HASH_BYTES],
    const uint8_t cell_hash[CAIRN_HASH_BYTES], uint32_t hour, const uint8_t relay_secret[64])
{
	uint8_t text[SIGNED_BYTES];

	receipt_text(text, desk_id, cell_hash, hour);
	put_u32(receipt, hour);
	crypto_sign_detached(receipt + 4, NULL, text, sizeof text, relay_secret);
}

int
cairn_receipt_check(uint32_t *ret_hour, const uint8_t *receipt, size_t receipt_bytes,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t cell_hash[CAIRN_HASH_BYTES],
    const uint8_t relay_key[32])
{
	uint8_t text[SIGNED_BYTES];

	if (receipt_bytes != CAIRN_RECEIPT_BYTES)
		return CAIRN_ERR_FORMAT;
	receipt_text(text, desk_id, cell_hash, get_u32(receipt));
	if (crypto_sign_verify_detached(receipt + 4, text, sizeof text, relay_key) != 0)
		return CAIRN_ERR_CRYPTO;
	if (ret_hour != NULL)
		*ret_hour = get_u32(receipt);
	return CAIRN_OK;
}
