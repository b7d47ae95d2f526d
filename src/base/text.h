// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_BASE_TEXT_H
#define CAIRN_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/span.h"

/*
 * Reading text from outside, in the strict forms of the protocol: decimal without leading zeros or
 * sign, lower-case hex, canonical padded base64, well-formed UTF-8. A span is a view, without a zero.
 */

bool span_is(struct cairn_span s, const char *text);
bool span_same(struct cairn_span a, struct cairn_span b);

/*
 * Cuts *rest at the first separator: what stands before it is returned, *rest moves behind it.
 * Without one, all of *rest is returned and *rest is empty with a NULL pointer, so that "no more" and
 * "an empty piece" differ.
 */
struct cairn_span span_cut(struct cairn_span *rest, char separator);

/* Without blanks, tabs and carriage returns at either end. */
struct cairn_span span_trim(struct cairn_span s);

/* 0 to max. CAIRN_ERR_FORMAT for anything that is not such a number. */
CAIRN_NODISCARD int text_number(uint64_t *out, struct cairn_span s, uint64_t max);

/* Exactly size bytes from 2 * size hex digits. */
CAIRN_NODISCARD int text_hex(uint8_t *out, size_t size, struct cairn_span s);

/* Decodes into out[room]; *ret_bytes says how many. Only the canonical form is taken. */
CAIRN_NODISCARD int text_base64(uint8_t *out, size_t room, size_t *ret_bytes, struct cairn_span s);

/* Well-formed UTF-8 (RFC 3629: shortest form, no surrogates, at most U+10FFFF). */
bool text_is_utf8(const uint8_t *bytes, size_t size);

/*
 * A character that could play tricks on who reads it: controls but tab and line feed, those that turn text around,
 * and invisible ones. It is shown by its number, <U+202E>, wherever somebody else's text is shown.
 */
bool text_is_trick(uint32_t code);

/* The next code point, moving *s on; U+FFFD for one byte that begins none. s must not be empty. */
uint32_t text_next(struct cairn_span *s);

#endif
