// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_PUBLISH_H
#define CAIRN_DESK_PUBLISH_H

#include "desk/desk.h"

/*
 * The publisher (docs/protocol.md, sections 4 and 7). A batch is decided on in one transaction,
 * with everything that hangs on it: its cells, the tags they use, the text of the new checkpoint.
 * Only what stands there is ever signed: after a crash anywhere the same text is signed and sent
 * again, and never another of that size.
 */

#define PUBLISH_KEEP_HOURS (7U * 24U) /* appends kept for a relay that lost its newest ones */
#define PUBLISH_EPOCH_KEYS 64U        /* new keys in one append at most */

struct published {
	bool appended;     /* a new batch is on the board */
	uint64_t size;     /* batches on the board now */
	uint32_t replies;  /* real cells in it */
	uint32_t held;     /* queued cells that wait for the person's next message */
	uint32_t tomorrow; /* that wait because their conversation's tags of today are used up */
	uint64_t resent;   /* older batches that the relay had lost and has again */
};

/*
 * Appends one batch; what was begun and not finished before goes first, and is a batch too.
 * CAIRN_ERR_CONFLICT: the relay has a board that this device did not write: nothing more is signed,
 * and staff are alarmed. CAIRN_ERR_CLOCK: the own clock is more than a day behind the board.
 */
CAIRN_NODISCARD int desk_publish(struct desk *desk, struct published *ret, uint64_t now);

/* The two halves, for tests of what a crash between them does. */
CAIRN_NODISCARD int publish_prepare(struct desk *desk, struct published *ret, uint64_t now);
CAIRN_NODISCARD int publish_finish(struct desk *desk, struct published *ret, uint64_t now);

#endif
