// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_BASE_READER_H
#define CAIRN_BASE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"

/*
 * The one reader of bytes from outside. It holds a view, copies nothing, and never looks past the
 * end: a take that does not fit fails, leaves its output alone, and makes every later take fail, so
 * that a whole record may be read first and asked about once, at reader_end().
 */
struct reader {
	const uint8_t *next;
	size_t left;
	bool failed;
};

void reader_init(struct reader *r, const void *bytes, size_t size);

/* Big-endian integers. On failure *out is 0. */
void take_u8(struct reader *r, uint8_t *out);
void take_u16(struct reader *r, uint16_t *out);
void take_u32(struct reader *r, uint32_t *out);
void take_u64(struct reader *r, uint64_t *out);

/* A view of the next size bytes, or NULL. It lives as long as the bytes the reader was given. */
const uint8_t *take_view(struct reader *r, size_t size);

/* Copies the next size bytes; on failure out is filled with zeros. */
void take_bytes(struct reader *r, void *out, size_t size);

/* CAIRN_OK when everything was taken and nothing failed; else CAIRN_ERR_FORMAT. */
CAIRN_NODISCARD int reader_end(const struct reader *r);

#endif
