// SPDX-License-Identifier: GPL-3.0-or-later
#include "cells.h"

#include "base/writer.h"

void
records_write(struct run *r, const json_t *row, uint8_t *plain, size_t size)
{
	const json_t *records = field(r, row, "records");
	struct writer w;

	memset(plain, 0, size);
	writer_init(&w, plain, size - 2);
	for (size_t i = 0; i < json_array_size(records); i++) {
		const json_t *record = json_array_get(records, i);
		const struct bytes value = field_hex(r, record, "value");

		expect(r, value.size <= UINT16_MAX, "a record of at most 65535 bytes");
		write_u16(&w, (uint16_t)field_number(r, record, "type", UINT16_MAX));
		write_u16(&w, (uint16_t)value.size);
		write_bytes(&w, value.at, value.size);
	}
	expect_ok(r, writer_end(&w, NULL), "records that fit");
}

void
records_expect(struct run *r, const json_t *row, const uint8_t *plain, size_t size)
{
	const json_t *records = field(r, row, "records");
	struct cairn_records at = {plain, size};
	struct cairn_record got;

	for (size_t i = 0; i < json_array_size(records); i++) {
		const json_t *record = json_array_get(records, i);

		expect(r, cairn_tlv_next(&at, &got), "%zu records, not %zu", json_array_size(records), i);
		expect(r, got.type == field_number(r, record, "type", UINT16_MAX), "the type of record %zu", i);
		expect_bytes(r, "value of a record", got.value, got.bytes, field_hex(r, record, "value"));
	}
	expect(r, !cairn_tlv_next(&at, &got), "no more than %zu records", json_array_size(records));
}

uint8_t *
plaintext_filled(struct run *r, const json_t *row, size_t size)
{
	const struct bytes plaintext = field_hex(r, row, "plaintext");
	uint8_t *plain = row_alloc(r, size);

	expect(r, plaintext.size <= size, "a plaintext of at most %zu bytes", size);
	if (plaintext.size > 0)
		memcpy(plain, plaintext.at, plaintext.size);
	return plain;
}
