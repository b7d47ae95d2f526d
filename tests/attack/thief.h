// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef ATTACK_THIEF_H
#define ATTACK_THIEF_H

#include "lib/many.h"

/*
 * Somebody who holds unlocked devices of a desk and has recorded all that ever went over its feed: keys of
 * compartments, seeds of day keys, and what they open. What cannot happen aborts.
 */
#define THIEF_KEYS_MAX 512U
#define THIEF_SEEDS_MAX 256U
#define THIEF_RECORDS_MAX 1024U

/* A key of a compartment, of one generation and day. */
struct stolen_key {
	uint8_t id[OP_ID_BYTES];
	uint32_t gen, day;
	uint8_t key[32];
};

/* Of a day key, and whose. */
struct stolen_seed {
	uint8_t device[OP_ID_BYTES];
	uint32_t day;
	struct cairn_xwing_key key;
};

struct thief {
	uint8_t desk_id[CAIRN_HASH_BYTES];
	size_t key_count;
	struct stolen_key keys[THIEF_KEYS_MAX];
	size_t seed_count;
	struct stolen_seed seeds[THIEF_SEEDS_MAX];
	size_t recorded;
	struct paper_record records[THIEF_RECORDS_MAX];
	uint8_t room[2][65536];
};

struct thief *thief_new(const struct many *m);
void thief_free(struct thief *t);

/* Everything that opens anything, out of the unlocked device: nothing twice. */
void thief_steal(struct thief *t, struct many_device *d);

/* What has come over the feed since. Before anything of it is deleted. */
void thief_record(struct thief *t, const struct many *m);

/*
 * How many of the records from one on he reads of that compartment; NULL: of any. Boxes give him what their seeds
 * open. The text, where it is not NULL, tells whether one of them has it.
 */
size_t thief_reads(struct thief *t, size_t from, const uint8_t *of, const char *text, bool *ret_text);

/* Keys go forward by the day, never back. */
bool thief_key(const struct thief *t, uint8_t key[32], const uint8_t id[OP_ID_BYTES], uint32_t gen, uint32_t day);

#endif
