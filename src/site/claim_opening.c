// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/claim_opening.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/reader.h"
#include "cairn/hpke.h"

/*
 *	u8 version = 1 || desk_id[32] || claim_id[16] || enc[1120] || ct
 *	plaintext: u16 count, then commitment[32] || blinding[32] || account[32] each,
    then zeros to a multiple of 4096
 */
#define VERSION 1U
#define ITEM_BYTES (CLAIM_COMMITMENT_BYTES + CLAIM_BLINDING_BYTES + CAIRN_SHA256_BYTES)
#define PLAIN_MAX (16U * CLAIM_OPENING_PAD)
#define INFO_BYTES (sizeof "cairn/1 opening" - 1 + CAIRN_HASH_BYTES + CLAIM_ID_BYTES)

_Static_assert(2 + CLAIM_OPENED_MAX * ITEM_BYTES <= PLAIN_MAX, "all that may be opened fits");

static void
info_of(uint8_t out[INFO_BYTES], const uint8_t *head)
{
	static const char label[] = "cairn/1 opening";

	memcpy(out, label, sizeof label - 1);
	memcpy(out + sizeof label - 1, head + 1, CAIRN_HASH_BYTES + CLAIM_ID_BYTES);
}

/* ---- sealing ---- */

static const struct claim_secret *
account_of(const struct claim_secrets *secrets, const char *code)
{
	for (size_t i = 0; i < secrets->count; i++)
		if (!secrets->items[i].dummy && strcmp(secrets->items[i].code, code) == 0)
			return &secrets->items[i];
	return NULL;
}

static bool
stands_before(const char *const *codes, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (strcmp(codes[j], codes[i]) == 0)
			return true;
	return false;
}

static int
plain_make(uint8_t *plain, size_t room, size_t *ret_bytes, size_t *ret_missing, const struct claim_secrets *secrets,
    const char *const *codes, size_t count)
{
	struct writer w;
	size_t used = 0;
	int err;

	writer_init(&w, plain, room);
	write_u16(&w, (uint16_t)count);
	for (size_t i = 0; i < count; i++) {
		const struct claim_secret *secret = account_of(secrets, codes[i]);
		uint8_t commitment[CLAIM_COMMITMENT_BYTES];

		*ret_missing = i;
		if (secret == NULL)
			return CAIRN_ERR_UNKNOWN;
		if (stands_before(codes, i))
			return CAIRN_ERR_CONFLICT;
		claim_commit(commitment, secrets->claim_id, secret);
		write_bytes(&w, commitment, sizeof commitment);
		write_bytes(&w, secret->blinding, sizeof secret->blinding);
		write_bytes(&w, secret->account, sizeof secret->account);
	}
	err = writer_end(&w, &used);
	*ret_bytes = (used + CLAIM_OPENING_PAD - 1) / CLAIM_OPENING_PAD * CLAIM_OPENING_PAD;
	return err;
}

int
claim_opening_seal(uint8_t *out, size_t room, size_t *ret_bytes, size_t *ret_missing,
    const struct claim_secrets *secrets, const char *const *codes, size_t count,
    const uint8_t court[CAIRN_XWING_PUBLIC_BYTES], const uint8_t eseed[CAIRN_XWING_ESEED_BYTES])
{
	uint8_t info[INFO_BYTES], *plain;
	size_t size = 0, wanted;
	int err;

	*ret_missing = 0;
	if (count == 0 || count > CLAIM_OPENED_MAX)
		return CAIRN_ERR_RANGE;
	plain = sodium_malloc(PLAIN_MAX);
	if (plain == NULL)
		return CAIRN_ERR_NOMEM;
	memset(plain, 0, PLAIN_MAX);
	err = plain_make(plain, PLAIN_MAX, &size, ret_missing, secrets, codes, count);
	wanted = CLAIM_OPENING_HEAD + CAIRN_XWING_ENC_BYTES + size + CAIRN_HPKE_TAG_BYTES;
	if (err == CAIRN_OK && wanted > room)
		err = CAIRN_ERR_SPACE;
	if (err == CAIRN_OK) {
		out[0] = VERSION;
		memcpy(out + 1, secrets->desk_id, CAIRN_HASH_BYTES);
		memcpy(out + 1 + CAIRN_HASH_BYTES, secrets->claim_id, CLAIM_ID_BYTES);
		info_of(info, out);
		err = cairn_hpke_seal(out + CLAIM_OPENING_HEAD, out + CLAIM_OPENING_HEAD + CAIRN_XWING_ENC_BYTES,
		    plain,
		    size, court, info, sizeof info, eseed);
	}
	if (err == CAIRN_OK)
		*ret_bytes = wanted;
	sodium_free(plain);
	return err;
}

/* ---- opening ---- */

static bool
is_zero(const uint8_t *bytes, size_t size)
{
	return sodium_is_zero(bytes, size) == 1;
}

static int
plain_read(struct claim_opening *opening, const uint8_t *plain, size_t size)
{
	struct reader r;
	uint16_t count = 0;

	reader_init(&r, plain, size);
	take_u16(&r, &count);
	if (count == 0 || count > CLAIM_OPENED_MAX)
		return CAIRN_ERR_FORMAT;
	for (uint16_t i = 0; i < count; i++) {
		take_bytes(&r, opening->items[i].commitment, CLAIM_COMMITMENT_BYTES);
		take_bytes(&r, opening->items[i].blinding, CLAIM_BLINDING_BYTES);
		take_bytes(&r, opening->items[i].account, CAIRN_SHA256_BYTES);
	}
	/* One way only to pad: zeros to the next multiple. */
	if (r.failed || r.left >= CLAIM_OPENING_PAD || !is_zero(r.next, r.left))
		return CAIRN_ERR_FORMAT;
	opening->count = count;
	return CAIRN_OK;
}

static int
open_into(struct claim_opening *opening, uint8_t *plain, const uint8_t *bytes, size_t size,
    const struct cairn_xwing_key *court)
{
	const uint8_t *enc = bytes + CLAIM_OPENING_HEAD, *ct = enc + CAIRN_XWING_ENC_BYTES;
	size_t ct_bytes = size - CLAIM_OPENING_HEAD - CAIRN_XWING_ENC_BYTES;
	uint8_t info[INFO_BYTES];
	int err;

	info_of(info, bytes);
	err = cairn_hpke_open(plain, enc, ct, ct_bytes, court, info, sizeof info);
	if (err == CAIRN_OK)
		err = plain_read(opening, plain, ct_bytes - CAIRN_HPKE_TAG_BYTES);
	if (err == CAIRN_OK) {
		memcpy(opening->desk_id, bytes + 1, CAIRN_HASH_BYTES);
		memcpy(opening->claim_id, bytes + 1 + CAIRN_HASH_BYTES, CLAIM_ID_BYTES);
	}
	return err;
}

int
claim_opening_open(struct claim_opening *opening, const uint8_t *bytes, size_t size,
    const struct cairn_xwing_key *court)
{
	const size_t least = CLAIM_OPENING_HEAD + CAIRN_XWING_ENC_BYTES + CLAIM_OPENING_PAD + CAIRN_HPKE_TAG_BYTES;
	uint8_t *plain;
	int err;

	sodium_memzero(opening, sizeof *opening);
	if (size < least || size > CLAIM_OPENING_MAX || (size - least) % CLAIM_OPENING_PAD != 0 ||
	    bytes[0] != VERSION)
		return CAIRN_ERR_FORMAT;
	plain = sodium_malloc(PLAIN_MAX);
	if (plain == NULL)
		return CAIRN_ERR_NOMEM;
	err = open_into(opening, plain, bytes, size, court);
	if (err != CAIRN_OK)
		sodium_memzero(opening, sizeof *opening);
	sodium_free(plain);
	return err;
}

int
claim_opening_check(const struct claim_opening *opening, const struct claim *claim, size_t *ret_bad)
{
	*ret_bad = 0;
	if (memcmp(opening->desk_id, claim->desk_id, sizeof claim->desk_id) != 0 ||
	    memcmp(opening->claim_id, claim->id, sizeof claim->id) != 0)
		return CAIRN_ERR_CONFLICT;
	for (size_t i = 0; i < opening->count; i++) {
		const struct claim_opened *o = &opening->items[i];
		struct claim_secret secret = {.dummy = false};
		uint8_t commitment[CLAIM_COMMITMENT_BYTES];

		*ret_bad = i;
		memcpy(secret.blinding, o->blinding, sizeof secret.blinding);
		memcpy(secret.account, o->account, sizeof secret.account);
		claim_commit(commitment, claim->id, &secret);
		sodium_memzero(&secret, sizeof secret);
		if (memcmp(commitment, o->commitment, sizeof commitment) != 0)
			return CAIRN_ERR_CRYPTO;
		if (!claim_has_commitment(claim, commitment))
			return CAIRN_ERR_CONFLICT;
		for (size_t j = 0; j < i; j++)
			if (memcmp(o->commitment, opening->items[j].commitment, sizeof commitment) == 0 ||
			    memcmp(o->account, opening->items[j].account, sizeof o->account) == 0)
				return CAIRN_ERR_CONFLICT;
	}
	return CAIRN_OK;
}

size_t
claim_opening_find(const struct claim_opening *opening, const uint8_t account[CAIRN_SHA256_BYTES])
{
	size_t i = 0;

	while (i < opening->count && memcmp(opening->items[i].account, account, CAIRN_SHA256_BYTES) != 0)
		i++;
	return i;
}
