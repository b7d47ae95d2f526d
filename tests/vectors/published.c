// SPDX-License-Identifier: GPL-3.0-or-later
#include "vectors/published.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

static FILE *
open_or_skip(const char *name)
{
	char path[512];
	FILE *file;

	assert_in_range(snprintf(path, sizeof path, "%s/%s", PUBLISHED_DIR, name), 1, sizeof path - 1);
	file = fopen(path, "rb");
	if (file == NULL)
		skip();
	return file;
}

json_t *
published_json(const char *name)
{
	FILE *file = open_or_skip(name);
	json_t *json = json_loadf(file, 0, NULL);

	fclose(file);
	assert_non_null(json);
	return json;
}

char *
published_text(const char *name)
{
	FILE *file = open_or_skip(name);
	size_t size;
	char *text;

	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	size = (size_t)ftell(file);
	rewind(file);
	text = malloc(size + 1);
	assert_non_null(text);
	assert_int_equal(fread(text, 1, size, file), size);
	text[size] = '\0';
	fclose(file);
	return text;
}

struct bytes
published_hex(const char *hex, size_t hex_size)
{
	struct bytes bytes = {malloc(hex_size / 2), hex_size / 2};

	assert_non_null(bytes.at);
	assert_int_equal(sodium_hex2bin(bytes.at, bytes.size, hex, hex_size, NULL, NULL, NULL), 0);
	return bytes;
}

struct bytes
published_bytes(const json_t *row, const char *key)
{
	const json_t *value = json_object_get(row, key);

	if (!json_is_string(value))
		fail_msg("no \"%s\"", key);
	return published_hex(json_string_value(value), json_string_length(value));
}

struct bytes
published_base64(const char *text)
{
	size_t chars = strlen(text);
	struct bytes bytes = {malloc(chars + 1), 0};
	int err;

	assert_non_null(bytes.at);
	err = sodium_base642bin(bytes.at, chars, text, chars, NULL, &bytes.size, NULL,
	    sodium_base64_VARIANT_ORIGINAL);
	assert_int_equal(err, 0);
	bytes.at = realloc(bytes.at, bytes.size > 0 ? bytes.size : 1);
	assert_non_null(bytes.at);
	return bytes;
}

bool
published_is(const json_t *row, const char *key, const char *text)
{
	const char *value = json_string_value(json_object_get(row, key));

	return value != NULL && strcmp(value, text) == 0;
}

void
published_wycheproof(const char *name, void (*check)(const json_t *group, const json_t *row))
{
	json_t *file = published_json(name);
	json_t *group, *row;
	size_t i, j, rows = 0;

	json_array_foreach(json_object_get(file, "testGroups"), i, group) {
		json_array_foreach(json_object_get(group, "tests"), j, row) {
			check(group, row);
			rows++;
		}
	}
	assert_true(rows > 0);
	json_decref(file);
}

void
assert_bytes(const struct bytes *expected, const void *found, size_t size)
{
	assert_int_equal(expected->size, size);
	if (size > 0)
		assert_memory_equal(expected->at, found, size);
}
