// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_RECORD_WORDS_H
#define CAIRN_CLI_RECORD_WORDS_H

#include <stdio.h>

#include <jansson.h>

#include "record/read.h"

/* How the record is told on a terminal. */

/* All of an entity: its fields, marks and notes. */
void record_tell(FILE *out, struct db *db, const struct record_head *head, const struct record_change *change);

/* "E-7K2M-9QXA  event  A night in March", and a newline. */
void record_tell_line(FILE *out, const struct record_head *head, const struct record_change *change);

/* The same as JSON: code, kind, id, title, changed. */
json_t *record_line_json(const struct record_head *head, const struct record_change *change);

/* Which entities refer to this one. */
void record_tell_referrers(FILE *out, const struct record_referrer *referrers, size_t count);
json_t *record_referrers_json(const struct record_referrer *referrers, size_t count);

#endif
