// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/join.h"

#include <string.h>

#include <sodium.h>

#include "cairn/hpke.h"
#include "carry/join_wire.h"

#define PLAIN_AT 24U /* where a message's plaintext is written, behind the nonce */

void
join_clear(struct join *join)
{
	sodium_memzero(join, sizeof(*join));
}

/* What is wrong in a message that opened ends it all: the code is spent. */
static int
end_if(struct join *join, int err)
{
	if (err != CAIRN_OK)
		join_clear(join);
	return err;
}

static void
begin(struct join *join, const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t root[JOIN_ROOT_BYTES])
{
	join_clear(join);
	memcpy(join->desk_id, desk_id, sizeof(join->desk_id));
	cairn_derive(join->key, root, "join", NULL, 0);
}

int
join_new_begin(struct join *join, const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t root[JOIN_ROOT_BYTES],
    const struct join_keys *keys, uint8_t out[JOIN_MESSAGE_MAX], size_t *ret_bytes)
{
	begin(join, desk_id, root);
	if (join_keys_check(keys) != CAIRN_OK)
		return end_if(join, CAIRN_ERR_RANGE);
	join->keys = *keys;
	randombytes_buf(join->nonce, sizeof(join->nonce));
	join_commitment(join->commitment, join->nonce, keys);
	memcpy(out + PLAIN_AT, join->commitment, sizeof(join->commitment));
	join_seal(join, 1, out, sizeof(join->commitment), ret_bytes);
	join->state = JOIN_NEW_COMMITTED;
	return CAIRN_OK;
}

/* Message 2: the admin's nonce, device and sign key. */
static int
admin_read(struct join *join, const uint8_t *plain, size_t bytes)
{
	struct reader r;

	reader_init(&r, plain, bytes);
	take_bytes(&r, join->admin_nonce, sizeof(join->admin_nonce));
	take_bytes(&r, join->admin, sizeof(join->admin));
	take_bytes(&r, join->admin_key, sizeof(join->admin_key));
	return reader_end(&r);
}

int
join_new_answer(struct join *join, const uint8_t *message, size_t bytes, uint8_t out[JOIN_MESSAGE_MAX],
    size_t *ret_bytes)
{
	uint8_t plain[JOIN_MESSAGE_MAX];
	struct writer w;
	int err;

	if (join->state != JOIN_NEW_COMMITTED)
		return CAIRN_ERR_STATE;
	err = join_open(join, 2, plain, message, bytes);
	if (err != CAIRN_OK)
		return err;
	err = admin_read(join, plain, bytes - JOIN_SEAL_BYTES);
	if (err != CAIRN_OK)
		return end_if(join, err);
	join_transcript(join);
	writer_init(&w, out + PLAIN_AT, JOIN_MESSAGE_MAX - JOIN_SEAL_BYTES);
	write_bytes(&w, join->nonce, sizeof(join->nonce));
	join_keys_write(&w, &join->keys);
	join_seal(join, 3, out, w.used, ret_bytes);
	join->state = JOIN_NEW_COMPARING;
	return CAIRN_OK;
}

static int
step(struct join *join, enum join_state from, enum join_state to)
{
	if (join->state != from)
		return CAIRN_ERR_STATE;
	join->state = to;
	return CAIRN_OK;
}

int
join_new_confirm(struct join *join)
{
	return step(join, JOIN_NEW_COMPARING, JOIN_NEW_CONFIRMED);
}

/* u32 day || enc || ct, opened into room with that day's seed. */
static int
welcome_open(const struct join *join, struct join_welcome *welcome, uint8_t *room, const uint8_t *plain, size_t bytes,
    uint8_t seeds[OP_DAY_KEYS_MAX][CAIRN_XWING_SEED_BYTES])
{
	uint8_t info[CAIRN_HPKE_INFO_MAX];
	struct cairn_xwing_key key;
	const uint8_t *enc;
	struct reader r;
	uint32_t day;
	int err;

	reader_init(&r, plain, bytes);
	take_u32(&r, &day);
	enc = take_view(&r, CAIRN_XWING_ENC_BYTES);
	if (r.failed || r.left < CAIRN_HPKE_TAG_BYTES)
		return CAIRN_ERR_FORMAT;
	if (day < join->keys.first_day || day - join->keys.first_day >= OP_DAY_KEYS_MAX)
		return CAIRN_ERR_STALE;
	cairn_xwing_key_init(&key, seeds[day - join->keys.first_day]);
	err = cairn_hpke_open(room, enc, r.next, r.left, &key, info, join_info(info, join, day));
	cairn_xwing_key_clear(&key);
	return err != CAIRN_OK ? err : join_welcome_read(welcome, join, room, r.left - CAIRN_HPKE_TAG_BYTES);
}

int
join_new_welcome(struct join *join, const uint8_t *message, size_t bytes,
    uint8_t seeds[OP_DAY_KEYS_MAX][CAIRN_XWING_SEED_BYTES], struct join_welcome *welcome,
    uint8_t room[JOIN_MESSAGE_MAX])
{
	uint8_t plain[JOIN_MESSAGE_MAX];
	int err;

	memset(welcome, 0, sizeof(*welcome));
	if (join->state != JOIN_NEW_CONFIRMED)
		return CAIRN_ERR_STATE;
	err = join_open(join, 4, plain, message, bytes);
	if (err != CAIRN_OK)
		return err;
	err = welcome_open(join, welcome, room, plain, bytes - JOIN_SEAL_BYTES, seeds);
	if (err != CAIRN_OK) {
		sodium_memzero(welcome, sizeof(*welcome));
		sodium_memzero(room, JOIN_MESSAGE_MAX);
	}
	join_clear(join);
	return err;
}

void
join_admin_begin(struct join *join, const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t root[JOIN_ROOT_BYTES],
    const uint8_t admin[OP_ID_BYTES], const uint8_t admin_key[32])
{
	begin(join, desk_id, root);
	memcpy(join->admin, admin, sizeof(join->admin));
	memcpy(join->admin_key, admin_key, sizeof(join->admin_key));
	join->state = JOIN_ADMIN_WAITING;
}

int
join_admin_answer(struct join *join, const uint8_t *message, size_t bytes, uint8_t out[JOIN_MESSAGE_MAX],
    size_t *ret_bytes)
{
	uint8_t plain[JOIN_MESSAGE_MAX];
	struct writer w;
	int err;

	if (join->state != JOIN_ADMIN_WAITING)
		return CAIRN_ERR_STATE;
	err = join_open(join, 1, plain, message, bytes);
	if (err != CAIRN_OK)
		return err;
	if (bytes != JOIN_SEAL_BYTES + CAIRN_HASH_BYTES)
		return end_if(join, CAIRN_ERR_FORMAT);
	memcpy(join->commitment, plain, sizeof(join->commitment));
	/* Not before the commitment is here: it could be chosen to it otherwise. */
	randombytes_buf(join->admin_nonce, sizeof(join->admin_nonce));
	writer_init(&w, out + PLAIN_AT, JOIN_MESSAGE_MAX - JOIN_SEAL_BYTES);
	write_bytes(&w, join->admin_nonce, sizeof(join->admin_nonce));
	write_bytes(&w, join->admin, sizeof(join->admin));
	write_bytes(&w, join->admin_key, sizeof(join->admin_key));
	join_seal(join, 2, out, w.used, ret_bytes);
	join->state = JOIN_ADMIN_ANSWERED;
	return CAIRN_OK;
}

static int
keys_open(struct join *join, const uint8_t *plain, size_t bytes)
{
	uint8_t commitment[CAIRN_HASH_BYTES];
	struct reader r;
	int err;

	reader_init(&r, plain, bytes);
	take_bytes(&r, join->nonce, sizeof(join->nonce));
	err = join_keys_read(&join->keys, &r);
	if (err != CAIRN_OK)
		return err;
	join_commitment(commitment, join->nonce, &join->keys);
	return sodium_memcmp(commitment, join->commitment, sizeof(commitment)) == 0 ? CAIRN_OK : CAIRN_ERR_CRYPTO;
}

int
join_admin_keys(struct join *join, const uint8_t *message, size_t bytes)
{
	uint8_t plain[JOIN_MESSAGE_MAX];
	int err;

	if (join->state != JOIN_ADMIN_ANSWERED)
		return CAIRN_ERR_STATE;
	err = join_open(join, 3, plain, message, bytes);
	if (err != CAIRN_OK)
		return err;
	err = keys_open(join, plain, bytes - JOIN_SEAL_BYTES);
	if (err != CAIRN_OK)
		return end_if(join, err);
	join_transcript(join);
	join->state = JOIN_ADMIN_COMPARING;
	return CAIRN_OK;
}

int
join_admin_confirm(struct join *join)
{
	return step(join, JOIN_ADMIN_COMPARING, JOIN_ADMIN_CONFIRMED);
}

static int
welcome_seal(const struct join *join, uint8_t *out, const struct join_welcome *welcome, uint32_t day,
    const uint8_t sign_secret[64], size_t *ret_bytes)
{
	uint8_t plain[JOIN_WELCOME_MAX + 64U], eseed[CAIRN_XWING_ESEED_BYTES], info[CAIRN_HPKE_INFO_MAX];
	size_t at = PLAIN_AT + 4U + CAIRN_XWING_ENC_BYTES;
	const uint8_t *day_key = join->keys.day_keys[day - join->keys.first_day];
	struct writer head, w;
	int err = CAIRN_ERR_RANGE;

	writer_init(&w, plain, sizeof(plain));
	join_welcome_write(&w, join, welcome, sign_secret);
	writer_init(&head, out + PLAIN_AT, 4);
	write_u32(&head, day);
	randombytes_buf(eseed, sizeof(eseed));
	if (!w.failed)
		err = cairn_hpke_seal(out + PLAIN_AT + 4, out + at, plain, w.used, day_key, info,
		    join_info(info, join, day), eseed);
	sodium_memzero(eseed, sizeof(eseed));
	sodium_memzero(plain, sizeof(plain));
	if (err == CAIRN_OK)
		join_seal(join, 4, out, 4U + CAIRN_XWING_ENC_BYTES + w.used + CAIRN_HPKE_TAG_BYTES, ret_bytes);
	return err;
}

int
join_admin_welcome(struct join *join, const struct join_welcome *welcome, uint32_t today,
    const uint8_t sign_secret[64], uint8_t out[JOIN_MESSAGE_MAX], size_t *ret_bytes)
{
	uint32_t first = join->keys.first_day, day = today < first ? first : today;
	int err;

	if (join->state != JOIN_ADMIN_CONFIRMED)
		return CAIRN_ERR_STATE;
	if (welcome->note.size > JOIN_NOTE_MAX || welcome->seq > INT64_MAX)
		return CAIRN_ERR_RANGE;
	if (day - first >= OP_DAY_KEYS_MAX)
		return CAIRN_ERR_STALE;
	err = welcome_seal(join, out, welcome, day, sign_secret, ret_bytes);
	if (err == CAIRN_OK)
		join_clear(join);
	return err;
}
