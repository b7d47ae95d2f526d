// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz.h"
#include "relay/append.h"

static void
check_inside(struct cairn_span part, const uint8_t *bytes, size_t size)
{
	const uint8_t *at = (const uint8_t *)part.text;

	FUZZ_CHECK(part.size == 0 || (at >= bytes && part.size <= size && at + part.size <= bytes + size));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct append a;

	if (append_read(&a, bytes, size) != CAIRN_OK)
		return 0;
	check_inside(a.checkpoint, bytes, size);
	check_inside(a.batch, bytes, size);
	check_inside(a.card, bytes, size);
	check_inside(a.identity, bytes, size);
	check_inside(a.epochs, bytes, size);
	FUZZ_CHECK(a.checkpoint.size > 0 && a.batch.size <= APPEND_BATCH_BYTES_MAX);
	FUZZ_CHECK(a.key_count <= APPEND_KEYS_MAX);
	for (size_t i = 0; i < a.key_count; i++) {
		FUZZ_CHECK(cairn_door_name(a.keys[i].door) != NULL);
		check_inside((struct cairn_span){(const char *)a.keys[i].key, CAIRN_XWING_PUBLIC_BYTES}, bytes, size);
	}
	return 0;
}
