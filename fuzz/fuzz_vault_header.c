// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "fuzz.h"
#include "vault/header.h"

/*
 * What stands in a header under its seal: only somebody with the passphrase could write it, but a vault that was
 * handed over may hold anything.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const uint8_t key[CAIRN_KEY_BYTES] = {1};
	uint8_t slot[SLOT_BYTES] = {0}, again[SLOT_BYTES];
	struct header header, twice;

	memcpy(slot, bytes, size < SLOT_CONTENT_BYTES ? size : SLOT_CONTENT_BYTES);
	slot_seal(slot, slot, key, (struct slot_name){1, SLOT_HEADER, 0});
	if (header_read(&header, slot, key, 1, 0) != CAIRN_OK)
		return 0;
	FUZZ_CHECK(header.generation > 0 && header.token.credential_bytes <= HEADER_CREDENTIAL_MAX);
	header_write(again, &header, key, 1, 0);
	FUZZ_CHECK(header_read(&twice, again, key, 1, 0) == CAIRN_OK);
	FUZZ_CHECK(memcmp(slot, again, SLOT_CONTENT_BYTES) == 0 && memcmp(&header, &twice, sizeof(header)) == 0);
	return 0;
}
