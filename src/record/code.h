// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_CODE_H
#define CAIRN_RECORD_CODE_H

#include "db/db.h"
#include "record/apply.h"
#include "record/op.h"
#include "record/table.h"

/*
 * What staff call an entity: the letter of its kind and the first 40 bits of its id, which is random: "E-7K2M-9QXA".
 * Crockford's digits: no I, L, O, U; reading takes them for what they look like, in any case. A code says nothing of
 * what it stands for, so that a testimony is spoken of by it.
 */
#define RECORD_CODE_TEXT_MAX 16U

struct record_head {
	uint64_t row;
	const struct record_kind *kind; /* NULL for kinds of a later version */
	uint8_t kind_number;
	uint8_t id[RECORD_ID_BYTES];
	uint8_t compartment[RECORD_COMPARTMENT_BYTES];
	uint64_t at;                    /* last changed */
	uint8_t device[RECORD_ID_BYTES]; /* by */
};

void record_code_write(
    char out[RECORD_CODE_TEXT_MAX], const struct record_kind *kind, const uint8_t id[RECORD_ID_BYTES]);

/* A code, or its beginning of at least 3 digits: id is filled up with zeros, last with ones. CAIRN_ERR_FORMAT. */
CAIRN_NODISCARD int record_code_read(const struct record_kind **ret_kind, uint8_t id[RECORD_ID_BYTES],
    uint8_t last[RECORD_ID_BYTES], struct cairn_span text);

/*
 * The entity that staff mean: by its code, or "event:" and 32 hex digits. kind is NULL, or what it must be.
 * CAIRN_ERR_FORMAT: no code, or another kind's; CAIRN_ERR_UNKNOWN; CAIRN_ERR_CONFLICT: several begin so.
 */
CAIRN_NODISCARD int record_code_find(struct db *db, struct record_head *head, const struct record_kind *kind,
    struct cairn_span text);

#endif
