// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_FIELD_TEXT_H
#define CAIRN_CARRY_FIELD_TEXT_H

#include "base/writer.h"
#include "carry/fields.h"

/*
 * Values of fields as people type and read them: text as it is; numbers in decimal; a time as 2017-04-01 14:30, UTC;
 * a date as 2017, 2017-04 or 2017-04-01; a flag as yes or no; a choice by its name; an entry by its parts, with
 * semicolons between, of which the last may be left away: "4500; EUR; travel; 2017-04-01; the desk".
 */

/*
 * Text to value. Empty text is an empty value, for registers only. CAIRN_ERR_FORMAT: not of that type;
 * CAIRN_ERR_RANGE: over its most bytes; CAIRN_ERR_UNKNOWN: no such choice; CAIRN_ERR_SPACE: more than room.
 */
CAIRN_NODISCARD int field_from_text(uint8_t *out, size_t room, size_t *ret_bytes, const struct field_def *def,
    struct cairn_span text);

/*
 * Value to text, behind what w holds. What is no value of that field (a newer version may have said it) is
 * written as "unknown:" and hex. def NULL: a field that is not known, likewise. Secret like the value.
 */
void field_to_text(struct writer *w, const struct field_def *def, struct cairn_span value);

#endif
