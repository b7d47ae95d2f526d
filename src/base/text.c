// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"

#include <string.h>

#include <sodium.h>

bool
span_is(struct cairn_span s, const char *text)
{
	return s.size == strlen(text) && memcmp(s.text, text, s.size) == 0;
}

bool
span_same(struct cairn_span a, struct cairn_span b)
{
	return a.size == b.size && (a.size == 0 || memcmp(a.text, b.text, a.size) == 0);
}

struct cairn_span
span_cut(struct cairn_span *rest, char separator)
{
	struct cairn_span piece = *rest;
	const char *at = rest->size == 0 ? NULL : memchr(rest->text, separator, rest->size);

	if (at == NULL) {
		*rest = (struct cairn_span){NULL, 0};
		return piece;
	}
	piece.size = (size_t)(at - rest->text);
	rest->text = at + 1;
	rest->size -= piece.size + 1;
	return piece;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

struct cairn_span
span_trim(struct cairn_span s)
{
	while (s.size > 0 && is_blank(s.text[0]))
		s = (struct cairn_span){s.text + 1, s.size - 1};
	while (s.size > 0 && is_blank(s.text[s.size - 1]))
		s.size--;
	return s;
}

int
text_number(uint64_t *out, struct cairn_span s, uint64_t max)
{
	uint64_t v = 0;

	if (s.size == 0 || s.size > 20 || (s.size > 1 && s.text[0] == '0'))
		return CAIRN_ERR_FORMAT;
	for (size_t i = 0; i < s.size; i++) {
		unsigned digit = (unsigned)(unsigned char)s.text[i] - '0';

		if (digit > 9 || digit > max || v > (max - digit) / 10)
			return CAIRN_ERR_FORMAT;
		v = v * 10 + digit;
	}
	*out = v;
	return CAIRN_OK;
}

int
text_hex(uint8_t *out, size_t size, struct cairn_span s)
{
	if (s.size != 2 * size)
		return CAIRN_ERR_FORMAT;
	for (size_t i = 0; i < s.size; i++)
		if (s.text[i] >= 'A' && s.text[i] <= 'F')
			return CAIRN_ERR_FORMAT;
	if (sodium_hex2bin(out, size, s.text, s.size, NULL, NULL, NULL) != 0)
		return CAIRN_ERR_FORMAT;
	return CAIRN_OK;
}

int
text_base64(uint8_t *out, size_t room, size_t *ret_bytes, struct cairn_span s)
{
	if (s.size % 4 != 0)
		return CAIRN_ERR_FORMAT;
	/* libsodium 1.0.18 takes every byte of 0x80 and above for a slash, where char is signed. */
	for (size_t i = 0; i < s.size; i++)
		if ((unsigned char)s.text[i] >= 0x80)
			return CAIRN_ERR_FORMAT;
	/* It refuses bits that are set behind the last byte: what decodes is canonical. */
	if (sodium_base642bin(out, room, s.text, s.size, NULL, ret_bytes, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
		return CAIRN_ERR_FORMAT;
	return CAIRN_OK;
}

/* Length of the sequence that begins with this byte, and the bits it carries; 0: it begins none. */
static size_t
utf8_begin(uint8_t byte, uint32_t *bits)
{
	if (byte < 0x80) {
		*bits = byte;
		return 1;
	}
	if (byte >= 0xc2 && byte < 0xe0) {
		*bits = byte & 0x1f;
		return 2;
	}
	if (byte >= 0xe0 && byte < 0xf0) {
		*bits = byte & 0x0f;
		return 3;
	}
	if (byte >= 0xf0 && byte < 0xf5) {
		*bits = byte & 0x07;
		return 4;
	}
	return 0;
}

/* Takes one code point off the front; 0 bytes taken: ill-formed. */
static size_t
utf8_take(uint32_t *code, const uint8_t *bytes, size_t size)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t length = size == 0 ? 0 : utf8_begin(bytes[0], code);

	if (length == 0 || length > size)
		return 0;
	for (size_t i = 1; i < length; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (bytes[i] & 0x3f);
	}
	if (*code < least[length] || *code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000))
		return 0;
	return length;
}

bool
text_is_utf8(const uint8_t *bytes, size_t size)
{
	uint32_t code;

	while (size > 0) {
		size_t length = utf8_take(&code, bytes, size);

		if (length == 0)
			return false;
		bytes += length;
		size -= length;
	}
	return true;
}

uint32_t
text_next(struct cairn_span *s)
{
	uint32_t code;
	size_t length = utf8_take(&code, (const uint8_t *)s->text, s->size);

	if (length == 0) {
		code = 0xfffd;
		length = 1;
	}
	s->text += length;
	s->size -= length;
	return code;
}

bool
text_is_trick(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} tricks[] = {
	    {0x00, 0x08},       /* C0 but tab and line feed */
	    {0x0b, 0x1f},
	    {0x7f, 0x9f},       /* DEL and C1 */
	    {0x202a, 0x202e},   /* embeddings and overrides */
	    {0x206a, 0x206f},   /* deprecated switches of shaping and digits */
	    {0xfff9, 0xfffb},   /* interlinear annotation */
	    {0xe0000, 0xe0fff}, /* tags: invisible text */
	};

	for (size_t i = 0; i < sizeof(tricks) / sizeof(tricks[0]); i++)
		if (code >= tricks[i].first && code <= tricks[i].last)
			return true;
	return false;
}
