// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_EVIDENCE_MAKING_H
#define CAIRN_RECORD_EVIDENCE_MAKING_H

#include "record/evidence.h"

/*
 * A new item while it is being made: its file is written, then one transaction makes it known. In between it is a
 * file that nothing names, which the next start removes. For originals and for copies.
 */
struct evidence_making;

/* Holds the folder against a sweep until evidence_making_end(). */
CAIRN_NODISCARD int evidence_making_begin(struct evidence_making **ret, struct evidence *ev);

/* Takes all that read gives: hashes, seals, writes, flushes. */
CAIRN_NODISCARD int evidence_making_stream(struct evidence_making *m, evidence_read *read, void *arg);

/* The first bytes of the content, for telling its kind. */
struct cairn_span evidence_making_head(const struct evidence_making *m);
const uint8_t *evidence_making_id(const struct evidence_making *m);
const uint8_t *evidence_making_sha256(const struct evidence_making *m);

/*
 * In the caller's transaction: the item, its key, its first entry and "sealed". root has action, and the fields that
 * are the caller's; what the item is (hashes, size, media type, name) is filled in here. name may be NULL.
 */
CAIRN_NODISCARD int evidence_making_root(
    struct evidence_making *m, struct evidence_entry *root, const char *media, const char *name, uint64_t now);

/*
 * The file stays where the transaction was tried: whether it came through, the database knows, and a sweep asks it.
 * NULL is fine.
 */
void evidence_making_end(struct evidence_making *m, bool tried);

#endif
