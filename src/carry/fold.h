// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_FOLD_H
#define CAIRN_CARRY_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/hash.h"
#include "cairn/span.h"
#include "carry/ops.h"

/*
 * The state of a compartment out of the set of its operations (docs/carry.md): the same set gives the same state, to
 * the byte, in whatever order and however often its operations come.
 *
 * - Operations stand in the order (lamport, device, counter).
 * - A register has the value that was set last in that order; an element is in its set unless a removal names the
 *   operation that added it; notes are only ever added.
 * - A retraction marks what it names. It changes no value and hides nothing.
 * - An operation given again (AGAIN) is the one that it was. If two with the same id differ, what its own device said
 *   goes before what another gives again, and the item is marked: somebody lies.
 * - Where two devices set a register at the same Lamport time, neither knew of the other's value: the later in the
 *   order counts, and the other stays beside it, to be shown.
 * - What is not known, or does not read, is kept.
 */

enum fold_what {
	FOLD_REGISTER, /* value is the field's */
	FOLD_ELEMENT,  /* value is the element's */
	FOLD_NOTE,     /* value is the text */
	FOLD_OTHER,    /* another operation of a case (message, read, answered, retract, ...): value is its body */
	FOLD_UNKNOWN,  /* of no known type, or one that does not belong here or does not read: value is its body */
};

struct fold_item {
	enum fold_what what;
	uint16_t field;  /* of registers and elements; else 0 */
	bool conflict;   /* two operations with this id differ */
	bool again;      /* the device did not say it here: giver says that it did. Not part of the state's bytes */
	bool retracted;
	uint8_t giver[OP_ID_BYTES];
	struct op op;             /* its body looks into what fold_make() was given */
	struct cairn_span value;  /* likewise */
	struct op retraction;     /* where retracted: the last one */
	struct cairn_span reason; /* of that */
	/* Of a register: another value, set at once by another device. Not part of the state's bytes. */
	bool at_once;
	struct op other;
	struct cairn_span other_value;
};

/*
 * Items stand by what, then field, then the order above; but notes, other and unknown ones together, in that order:
 * the timeline of the compartment.
 */
struct fold {
	struct fold_item *items;
	size_t count;
	size_t timeline; /* the first of it */
};

/*
 * Folds ops[count], whose bodies must outlive *ret and whose device is set. To be freed with fold_free().
 * CAIRN_ERR_NOMEM.
 */
CAIRN_NODISCARD int fold_make(struct fold **ret, const struct op *ops, size_t count);

/* Frees; what the bodies look into stays the caller's. NULL is fine. */
void fold_free(struct fold *fold);

/* NULL: it was never set. A register whose value is empty was set back to nothing. */
const struct fold_item *fold_register(const struct fold *fold, uint16_t field);

/* The first of the set's elements, *ret_count of them side by side; NULL and 0 when it is empty. */
const struct fold_item *fold_elements(const struct fold *fold, uint16_t field, size_t *ret_count);

/* The order: negative, 0 or positive. */
int fold_order(const struct op *a, const struct op *b);

/*
 * The state as bytes (docs/protocol.md, section 8): equal where and only where the states are. Secret like the
 * operations. fold_bytes() gives a block that the caller wipes and frees.
 */
CAIRN_NODISCARD int fold_bytes(const struct fold *fold, uint8_t **ret, size_t *ret_bytes);
void fold_digest(const struct fold *fold, uint8_t digest[CAIRN_HASH_BYTES]);

#endif
