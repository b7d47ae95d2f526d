// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/box.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/reader.h"
#include "base/writer.h"
#include "cairn/hpke.h"

#define BOX_LABEL "cairn/1 box"
#define BOX_PLAIN_MAX (BOX_GRANTS_MAX * BOX_GRANT_MAX)

/* A field of a grant: where it stands in the struct, and of how many bytes; those of 2 and 4 are integers. */
struct grant_field {
	size_t offset;
	size_t bytes;
};

#define BOX_FIELD(name) {offsetof(struct box_grant, name), sizeof(((struct box_grant *)0)->name)},
#define GRANT_ROWS(NAME, number, text, fields) \
	static const struct grant_field fields_##NAME[] = {fields BOX_FIELD(secret){0, 0}};
BOX_GRANTS(GRANT_ROWS)

static const struct grant_field *
grant_fields(uint8_t what)
{
	switch (what) {
#define GRANT_CASE(NAME, number, text, fields) \
	case number:                           \
		return fields_##NAME;
		BOX_GRANTS(GRANT_CASE)
#undef GRANT_CASE
	default:
		return NULL;
	}
}

static void
write_grant(struct writer *w, const struct box_grant *grant)
{
	const struct grant_field *field = grant_fields(grant->what);

	w->failed = w->failed || field == NULL;
	write_u8(w, grant->what);
	for (; field != NULL && field->bytes > 0; field++) {
		const void *at = (const uint8_t *)grant + field->offset;

		if (field->bytes == 2)
			write_u16(w, *(const uint16_t *)at);
		else if (field->bytes == 4)
			write_u32(w, *(const uint32_t *)at);
		else
			write_bytes(w, at, field->bytes);
	}
}

static void
take_grant(struct reader *r, struct box_grant *grant)
{
	const struct grant_field *field;

	memset(grant, 0, sizeof(*grant));
	take_u8(r, &grant->what);
	field = grant_fields(grant->what);
	r->failed = r->failed || field == NULL;
	for (; field != NULL && field->bytes > 0; field++) {
		void *at = (uint8_t *)grant + field->offset;

		if (field->bytes == 2)
			take_u16(r, at);
		else if (field->bytes == 4)
			take_u32(r, at);
		else
			take_bytes(r, at, field->bytes);
	}
}

void
box_name(struct box_name *name, const struct box_grant *grant)
{
	memset(name, 0, sizeof(*name));
	if (grant_fields(grant->what) == NULL)
		return;
	name->what = grant->what;
	if (grant->what == BOX_EPOCH) {
		name->id[0] = grant->door;
		put_u32(name->id + 1, grant->day);
		name->gen = grant->epoch_gen;
		return;
	}
	memcpy(name->id, grant->id, sizeof(name->id));
	name->gen = grant->what == BOX_KEY ? grant->gen : grant->what == BOX_TAG ? grant->month
										 : grant->number;
}

bool
box_name_same(const struct box_name *a, const struct box_name *b)
{
	return a->what == b->what && a->gen == b->gen && memcmp(a->id, b->id, sizeof(a->id)) == 0;
}

static void
write_name(struct writer *w, const struct box_name *name)
{
	write_u8(w, name->what);
	write_bytes(w, name->id, sizeof(name->id));
	write_u32(w, name->gen);
}

int
box_name_next(struct box_name *name, struct cairn_span names, size_t *at)
{
	struct reader r;

	memset(name, 0, sizeof(*name));
	if (*at >= names.size)
		return CAIRN_ERR_UNKNOWN;
	reader_init(&r, names.text + *at, names.size - *at);
	take_u8(&r, &name->what);
	take_bytes(&r, name->id, sizeof(name->id));
	take_u32(&r, &name->gen);
	if (r.failed || grant_fields(name->what) == NULL ||
	    (name->what == BOX_EPOCH && sodium_is_zero(name->id + 5, sizeof(name->id) - 5) != 1)) {
		memset(name, 0, sizeof(*name));
		return CAIRN_ERR_FORMAT;
	}
	*at += BOX_NAME_BYTES;
	return CAIRN_OK;
}

static size_t
box_info(uint8_t info[CAIRN_HPKE_INFO_MAX], const uint8_t desk_id[CAIRN_HASH_BYTES],
    const uint8_t sender[OP_ID_BYTES], const struct op_box *box)
{
	struct writer w;

	writer_init(&w, info, CAIRN_HPKE_INFO_MAX);
	write_text(&w, BOX_LABEL);
	write_bytes(&w, desk_id, CAIRN_HASH_BYTES);
	write_bytes(&w, sender, OP_ID_BYTES);
	write_bytes(&w, box->recipient, OP_ID_BYTES);
	write_u32(&w, box->day);
	return w.used;
}

/* Each known, and none twice: the second would be owed for ever, or taken as given. */
static int
grants_check(const struct box_grant *grants, size_t count)
{
	struct box_name names[BOX_GRANTS_MAX];

	if (count == 0 || count > BOX_GRANTS_MAX)
		return CAIRN_ERR_RANGE;
	for (size_t i = 0; i < count; i++) {
		box_name(&names[i], &grants[i]);
		if (names[i].what == 0)
			return CAIRN_ERR_RANGE;
		for (size_t j = 0; j < i; j++)
			if (box_name_same(&names[j], &names[i]))
				return CAIRN_ERR_RANGE;
	}
	return CAIRN_OK;
}

void
box_grants_write(struct writer *names, struct writer *plain, const struct box_grant *grants, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct box_name name;

		box_name(&name, &grants[i]);
		write_name(names, &name);
		write_grant(plain, &grants[i]);
	}
}

static int
box_seal_grants(struct op_box *box, uint8_t *room, const struct box_grant *grants, size_t count,
    const uint8_t *info, size_t info_bytes, const uint8_t public_key[CAIRN_XWING_PUBLIC_BYTES])
{
	uint8_t plain[BOX_PLAIN_MAX], eseed[CAIRN_XWING_ESEED_BYTES];
	uint8_t *enc = room + count * BOX_NAME_BYTES, *ct = enc + CAIRN_XWING_ENC_BYTES;
	struct writer names, w;
	int err = CAIRN_ERR_RANGE;

	writer_init(&names, room, count * BOX_NAME_BYTES);
	writer_init(&w, plain, sizeof(plain));
	box_grants_write(&names, &w, grants, count);
	randombytes_buf(eseed, sizeof(eseed));
	if (!w.failed)
		err = cairn_hpke_seal(enc, ct, plain, w.used, public_key, info, info_bytes, eseed);
	box->names = (struct cairn_span){(const char *)room, names.used};
	box->enc = (struct cairn_span){(const char *)enc, CAIRN_XWING_ENC_BYTES};
	box->ct = (struct cairn_span){(const char *)ct, w.used + CAIRN_HPKE_TAG_BYTES};
	sodium_memzero(plain, sizeof(plain));
	sodium_memzero(eseed, sizeof(eseed));
	return err;
}

int
box_seal(struct op_box *box, uint8_t room[BOX_ROOM_BYTES], const uint8_t desk_id[CAIRN_HASH_BYTES],
    const uint8_t sender[OP_ID_BYTES], const uint8_t recipient[OP_ID_BYTES], uint32_t day,
    const struct box_grant *grants, size_t count, const uint8_t public_key[CAIRN_XWING_PUBLIC_BYTES])
{
	uint8_t info[CAIRN_HPKE_INFO_MAX];
	size_t info_bytes;
	int err;

	memset(box, 0, sizeof(*box));
	sodium_memzero(room, BOX_ROOM_BYTES);
	err = grants_check(grants, count);
	if (err != CAIRN_OK)
		return err;
	memcpy(box->recipient, recipient, sizeof(box->recipient));
	box->day = day;
	info_bytes = box_info(info, desk_id, sender, box);
	err = box_seal_grants(box, room, grants, count, info, info_bytes, public_key);
	if (err != CAIRN_OK) {
		memset(box, 0, sizeof(*box));
		sodium_memzero(room, BOX_ROOM_BYTES);
	}
	return err;
}

/* Grant by grant beside the list of names: both have the same ones in the same order. */
int
box_grants_read(struct box_grant grants[BOX_GRANTS_MAX], size_t *ret_count, const uint8_t *plain, size_t plain_bytes,
    struct cairn_span names)
{
	struct box_name said, is;
	struct reader r;
	size_t count = 0, at = 0;

	reader_init(&r, plain, plain_bytes);
	for (; r.left > 0; count++) {
		int err = box_name_next(&said, names, &at);

		if (count == BOX_GRANTS_MAX || err == CAIRN_ERR_FORMAT)
			return CAIRN_ERR_FORMAT;
		take_grant(&r, &grants[count]);
		if (r.failed)
			return CAIRN_ERR_FORMAT;
		box_name(&is, &grants[count]);
		if (err != CAIRN_OK || !box_name_same(&said, &is))
			return CAIRN_ERR_CONFLICT;
	}
	if (at != names.size)
		return CAIRN_ERR_CONFLICT;
	*ret_count = count;
	return grants_check(grants, count) == CAIRN_OK ? CAIRN_OK : CAIRN_ERR_FORMAT;
}

int
box_open(struct box_grant grants[BOX_GRANTS_MAX], size_t *ret_count, const struct op_box *box,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t sender[OP_ID_BYTES], const struct cairn_xwing_key *key)
{
	uint8_t info[CAIRN_HPKE_INFO_MAX], plain[BOX_PLAIN_MAX];
	size_t info_bytes = box_info(info, desk_id, sender, box);
	int err = CAIRN_ERR_FORMAT;

	sodium_memzero(grants, BOX_GRANTS_MAX * sizeof(*grants));
	*ret_count = 0;
	if (box->enc.size == CAIRN_XWING_ENC_BYTES && box->ct.size >= CAIRN_HPKE_TAG_BYTES &&
	    box->ct.size - CAIRN_HPKE_TAG_BYTES <= sizeof(plain))
		err = cairn_hpke_open(plain, (const uint8_t *)box->enc.text, (const uint8_t *)box->ct.text,
		    box->ct.size, key, info, info_bytes);
	if (err == CAIRN_OK) {
		err = box_grants_read(grants, ret_count, plain, box->ct.size - CAIRN_HPKE_TAG_BYTES, box->names);
		sodium_memzero(plain, sizeof(plain));
	}
	if (err != CAIRN_OK) {
		sodium_memzero(grants, BOX_GRANTS_MAX * sizeof(*grants));
		*ret_count = 0;
	}
	return err;
}
