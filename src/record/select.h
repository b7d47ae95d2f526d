// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_SELECT_H
#define CAIRN_RECORD_SELECT_H

#include "cairn/hash.h"
#include "record/read.h"

/*
 * What may leave for a purpose. An entity that rests on accounts goes only where the giver of each of them allows
 * it and has not taken that back; an account that this device does not see allows nothing. Fields above the
 * purpose's level stay, and where it is publication without names, fields that may tell who somebody is. What must
 * refer to something that was held back for want of consent is held back too; other references to what stays are
 * taken out.
 */

struct record_wish {
	enum record_purpose purpose;
	struct cairn_span partner; /* for RECORD_PURPOSE_PARTNER: must be among those that were named */
	/* What is wanted: these events, acts or accounts and what belongs to them; none for all. */
	const struct record_head *roots;
	size_t root_count;
};

struct record_selection {
	struct record_change *entities;
	size_t count;
	size_t without_consent; /* held back */
	size_t inside;          /* never leave, or had nothing that may */
	size_t cases;           /* accounts that they rest on, or compartments that they lie in: whatever is more */
	uint8_t digest[CAIRN_HASH_BYTES];
};

/*
 * The door: an export over more than one case needs two people. Whoever opens the record to them gives a function
 * that asks the second; it returns CAIRN_OK once he has agreed to this selection (its digest, purpose and number
 * of cases), and CAIRN_ERR_DENIED until then. Where ask is NULL such an export is refused with CAIRN_ERR_DENIED.
 */
struct record_door {
	int (*ask)(void *arg, const struct record_wish *wish, const struct record_selection *selection);
	void *arg;
};

/* Cleared by the caller, also on failure; after CAIRN_ERR_DENIED it has its numbers, and no entities. */
CAIRN_NODISCARD int record_select(struct db *db, const struct record_wish *wish, const struct record_door *door,
    struct record_selection *selection);
void record_selection_clear(struct record_selection *selection);

/* Does the giver of this account allow it for that? */
bool record_consents(const struct record_change *account, enum record_purpose purpose, struct cairn_span partner);

#endif
