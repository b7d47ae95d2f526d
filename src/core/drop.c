// SPDX-License-Identifier: GPL-3.0-or-later
#include "cairn/drop.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/text.h"
#include "base/writer.h"
#include "cairn/hpke.h"
#include "core/ct.h"

#define DROP_VERSION 1U
#define DAY_HOURS 24U
#define CT_AT (CAIRN_DROP_HEADER_BYTES + CAIRN_XWING_ENC_BYTES)
#define CT_BYTES (CAIRN_DROP_PLAIN_BYTES + CAIRN_HPKE_TAG_BYTES)

_Static_assert(CT_AT + CT_BYTES == CAIRN_DROP_CELL_BYTES, "header, enc and ct fill the cell");

static const struct door {
	enum cairn_door door;
	const char *name;
	enum cairn_tlv_place place;
} doors[] = {
    {CAIRN_DOOR_INTAKE, "intake", CAIRN_PLACE_INTAKE},
    {CAIRN_DOOR_CAMPAIGN, "campaign", CAIRN_PLACE_CAMPAIGN},
};

static const struct door *
door_row(unsigned door)
{
	for (size_t i = 0; i < sizeof doors / sizeof doors[0]; i++)
		if ((unsigned)doors[i].door == door)
			return &doors[i];
	return NULL;
}

const char *
cairn_door_name(enum cairn_door door)
{
	const struct door *row = door_row(door);

	return row == NULL ? NULL : row->name;
}

int
cairn_door_find(enum cairn_door *door, struct cairn_span name)
{
	for (size_t i = 0; i < sizeof doors / sizeof doors[0]; i++)
		if (span_is(name, doors[i].name)) {
			*door = doors[i].door;
			return CAIRN_OK;
		}
	return CAIRN_ERR_UNKNOWN;
}

int
cairn_drop_header_read(struct cairn_drop_header *header, const uint8_t cell[CAIRN_DROP_HEADER_BYTES])
{
	const struct door *row = door_row(cell[1]);

	if (cell[0] != DROP_VERSION || row == NULL)
		return CAIRN_ERR_FORMAT;
	*header = (struct cairn_drop_header){row->door, get_u16(cell + 2), get_u32(cell + 4)};
	return CAIRN_OK;
}

void
cairn_drop_header_write(uint8_t out[CAIRN_DROP_HEADER_BYTES], const struct cairn_drop_header *header)
{
	out[0] = DROP_VERSION;
	out[1] = (uint8_t)header->door;
	put_u16(out + 2, header->gen);
	put_u32(out + 4, header->day);
}

bool
cairn_drop_day_taken(uint32_t day, uint32_t hour)
{
	uint32_t today = hour / DAY_HOURS;

	return day <= today ? today - day <= 1 : day - today <= 1;
}

int
cairn_drop_begin(struct cairn_tlv_writer *w, uint8_t plain[CAIRN_DROP_PLAIN_BYTES],
    const struct cairn_drop_header *header, const struct cairn_conversation *conv,
    const uint8_t epoch_public[CAIRN_XWING_PUBLIC_BYTES], const uint8_t msgid[CAIRN_MSGID_BYTES])
{
	uint8_t hello[CAIRN_HELLO_BLOCK_BYTES + CAIRN_MAC_BYTES];
	uint8_t head[CAIRN_DROP_HEADER_BYTES];

	cairn_tlv_begin(w, plain, CAIRN_DROP_PLAIN_BYTES);
	w->err = cairn_xwing_public_check(epoch_public);
	if (w->err == CAIRN_OK && conv != NULL) {
		cairn_drop_header_write(head, header);
		cairn_hello_block(hello, conv, header->day);
		w->err = cairn_hello_mac(hello + CAIRN_HELLO_BLOCK_BYTES, conv->auth_secret,
		    epoch_public + CAIRN_XWING_POINT_AT, head, msgid);
		cairn_tlv_put(w, CAIRN_TLV_hello, hello, sizeof hello);
		sodium_memzero(hello, sizeof hello);
	}
	cairn_tlv_put(w, CAIRN_TLV_msgid, msgid, CAIRN_MSGID_BYTES);
	return w->err;
}

/* "cairn/1 drop" || desk_id || the open header: a cell opens for one desk, door and epoch key only. */
#define INFO_LABEL "cairn/1 drop"
#define INFO_BYTES (sizeof INFO_LABEL - 1 + CAIRN_HASH_BYTES + CAIRN_DROP_HEADER_BYTES)

static void
drop_info(uint8_t info[INFO_BYTES], const uint8_t desk_id[CAIRN_HASH_BYTES],
    const uint8_t head[CAIRN_DROP_HEADER_BYTES])
{
	struct writer w;

	writer_init(&w, info, INFO_BYTES);
	write_text(&w, INFO_LABEL);
	write_bytes(&w, desk_id, CAIRN_HASH_BYTES);
	write_bytes(&w, head, CAIRN_DROP_HEADER_BYTES);
}

int
cairn_drop_seal(uint8_t cell[CAIRN_DROP_CELL_BYTES], const uint8_t plain[CAIRN_DROP_PLAIN_BYTES],
    const struct cairn_drop_header *header, const uint8_t desk_id[CAIRN_HASH_BYTES],
    const uint8_t epoch_public[CAIRN_XWING_PUBLIC_BYTES], const uint8_t eseed[CAIRN_XWING_ESEED_BYTES])
{
	uint8_t info[INFO_BYTES];
	int err;

	cairn_drop_header_write(cell, header);
	drop_info(info, desk_id, cell);
	err = cairn_hpke_seal(cell + CAIRN_DROP_HEADER_BYTES, cell + CT_AT, plain, CAIRN_DROP_PLAIN_BYTES,
	    epoch_public, info, sizeof info, eseed);
	if (err != CAIRN_OK)
		memset(cell, 0, CAIRN_DROP_CELL_BYTES);
	return err;
}

/* Only who knows the passphrase, or holds the epoch key, can have made the mac. */
static int
mac_check(const struct cairn_record *hello, const struct cairn_record *msgid,
    const struct cairn_drop_header *header, const struct cairn_xwing_key *epoch_key)
{
	const uint8_t *auth_key = hello->value + CAIRN_XWING_PUBLIC_BYTES;
	uint8_t head[CAIRN_DROP_HEADER_BYTES];
	uint8_t mac[CAIRN_MAC_BYTES];
	int err, wrong;

	cairn_drop_header_write(head, header);
	err = cairn_hello_mac(mac, epoch_key->x25519, auth_key, head, msgid->value);
	wrong = sodium_memcmp(mac, hello->value + CAIRN_HELLO_BLOCK_BYTES, sizeof mac);
	/* Whether the mac is right decides what becomes of the cell. */
	CT_PUBLIC(&wrong, sizeof wrong);
	if (err == CAIRN_OK && wrong != 0)
		err = CAIRN_ERR_CRYPTO;
	sodium_memzero(mac, sizeof mac);
	return err;
}

int
cairn_drop_plain_check(const uint8_t plain[CAIRN_DROP_PLAIN_BYTES], const struct cairn_drop_header *header,
    const struct cairn_xwing_key *epoch_key)
{
	const struct door *row = door_row((unsigned)header->door);
	struct cairn_record hello, msgid;
	int err;

	if (row == NULL)
		return CAIRN_ERR_FORMAT;
	if ((err = cairn_tlv_check(plain, CAIRN_DROP_PLAIN_BYTES, row->place, header->day)) != CAIRN_OK)
		return err;
	if (!cairn_tlv_find(plain, CAIRN_DROP_PLAIN_BYTES, CAIRN_TLV_hello, &hello))
		return CAIRN_OK;
	if (!cairn_tlv_find(plain, CAIRN_DROP_PLAIN_BYTES, CAIRN_TLV_msgid, &msgid))
		return CAIRN_ERR_FORMAT;
	return mac_check(&hello, &msgid, header, epoch_key);
}

int
cairn_drop_open(uint8_t plain[CAIRN_DROP_PLAIN_BYTES], const uint8_t cell[CAIRN_DROP_CELL_BYTES],
    const uint8_t desk_id[CAIRN_HASH_BYTES], const struct cairn_xwing_key *epoch_key)
{
	struct cairn_drop_header header;
	uint8_t info[INFO_BYTES];
	int err;

	if ((err = cairn_drop_header_read(&header, cell)) != CAIRN_OK)
		goto out;
	drop_info(info, desk_id, cell);
	err = cairn_hpke_open(plain, cell + CAIRN_DROP_HEADER_BYTES, cell + CT_AT, CT_BYTES, epoch_key, info,
	    sizeof info);
	/* What opened is read record by record, by the desk that it is for. */
	CT_PUBLIC(plain, CAIRN_DROP_PLAIN_BYTES);
	if (err == CAIRN_OK)
		err = cairn_drop_plain_check(plain, &header, epoch_key);
out:
	if (err != CAIRN_OK)
		sodium_memzero(plain, CAIRN_DROP_PLAIN_BYTES);
	return err;
}
