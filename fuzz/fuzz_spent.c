// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/bytes.h"
#include "cairn/admission.h"
#include "fuzz.h"

/* The list; the pass is always the same. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const uint8_t pass[CAIRN_PASS_BYTES] = {1};
	uint8_t hash[CAIRN_SHA256_BYTES];
	bool spent, there = false;

	if (cairn_pass_spent(&spent, bytes, size, pass) != CAIRN_OK)
		return 0;
	cairn_pass_hash(hash, pass);
	FUZZ_CHECK(size % 4 == 0);
	for (size_t at = 0; at < size; at += 4) {
		FUZZ_CHECK(at == 0 || get_u32(bytes + at) > get_u32(bytes + at - 4));
		there |= get_u32(bytes + at) == get_u32(hash);
	}
	FUZZ_CHECK(there == spent);
	return 0;
}
