// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/bytes.h"
#include "carry/field_text.h"
#include "carry/ops.h"
#include "desk.h"

static uint8_t value[OP_VALUE_MAX], again[OP_VALUE_MAX];
static char text[16U * OP_VALUE_MAX];

/* What was typed is a value of the field, and what it is written as is read as the same value. */
static void
type_in(const struct field_def *def, struct cairn_span typed)
{
	struct cairn_span read = {(const char *)value, 0}, written = {text, 0};
	struct writer w;
	size_t again_bytes;

	if (field_from_text(value, sizeof(value), &read.size, def, typed) != CAIRN_OK)
		return;
	FUZZ_CHECK(read.size <= def->most && field_check(def, read) == CAIRN_OK);
	writer_init(&w, text, sizeof(text));
	field_to_text(&w, def, read);
	FUZZ_CHECK(writer_end(&w, &written.size) == CAIRN_OK);
	FUZZ_CHECK(field_from_text(again, sizeof(again), &again_bytes, def, written) == CAIRN_OK);
	FUZZ_CHECK(again_bytes == read.size && memcmp(again, value, read.size) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const struct field_def *def;
	struct cairn_span rest;
	struct writer w;

	if (size < 2 || size > OP_VALUE_MAX)
		return 0;
	def = field_find(get_u16(bytes));
	rest = (struct cairn_span){(const char *)bytes + 2, size - 2};
	writer_init(&w, text, sizeof(text));
	field_to_text(&w, def, rest);
	FUZZ_CHECK(!w.failed);
	if (def != NULL)
		type_in(def, rest);
	return 0;
}
