// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_RECEIVE_H
#define CAIRN_DESK_RECEIVE_H

#include "desk/desk.h"

/* What becomes of cells out of the drop: opened, checked, taken apart, kept. */

struct received {
	size_t kept;     /* new messages */
	size_t known;    /* that had come before: dropped */
	size_t unopened; /* sealed to a key that is erased or was never ours */
	size_t refused;  /* that did not open, were ill-formed or had a wrong mac: dropped without a word */
	size_t begun;    /* new conversations */
	size_t files;    /* manifests */
	size_t alarms;
};

/*
 * One cell, within a transaction of the caller; adds to tally. An error is one of the state file:
 * the transaction must be undone, and the cell comes again. A bad cell is no error.
 */
CAIRN_NODISCARD int receive_cell(struct desk *desk, struct received *tally,
    const uint8_t cell[CAIRN_DROP_CELL_BYTES], uint64_t now);

/* A message that another device has opened and told, in the engine's transaction. */
CAIRN_NODISCARD int receive_told(struct desk *desk, uint64_t conv, const struct op_message *said);

/*
 * Records as they are kept: without hello and the end, keys of files and tag keys of second filled
 * with zeros. Neither may outlive its use, so neither is kept with the text that it came in.
 * Returns the bytes written to out.
 */
size_t receive_scrub(uint8_t out[CAIRN_DROP_PLAIN_BYTES], const uint8_t plain[CAIRN_DROP_PLAIN_BYTES]);

#endif
