// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/epoch.h"

#include <sodium.h>

#include "desk/sealed.h"

static struct sealed_row
epoch_row(uint64_t door, uint64_t day, uint64_t gen)
{
	return (struct sealed_row){"epoch", door, day, gen};
}

int
epoch_add(struct db *state, enum cairn_door door, uint32_t day, uint16_t gen)
{
	uint8_t seed[CAIRN_XWING_SEED_BYTES], sealed[ERASURE_SEALED_BYTES];
	uint8_t hash[CAIRN_SHA256_BYTES];
	struct cairn_xwing_key key;
	struct query q;
	int err;

	randombytes_buf(seed, sizeof(seed));
	cairn_xwing_key_init(&key, seed);
	crypto_hash_sha256(hash, key.public_key, sizeof(key.public_key));
	cairn_xwing_key_clear(&key);
	err = sealed_make(state, sealed, seed, epoch_row(door, day, gen));
	sodium_memzero(seed, sizeof(seed));
	if (err != CAIRN_OK)
		return err;
	q = query(state, SQL_EPOCH_ADD);
	bind_int(&q, door);
	bind_int(&q, day);
	bind_int(&q, gen);
	bind_bytes(&q, sealed, sizeof(sealed));
	bind_bytes(&q, hash, sizeof(hash));
	return query_run(&q);
}

static int
epoch_make_door(struct db *state, enum cairn_door door, uint32_t today, uint32_t days)
{
	for (uint32_t day = today; day <= today + days; day++) {
		struct query q = query(state, SQL_EPOCH_HAVE);
		uint64_t have;
		int err;

		bind_int(&q, door);
		bind_int(&q, day);
		err = query_number(&q, &have);
		if (err == CAIRN_OK && have == 0)
			err = epoch_add(state, door, day, 0);
		if (err != CAIRN_OK)
			return err;
	}
	return CAIRN_OK;
}

int
epoch_make(struct db *state, const struct desk_self *self, uint32_t today)
{
	int err = epoch_make_door(state, CAIRN_DOOR_INTAKE, today, self->intake_days);

	if (err == CAIRN_OK)
		err = epoch_make_door(state, CAIRN_DOOR_CAMPAIGN, today, self->campaign_days);
	return err;
}

/* The slot of that header, or the one that was used longest ago. */
static struct desk_epoch_slot *
epoch_slot(struct desk *desk, const struct cairn_drop_header *header, bool *hit)
{
	struct desk_epoch_slot *oldest = &desk->epochs[0];

	for (size_t i = 0; i < DESK_EPOCH_CACHE; i++) {
		struct desk_epoch_slot *slot = &desk->epochs[i];

		*hit = slot->used && slot->header.door == header->door && slot->header.day == header->day &&
		    slot->header.gen == header->gen;
		if (*hit)
			return slot;
		if (slot->last < oldest->last)
			oldest = slot;
	}
	return oldest;
}

static int
epoch_seed(struct desk *desk, uint8_t seed[CAIRN_XWING_SEED_BYTES], const struct cairn_drop_header *header)
{
	struct query q = query(desk->state, SQL_EPOCH_SEED);
	bool found;
	int err;

	bind_int(&q, header->door);
	bind_int(&q, header->day);
	bind_int(&q, header->gen);
	found = query_row(&q);
	if (found)
		query_sealed(&q, 0, seed, epoch_row(header->door, header->day, header->gen));
	err = query_end(&q);
	return err == CAIRN_OK && !found ? CAIRN_ERR_UNKNOWN : err;
}

int
epoch_find(struct desk *desk, const struct cairn_xwing_key **ret, const struct cairn_drop_header *header)
{
	uint8_t seed[CAIRN_XWING_SEED_BYTES];
	bool hit;
	struct desk_epoch_slot *slot = epoch_slot(desk, header, &hit);
	int err = CAIRN_OK;

	*ret = NULL;
	if (!hit) {
		err = epoch_seed(desk, seed, header);
		if (err == CAIRN_OK) {
			cairn_xwing_key_init(&slot->key, seed);
			slot->header = *header;
			slot->used = true;
		}
		sodium_memzero(seed, sizeof(seed));
	}
	if (err != CAIRN_OK)
		return err;
	slot->last = ++desk->epoch_uses;
	*ret = &slot->key;
	return CAIRN_OK;
}

void
epoch_forget(struct desk *desk)
{
	sodium_memzero(desk->epochs, sizeof(desk->epochs));
}

#define EPOCH_LIST_MAX 128U

int
epoch_note(struct desk *desk, uint8_t *out, size_t room, size_t *ret_bytes, uint32_t hour)
{
	struct cairn_epoch *list = calloc(EPOCH_LIST_MAX, sizeof(*list));
	struct query q = query(desk->state, SQL_EPOCH_LIST);
	size_t count = 0;
	int err;

	if (list == NULL)
		q.err = CAIRN_ERR_NOMEM;
	bind_int(&q, hour / 24 - 1);
	while (count < EPOCH_LIST_MAX && query_row(&q)) {
		list[count].door = (enum cairn_door)query_int(&q, 0);
		list[count].day = (uint32_t)query_int(&q, 1);
		list[count].gen = (uint16_t)query_int(&q, 2);
		query_bytes(&q, 3, list[count].key_hash, sizeof(list[count].key_hash));
		count++;
	}
	err = query_end(&q);
	if (err == CAIRN_OK)
		err = cairn_epochs_write(out, room, ret_bytes, desk->self.desk_id, hour, list, count,
		    desk->self.board_secret);
	free(list);
	return err;
}

static void
epoch_section(struct writer *w, const struct cairn_drop_header *header,
    const uint8_t seed[CAIRN_XWING_SEED_BYTES])
{
	struct cairn_xwing_key key;

	cairn_xwing_key_init(&key, seed);
	write_u8(w, 6);
	write_u32(w, 7 + CAIRN_XWING_PUBLIC_BYTES);
	write_u8(w, (uint8_t)header->door);
	write_u16(w, header->gen);
	write_u32(w, header->day);
	write_bytes(w, key.public_key, sizeof(key.public_key));
	cairn_xwing_key_clear(&key);
}

static int
epoch_mark_put(struct desk *desk, const struct cairn_drop_header *header)
{
	struct query q = query(desk->state, SQL_EPOCH_PUT);

	bind_int(&q, header->door);
	bind_int(&q, header->day);
	bind_int(&q, header->gen);
	return query_run(&q);
}

int
epoch_sections(struct desk *desk, struct writer *w, uint32_t today, size_t most)
{
	struct cairn_drop_header put[EPOCH_LIST_MAX];
	uint8_t seed[CAIRN_XWING_SEED_BYTES];
	struct query q = query(desk->state, SQL_EPOCH_UNPUT);
	size_t count = 0;
	int err;

	bind_int(&q, today - 1);
	bind_int(&q, most < EPOCH_LIST_MAX ? most : EPOCH_LIST_MAX);
	while (count < EPOCH_LIST_MAX && query_row(&q)) {
		put[count].door = (enum cairn_door)query_int(&q, 0);
		put[count].day = (uint32_t)query_int(&q, 1);
		put[count].gen = (uint16_t)query_int(&q, 2);
		query_sealed(&q, 3, seed, epoch_row(put[count].door, put[count].day, put[count].gen));
		epoch_section(w, &put[count++], seed);
	}
	sodium_memzero(seed, sizeof(seed));
	err = query_end(&q);
	for (size_t i = 0; i < count && err == CAIRN_OK; i++)
		err = epoch_mark_put(desk, &put[i]);
	return err;
}

int
epoch_owed(struct desk *desk, const uint8_t device[CAIRN_DEVICE_ID_BYTES], enum cairn_door door, uint32_t today,
    struct box_grant *out, size_t room, size_t *ret_count)
{
	struct query q = query(desk->state, SQL_EPOCH_OWED);

	bind_bytes(&q, device, CAIRN_DEVICE_ID_BYTES);
	bind_int(&q, door);
	bind_int(&q, today - EPOCH_KEEP_DAYS);
	bind_int(&q, room);
	while (*ret_count < room && query_row(&q)) {
		struct box_grant *grant = &out[*ret_count];

		memset(grant, 0, sizeof(*grant));
		grant->what = BOX_EPOCH;
		grant->door = (uint8_t)query_int(&q, 0);
		grant->day = (uint32_t)query_int(&q, 1);
		grant->epoch_gen = (uint16_t)query_int(&q, 2);
		query_sealed(&q, 3, grant->secret, epoch_row(grant->door, grant->day, grant->epoch_gen));
		++*ret_count;
	}
	return query_end(&q);
}

/* It is on the board already, or will be: that is the publisher's. */
int
epoch_given(struct desk *desk, const struct box_grant *grant)
{
	uint8_t sealed[ERASURE_SEALED_BYTES], hash[CAIRN_SHA256_BYTES];
	struct cairn_xwing_key key;
	struct query q;
	int err =
	    sealed_make(desk->state, sealed, grant->secret, epoch_row(grant->door, grant->day, grant->epoch_gen));

	if (err != CAIRN_OK)
		return err;
	cairn_xwing_key_init(&key, grant->secret);
	crypto_hash_sha256(hash, key.public_key, sizeof(key.public_key));
	cairn_xwing_key_clear(&key);
	q = query(desk->state, SQL_EPOCH_ADD);
	bind_int(&q, grant->door);
	bind_int(&q, grant->day);
	bind_int(&q, grant->epoch_gen);
	bind_bytes(&q, sealed, sizeof(sealed));
	bind_bytes(&q, hash, sizeof(hash));
	err = query_run(&q);
	if (err != CAIRN_OK)
		return err;
	q = query(desk->state, SQL_EPOCH_PUT);
	bind_int(&q, grant->door);
	bind_int(&q, grant->day);
	bind_int(&q, grant->epoch_gen);
	return query_run(&q);
}

int
epoch_leaked(struct desk *desk, bool *ret, uint32_t today)
{
	struct query q = query(desk->state, SQL_EPOCH_LEAKED);
	uint64_t count;
	int err;

	bind_int(&q, today);
	err = query_number(&q, &count);
	*ret = count > 0;
	return err;
}

/* The newest generation of that day's key: of those held here, and of those that people have been told. */
static int
epoch_newest(struct desk *desk, uint64_t *ret, enum cairn_door door, uint32_t day, const struct cairn_epochs *listed)
{
	struct query q = query(desk->state, SQL_EPOCH_GEN);
	struct cairn_epoch epoch;
	size_t at = 0;
	int err;

	bind_int(&q, door);
	bind_int(&q, day);
	err = query_number(&q, ret);
	while (err == CAIRN_OK && listed != NULL && cairn_epochs_next(listed, &at, &epoch))
		if (epoch.door == door && epoch.day == day && epoch.gen > *ret)
			*ret = epoch.gen;
	return err;
}

static int
epoch_renew_door(struct desk *desk, enum cairn_door door, uint32_t today, uint32_t days,
    const struct cairn_epochs *listed)
{
	int err = CAIRN_OK;

	for (uint32_t day = today; day <= today + days && err == CAIRN_OK; day++) {
		uint64_t gen;

		err = epoch_newest(desk, &gen, door, day, listed);
		if (err == CAIRN_OK && gen < UINT16_MAX)
			err = epoch_add(desk->state, door, day, (uint16_t)(gen + 1));
	}
	return err;
}

int
epoch_renew(struct desk *desk, uint32_t today, const struct cairn_epochs *listed)
{
	int err = epoch_renew_door(desk, CAIRN_DOOR_INTAKE, today, desk->self.intake_days, listed);

	return err == CAIRN_OK ? epoch_renew_door(desk, CAIRN_DOOR_CAMPAIGN, today, desk->self.campaign_days, listed)
			       : err;
}
