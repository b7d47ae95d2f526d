// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_EVIDENCE_COPY_H
#define CAIRN_RECORD_EVIDENCE_COPY_H

#include "record/evidence_cleaner.h"

/*
 * Copies are items of their own, with a log of their own that begins with "derived": from which item, by what. The
 * source's log says that the copy was made. Both entries, the copy's key and its file become known at once.
 */

/* A working copy without metadata. Errors as evidence_cleaner_run(). */
CAIRN_NODISCARD int evidence_copy(struct evidence *ev, const struct evidence_item *source, const char *note,
    uint64_t now, uint8_t ret_id[EVIDENCE_ITEM_BYTES]);

/*
 * A copy in which the regions are gone: painted over before the picture or page is encoded, or replaced in the text.
 * The copy never had them; nothing of the source's file but the decoded picture or text outside of the regions goes
 * into it. Pixels are those of the working copy, upright. The log tells how many regions, not where.
 */
CAIRN_NODISCARD int evidence_redact(struct evidence *ev, const struct evidence_item *source,
    const struct evidence_box *boxes, size_t count, bool keep_lengths, const char *note, uint64_t now,
    uint8_t ret_id[EVIDENCE_ITEM_BYTES]);

#endif
