// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_NOTES_H
#define CAIRN_CARRY_NOTES_H

#include "carry/carry.h"

/* Notes that came through the feed, by name: "roster". */

/* *ret is malloc'ed, NULL where there is none. */
CAIRN_NODISCARD int carry_note_get(struct carry *carry, const char *name, uint8_t **ret, size_t *ret_bytes,
    uint64_t *ret_serial);
/* 0 where there is none. */
CAIRN_NODISCARD int carry_note_serial(struct carry *carry, const char *name, uint64_t *ret_serial);
CAIRN_NODISCARD int carry_note_put(struct carry *carry, const char *name, struct cairn_span bytes, uint64_t serial);

#endif
