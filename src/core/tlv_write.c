// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "base/bytes.h"
#include "core/tlv.h"

#define HEAD_BYTES 4U
#define END_BYTES 2U

void
cairn_tlv_begin(struct cairn_tlv_writer *w, uint8_t *plain, size_t plain_bytes)
{
	memset(plain, 0, plain_bytes);
	*w = (struct cairn_tlv_writer){plain, plain_bytes, 0, CAIRN_OK};
}

size_t
cairn_tlv_room(const struct cairn_tlv_writer *w)
{
	size_t left = w->size - w->used;

	return left < HEAD_BYTES + END_BYTES ? 0 : left - HEAD_BYTES - END_BYTES;
}

static bool
length_ok(uint16_t type, size_t bytes)
{
	const struct tlv_kind *kind = tlv_kind_find(type);

	if (kind == NULL)
		return type != 0 && bytes <= UINT16_MAX;
	return bytes >= kind->least && bytes <= kind->most;
}

/*
 * Begins a record whose value is some fixed bytes, then bytes of the caller's: returns where the first
 * go; the others are copied. NULL and w->err when the record may not be there.
 */
static uint8_t *
put(struct cairn_tlv_writer *w, uint16_t type, size_t fixed, const void *value, size_t bytes)
{
	uint8_t *at = w->plain + w->used;

	if (w->err != CAIRN_OK)
		return NULL;
	if (bytes > UINT16_MAX || !length_ok(type, fixed + bytes))
		w->err = CAIRN_ERR_RANGE;
	else if (w->size - w->used < HEAD_BYTES + END_BYTES || fixed + bytes > cairn_tlv_room(w))
		w->err = CAIRN_ERR_SPACE;
	if (w->err != CAIRN_OK)
		return NULL;
	put_u16(at, type);
	put_u16(at + 2, (uint16_t)(fixed + bytes));
	if (bytes > 0)
		memcpy(at + HEAD_BYTES + fixed, value, bytes);
	w->used += HEAD_BYTES + fixed + bytes;
	return at + HEAD_BYTES;
}

void
cairn_tlv_put(struct cairn_tlv_writer *w, uint16_t type, const void *value, size_t bytes)
{
	(void)put(w, type, 0, value, bytes);
}

void
cairn_tlv_put_u8(struct cairn_tlv_writer *w, uint16_t type, uint8_t v)
{
	cairn_tlv_put(w, type, &v, 1);
}

void
cairn_tlv_put_u32(struct cairn_tlv_writer *w, uint16_t type, uint32_t v)
{
	uint8_t bytes[4];

	put_u32(bytes, v);
	cairn_tlv_put(w, type, bytes, sizeof bytes);
}

void
cairn_tlv_put_numbered(struct cairn_tlv_writer *w, uint16_t type, uint16_t id, const void *text, size_t bytes)
{
	uint8_t *at = put(w, type, 2, text, bytes);

	if (at != NULL)
		put_u16(at, id);
}

int
cairn_tlv_end(struct cairn_tlv_writer *w)
{
	/* The closing type 0 stands already: the plaintext began as zeros, and two of them were kept. */
	return w->err;
}

size_t
cairn_text_piece(const char *text, size_t size, size_t most)
{
	size_t cut = most;

	if (size <= most)
		return size;
	while (cut > 0 && ((uint8_t)text[cut] & 0xc0) == 0x80)
		cut--;
	return cut;
}

void
cairn_tlv_put_text(struct cairn_tlv_writer *w, const uint8_t group[8], uint8_t part, uint8_t parts,
    const char *text, size_t bytes)
{
	uint8_t *at = put(w, CAIRN_TLV_text, CAIRN_TEXT_HEAD_BYTES, text, bytes);

	if (at == NULL)
		return;
	memcpy(at, group, 8);
	at[8] = part;
	at[9] = parts;
}
