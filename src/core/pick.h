// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CORE_PICK_H
#define CORE_PICK_H

#include "cairn/look.h"

/*
 * Which batches a look fetches: exactly two, whatever the case (docs/protocol.md, section 7). Hits not yet read,
 * newest first; then what was fetched before, highest first; then decoys of the window by rank; then
 * the newest outside it. Or all of the window, where the person chose so. Fills picks, ascending.
 */
size_t pick_batches(struct cairn_look *look);

/* Are there hits in the window that no look of this session has fetched? */
bool hits_are_left(const struct cairn_look *look);

/* Remembers that batch n was fetched; fetched counts as read. */
void session_fetched(struct cairn_session *session, uint64_t n);

#endif
