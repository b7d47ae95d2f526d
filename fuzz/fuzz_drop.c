// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "cairn/drop.h"
#include "fuzz.h"

static const uint8_t desk_id[CAIRN_HASH_BYTES] = {2};

/* What passes opens again out of a sealed cell, and a flipped bit of the seal refuses it. */
static void
seal_and_open(const uint8_t *plain, const struct cairn_drop_header *header, const struct cairn_xwing_key *epoch)
{
	static uint8_t cell[CAIRN_DROP_CELL_BYTES], opened[CAIRN_DROP_PLAIN_BYTES];
	static const uint8_t eseed[CAIRN_XWING_ESEED_BYTES] = {3};

	FUZZ_CHECK(cairn_drop_seal(cell, plain, header, desk_id, epoch->public_key, eseed) == CAIRN_OK);
	FUZZ_CHECK(cairn_drop_open(opened, cell, desk_id, epoch) == CAIRN_OK);
	FUZZ_CHECK(memcmp(opened, plain, sizeof opened) == 0);
	cell[sizeof cell - 1 - plain[sizeof opened / 2]] ^= 1;
	FUZZ_CHECK(cairn_drop_open(opened, cell, desk_id, epoch) == CAIRN_ERR_CRYPTO);
	FUZZ_CHECK(sodium_is_zero(opened, sizeof opened));
}

/*
 * Where gen is even and msgid follows hello at once, hello gets the mac that its person would make, so that the
 * rest of such a cell is reached too.
 */
static void
make_mac(uint8_t *plain, const struct cairn_drop_header *header, const struct cairn_xwing_key *epoch)
{
	uint8_t *hello = plain + 4, *msgid = hello + CAIRN_HELLO_BLOCK_BYTES + CAIRN_MAC_BYTES + 4;
	uint8_t head[CAIRN_DROP_HEADER_BYTES];

	if (header->gen % 2 != 0 || get_u16(plain) != CAIRN_TLV_hello || get_u16(msgid - 4) != CAIRN_TLV_msgid)
		return;
	cairn_drop_header_write(head, header);
	(void)!cairn_hello_mac(hello + CAIRN_HELLO_BLOCK_BYTES, epoch->x25519, hello + CAIRN_XWING_PUBLIC_BYTES,
	    head, msgid);
}

/* The open header, then the plaintext, filled up with zeros; with an epoch key of its own. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const uint8_t seed[CAIRN_XWING_SEED_BYTES] = {1};
	static uint8_t plain[CAIRN_DROP_PLAIN_BYTES];
	static struct cairn_xwing_key epoch;
	struct cairn_drop_header header;
	uint8_t head[CAIRN_DROP_HEADER_BYTES];

	if (epoch.public_key[0] == 0)
		cairn_xwing_key_init(&epoch, seed);
	if (size < sizeof head || cairn_drop_header_read(&header, bytes) != CAIRN_OK)
		return 0;
	cairn_drop_header_write(head, &header);
	FUZZ_CHECK(memcmp(head, bytes, sizeof head) == 0);
	size -= sizeof head;
	if (size > sizeof plain)
		size = sizeof plain;
	memset(plain, 0, sizeof plain);
	memcpy(plain, bytes + sizeof head, size);
	make_mac(plain, &header, &epoch);
	if (cairn_drop_plain_check(plain, &header, &epoch) == CAIRN_OK)
		seal_and_open(plain, &header, &epoch);
	return 0;
}
