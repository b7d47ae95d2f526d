// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLEAN_CLEAN_H
#define CAIRN_CLEAN_CLEAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clean_wire.h"
#include "cairn/err.h"
#include "cairn/span.h"

/*
 * cairn-clean: reads one file from strangers and makes a copy of what it shows. It holds no key, and by the time it
 * looks at the first byte the kernel lets it do nothing but compute (clean/confine.h).
 */

struct clean_box {
	uint32_t page;
	uint32_t left;
	uint32_t top;
	uint32_t width;
	uint32_t height;
};

struct clean_job {
	enum clean_task task;
	bool keep_lengths;
	char media[CLEAN_MEDIA_MAX + 1];
	size_t count;
	struct clean_box boxes[CLEAN_BOXES_MAX];
};

/* CAIRN_ERR_FORMAT: anything that base/clean_wire.h does not say. */
CAIRN_NODISCARD int clean_job_read(struct clean_job *job, const uint8_t *bytes, size_t size);

/* The answer. */
CAIRN_NODISCARD enum clean_exit clean_put(const void *bytes, size_t size);
CAIRN_NODISCARD enum clean_exit clean_put_kind(enum clean_kind kind);

/*
 * Two steps each: prepare loads what the library needs from disk, before the confinement; the other reads the
 * content, after it. Each answers for itself.
 */
CAIRN_NODISCARD enum clean_exit type_prepare(void);
CAIRN_NODISCARD enum clean_exit type_answer(const struct clean_job *job, struct cairn_span in);
CAIRN_NODISCARD enum clean_exit picture_prepare(void);
CAIRN_NODISCARD enum clean_exit picture_answer(const struct clean_job *job, struct cairn_span in);
CAIRN_NODISCARD enum clean_exit pdf_prepare(void);
CAIRN_NODISCARD enum clean_exit pdf_answer(const struct clean_job *job, struct cairn_span in);
CAIRN_NODISCARD enum clean_exit text_prepare(void);
CAIRN_NODISCARD enum clean_exit text_answer(const struct clean_job *job, struct cairn_span in);

/*
 * The text without what does not show, and without the job's spans. *ret is malloc'ed, of *ret_bytes.
 * CLEAN_BROKEN: not UTF-8; CLEAN_OUTSIDE: a span behind the end.
 */
CAIRN_NODISCARD enum clean_exit text_make(
    char **ret, size_t *ret_bytes, const struct clean_job *job, struct cairn_span in);

/* Does the box lie within a page of that size? An empty one lies nowhere. */
bool box_fits(const struct clean_box *box, uint64_t width, uint64_t height);

#endif
