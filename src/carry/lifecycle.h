// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_LIFECYCLE_H
#define CAIRN_CARRY_LIFECYCLE_H

#include "carry/compartments.h"
#include "carry/retention.h"

/*
 * What officers say of cases and compartments (docs/carry.md): how it stands, that it is over, that it is destroyed.
 * Each is a transaction of its own and takes effect with the next sync. What the others would refuse is refused here
 * first, with CAIRN_ERR_DENIED.
 */
enum destroy_why {
	DESTROY_BY_TIME = 1,
	DESTROY_BY_CONSENT = 2,
	DESTROY_MORE = 3, /* records that the device which destroyed it did not know of */
};

/* compartment is all zeros for the whole case, which can be closed only. officer: 1 to OP_ALIAS_MAX bytes. */
CAIRN_NODISCARD int carry_close(struct carry *carry, const uint8_t compartment[OP_ID_BYTES],
    const uint8_t case_id[OP_ID_BYTES], uint8_t mark, struct cairn_span officer, uint64_t now);
/* Takes the marks of it back. */
CAIRN_NODISCARD int carry_reopen(struct carry *carry, const uint8_t compartment[OP_ID_BYTES],
    const uint8_t case_id[OP_ID_BYTES], uint64_t now);
CAIRN_NODISCARD int carry_case_state(struct carry *carry, const uint8_t case_id[OP_ID_BYTES], uint8_t state,
    uint64_t now);
/* CAIRN_ERR_UNKNOWN, CAIRN_ERR_RANGE as retention_choose(); CAIRN_ERR_DENIED: another role may. */
CAIRN_NODISCARD int carry_retention(struct carry *carry, uint8_t kind, uint32_t hours, uint64_t now);

/*
 * Destroys a compartment before its time: another device has consented within the hour (ASK_DESTROY). destroy_say()
 * is the saying alone, in the caller's transaction, with the records of the feed that it was in, as far as this
 * device has read them.
 */
CAIRN_NODISCARD int carry_destroy(struct carry *carry, const uint8_t compartment[OP_ID_BYTES], uint64_t now);
CAIRN_NODISCARD int destroy_say(struct carry *carry, const struct carry_compartment *c, enum destroy_why why,
    uint64_t now);

#endif
