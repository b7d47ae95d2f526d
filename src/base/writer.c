// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/writer.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"

void
writer_init(struct writer *w, void *room, size_t size)
{
	w->room = room;
	w->size = size;
	w->used = 0;
	w->failed = false;
}

/* Room for size more bytes, already counted as used, or NULL. */
static uint8_t *
claim(struct writer *w, size_t size)
{
	uint8_t *at;

	if (w->failed || size > w->size - w->used) {
		w->failed = true;
		return NULL;
	}
	at = w->room + w->used;
	w->used += size;
	return at;
}

void
write_bytes(struct writer *w, const void *bytes, size_t size)
{
	uint8_t *at = claim(w, size);

	if (at != NULL && size > 0)
		memcpy(at, bytes, size);
}

void
write_u8(struct writer *w, uint8_t v)
{
	write_bytes(w, &v, 1);
}

void
write_u16(struct writer *w, uint16_t v)
{
	uint8_t *at = claim(w, 2);

	if (at != NULL)
		put_u16(at, v);
}

void
write_u32(struct writer *w, uint32_t v)
{
	uint8_t *at = claim(w, 4);

	if (at != NULL)
		put_u32(at, v);
}

void
write_u64(struct writer *w, uint64_t v)
{
	uint8_t *at = claim(w, 8);

	if (at != NULL)
		put_u64(at, v);
}

void
write_text(struct writer *w, const char *text)
{
	write_bytes(w, text, strlen(text));
}

void
write_decimal(struct writer *w, uint64_t v)
{
	char digits[20];
	size_t at = sizeof digits;

	do {
		digits[--at] = (char)('0' + v % 10);
		v /= 10;
	} while (v != 0);
	write_bytes(w, digits + at, sizeof digits - at);
}

void
write_hex(struct writer *w, const uint8_t *bytes, size_t size)
{
	char pair[3];

	for (size_t i = 0; i < size; i++) {
		sodium_bin2hex(pair, sizeof pair, bytes + i, 1);
		write_bytes(w, pair, 2);
	}
}

void
write_base64(struct writer *w, const uint8_t *bytes, size_t size)
{
	char four[sodium_base64_ENCODED_LEN(3, sodium_base64_VARIANT_ORIGINAL)];

	for (size_t i = 0; i < size; i += 3) {
		size_t piece = size - i < 3 ? size - i : 3;

		sodium_bin2base64(four, sizeof four, bytes + i, piece, sodium_base64_VARIANT_ORIGINAL);
		write_bytes(w, four, 4);
	}
}

int
writer_end(const struct writer *w, size_t *used_bytes)
{
	if (w->failed)
		return CAIRN_ERR_SPACE;
	if (used_bytes != NULL)
		*used_bytes = w->used;
	return CAIRN_OK;
}
