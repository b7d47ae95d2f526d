// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "cairn/admission.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct cairn_span body = {(const char *)bytes, size};
	struct cairn_door_answer answer;
	char out[CAIRN_DOOR_ANSWER_MAX];

	if (cairn_door_answer_read(&answer, body) != CAIRN_OK)
		return 0;
	FUZZ_CHECK(cairn_door_answer_write(out, &answer) == size);
	FUZZ_CHECK(memcmp(out, bytes, size) == 0);
	return 0;
}
