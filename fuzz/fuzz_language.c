// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/language.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (!language_is_tag((struct cairn_span){(const char *)bytes, size}))
		return 0;
	/* Letters, digits and hyphens, none of these first or last: safe to show anywhere. */
	FUZZ_CHECK(size >= 2 && bytes[0] != '-' && bytes[size - 1] != '-');
	for (size_t i = 0; i < size; i++) {
		uint8_t lower = bytes[i] | 0x20;

		FUZZ_CHECK((bytes[i] >= '0' && bytes[i] <= '9') || bytes[i] == '-' || (lower >= 'a' && lower <= 'z'));
	}
	return 0;
}
