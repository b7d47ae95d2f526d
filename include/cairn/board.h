// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_BOARD_H
#define CAIRN_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/conversation.h"
#include "cairn/err.h"
#include "cairn/hash.h"
#include "cairn/tlv.h"

/*
 * Desk to person: reply cells, the batches in which they are published, and what the board says of
 * these: entries and days (docs/protocol.md, section 7).
 */

#define CAIRN_REPLY_CELL_BYTES 4096U
#define CAIRN_BATCH_CELLS_MAX 64U
#define CAIRN_BATCH_CELLS 8U /* unless a card says otherwise */
#define CAIRN_ENTRY_BYTES_MAX (4U + CAIRN_BATCH_CELLS_MAX * CAIRN_TAG_BYTES + CAIRN_SHA256_BYTES)
#define CAIRN_DAYS_ROW_BYTES 12U
#define CAIRN_BATCH_STAY_DAYS 32U
#define CAIRN_WINDOW_DAYS_DEFAULT 7U
#define CAIRN_WINDOW_BACK_MAX 30U /* the first day is at most so far before the last */

/* Seals 2952 bytes of checked plaintext to a person's reply key, under a tag, for day d. eseed is fresh. */
CAIRN_NODISCARD int cairn_reply_seal(uint8_t cell[CAIRN_REPLY_CELL_BYTES],
    const uint8_t plain[CAIRN_REPLY_PLAIN_BYTES], const uint8_t desk_id[CAIRN_HASH_BYTES], uint32_t day,
    const uint8_t tag[CAIRN_TAG_BYTES], const uint8_t reply_key[CAIRN_XWING_PUBLIC_BYTES],
    const uint8_t eseed[CAIRN_XWING_ESEED_BYTES]);

/*
 * A cell that nobody can open: zeros to a throwaway key under a random tag. randomness is 104 fresh bytes:
 * throwaway seed[32], eseed[64], tag[8]. From outside it cannot be told from a real one.
 */
#define CAIRN_FILLER_RANDOM_BYTES 104U
void cairn_reply_filler(uint8_t cell[CAIRN_REPLY_CELL_BYTES], const uint8_t desk_id[CAIRN_HASH_BYTES],
    uint32_t day, const uint8_t randomness[CAIRN_FILLER_RANDOM_BYTES]);

/*
 * Opens the cell as one for day d under the tag it bears, and checks the records. Takes the same time
 * whether it opens or not, but for the reading of records. plain is zeros unless CAIRN_OK.
 */
CAIRN_NODISCARD int cairn_reply_open(uint8_t plain[CAIRN_REPLY_PLAIN_BYTES],
    const uint8_t cell[CAIRN_REPLY_CELL_BYTES], const uint8_t desk_id[CAIRN_HASH_BYTES], uint32_t day,
    const struct cairn_xwing_key *reply);

/* Bytes of an entry of a board of that batch size. */
size_t cairn_entry_bytes(size_t batch_cells);

/* entry = u32 hour || tags || SHA-256(batch). batch is batch_cells * CAIRN_REPLY_CELL_BYTES. */
void cairn_entry_make(uint8_t *entry, uint32_t hour, const uint8_t *batch, size_t batch_cells);

/* CAIRN_ERR_RANGE: no batch of 1 to 64 cells has an entry of that size. */
CAIRN_NODISCARD int cairn_entry_cells(size_t *ret_batch_cells, size_t entry_bytes);
uint32_t cairn_entry_hour(const uint8_t *entry);
const uint8_t *cairn_entry_tag(const uint8_t *entry, size_t cell); /* view of 8 bytes */

/* CAIRN_ERR_CRYPTO unless batch[batch_bytes] is the one that the entry stands for. */
CAIRN_NODISCARD int cairn_batch_check(const uint8_t *entry, size_t entry_bytes, const uint8_t *batch,
    size_t batch_bytes);

/* Is a batch of hour still on the host, while the checkpoint's hour is checkpoint_hour? */
bool cairn_batch_stays(uint32_t hour, uint32_t checkpoint_hour);

/*
 * board/days: u32 day, u64 first batch, for each day that has a batch. A checked view.
 * CAIRN_ERR_FORMAT unless whole rows, both ascending, the first of them batch 0, all below size; none only
 * where size is 0.
 */
struct cairn_days {
	const uint8_t *rows;
	size_t count;
};
CAIRN_NODISCARD int cairn_days_read(struct cairn_days *days, const uint8_t *file, size_t file_bytes,
    uint64_t size);
uint32_t cairn_days_day(const struct cairn_days *days, size_t row);
uint64_t cairn_days_first(const struct cairn_days *days, size_t row);
/* The first batch of a day from that one on; size when there is none. */
uint64_t cairn_days_from(const struct cairn_days *days, uint32_t day, uint64_t size);

/*
 * Holds a days file against the entries as they are read, in order, from the batch that
 * cairn_days_from() names on: same days, same first batches, none more; and holds the hours, which never go
 * down and never pass the checkpoint's.
 */
struct cairn_days_walk {
	const struct cairn_days *days;
	size_t row;
	uint64_t batch;
	uint32_t hour;
	uint32_t checkpoint_hour;
};
void cairn_days_walk_begin(struct cairn_days_walk *walk, const struct cairn_days *days, uint64_t first_batch,
    uint32_t checkpoint_hour);
CAIRN_NODISCARD int cairn_days_walk_entry(struct cairn_days_walk *walk, uint32_t hour);
/* All of size entries seen and no row left. */
CAIRN_NODISCARD int cairn_days_walk_end(const struct cairn_days_walk *walk, uint64_t size);

/* The window of a look: last is the day of the checkpoint's hour; named may be NULL. */
void cairn_window(uint32_t *ret_first, uint32_t *ret_last, uint32_t checkpoint_hour, const uint32_t *named);

/*
 * The tags of a look: all 16 lanes and 16 n, each day from first - 1 to last + 1, for the month of last + 1
 * and the 12 before it, as far as their chains reach. out may be NULL to count only.
 */
#define CAIRN_LOOK_MONTHS 13U
#define CAIRN_LOOK_TAGS_MAX ((CAIRN_WINDOW_BACK_MAX + 3U) * CAIRN_LOOK_MONTHS * 256U)
struct cairn_look_tag {
	uint8_t tag[CAIRN_TAG_BYTES];
	uint32_t day;
};
size_t cairn_look_tags(struct cairn_look_tag *out, const uint8_t root[CAIRN_KEY_BYTES], uint32_t first,
    uint32_t last);

/* Which decoys a person takes: the lowest ranks. decoy_key = derive(root, "decoy", ""). */
void cairn_decoy_key(uint8_t out[CAIRN_KEY_BYTES], const uint8_t root[CAIRN_KEY_BYTES]);
void cairn_decoy_rank(uint8_t out[CAIRN_HASH_BYTES], const uint8_t decoy_key[CAIRN_KEY_BYTES], uint64_t n);

#endif
