// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_STATE_TABLES_H
#define CAIRN_CARRY_STATE_TABLES_H

#include "base/reader.h"
#include "base/writer.h"
#include "carry/carry.h"

/*
 * The desk's state as rows of its tables, for a device that joins (docs/protocol.md, section 8). A row is u8 columns,
 * then each as u8 kind and u64, or u32 length and bytes. A piece of them (OP_STATE) is of one table, by its number.
 */
#define STATE_TABLES 16U
#define STATE_END 255U /* the table that ends the pieces */

/* Empties all of them. In the caller's transaction. */
CAIRN_NODISCARD int state_clear(struct carry *carry);

/* All rows of a table, to be ended with query_end(). */
struct query state_rows(struct carry *carry, size_t table);
void state_row_write(struct writer *w, struct query *q);

/* Puts the next row into a table. CAIRN_ERR_FORMAT: it is none, or there is no such table. */
CAIRN_NODISCARD int state_row_read(struct carry *carry, struct reader *r, size_t table);

#endif
