// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_ASKS_H
#define CAIRN_CARRY_ASKS_H

#include "carry/carry.h"

/* Asking for consent, and giving it: what one device alone must not do. */
enum ask_what {
	ASK_OPEN = 1,    /* to open a threshold compartment for an hour */
	ASK_DESTROY = 2, /* to destroy a compartment before its time */
	ASK_EXPORT = 3,  /* to export over more than one case */
};

#define ASK_HOUR_S 3600U

/*
 * Has that device asked for that, within the hour before now, and have at least least other devices consented within
 * it? c is the compartment's row, 0 for none. CAIRN_OK, or CAIRN_ERR_DENIED.
 */
CAIRN_NODISCARD int ask_granted(struct carry *carry, uint64_t device, enum ask_what what, uint64_t c, size_t least,
    uint64_t now);

#define ASK_REASON_MAX 512U

/* An ask of the hour before now. */
struct ask_line {
	uint8_t id[OP_ID_BYTES];
	uint8_t device[OP_ID_BYTES]; /* whose */
	enum ask_what what;
	uint64_t c; /* the compartment's row; 0: none */
	char reason[ASK_REASON_MAX + 1];
	uint64_t at;
	size_t consents;
};

/* Oldest first. *ret is malloc'ed, and secret like the reasons in it. */
CAIRN_NODISCARD int asks_open(struct carry *carry, struct ask_line **ret, size_t *ret_count, uint64_t now);

/*
 * The same for one ask of this device, by the reason that the others were shown, so that consent to one thing is none
 * to another. ask is filled in where it was asked. CAIRN_ERR_UNKNOWN: it was not, within the hour; CAIRN_ERR_DENIED:
 * not enough have consented.
 */
CAIRN_NODISCARD int ask_granted_for(struct carry *carry, uint8_t ask[OP_ID_BYTES], enum ask_what what,
    struct cairn_span reason, size_t least, uint64_t now);

#endif
