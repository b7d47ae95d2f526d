// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_EVIDENCE_CLEANER_H
#define CAIRN_RECORD_EVIDENCE_CLEANER_H

#include "base/clean_wire.h"
#include "record/evidence.h"

/*
 * Running cairn-clean (src/clean), which alone reads content from strangers: in a process that holds no key, and
 * that the kernel lets do nothing but read its input and write its output. Content goes through memory, not disk.
 */

/* By content, not by name. "application/octet-stream" where it cannot be told; the trouble then may say why. */
void evidence_cleaner_type(struct evidence *ev, struct cairn_span head, char media[EVIDENCE_MEDIA_MAX]);

/* One region: a box of pixels on a page (0 where there is but one), or characters of a text (left, width). */
struct evidence_box {
	uint32_t page;
	uint32_t left;
	uint32_t top;
	uint32_t width;
	uint32_t height;
};

struct evidence_clean_job {
	enum clean_task task;
	bool keep_lengths; /* text: one mark for each character, not one for each span */
	size_t count;
	const struct evidence_box *boxes;
};

/*
 * Makes a copy of the item's content: *ret_fd, which the caller closes, holds it from byte 1 on; *ret_kind says what.
 * CAIRN_ERR_FORMAT: not cleanable, or broken; CAIRN_ERR_RANGE: too large, or a box outside; CAIRN_ERR_DENIED: it
 * cannot be confined here, or there is no cairn-clean; CAIRN_ERR_CRYPTO, CAIRN_ERR_UNKNOWN as evidence_content().
 */
CAIRN_NODISCARD int evidence_cleaner_run(struct evidence *ev, const struct evidence_item *item,
    const struct evidence_clean_job *job, int *ret_fd, enum clean_kind *ret_kind);

/* Why this kind cannot be cleaned, in words for staff; NULL: it can. */
const char *evidence_not_cleanable(const char *media);

/* "image/png" */
const char *evidence_kind_media(enum clean_kind kind);

#endif
