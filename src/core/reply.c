// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "base/writer.h"
#include "cairn/board.h"
#include "cairn/hpke.h"
#include "core/ct.h"

#define CT_AT (CAIRN_TAG_BYTES + CAIRN_XWING_ENC_BYTES)
#define CT_BYTES (CAIRN_REPLY_PLAIN_BYTES + CAIRN_HPKE_TAG_BYTES)

_Static_assert(CT_AT + CT_BYTES == CAIRN_REPLY_CELL_BYTES, "tag, enc and ct fill the cell");

/* "cairn/1 reply" || desk_id || u32 day || tag */
#define INFO_LABEL "cairn/1 reply"
#define INFO_BYTES (sizeof INFO_LABEL - 1 + CAIRN_HASH_BYTES + 4 + CAIRN_TAG_BYTES)

static void
reply_info(uint8_t info[INFO_BYTES], const uint8_t desk_id[CAIRN_HASH_BYTES], uint32_t day,
    const uint8_t tag[CAIRN_TAG_BYTES])
{
	struct writer w;

	writer_init(&w, info, INFO_BYTES);
	write_text(&w, INFO_LABEL);
	write_bytes(&w, desk_id, CAIRN_HASH_BYTES);
	write_u32(&w, day);
	write_bytes(&w, tag, CAIRN_TAG_BYTES);
}

int
cairn_reply_seal(uint8_t cell[CAIRN_REPLY_CELL_BYTES], const uint8_t plain[CAIRN_REPLY_PLAIN_BYTES],
    const uint8_t desk_id[CAIRN_HASH_BYTES], uint32_t day, const uint8_t tag[CAIRN_TAG_BYTES],
    const uint8_t reply_key[CAIRN_XWING_PUBLIC_BYTES], const uint8_t eseed[CAIRN_XWING_ESEED_BYTES])
{
	uint8_t info[INFO_BYTES];
	int err;

	reply_info(info, desk_id, day, tag);
	memcpy(cell, tag, CAIRN_TAG_BYTES);
	err = cairn_hpke_seal(cell + CAIRN_TAG_BYTES, cell + CT_AT, plain, CAIRN_REPLY_PLAIN_BYTES, reply_key,
	    info, sizeof info, eseed);
	if (err != CAIRN_OK)
		memset(cell, 0, CAIRN_REPLY_CELL_BYTES);
	return err;
}

void
cairn_reply_filler(uint8_t cell[CAIRN_REPLY_CELL_BYTES], const uint8_t desk_id[CAIRN_HASH_BYTES],
    uint32_t day, const uint8_t randomness[CAIRN_FILLER_RANDOM_BYTES])
{
	static const uint8_t zeros[CAIRN_REPLY_PLAIN_BYTES];
	const uint8_t *eseed = randomness + CAIRN_XWING_SEED_BYTES;
	const uint8_t *tag = eseed + CAIRN_XWING_ESEED_BYTES;
	struct cairn_xwing_key throwaway;

	cairn_xwing_key_init(&throwaway, randomness);
	/* A key just made from a seed is one that may be used: this cannot fail. */
	if (cairn_reply_seal(cell, zeros, desk_id, day, tag, throwaway.public_key, eseed) != CAIRN_OK)
		sodium_misuse();
	cairn_xwing_key_clear(&throwaway);
}

int
cairn_reply_open(uint8_t plain[CAIRN_REPLY_PLAIN_BYTES], const uint8_t cell[CAIRN_REPLY_CELL_BYTES],
    const uint8_t desk_id[CAIRN_HASH_BYTES], uint32_t day, const struct cairn_xwing_key *reply)
{
	uint8_t info[INFO_BYTES];
	int err;

	reply_info(info, desk_id, day, cell);
	err = cairn_hpke_open(plain, cell + CAIRN_TAG_BYTES, cell + CT_AT, CT_BYTES, reply, info, sizeof info);
	/* What opened is read record by record, by the person that it is for. */
	CT_PUBLIC(plain, CAIRN_REPLY_PLAIN_BYTES);
	if (err == CAIRN_OK)
		err = cairn_tlv_check(plain, CAIRN_REPLY_PLAIN_BYTES, CAIRN_PLACE_REPLY, day);
	if (err != CAIRN_OK)
		sodium_memzero(plain, CAIRN_REPLY_PLAIN_BYTES);
	return err;
}
