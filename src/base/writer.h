// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_BASE_WRITER_H
#define CAIRN_BASE_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"

/*
 * The mirror of reader.h: writes into the caller's room and never past it. A write that does not fit
 * writes nothing and makes every later one fail; writer_end() tells, once, at the end.
 */
struct writer {
	uint8_t *room;
	size_t size; /* of room */
	size_t used;
	bool failed;
};

void writer_init(struct writer *w, void *room, size_t size);

void write_u8(struct writer *w, uint8_t v);
void write_u16(struct writer *w, uint16_t v);
void write_u32(struct writer *w, uint32_t v);
void write_u64(struct writer *w, uint64_t v);
void write_bytes(struct writer *w, const void *bytes, size_t size);
void write_text(struct writer *w, const char *text);    /* without its zero */
void write_decimal(struct writer *w, uint64_t v);        /* as notes have it: no leading zeros */
void write_hex(struct writer *w, const uint8_t *bytes, size_t size);    /* lower case */
void write_base64(struct writer *w, const uint8_t *bytes, size_t size); /* canonical, padded */

/* CAIRN_OK and the number of bytes written, or CAIRN_ERR_SPACE. used_bytes may be NULL. */
CAIRN_NODISCARD int writer_end(const struct writer *w, size_t *used_bytes);

#endif
