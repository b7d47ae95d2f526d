// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TESTS_LIB_SECOND_H
#define TESTS_LIB_SECOND_H

#include "desk/roster.h"
#include "lib/staffed.h"

/* Further devices of a staffed desk, on the same relay on paper. Whatever cannot happen aborts. */

/*
 * Made in a folder of that name below the desk's, admitted and joined; lane is its own. The founder must have synced
 * before. To be closed by desk_close().
 */
struct desk *second_join(struct staffed *s, const char *name, const char *roles, uint32_t lane);

/* A share of the desk's identity key, from 1; the roster in force at the founder, in *bytes, which is malloc'ed. */
struct share second_share(const struct staffed *s, unsigned n);
struct cairn_span second_roster(struct staffed *s, uint8_t **bytes);

/* One sync; one whole round. */
void second_sync(struct staffed *s, struct desk *desk);
void second_tick(struct staffed *s, struct desk *desk);

#endif
