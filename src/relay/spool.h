// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_SPOOL_H
#define CAIRN_RELAY_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "relay/counts.h"
#include "relay/store.h"

/*
 * The cells of one hour, in a database file of their own. Its pages tell an order of arrival: so it is overwritten
 * as a whole when its cells have moved on. Under the store's lock, like all of it.
 */
#define SPOOL_SLICE 64U /* cells moved at a time */

struct spool;

/* The table; what the benchmark's bare loop fills, too. */
extern const char spool_schema[];

/* One row, as it moves. Views that live until the next call. cell is NULL where the desk has removed it. */
struct spool_row {
	const uint8_t *desk;
	enum cairn_door door;
	uint32_t day;
	const uint8_t *hash;
	const uint8_t *cell;
};
typedef int spool_visit_row(void *arg, const struct spool_row *row);

/* Makes it where it is not there. */
CAIRN_NODISCARD int spool_open(struct spool **ret, const char *folder, uint32_t hour);
void spool_close(struct spool *spool);
/* Closes it, then overwrites and removes its files. spool is gone also on failure; call spool_wipe() again. */
CAIRN_NODISCARD int spool_erase(struct spool *spool);
/* The files alone, as far as they are there. */
CAIRN_NODISCARD int spool_wipe(const char *folder, uint32_t hour);

/* The hour of a spool's file name; CAIRN_ERR_FORMAT for any other name. */
CAIRN_NODISCARD int spool_name_read(uint32_t *ret_hour, const char *name);

uint32_t spool_hour(const struct spool *spool);
struct spool **spool_next(struct spool *spool); /* for the owner's list */

CAIRN_NODISCARD int spool_begin(struct spool *spool);
CAIRN_NODISCARD int spool_end(struct spool *spool, int err);

/* *ret_fresh is whether it was not there, also not as one that was removed. Within begin and end. */
CAIRN_NODISCARD int spool_put(struct spool *spool, bool *ret_fresh, const struct store_put *put);
CAIRN_NODISCARD int spool_has(struct spool *spool, bool *ret, const struct store_put *put);
/* *enough is set when visit has said so. */
CAIRN_NODISCARD int spool_visit(struct spool *spool, const uint8_t *desk, enum cairn_door door,
    store_visit *visit, void *arg, bool *enough);
/* Leaves the row, so that the same bytes are known again. *ret_removed: it was there. */
CAIRN_NODISCARD int spool_remove(struct spool *spool, bool *ret_removed, const uint8_t *desk,
    enum cairn_door door, const uint8_t *hash);
CAIRN_NODISCARD int spool_count(struct spool *spool, struct counts *counts);

/*
 * Shows the next rows by desk, door and hash, at most SPOOL_SLICE. *ret_rows says how many: 0 at the end. The next
 * call goes on behind them once spool_moved() has been called.
 */
CAIRN_NODISCARD int spool_slice(struct spool *spool, size_t *ret_rows, spool_visit_row *visit, void *arg);
void spool_moved(struct spool *spool);

#endif
