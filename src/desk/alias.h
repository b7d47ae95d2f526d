// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_ALIAS_H
#define CAIRN_DESK_ALIAS_H

#include <stdint.h>

#include "desk/state.h"

/*
 * What staff call a conversation: a number and two words, "17-amber-heron". Made here at random and
 * derived from nothing, so that an overheard or written-down alias leads nobody to a board, a drop
 * or a person. The words guard against a slip in the number.
 */
#define ALIAS_MAX 32U
#define ALIAS_WORDS 64U /* in each of the two lists */

/* A fresh pair: first * ALIAS_WORDS + second. */
uint32_t alias_draw(void);

void alias_write(char out[ALIAS_MAX], uint64_t conv, uint32_t words);

/*
 * The conversation that staff mean: "17", "17-amber-heron", "17 amber heron" in one argument, or
 * the 32 hex digits of conv_id. CAIRN_ERR_FORMAT: none of these; CAIRN_ERR_UNKNOWN: no such one;
 * CAIRN_ERR_CONFLICT: the number is another's than the words.
 */
CAIRN_NODISCARD int alias_find(struct db *state, uint64_t *ret_conv, const char *text);

#endif
