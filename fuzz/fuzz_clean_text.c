// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "clean/clean.h"
#include "fuzz.h"

/* u8 keep lengths, u16 from, u16 width, then the text. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct clean_job job = {.task = CLEAN_REDACT, .count = 1};
	char *out, *again;
	size_t out_bytes, again_bytes;

	if (size < 5)
		return 0;
	job.keep_lengths = bytes[0] & 1;
	job.boxes[0].left = get_u16(bytes + 1);
	job.boxes[0].width = get_u16(bytes + 3);
	if (text_make(&out, &out_bytes, &job, (struct cairn_span){(const char *)bytes + 5, size - 5}) != CLEAN_DONE)
		return 0;
	FUZZ_CHECK(text_is_utf8((const uint8_t *)out, out_bytes));
	/* What is clean stays as it is. */
	job.count = 0;
	FUZZ_CHECK(text_make(&again, &again_bytes, &job, (struct cairn_span){out, out_bytes}) == CLEAN_DONE);
	FUZZ_CHECK(again_bytes == out_bytes && memcmp(again, out, out_bytes) == 0);
	free(again);
	free(out);
	return 0;
}
