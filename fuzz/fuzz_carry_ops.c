// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/ops.h"
#include "desk.h"

#define MEMBER(NAME, name, code, scope, text) struct op_##name name;
union body {
	OPERATIONS(MEMBER)
};

static uint8_t again[OP_BODY_MAX + OP_HEAD_BYTES];

/* What reads is within its limits, and is written anew as it was. */
static void
read_body(const struct op *op, const uint8_t *bytes, size_t size)
{
	const struct op_def *def = op_find(op->type);
	union body body;
	struct writer w;

	if (def == NULL || op_body_read(&body, def->bytes, op) != CAIRN_OK)
		return;
	for (size_t i = 0; i < def->field_count; i++) {
		const struct op_field *field = &def->fields[i];
		const struct cairn_span *span = (const void *)((const uint8_t *)&body + field->offset);

		if (field->kind == OP_text || field->kind == OP_bytes)
			FUZZ_CHECK(span->size <= field->most && fuzz_within(*span, bytes, size));
	}
	writer_init(&w, again, sizeof(again));
	op_body_write(&w, def->type, &body);
	FUZZ_CHECK(!w.failed && w.used == op->body.size && memcmp(again, op->body.text, w.used) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct cairn_span inner = {(const char *)bytes, size};
	size_t at = 0, before = 0;
	struct op op;

	while (at < size && op_next(&op, inner, &at) == CAIRN_OK) {
		struct writer w;

		FUZZ_CHECK(at > before && at <= size && fuzz_within(op.body, bytes, size));
		writer_init(&w, again, sizeof(again));
		op_write(&w, &op);
		FUZZ_CHECK(!w.failed && w.used == at - before && memcmp(again, bytes + before, w.used) == 0);
		read_body(&op, bytes, size);
		before = at;
	}
	return 0;
}
