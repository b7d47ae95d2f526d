// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/opening.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "carry/compartments.h"
#include "carry/day_keys.h"
#include "carry/devices.h"
#include "carry/feed_record.h"
#include "carry/say.h"
#include "carry/shares_kept.h"
#include "carry/threshold.h"

#define AAD_BYTES 12U

static void
aad_of(uint8_t aad[AAD_BYTES], uint64_t c)
{
	memcpy(aad, "open", 4);
	put_u64(aad + 4, c);
}

int
opening_key(struct carry *carry, struct cairn_xwing_key *key, uint64_t c, uint64_t now)
{
	struct query q = carry_query(carry, CARRY_OPEN_GET);
	uint8_t sealed[ERASURE_SEALED_BYTES], seed[CAIRN_XWING_SEED_BYTES], aad[AAD_BYTES];
	int err = CAIRN_ERR_DENIED;
	int end;

	aad_of(aad, c);
	bind_int(&q, c);
	if (query_row(&q) && query_int(&q, 1) > now) {
		query_bytes(&q, 0, sealed, sizeof(sealed));
		err = erasure_open(carry->erasure, seed, sealed, aad, sizeof(aad));
	}
	end = query_end(&q);
	if (end == CAIRN_OK && err == CAIRN_OK)
		cairn_xwing_key_init(key, seed);
	sodium_memzero(seed, sizeof(seed));
	return end != CAIRN_OK ? end : err;
}

int
carry_ask(struct carry *carry, uint8_t ask[OP_ID_BYTES], enum ask_what what, const uint8_t compartment[OP_ID_BYTES],
    struct cairn_span reason, uint64_t now)
{
	struct op_ask said = {.what = (uint8_t)what, .reason = reason};

	randombytes_buf(ask, OP_ID_BYTES);
	memcpy(said.ask, ask, OP_ID_BYTES);
	memcpy(said.compartment, compartment, OP_ID_BYTES);
	return carry_say(carry, carry_desk_compartment, OP_ASK, &said, now, NULL);
}

/* What an ask asks. */
struct asked {
	uint64_t device;
	enum ask_what what;
	uint64_t c;
	uint64_t at;
};

static int
asked_get(struct carry *carry, struct asked *ret, const uint8_t ask[OP_ID_BYTES])
{
	struct query q = carry_query(carry, CARRY_ASK_GET);
	bool there;
	int err;

	memset(ret, 0, sizeof(*ret));
	bind_id(&q, ask);
	there = query_row(&q);
	if (there) {
		ret->device = query_int(&q, 0);
		ret->what = (enum ask_what)query_int(&q, 1);
		ret->c = query_int(&q, 2);
		ret->at = query_int(&q, 4);
	}
	err = query_end(&q);
	return err == CAIRN_OK && !there ? CAIRN_ERR_UNKNOWN : err;
}

/* This device's share, to the day key of whoever asked. */
static int
share_give(struct carry *carry, struct writer *w, const struct asked *asked, uint64_t now)
{
	uint8_t room[BOX_ROOM_BYTES], key[CAIRN_XWING_PUBLIC_BYTES];
	struct box_grant grant = {.what = BOX_SHARE};
	struct carry_compartment c;
	struct carry_device to;
	struct threshold_share share;
	struct op_box box;
	int err = compartment_at(carry, &c, asked->c);

	if (err == CAIRN_OK)
		err = device_at(carry, &to, asked->device);
	if (err == CAIRN_OK)
		err = day_key_of(carry, key, to.n, carry_day(now));
	if (err == CAIRN_OK)
		err = share_mine(carry, &share, c.n);
	if (err != CAIRN_OK)
		return err == CAIRN_ERR_UNKNOWN ? CAIRN_ERR_DENIED : err;
	memcpy(grant.id, c.id, OP_ID_BYTES);
	grant.number = share.number;
	memcpy(grant.secret, share.bytes, sizeof(grant.secret));
	err = box_seal(&box, room, carry->self.desk_id, carry->self.device, to.id, carry_day(now), &grant, 1, key);
	sodium_memzero(&grant, sizeof(grant));
	sodium_memzero(&share, sizeof(share));
	return err == CAIRN_OK ? say_into(carry, w, OP_BOX, &box, now, NULL) : err;
}

static int
consent_say(struct carry *carry, const uint8_t ask[OP_ID_BYTES], uint64_t now)
{
	uint8_t room[BOX_ROOM_BYTES];
	struct op_consent said;
	struct asked asked;
	struct writer w;
	uint64_t first;
	int err = asked_get(carry, &asked, ask);

	if (err == CAIRN_OK && asked.at + ASK_HOUR_S < now)
		err = CAIRN_ERR_STALE;
	if (err != CAIRN_OK)
		return err;
	writer_init(&w, room, sizeof(room));
	memcpy(said.ask, ask, OP_ID_BYTES);
	err = say_into(carry, &w, OP_CONSENT, &said, now, &first);
	if (err == CAIRN_OK && asked.what == ASK_OPEN)
		err = share_give(carry, &w, &asked, now);
	return err == CAIRN_OK ? say_row(carry, room, w.used, first) : err;
}

int
carry_consent(struct carry *carry, const uint8_t ask[OP_ID_BYTES], uint64_t now)
{
	int err = db_begin(carry->db);

	return err == CAIRN_OK ? db_end(carry->db, consent_say(carry, ask, now)) : err;
}

static int
open_keep(struct carry *carry, uint64_t c, const uint8_t seed[CAIRN_XWING_SEED_BYTES], uint64_t until)
{
	uint8_t sealed[ERASURE_SEALED_BYTES], aad[AAD_BYTES];
	struct query q;
	int err;

	aad_of(aad, c);
	err = erasure_seal(carry->erasure, sealed, seed, aad, sizeof(aad));
	if (err != CAIRN_OK)
		return err;
	q = carry_query(carry, CARRY_OPEN_PUT);
	bind_int(&q, c);
	bind_bytes(&q, sealed, sizeof(sealed));
	bind_int(&q, until);
	return query_run(&q);
}

/* The shares of others are used once, and go, whether they sufficed or the hour is over. */
static int
open_try(struct carry *carry, uint64_t c, uint64_t at, uint64_t now)
{
	struct threshold_share shares[THRESHOLD_MOST];
	uint8_t public_key[CAIRN_XWING_PUBLIC_BYTES], seed[CAIRN_XWING_SEED_BYTES];
	struct cairn_xwing_key key;
	struct query q = carry_query(carry, CARRY_COMPARTMENT_PUBLIC);
	size_t count;
	int err;

	bind_int(&q, c);
	if (query_row(&q))
		query_bytes(&q, 0, public_key, sizeof(public_key));
	err = query_end(&q);
	if (err == CAIRN_OK)
		err = shares_here(carry, shares, THRESHOLD_MOST, &count, c);
	if (err == CAIRN_OK && at + ASK_HOUR_S > now &&
	    threshold_join_key(&key, shares, count, public_key) == CAIRN_OK) {
		cairn_xwing_key_clear(&key);
		err = threshold_join(seed, shares, count);
		if (err == CAIRN_OK)
			err = open_keep(carry, c, seed, at + ASK_HOUR_S);
		if (err == CAIRN_OK)
			err = shares_give_back(carry, c);
	} else if (err == CAIRN_OK && at + ASK_HOUR_S <= now) {
		err = shares_give_back(carry, c);
	}
	sodium_memzero(shares, sizeof(shares));
	sodium_memzero(seed, sizeof(seed));
	return err;
}

/* This device's newest ask for each compartment of which it has shares of others. */
static int
open_each(struct carry *carry, uint64_t now)
{
	uint64_t c[64], at[64];
	size_t count = 0;
	struct carry_device self;
	struct query q;
	int err = device_self(carry, &self);

	if (err != CAIRN_OK)
		return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
	q = carry_query(carry, CARRY_OPEN_ASKED);
	bind_int(&q, self.n);
	while (count < 64 && query_row(&q)) {
		c[count] = query_int(&q, 0);
		at[count++] = query_int(&q, 1);
	}
	err = query_end(&q);
	for (size_t i = 0; i < count && err == CAIRN_OK; i++)
		err = open_try(carry, c[i], at[i], now);
	return err;
}

int
openings_turn(struct carry *carry, uint64_t now)
{
	struct query q = carry_query(carry, CARRY_OPEN_OLD);
	int err;

	bind_int(&q, now);
	err = query_run(&q);
	if (err == CAIRN_OK && db_changes(carry->db) > 0)
		err = erasure_owe(carry->erasure);
	return err == CAIRN_OK ? open_each(carry, now) : err;
}
