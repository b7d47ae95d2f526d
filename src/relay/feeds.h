// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_FEEDS_H
#define CAIRN_RELAY_FEEDS_H

#include "relay/store.h"

/*
 * The desks' feeds (docs/protocol.md, section 8): what stands where in feed.db, the records themselves in one file a
 * desk, feed/<desk_id>. A database moves what it keeps from page to page, and leaves copies behind; in a file a
 * record lies in one place from first to last, and can be overwritten there.
 *
 * A record is on disk before the database says so, and what is to be overwritten is noted in the same transaction
 * that makes it so. Bytes that no transaction speaks of, after a crash or a fault, are noted by the next one.
 *
 * Thread-safe. Errors as in store.h.
 */
struct feeds;

CAIRN_NODISCARD int feeds_open(struct feeds **ret, const char *folder);
/* NULL is fine. */
void feeds_close(struct feeds *feeds);

/* As the functions of store.h. */
CAIRN_NODISCARD int feeds_append(struct feeds *feeds, struct store_append *append);
CAIRN_NODISCARD int feeds_visit(struct feeds *feeds, uint64_t *ret_head, const uint8_t *desk, uint64_t from,
    store_visit_record *visit, void *arg);
CAIRN_NODISCARD int feeds_delete(struct feeds *feeds, const uint8_t *desk, const uint64_t *seqs, size_t count);
CAIRN_NODISCARD int feeds_tidy(struct feeds *feeds);
CAIRN_NODISCARD int feeds_forget(struct feeds *feeds, const uint8_t *desk);
void feeds_visit_desks(struct feeds *feeds, store_visit_desk *visit, void *arg);

#endif
