// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_VALUE_H
#define CAIRN_RECORD_VALUE_H

#include "db/db.h"
#include "record/table.h"

/*
 * Values are text in one canonical form each: a term is its code, a date as in date.h, a number decimal, a time
 * "2017-04-01T12:00:00Z", a reference the 32 hex digits of an id. So they stand in operations, JSON and CSV.
 */

/* What is wrong with a value, for staff, or NULL. Nothing of the value is repeated. */
const char *record_value_fault(const struct record_field *field, struct cairn_span text);

#define RECORD_VALUE_ROOM 16400U

/*
 * The canonical form of what people typed: a term by its words, a date in words, an entity by its code. Writes it
 * with a zero to out[RECORD_VALUE_ROOM]. Returns what is wrong, or NULL. db may be NULL where no entity is named.
 */
const char *record_value_typed(char *out, const struct record_field *field, struct cairn_span text, struct db *db);

#define RECORD_TIME_BYTES 21U
void record_time_write(char out[RECORD_TIME_BYTES], uint64_t at);
/* Years 1970 to 9999. */
bool record_time_read(uint64_t *ret, struct cairn_span text);

#endif
