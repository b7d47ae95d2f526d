// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_PLAIN_H
#define CAIRN_RELAY_PLAIN_H

#include "cairn/err.h"
#include "cairn/span.h"
#include "relay/request.h"

/*
 * The page without scripts. Its forms go to another program, cairn-plain, which is started before this one confines
 * itself; here they are only handed on, and wiped. So many at a time, a few more may wait, all others
 * are told to come later.
 */
struct plain;

/*
 * Starts cairn-plain. CAIRN_OK and NULL where the configuration has it off. Call it while there is one thread. The
 * program ends when its sockets do, so with this one.
 */
CAIRN_NODISCARD int plain_start(struct plain **ret, const struct config *config);
/* The threads that wait for answers. NULL is fine. */
CAIRN_NODISCARD int plain_serve(struct plain *plain);
/* Ends them; forms that still come are told to come later. NULL is fine, here and below. */
void plain_stop(struct plain *plain);
void plain_free(struct plain *plain);

/* What stands in the page for a browser without scripts: the way to the forms, or that there is none. */
struct cairn_span plain_invitation(const struct plain *plain);

/* POST of a desk's root, and of / where the relay has one desk only. */
unsigned plain_begin(struct request *request);
void plain_post(struct request *request);

#endif
