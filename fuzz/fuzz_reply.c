// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "cairn/board.h"
#include "fuzz.h"

#define DAY 20002U

/* The tag, then the plaintext, filled up with zeros. What opens has passed the check, else there are zeros. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const uint8_t seed[CAIRN_XWING_SEED_BYTES] = {1}, desk_id[CAIRN_HASH_BYTES] = {2};
	static const uint8_t eseed[CAIRN_XWING_ESEED_BYTES] = {3};
	static uint8_t plain[CAIRN_REPLY_PLAIN_BYTES], opened[CAIRN_REPLY_PLAIN_BYTES];
	static uint8_t cell[CAIRN_REPLY_CELL_BYTES];
	static struct cairn_xwing_key reply;
	int err;

	if (reply.public_key[0] == 0)
		cairn_xwing_key_init(&reply, seed);
	if (size < CAIRN_TAG_BYTES || size - CAIRN_TAG_BYTES > sizeof plain)
		return 0;
	memset(plain, 0, sizeof plain);
	memcpy(plain, bytes + CAIRN_TAG_BYTES, size - CAIRN_TAG_BYTES);
	FUZZ_CHECK(cairn_reply_seal(cell, plain, desk_id, DAY, bytes, reply.public_key, eseed) == CAIRN_OK);
	err = cairn_reply_open(opened, cell, desk_id, DAY, &reply);
	FUZZ_CHECK(err == cairn_tlv_check(plain, sizeof plain, CAIRN_PLACE_REPLY, DAY));
	if (err == CAIRN_OK)
		FUZZ_CHECK(memcmp(opened, plain, sizeof plain) == 0);
	else
		FUZZ_CHECK(sodium_is_zero(opened, sizeof opened));
	return 0;
}
