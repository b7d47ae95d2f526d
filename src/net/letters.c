// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/letters.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"

#define RECORD_HEAD 4U
#define HELLO_BYTES (RECORD_HEAD + 1316U)
#define MSGID_BYTES (RECORD_HEAD + CAIRN_MSGID_BYTES)
#define SEEN_BYTES (RECORD_HEAD + 44U)
/* What is left for records beside those that the machine adds. */
#define LETTER_ROOM (CAIRN_DROP_PLAIN_BYTES - HELLO_BYTES - MSGID_BYTES - SEEN_BYTES)
/* A part shorter than this is not worth beginning behind other records. */
#define PART_LEAST 256U

static void
close_letter(struct letters *l)
{
	if (l->count > 0)
		l->list[l->count - 1].bytes = l->w.used;
	if (l->err == CAIRN_OK)
		l->err = l->w.err;
}

/* The seed's next random bytes, 16 at most. */
static void
draw(struct letters *l, uint8_t *out, size_t bytes)
{
	static const uint8_t context[crypto_kdf_CONTEXTBYTES] = {'l', 'e', 't', 't', 'e', 'r', 's', ' '};
	uint8_t all[crypto_kdf_BYTES_MIN];

	(void)crypto_kdf_derive_from_key(all, sizeof(all), l->draws++, (const char *)context, l->seed);
	memcpy(out, all, bytes);
	sodium_memzero(all, sizeof(all));
}

static void
open_letter(struct letters *l)
{
	struct cairn_letter *letter;

	close_letter(l);
	if (l->count == CAIRN_SEND_CELLS_MAX)
		l->err = CAIRN_ERR_SPACE;
	if (l->err != CAIRN_OK)
		return;
	letter = &l->list[l->count++];
	draw(l, letter->msgid, sizeof(letter->msgid));
	cairn_tlv_begin(&l->w, letter->records, LETTER_ROOM);
}

void
letters_begin(struct letters *l)
{
	uint8_t seed[sizeof(l->seed)];

	randombytes_buf(seed, sizeof(seed));
	letters_begin_seeded(l, seed);
	sodium_memzero(seed, sizeof(seed));
}

void
letters_begin_seeded(struct letters *l, const uint8_t seed[32])
{
	l->count = 0;
	l->err = CAIRN_OK;
	l->draws = 0;
	memcpy(l->seed, seed, sizeof(l->seed));
	memset(&l->w, 0, sizeof(l->w));
	open_letter(l);
}

/* Makes sure that a value of so many bytes fits the letter under way. */
static bool
make_room(struct letters *l, size_t bytes)
{
	if (l->err == CAIRN_OK && cairn_tlv_room(&l->w) < bytes)
		open_letter(l);
	return l->err == CAIRN_OK;
}

void
letters_put(struct letters *l, uint16_t type, const void *value, size_t bytes)
{
	if (make_room(l, bytes))
		cairn_tlv_put(&l->w, type, value, bytes);
}

void
letters_put_numbered(struct letters *l, uint16_t type, uint16_t id, const char *text, size_t bytes)
{
	if (make_room(l, bytes + 2))
		cairn_tlv_put_numbered(&l->w, type, id, text, bytes);
}

/* Text that a part holds in a letter with so much room. */
static size_t
part_room(size_t room)
{
	return room < CAIRN_TEXT_HEAD_BYTES + PART_LEAST ? 0 : room - CAIRN_TEXT_HEAD_BYTES;
}

/* How many parts the text makes, the first of them in a letter that has so much room. */
static size_t
count_parts(const char *text, size_t bytes, size_t first)
{
	size_t room = first, parts = 0;

	for (; bytes > 0; parts++) {
		size_t piece = cairn_text_piece(text, bytes, room);

		text += piece;
		bytes -= piece;
		room = part_room(LETTER_ROOM - 2 - RECORD_HEAD);
	}
	return parts;
}

void
letters_text(struct letters *l, const char *text, size_t bytes)
{
	uint8_t group[8];
	size_t parts;

	if (bytes == 0 || l->err != CAIRN_OK)
		return;
	if (part_room(cairn_tlv_room(&l->w)) == 0)
		open_letter(l);
	draw(l, group, sizeof(group));
	parts = count_parts(text, bytes, part_room(cairn_tlv_room(&l->w)));
	if (parts > CAIRN_SEND_CELLS_MAX)
		l->err = CAIRN_ERR_SPACE;
	for (size_t part = 0; part < parts && l->err == CAIRN_OK; part++) {
		size_t piece;

		if (part > 0)
			open_letter(l);
		piece = cairn_text_piece(text, bytes, part_room(cairn_tlv_room(&l->w)));
		if (l->err == CAIRN_OK)
			cairn_tlv_put_text(&l->w, group, (uint8_t)part, (uint8_t)parts, text, piece);
		text += piece;
		bytes -= piece;
	}
}

/* The records as the desk will check them, but for hello. */
static int
check(const struct cairn_letter *letter, uint8_t plain[CAIRN_DROP_PLAIN_BYTES], uint32_t day)
{
	struct cairn_tlv_writer w;

	cairn_tlv_begin(&w, plain, CAIRN_DROP_PLAIN_BYTES);
	cairn_tlv_put(&w, CAIRN_TLV_msgid, letter->msgid, sizeof(letter->msgid));
	memcpy(plain + w.used, letter->records, letter->bytes);
	return cairn_tlv_check(plain, CAIRN_DROP_PLAIN_BYTES, CAIRN_PLACE_CAMPAIGN, day);
}

int
letters_end(struct letters *l, uint32_t day)
{
	uint8_t plain[CAIRN_DROP_PLAIN_BYTES];

	close_letter(l);
	for (size_t i = 0; i < l->count && l->err == CAIRN_OK; i++)
		l->err = check(&l->list[i], plain, day);
	sodium_memzero(plain, sizeof(plain));
	return l->err;
}
