// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tlv.h"

#include <string.h>

#include "base/reader.h"

#define TLV_KIND(type, name, text, from, once, least, most) {type, text, from, once, least, most},
const struct tlv_kind tlv_kinds[] = {CAIRN_TLV_TABLE(TLV_KIND)};
#undef TLV_KIND
const size_t tlv_kind_count = sizeof tlv_kinds / sizeof tlv_kinds[0];

/* Which rows of the table a plaintext has had, bit i for row i. */
_Static_assert(sizeof tlv_kinds / sizeof tlv_kinds[0] <= 64, "the rows fit a u64 of bits");

const struct tlv_kind *
tlv_kind_find(uint16_t type)
{
	for (size_t i = 0; i < tlv_kind_count; i++)
		if (tlv_kinds[i].type == type)
			return &tlv_kinds[i];
	return NULL;
}

const char *
cairn_tlv_name(uint16_t type)
{
	const struct tlv_kind *kind = tlv_kind_find(type);

	return kind == NULL ? NULL : kind->name;
}

/* CAIRN_OK with type 0: the end mark was taken. */
static int
record_take(struct cairn_record *record, struct reader *r)
{
	*record = (struct cairn_record){0, 0, NULL};
	take_u16(r, &record->type);
	if (r->failed || record->type == 0)
		return r->failed ? CAIRN_ERR_FORMAT : CAIRN_OK;
	take_u16(r, &record->bytes);
	record->value = take_view(r, record->bytes);
	return r->failed ? CAIRN_ERR_FORMAT : CAIRN_OK;
}

/* What one walk over a plaintext knows. */
struct check {
	unsigned from;
	uint32_t day;
	uint64_t seen; /* rows of the table */
	size_t count;  /* records so far, unknown ones too */
};

static int
known_check(struct check *c, const struct tlv_kind *kind, const struct cairn_record *record)
{
	uint64_t bit = UINT64_C(1) << (kind - tlv_kinds);

	if ((kind->from & c->from) == 0)
		return CAIRN_ERR_FORMAT;
	if (record->bytes < kind->least || record->bytes > kind->most)
		return CAIRN_ERR_FORMAT;
	if (kind->once && (c->seen & bit) != 0)
		return CAIRN_ERR_FORMAT;
	if (record->type == CAIRN_TLV_hello && c->count != 0)
		return CAIRN_ERR_FORMAT;
	c->seen |= bit;
	return tlv_content_check(record, c->day);
}

static int
record_check(struct check *c, const struct cairn_record *record)
{
	const struct tlv_kind *kind = tlv_kind_find(record->type);
	int err = CAIRN_OK;

	if (kind != NULL)
		err = known_check(c, kind, record);
	else if ((record->type & CAIRN_TLV_CRITICAL) != 0)
		err = CAIRN_ERR_FORMAT;
	c->count++;
	return err;
}

static bool
had(const struct check *c, uint16_t type)
{
	return (c->seen >> (tlv_kind_find(type) - tlv_kinds) & 1) != 0;
}

/* Two things in one cell would be counted as one or as two, as each reader likes. */
static bool
one_campaign_kind(const struct check *c)
{
	static const uint16_t kinds[] = {CAIRN_TLV_signature, CAIRN_TLV_comment, CAIRN_TLV_gathering,
	    CAIRN_TLV_withdrawal};
	unsigned count = 0;

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		count += had(c, kinds[i]);
	return count <= 1;
}

/* Who may have written what stands in that place. */
static unsigned
sides(enum cairn_tlv_place place)
{
	static const unsigned of[] = {
		[CAIRN_PLACE_INTAKE] = CAIRN_FROM_PERSON,
		[CAIRN_PLACE_CAMPAIGN] = CAIRN_FROM_PERSON | CAIRN_FROM_CAMPAIGN,
		[CAIRN_PLACE_REPLY] = CAIRN_FROM_DESK,
	};

	return of[place];
}

/* Not sodium_is_zero(): how long the padding is need not be hidden, and a desk reads many cells. */
static bool
all_zero(const uint8_t *bytes, size_t size)
{
	return size == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0);
}

int
cairn_tlv_check(const uint8_t *plain, size_t plain_bytes, enum cairn_tlv_place place, uint32_t day)
{
	struct check c = {sides(place), day, 0, 0};
	struct cairn_record record;
	struct reader r;
	int err;

	reader_init(&r, plain, plain_bytes);
	for (;;) {
		if ((err = record_take(&record, &r)) != CAIRN_OK)
			return err;
		if (record.type == 0)
			break;
		if ((err = record_check(&c, &record)) != CAIRN_OK)
			return err;
	}
	if (!had(&c, CAIRN_TLV_msgid) || (place == CAIRN_PLACE_INTAKE && !had(&c, CAIRN_TLV_hello)))
		return CAIRN_ERR_FORMAT;
	if (!one_campaign_kind(&c))
		return CAIRN_ERR_FORMAT;
	/* Bytes behind the end would be a place to hide something in. */
	return all_zero(r.next, r.left) ? CAIRN_OK : CAIRN_ERR_FORMAT;
}

bool
cairn_tlv_next(struct cairn_records *at, struct cairn_record *record)
{
	struct reader r;

	reader_init(&r, at->next, at->left);
	if (record_take(record, &r) != CAIRN_OK || record->type == 0)
		return false;
	at->next = r.next;
	at->left = r.left;
	return true;
}

bool
cairn_tlv_find(const uint8_t *plain, size_t plain_bytes, uint16_t type, struct cairn_record *record)
{
	struct cairn_records at = {plain, plain_bytes};

	while (cairn_tlv_next(&at, record))
		if (record->type == type)
			return true;
	return false;
}
