// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_RANGE_H
#define CAIRN_RELAY_RANGE_H

#include <stddef.h>

#include "cairn/err.h"
#include "cairn/span.h"

/* A Range header of one range of bytes (RFC 9110, 14.1.2). */
struct range {
	size_t first;
	size_t bytes;
};

/*
 * CAIRN_OK: that part of a file of that size. CAIRN_ERR_RANGE: it lies behind the end (416). CAIRN_ERR_FORMAT:
 * another unit, several ranges, or no range at all: to be answered as if it were not there.
 */
CAIRN_NODISCARD int range_read(struct range *range, struct cairn_span value, size_t size);

#endif
