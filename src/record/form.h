// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_FORM_H
#define CAIRN_RECORD_FORM_H

#include "record/read.h"

/*
 * A form as people write it:
 *
 *	title: A night in March
 *	type: torture
 *	begin: about 2017-03
 *	description: first line
 *	 second line, begun with a space
 *	places: RU
 *	places-: DE
 *	end:
 *
 * A field by its name; a set has a line for each element; "name-:" drops an element; nothing behind the colon
 * clears a single value. Terms by code or by their words, entities by their codes. Empty lines and those that
 * begin with # say nothing.
 */
#define RECORD_FORM_MAX (256U * 1024)

/*
 * Adds what the form says to change. head is the entity that it is about, NULL for a new one.
 * fault[RECORD_FORM_FAULT_MAX] says what is wrong and where; no value is repeated in it. CAIRN_ERR_RANGE,
 * CAIRN_ERR_NOMEM; errors of db.h.
 */
#define RECORD_FORM_FAULT_MAX 384U
CAIRN_NODISCARD int record_form_read(struct record_change *change, struct db *db, const struct record_head *head,
    struct cairn_span form, uint64_t now, char fault[RECORD_FORM_FAULT_MAX]);

#endif
