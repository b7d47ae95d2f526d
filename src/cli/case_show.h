// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_CASE_SHOW_H
#define CAIRN_CLI_CASE_SHOW_H

#include "carry/due.h"
#include "carry/view.h"
#include "cli/engine.h"

/*
 * Showing compartments, and naming what is said in them: an operation is called by the first four digits of its
 * device's id and its counter, "3f2a-17", which stays.
 */
#define ITEM_NAME_MAX 32U
void item_name(char out[ITEM_NAME_MAX], const struct op *op);
/* CAIRN_ERR_FORMAT: no such name; CAIRN_ERR_UNKNOWN: none here; CAIRN_ERR_CONFLICT: two. */
CAIRN_NODISCARD int item_named(const struct view *view, const struct fold_item **ret, const char *name);

/* When it goes, in words: "2 d after ...". never NULL. */
#define DUE_WORDS_MAX 128U
CAIRN_NODISCARD int due_words(struct engine *e, char out[DUE_WORDS_MAX], const struct carry_compartment *c);

/* A compartment with members, when it goes, and, where this device may read it, what is in it. */
CAIRN_NODISCARD int compartment_tell(struct engine *e, const struct carry_compartment *c, bool whole);
CAIRN_NODISCARD int compartment_json(struct engine *e, json_t **ret, const struct carry_compartment *c, bool whole);

#endif
