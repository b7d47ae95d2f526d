// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_CARRY_H
#define CAIRN_CARRY_CARRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/hash.h"
#include "cairn/step.h"
#include "carry/box.h"
#include "carry/next_key.h"
#include "carry/ops.h"
#include "carry/sql.h"
#include "db/db.h"
#include "vault/erasure.h"

/*
 * The engine that keeps the devices of a desk in step (docs/carry.md): operations, compartments and their keys, the
 * feed. It has no network and no clock: wire carries its requests, and now is always Unix seconds, given by the
 * caller. Everything it knows is in the desk's database, so that it may be ended and begun at any moment.
 */

#define CARRY_TROUBLE_MAX 512U
#define CARRY_DAY_S 86400U

/* The compartment that all devices are members of. */
extern const uint8_t carry_desk_compartment[OP_ID_BYTES];

/*
 * How a request gets to the relay and back, once; status as HTTP has it, or CAIRN_NO_ANSWER. *body lives until the
 * next call.
 */
struct carry_wire {
	int (*exchange)(void *arg, const struct cairn_request *request, const uint8_t **body, size_t *bytes);
	void *arg;
};

/* Who this device is. Its sign secret is secret. */
struct carry_self {
	uint8_t desk_id[CAIRN_HASH_BYTES];
	uint8_t identity_key[32]; /* in force: signs rosters */
	uint8_t device[OP_ID_BYTES];
	uint8_t sign_secret[64];
};

/*
 * Keys of other rooms that travel in boxes (epoch keys, tag keys). owed fills in what that device is to get today, at
 * most room; take keeps one that came; granted learns, of every box, what was given to whom. All within a
 * transaction.
 */
struct carry_hooks {
	int (*owed)(void *arg, const uint8_t device[OP_ID_BYTES], struct box_grant *out, size_t room,
	    size_t *ret_count);
	int (*take)(void *arg, const struct box_grant *grant, const uint8_t from[OP_ID_BYTES]);
	int (*granted)(void *arg, const uint8_t device[OP_ID_BYTES], const struct box_name *name);
	/* An operation that was applied: of the desk, or of a case that this device is a member of. */
	int (*applied)(void *arg, const struct op *op, const uint8_t compartment[OP_ID_BYTES]);
	/* A record of that device was passed over, the first of its day: it is broken, or in wrong hands. */
	int (*passed_over)(void *arg, const uint8_t device[OP_ID_BYTES], uint64_t seq);
	/* A compartment's key was erased here: what else was kept of it must go. */
	int (*destroyed)(void *arg, const uint8_t compartment[OP_ID_BYTES]);
	void *arg;
};

struct carry {
	struct db *db;
	struct erasure *erasure;
	struct carry_self self;
	struct carry_wire wire;
	struct carry_hooks hooks; /* zeros: none */
	uint64_t now;             /* of the sync that runs */
	/* on which one's own day keys were found to be out as they are; 0: not looked yet */
	uint32_t day_keys_day;
	char trouble[CARRY_TROUBLE_MAX];
	uint8_t *scratch; /* CARRY_SCRATCH_BYTES, wiped at the end */
};

#define CARRY_SCRATCH_BYTES (3U * 65536U)

/* The sealed columns of this room, for erasure_new(). */
#define CARRY_ERASURE_COLUMNS                                                                 \
	ERASURE_COLUMN("compartment_key", "key"), ERASURE_COLUMN("compartment_key", "rest"),  \
	    ERASURE_COLUMN("new_key", "key"), ERASURE_COLUMN("joining", "key"),               \
	    ERASURE_COLUMN("joining", "next_key"),                                            \
	    ERASURE_COLUMN("my_day_key", "seed"), ERASURE_COLUMN("threshold_share", "share"), \
	    ERASURE_COLUMN("threshold_open", "seed")

/*
 * Begins on a database that has carry_schema; db and erasure must outlive it. The struct lies in locked memory.
 * On failure *ret is NULL.
 */
CAIRN_NODISCARD int carry_new(struct carry **ret, struct db *db, struct erasure *erasure,
    const struct carry_self *self);
void carry_free(struct carry *carry);

/*
 * The first device of a desk: makes the desk compartment, its key, and what is to be said of this device itself,
 * which the first sync sends. roster is the note. In the caller's transaction.
 */
CAIRN_NODISCARD int carry_found(struct carry *carry, const struct op_device *device, struct cairn_span roster,
    uint64_t now);

/* A device that was welcomed (join.h): from which record on it reads, and the desk compartment's key. */
struct carry_welcome {
	uint64_t seq;
	uint8_t prev[CAIRN_HASH_BYTES];
	uint32_t gen;
	uint32_t day;
	uint8_t key[CAIRN_KEY_BYTES]; /* secret */
	struct next_key next;         /* that is to come, if there is one */
	uint8_t from[OP_ID_BYTES];    /* the device that welcomed it, which says the state */
};
CAIRN_NODISCARD int carry_join(struct carry *carry, const struct carry_welcome *welcome, struct cairn_span roster);

/* Leaves a sentence for staff in carry->trouble and returns err. */
int carry_trouble(struct carry *carry, int err, const char *format, ...) __attribute__((format(printf, 3, 4)));

uint32_t carry_day(uint64_t now);

static inline struct query
carry_query(struct carry *carry, enum carry_statement which)
{
	return db_query(carry->db, carry_statements[which]);
}

/* Binds a 16-byte id. */
static inline void
bind_id(struct query *q, const uint8_t id[OP_ID_BYTES])
{
	bind_bytes(q, id, OP_ID_BYTES);
}

#endif
