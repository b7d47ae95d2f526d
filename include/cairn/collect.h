// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_COLLECT_H
#define CAIRN_COLLECT_H

#include "cairn/drop.h"
#include "cairn/step.h"

/*
 * Emptying the drop, the desk's side: lease, keep, then delete, until there are no more. What the
 * desk did not say it kept comes again after the lease (docs/protocol.md, section 8).
 */

#define CAIRN_LEASE_CELLS_MAX 64U

struct cairn_collect {
	struct cairn_request request;
	int err;
	size_t count;                                          /* CAIRN_STEP_STORE: so many cells, */
	uint8_t cells[CAIRN_LEASE_CELLS_MAX][CAIRN_DROP_CELL_BYTES]; /* to be opened and kept durably */
	size_t collected;                                      /* deleted from the drop so far */

	/* private */
	enum cairn_door door;
	unsigned state;
	uint8_t hashes[CAIRN_LEASE_CELLS_MAX][CAIRN_HASH_BYTES];
};

void cairn_collect_init(struct cairn_collect *collect, enum cairn_door door);
enum cairn_step cairn_collect_next(struct cairn_collect *collect);
void cairn_collect_answer(struct cairn_collect *collect, int status, const uint8_t *body, size_t bytes);
/* The cells are durable, those that did not open too (as refused): they may be deleted. */
void cairn_collect_stored(struct cairn_collect *collect);

#endif
