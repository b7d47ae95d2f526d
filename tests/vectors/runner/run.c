// SPDX-License-Identifier: GPL-3.0-or-later
#include "run.h"

#include <stdarg.h>

struct piece {
	struct piece *next;
	_Alignas(16) uint8_t bytes[];
};

void *
row_alloc(struct run *r, size_t size)
{
	struct piece *piece = calloc(1, sizeof(*piece) + size + 1);

	if (piece == NULL)
		abort();
	piece->next = r->pieces;
	r->pieces = piece;
	return piece->bytes;
}

static void
pieces_free(struct run *r)
{
	while (r->pieces != NULL) {
		struct piece *next = r->pieces->next;

		free(r->pieces);
		r->pieces = next;
	}
}

void
row_fail(struct run *r, const char *what, ...)
{
	va_list args;

	va_start(args, what);
	vsnprintf(r->what, sizeof(r->what), what, args);
	va_end(args);
	row_leave();
}

static void
row_report(const struct run *r, const json_t *row)
{
	const char *name = json_string_value(json_object_get(row, "name"));

	if (name == NULL)
		name = json_string_value(json_object_get(row, "text"));
	fprintf(stderr, "FAILED %s%s%s[%zu]", r->section, r->list == NULL ? "" : ".",
	    r->list == NULL ? "" : r->list, r->index);
	if (name != NULL)
		fprintf(stderr, " (%s)", name);
	fprintf(stderr, ": expected %s\n", r->what);
}

void
run_one(struct run *r, const char *list, size_t index, const json_t *row, row_fn *fn)
{
	r->list = list;
	r->index = index;
	if (row_holds(r, row, fn)) {
		r->passed++;
	} else {
		r->failed++;
		row_report(r, row);
	}
	pieces_free(r);
}

static void
not_a_list(struct run *r, const json_t *row)
{
	(void)row;
	row_fail(r, "a list");
}

void
run_rows(struct run *r, const char *list, const json_t *rows, row_fn *fn)
{
	if (!json_is_array(rows))
		run_one(r, list, 0, rows, not_a_list);
	for (size_t i = 0; i < json_array_size(rows); i++)
		run_one(r, list, i, json_array_get(rows, i), fn);
}

void
expect_ok(struct run *r, int err, const char *what)
{
	expect(r, err == CAIRN_OK, "%s, but: %s", what, cairn_strerror(err));
}

void
expect_bytes(struct run *r, const char *what, const void *got, size_t got_size, struct bytes want)
{
	char hex[2 * 24 + 1];
	const size_t shown = want.size < 24 ? want.size : 24;

	if (got_size == want.size && (got_size == 0 || memcmp(got, want.at, got_size) == 0))
		return;
	sodium_bin2hex(hex, sizeof(hex), want.at, shown);
	row_fail(r, "%s %s%s (%zu bytes, got %zu)", what, hex, shown < want.size ? "..." : "", want.size,
	    got_size);
}

const json_t *
field(struct run *r, const json_t *row, const char *key)
{
	const json_t *value = json_object_get(row, key);

	expect(r, value != NULL, "a field %s in the row", key);
	return value;
}

bool
field_null(struct run *r, const json_t *row, const char *key)
{
	return json_is_null(field(r, row, key));
}

bool
field_bool(struct run *r, const json_t *row, const char *key)
{
	const json_t *value = field(r, row, key);

	expect(r, json_is_boolean(value), "true or false in %s", key);
	return json_is_true(value);
}

uint64_t
field_number(struct run *r, const json_t *row, const char *key, uint64_t max)
{
	const json_t *value = field(r, row, key);
	const json_int_t number = json_integer_value(value);

	expect(r, json_is_integer(value) && number >= 0 && (uint64_t)number <= max, "a number up to %llu in %s",
	    (unsigned long long)max, key);
	return (uint64_t)number;
}

struct cairn_span
field_text(struct run *r, const json_t *row, const char *key)
{
	const json_t *value = field(r, row, key);

	expect(r, json_is_string(value), "text in %s", key);
	return (struct cairn_span){json_string_value(value), json_string_length(value)};
}

struct bytes
text_bytes(struct cairn_span text)
{
	return (struct bytes){(const uint8_t *)text.text, text.size};
}

struct bytes
hex_of(struct run *r, const json_t *value, const char *what)
{
	const size_t length = json_string_length(value);
	uint8_t *out;
	size_t size = 0;

	expect(r, json_is_string(value), "hex in %s", what);
	out = row_alloc(r, length / 2);
	expect(r, sodium_hex2bin(out, length / 2 + 1, json_string_value(value), length, NULL, &size, NULL) == 0 &&
	    size * 2 == length, "hex in %s", what);
	return (struct bytes){out, size};
}

struct bytes
base64_of(struct run *r, const json_t *value, const char *what)
{
	const size_t length = json_string_length(value);
	uint8_t *out;
	size_t size = 0;

	expect(r, json_is_string(value), "base64 in %s", what);
	out = row_alloc(r, length);
	expect(r, sodium_base642bin(out, length + 1, json_string_value(value), length, NULL, &size, NULL,
	    sodium_base64_VARIANT_ORIGINAL) == 0, "base64 in %s", what);
	return (struct bytes){out, size};
}

struct bytes
field_hex(struct run *r, const json_t *row, const char *key)
{
	return hex_of(r, field(r, row, key), key);
}

struct bytes
field_base64(struct run *r, const json_t *row, const char *key)
{
	return base64_of(r, field(r, row, key), key);
}

const uint8_t *
field_hex_of(struct run *r, const json_t *row, const char *key, size_t size)
{
	const struct bytes bytes = field_hex(r, row, key);

	expect(r, bytes.size == size, "%zu bytes in %s", size, key);
	return bytes.at;
}

const json_t *
file_member(struct run *r, const char *section, const char *member)
{
	const json_t *value = json_object_get(json_object_get(r->file, section), member);

	expect(r, value != NULL, "%s.%s in the file", section, member);
	return value;
}

const json_t *
named(struct run *r, const json_t *rows, const char *key, struct cairn_span value)
{
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		const json_t *name = json_object_get(row, key);

		if (json_string_length(name) == value.size &&
		    memcmp(json_string_value(name), value.text, value.size) == 0)
			return row;
	}
	row_fail(r, "a row whose %s is %.*s", key, (int)value.size, value.text);
}

enum cairn_door
field_door(struct run *r, const json_t *row)
{
	enum cairn_door door = CAIRN_DOOR_INTAKE;

	expect_ok(r, cairn_door_find(&door, field_text(r, row, "door")), "a door");
	return door;
}
