// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TESTS_LIB_SECOND_H
#define TESTS_LIB_SECOND_H

#include "lib/staffed.h"

/* Further devices of a staffed desk, on the same relay on paper. Whatever cannot happen aborts. */

/*
 * Made in a folder of that name below the desk's, admitted and joined; lane is its own. The founder must have synced
 * before. To be closed by desk_close().
 */
struct desk *second_join(struct staffed *s, const char *name, const char *roles, uint32_t lane);

/* One sync; one whole round. */
void second_sync(struct staffed *s, struct desk *desk);
void second_tick(struct staffed *s, struct desk *desk);

#endif
