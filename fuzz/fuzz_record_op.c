// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "fuzz.h"
#include "record/op.h"

/* What is taken is written the same. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct record_op op;
	static uint8_t again[RECORD_OP_MAX];
	size_t again_size;

	if (record_op_read(&op, bytes, size) != CAIRN_OK)
		return 0;
	FUZZ_CHECK(op.count > 0 && op.count <= RECORD_ITEMS_MAX);
	for (size_t i = 0; i < op.count; i++)
		FUZZ_CHECK(record_text_good(op.items[i].text, true));
	FUZZ_CHECK(record_op_write(again, sizeof(again), &again_size, &op) == CAIRN_OK);
	FUZZ_CHECK(again_size == size && memcmp(again, bytes, size) == 0);
	return 0;
}
