// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TESTS_VECTORS_PUBLISHED_H
#define TESTS_VECTORS_PUBLISHED_H

#include "lib/test.h"

#include <stdbool.h>

#include <jansson.h>

/*
 * Published test vectors (RFCs, drafts, Wycheproof, CCTV), which are not part of this repository: they lie
 * in shared/vectors beside it. A test whose file is not there is skipped.
 */

struct bytes {
	uint8_t *at; /* of exactly size bytes, so that a sanitizer sees a read beyond; free it */
	size_t size;
};

/* The file, or no return: the test is skipped. json_decref it. */
json_t *published_json(const char *name);

/* The text of a file; free it. */
char *published_text(const char *name);

/* The bytes of a hex string of a row. Fails the test where there is none. */
struct bytes published_bytes(const json_t *row, const char *key);
struct bytes published_hex(const char *hex, size_t hex_size);

/* The bytes of text in base64. */
struct bytes published_base64(const char *text);

bool published_is(const json_t *row, const char *key, const char *text);

/*
 * Hands each test of a Wycheproof file to check, with its group. result must be "valid" for what is
 * good and "invalid" for what must be refused; "acceptable" is handed on too.
 */
void published_wycheproof(const char *name, void (*check)(const json_t *group, const json_t *row));

/* As assert_memory_equal, and of the same size. */
void assert_bytes(const struct bytes *expected, const void *found, size_t size);

#endif
