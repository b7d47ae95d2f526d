// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_COMPARTMENTS_H
#define CAIRN_CARRY_COMPARTMENTS_H

#include "carry/carry.h"

/* Compartments and who their members are, as the feed says. */
#define COMPARTMENT_MEMBERS_MAX 64U
#define COMPARTMENTS_OF_CASE_MAX 128U

struct carry_compartment {
	uint64_t n; /* its row, the same on all devices */
	uint8_t id[OP_ID_BYTES];
	uint8_t kind;
	uint8_t case_id[OP_ID_BYTES];
	uint32_t gen;
	uint8_t creator[OP_ID_BYTES];
	uint64_t created; /* the record of the feed */
	uint32_t day;     /* of its newest record: it never goes down */
	bool destroyed;
	bool rotate; /* the next generation is owed */
	uint8_t k;   /* of its m members, whose consent opens it; 0: no threshold */
	uint8_t m;
};

struct carry_member {
	uint64_t device; /* its row */
	uint8_t lane;
	bool together;
	bool removed;
	uint32_t granted; /* the generation that it was given */
	bool snapshot;    /* and is to be told what went before */
	uint64_t giver;   /* who does that now, its row; 0: nobody yet */
};

/* CAIRN_ERR_UNKNOWN: no such compartment. */
CAIRN_NODISCARD int compartment_get(struct carry *carry, struct carry_compartment *ret,
    const uint8_t id[OP_ID_BYTES]);
CAIRN_NODISCARD int compartment_at(struct carry *carry, struct carry_compartment *ret, uint64_t n);
CAIRN_NODISCARD int compartments_of(struct carry *carry, struct carry_compartment *out, size_t room,
    size_t *ret_count, const uint8_t case_id[OP_ID_BYTES]);
/* The first live one of a kind, by the order in which the feed had them. */
CAIRN_NODISCARD int compartment_of_kind(struct carry *carry, struct carry_compartment *ret, uint8_t kind);

/* The members that there are and were. */
CAIRN_NODISCARD int members_of(struct carry *carry, struct carry_member *out, size_t room, size_t *ret_count,
    uint64_t c);
/* CAIRN_ERR_UNKNOWN: never a member. */
CAIRN_NODISCARD int member_get(struct carry *carry, struct carry_member *ret, uint64_t c, uint64_t device);
/* Is it a member now? */
CAIRN_NODISCARD int member_is(struct carry *carry, bool *ret, uint64_t c, uint64_t device);
/*
 * May that member, a device's row, go by hand? A threshold compartment's members have their shares from its making,
 * and nobody gets one later: CAIRN_ERR_STATE, fewer would be left than must consent. Of another, what is in it must
 * stay with somebody: CAIRN_ERR_BUSY, no other member has all of it, or has it yet.
 */
CAIRN_NODISCARD int member_spare(struct carry *carry, const struct carry_compartment *c, uint64_t device);

#endif
