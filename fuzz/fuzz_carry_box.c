// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/bytes.h"
#include "cairn/hpke.h"
#include "carry/box.h"
#include "desk.h"

/* u16 length of the names, the names, the grants: sealed as the box of a device of the desk, and opened. */
static const uint8_t desk_id[CAIRN_HASH_BYTES] = {1}, sender[OP_ID_BYTES] = {2}, seed[32] = {3};
static struct cairn_xwing_key key;
static struct box_grant grants[BOX_GRANTS_MAX];
static uint8_t enc[CAIRN_XWING_ENC_BYTES], ct[OP_BOX_MAX + 64], again[BOX_ROOM_BYTES];

static size_t
info_write(uint8_t info[CAIRN_HPKE_INFO_MAX], const struct op_box *box)
{
	struct writer w;

	writer_init(&w, info, CAIRN_HPKE_INFO_MAX);
	write_text(&w, "cairn/1 box");
	write_bytes(&w, desk_id, sizeof(desk_id));
	write_bytes(&w, sender, sizeof(sender));
	write_bytes(&w, box->recipient, sizeof(box->recipient));
	write_u32(&w, box->day);
	return w.used;
}

static void
open_box(struct op_box *box, const uint8_t *plain, size_t plain_bytes)
{
	const uint8_t eseed[CAIRN_XWING_ESEED_BYTES] = {4};
	uint8_t info[CAIRN_HPKE_INFO_MAX];
	struct op_box sealed;
	size_t count;

	FUZZ_CHECK(cairn_hpke_seal(enc, ct, plain, plain_bytes, key.public_key, info, info_write(info, box), eseed) ==
	    CAIRN_OK);
	box->enc = (struct cairn_span){(const char *)enc, sizeof(enc)};
	box->ct = (struct cairn_span){(const char *)ct, plain_bytes + CAIRN_HPKE_TAG_BYTES};
	if (box_open(grants, &count, box, desk_id, sender, &key) != CAIRN_OK) {
		FUZZ_CHECK(count == 0 && sodium_is_zero((const uint8_t *)grants, sizeof(grants)) == 1);
		return;
	}
	FUZZ_CHECK(count > 0 && count <= BOX_GRANTS_MAX);
	FUZZ_CHECK(box_seal(&sealed, again, desk_id, sender, box->recipient, box->day, grants, count,
	               key.public_key) == CAIRN_OK);
	FUZZ_CHECK(sealed.names.size == box->names.size && sealed.ct.size == box->ct.size &&
	    memcmp(sealed.names.text, box->names.text, box->names.size) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct op_box box = {.day = 20000};
	struct box_name name;
	size_t names, at = 0;

	if (size < 2 || size > OP_BOX_MAX)
		return 0;
	if (key.public_key[0] == 0)
		cairn_xwing_key_init(&key, seed);
	names = get_u16(bytes) < size - 2 ? get_u16(bytes) : size - 2;
	box.names = (struct cairn_span){(const char *)bytes + 2, names};
	while (box_name_next(&name, box.names, &at) == CAIRN_OK)
		FUZZ_CHECK(at <= names && name.what >= BOX_KEY && name.what <= BOX_SHARE);
	open_box(&box, bytes + 2 + names, size - 2 - names);
	return 0;
}
