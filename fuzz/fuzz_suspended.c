// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "fuzz.h"
#include "relay/suspended.h"

/* The relay's file of suspended devices but for the hash at its end, which is put right. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct suspended suspended;
	uint8_t *file = malloc(size + CAIRN_HASH_BYTES);

	FUZZ_CHECK(file != NULL);
	if (size > 0)
		memcpy(file, bytes, size);
	cairn_hash(file + size, file, size);
	if (suspended_read(&suspended, file, size + CAIRN_HASH_BYTES) == CAIRN_OK) {
		FUZZ_CHECK(suspended.count <= SUSPENDED_DEVICES_MAX && suspended.note_count <= SUSPENDED_NOTES_MAX);
		for (size_t i = 0; i < suspended.count; i++)
			FUZZ_CHECK(suspended_has(&suspended, suspended.ids[i]));
	}
	file[size] ^= 1;
	FUZZ_CHECK(suspended_read(&suspended, file, size + CAIRN_HASH_BYTES) != CAIRN_OK);
	free(file);
	return 0;
}
