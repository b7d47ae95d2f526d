// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_VIEW_H
#define CAIRN_CARRY_VIEW_H

#include <string.h>

#include "carry/compartments.h"
#include "carry/fold.h"
#include "carry/log.h"

/* The state of a compartment, as this device knows it: what waits to be sent included. Secret. */
struct view {
	struct carry_compartment compartment;
	struct log_ops log;
	struct fold *fold;
};

/*
 * CAIRN_ERR_UNKNOWN: no such compartment; CAIRN_ERR_DENIED: this device is no member of it, or it opens with
 * others' consent only; CAIRN_ERR_STALE: destroyed, or its time is over. To be ended with view_end(),
 * also after a failure.
 */
CAIRN_NODISCARD int view_make(struct carry *carry, struct view *ret, const uint8_t compartment[OP_ID_BYTES],
    uint64_t now);

static inline void
view_end(struct view *view)
{
	fold_free(view->fold);
	log_end(&view->log);
	memset(view, 0, sizeof(*view));
}

/* A register's text, cut to fit, with a zero behind it; "" where it is not set. */
void view_text(const struct view *view, uint16_t field, char *out, size_t room);

#endif
