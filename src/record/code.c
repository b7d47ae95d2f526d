// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/code.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "record/read.h"
#include "record/sql.h"

#define CODE_DIGITS 8U
#define CODE_LEAST 3U

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void
record_code_write(char out[RECORD_CODE_TEXT_MAX], const struct record_kind *kind, const uint8_t id[RECORD_ID_BYTES])
{
	char text[CODE_DIGITS + 1] = "";
	uint64_t bits = 0;

	for (size_t i = 0; i < 5; i++)
		bits = bits << 8 | id[i];
	for (size_t i = 0; i < CODE_DIGITS; i++)
		text[i] = digits[bits >> (35 - 5 * i) & 31];
	snprintf(out, RECORD_CODE_TEXT_MAX, "%c-%.4s-%.4s", kind == NULL ? 'X' : kind->letter, text, text + 4);
}

static int
digit_of(char c)
{
	const char *at;

	c = (char)toupper((unsigned char)c);
	if (c == 'O')
		c = '0';
	if (c == 'I' || c == 'L')
		c = '1';
	at = c == '\0' ? NULL : strchr(digits, c);
	return at == NULL ? -1 : (int)(at - digits);
}

static void
set_bits(uint8_t id[RECORD_ID_BYTES], size_t digit, int value)
{
	for (size_t i = 0; i < 5; i++) {
		size_t bit = 5 * digit + i;

		id[bit / 8] = (uint8_t)(id[bit / 8] & ~(0x80U >> bit % 8));
		if ((value >> (4 - i) & 1) != 0)
			id[bit / 8] = (uint8_t)(id[bit / 8] | 0x80U >> bit % 8);
	}
}

int
record_code_read(const struct record_kind **ret_kind, uint8_t id[RECORD_ID_BYTES], uint8_t last[RECORD_ID_BYTES],
    struct cairn_span text)
{
	const struct record_kind *kind = NULL;
	size_t count = 0;

	memset(id, 0, RECORD_ID_BYTES);
	memset(last, 0xff, RECORD_ID_BYTES);
	if (text.size > 0)
		kind = record_kind_lettered((char)toupper((unsigned char)text.text[0]));
	for (size_t i = 1; kind != NULL && i < text.size; i++) {
		int value = digit_of(text.text[i]);

		if (text.text[i] == '-')
			continue;
		if (value < 0 || count == CODE_DIGITS)
			return CAIRN_ERR_FORMAT;
		set_bits(id, count, value);
		set_bits(last, count++, value);
	}
	if (kind == NULL || count < CODE_LEAST)
		return CAIRN_ERR_FORMAT;
	*ret_kind = kind;
	return CAIRN_OK;
}

/* "event:0123..." */
static int
read_id(const struct record_kind **ret_kind, uint8_t id[RECORD_ID_BYTES], struct cairn_span text)
{
	struct cairn_span rest = text;
	const struct record_kind *kind = record_kind_named(span_cut(&rest, ':'));

	if (kind == NULL || rest.text == NULL)
		return CAIRN_ERR_FORMAT;
	*ret_kind = kind;
	return text_hex(id, RECORD_ID_BYTES, rest);
}

int
record_code_find(struct db *db, struct record_head *head, const struct record_kind *kind, struct cairn_span text)
{
	uint8_t id[RECORD_ID_BYTES], last[RECORD_ID_BYTES];
	const struct record_kind *named;
	struct query q;
	size_t found = 0;
	int err = read_id(&named, id, text);

	if (err == CAIRN_OK)
		memcpy(last, id, sizeof(last));
	else
		err = record_code_read(&named, id, last, text);
	if (err == CAIRN_OK && kind != NULL && named != kind)
		err = CAIRN_ERR_FORMAT;
	if (err != CAIRN_OK)
		return err;
	q = record_query(db, RECORD_SQL_ENTITY_BY_ID);
	bind_int(&q, named->number);
	bind_bytes(&q, id, sizeof(id));
	bind_bytes(&q, last, sizeof(last));
	while (query_row(&q)) {
		record_head_columns(head, &q);
		found++;
	}
	err = query_end(&q);
	if (err == CAIRN_OK && found != 1)
		err = found == 0 ? CAIRN_ERR_UNKNOWN : CAIRN_ERR_CONFLICT;
	return err;
}
