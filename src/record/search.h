// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_SEARCH_H
#define CAIRN_RECORD_SEARCH_H

#include "record/read.h"

#define RECORD_SEARCH_MAX 200U

/*
 * Does a text occur in a value, a note or a term's words of this entity? Compared as base/fold.h has it: any case,
 * any form of the same letters. words is what record_search_fold() made. *ret_field is where, first.
 */
bool record_search(
    const struct record_change *change, struct cairn_span words, const struct record_field **ret_field);

/* CAIRN_ERR_RANGE: empty, or more than RECORD_SEARCH_MAX bytes; CAIRN_ERR_FORMAT: not UTF-8. */
#define RECORD_SEARCH_ROOM 1536U
CAIRN_NODISCARD int record_search_fold(char out[RECORD_SEARCH_ROOM], size_t *ret_bytes, struct cairn_span text);

#endif
