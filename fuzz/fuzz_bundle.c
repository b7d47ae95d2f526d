// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/bytes.h"
#include "cairn/tlog.h"
#include "fuzz.h"

/* The entries lie one behind the other, each behind its length, without a gap. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const uint8_t *entry = NULL, *at = bytes;
	size_t entry_bytes = 0, left = size;

	while (left > 0) {
		const uint8_t *before = at;

		if (cairn_bundle_next(&entry, &entry_bytes, &at, &left) != CAIRN_OK) {
			FUZZ_CHECK(at == before);
			return 0;
		}
		FUZZ_CHECK(entry == before + 2 && entry_bytes == get_u16(before) && at == entry + entry_bytes);
		FUZZ_CHECK((size_t)(at - bytes) + left == size);
	}
	return 0;
}
