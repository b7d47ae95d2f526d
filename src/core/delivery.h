// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CORE_DELIVERY_H
#define CORE_DELIVERY_H

#include "cairn/send.h"

/*
 * One body to a door, as a machine: cells and blobs alike (docs/protocol.md, section 10). A pass is offered
 * first, once;
 * then work, as the door asks.
 */

/* pass may be NULL. */
void delivery_init(struct cairn_delivery *d, enum cairn_door door, const uint8_t *pass);

/*
 * The next body: POST drop/<door>, or PUT drop/<door>/blob/<id> where id is not NULL. body must stay until
 * CAIRN_STEP_DONE. The answer, at most CAIRN_RECEIPT_BYTES, is then in receipt.
 */
void delivery_load(struct cairn_delivery *d, const uint8_t *body, size_t body_bytes, const uint8_t *id);

/* The same body once more after a failure, from the start. */
void delivery_again(struct cairn_delivery *d);

enum cairn_step delivery_next(struct cairn_delivery *d);
void delivery_answer(struct cairn_delivery *d, int status, const uint8_t *body, size_t bytes);
bool delivery_done(const struct cairn_delivery *d);

#endif
