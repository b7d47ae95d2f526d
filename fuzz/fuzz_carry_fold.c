// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/fold.h"
#include "desk.h"

#define OPS_MAX 64U

/* Whatever operations there are, backwards and twice they give the same state. */
static struct op ops[3 * OPS_MAX];

static size_t
take_ops(struct cairn_span inner)
{
	size_t at = 0, count = 0;

	/* Devices by the counter, so that a few ids meet often. */
	while (count < OPS_MAX && at < inner.size && op_next(&ops[count], inner, &at) == CAIRN_OK) {
		ops[count].device[0] = (uint8_t)(ops[count].counter % 3);
		count++;
	}
	return count;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	uint8_t first[CAIRN_HASH_BYTES], second[CAIRN_HASH_BYTES];
	size_t count = take_ops((struct cairn_span){(const char *)bytes, size});
	struct fold *fold;

	FUZZ_CHECK(fold_make(&fold, ops, count) == CAIRN_OK && fold->count <= count && fold->timeline <= fold->count);
	for (size_t i = 0; i < fold->count; i++)
		FUZZ_CHECK(fuzz_within(fold->items[i].value, bytes, size));
	fold_digest(fold, first);
	fold_free(fold);
	for (size_t i = 0; i < count; i++)
		ops[count + i] = ops[2 * count + i] = ops[count - 1 - i];
	FUZZ_CHECK(fold_make(&fold, ops + count, 2 * count) == CAIRN_OK);
	fold_digest(fold, second);
	fold_free(fold);
	FUZZ_CHECK(memcmp(first, second, sizeof(first)) == 0);
	return 0;
}
