// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_BOX_H
#define CAIRN_CARRY_BOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/hash.h"
#include "cairn/span.h"
#include "cairn/xwing.h"
#include "carry/ops.h"

/*
 * Boxes (docs/protocol.md, section 8): keys that must be erasable, sealed to a device's day key. A box is the body of
 * the operation box. What it grants stands beside the seal by name, so that all devices see what is still owed; the
 * keys themselves only the recipient sees, while it has that day's seed.
 */
#define BOX_GRANTS_MAX 200U
#define BOX_NAME_BYTES 21U /* u8 what, id[16], u32 gen */
#define BOX_GRANT_MAX 74U  /* the longest of the four */
#define BOX_ROOM_BYTES \
	(BOX_GRANTS_MAX * (BOX_NAME_BYTES + BOX_GRANT_MAX) + CAIRN_XWING_ENC_BYTES + 16U)

/* X(NAME, number, what it is, its fields in their order): of the struct below, each of them as it stands there. */
#define BOX_GRANTS(X)                                                                                               \
	X(KEY, 1, "the key of a compartment",                                                                       \
	    BOX_FIELD(id) BOX_FIELD(kind) BOX_FIELD(case_id) BOX_FIELD(gen) BOX_FIELD(day))                         \
	X(EPOCH, 2, "the private half of an epoch key", BOX_FIELD(door) BOX_FIELD(day) BOX_FIELD(epoch_gen))        \
	X(TAG, 3, "a conversation's tag key", BOX_FIELD(id) BOX_FIELD(compartment) BOX_FIELD(month) BOX_FIELD(day)) \
	X(SHARE, 4, "one member's share of a threshold compartment's key", BOX_FIELD(id) BOX_FIELD(number))

enum box_what {
#define BOX_ENUM(NAME, number, text, fields) BOX_##NAME = (number),
	BOX_GRANTS(BOX_ENUM)
#undef BOX_ENUM
};

/* One grant. Only the fields of its row count; what is secret is secret. */
struct box_grant {
	uint8_t what;
	uint8_t kind; /* of the compartment */
	uint8_t door;
	uint8_t number; /* of the share, 1 to 16 */
	uint16_t epoch_gen;
	uint32_t gen;            /* of the compartment's key */
	uint32_t day;            /* that the key is of */
	uint32_t month;          /* that the tag key's chain is of */
	uint8_t id[OP_ID_BYTES]; /* KEY, SHARE: the compartment; TAG: the conversation */
	uint8_t case_id[OP_ID_BYTES];
	uint8_t compartment[OP_ID_BYTES]; /* that the conversation belongs to */
	uint8_t secret[32];               /* ck, epoch seed, T, share; the last field of every row */
};

/* A grant's name. id and gen: EPOCH has u8 door, u32 day, zeros; TAG the month as gen; SHARE its number. */
struct box_name {
	uint8_t what;
	uint8_t id[OP_ID_BYTES];
	uint32_t gen;
};

/* Zeros: what is none of the four. */
void box_name(struct box_name *name, const struct box_grant *grant);
bool box_name_same(const struct box_name *a, const struct box_name *b);

/*
 * The next name of a box's list at *at. CAIRN_ERR_UNKNOWN at its end; CAIRN_ERR_FORMAT: cut short, or none of
 * the four, or an epoch's id with something behind it. *name is then zeros.
 */
CAIRN_NODISCARD int box_name_next(struct box_name *name, struct cairn_span names, size_t *at);

/*
 * Seals grants[count] by sender to recipient's day key, into *box, whose spans look into room. CAIRN_ERR_RANGE:
 * none, more than BOX_GRANTS_MAX, one of no known kind, or the same twice; CAIRN_ERR_KEY: a public key that must
 * not be used. *box and room are then zeros.
 */
CAIRN_NODISCARD int box_seal(struct op_box *box, uint8_t room[BOX_ROOM_BYTES],
    const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t sender[OP_ID_BYTES], const uint8_t recipient[OP_ID_BYTES],
    uint32_t day, const struct box_grant *grants, size_t count, const uint8_t public_key[CAIRN_XWING_PUBLIC_BYTES]);

/*
 * Opens a box into grants, which are the caller's to wipe. sender is the device that said the operation.
 * CAIRN_ERR_FORMAT: ill-formed; CAIRN_ERR_CRYPTO: it does not open with that key, for that desk, sender, recipient
 * and day; CAIRN_ERR_CONFLICT: it holds something else than it names, so that others would take as given what is
 * still owed. grants is then zeros, *ret_count 0.
 */
CAIRN_NODISCARD int box_open(struct box_grant grants[BOX_GRANTS_MAX], size_t *ret_count, const struct op_box *box,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t sender[OP_ID_BYTES], const struct cairn_xwing_key *key);

/*
 * What is under the seal, without it. Write makes a writer fail that has no room, or for a grant of no known kind;
 * read gives the errors of box_open() and leaves in grants what it has read.
 */
void box_grants_write(struct writer *names, struct writer *plain, const struct box_grant *grants, size_t count);
CAIRN_NODISCARD int box_grants_read(struct box_grant grants[BOX_GRANTS_MAX], size_t *ret_count, const uint8_t *plain,
    size_t plain_bytes, struct cairn_span names);

#endif
