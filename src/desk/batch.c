// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/batch.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "carry/say.h"
#include "desk/tell.h"
#include "desk/tags.h"
#include "desk/words.h"

#define CELL_NAME_BYTES (OP_ID_BYTES + 8U)

/* One queued reply cell; plain is secret. */
struct queued {
	uint64_t id;
	uint64_t conv;
	uint8_t plain[CAIRN_REPLY_PLAIN_BYTES];
	uint8_t reply_key[CAIRN_XWING_PUBLIC_BYTES];
	uint8_t eseed[CAIRN_XWING_ESEED_BYTES];
};

/* Where the sealing stands. */
struct filling {
	struct desk *desk;
	uint8_t *batch;
	struct published *count;
	uint32_t day;
	uint32_t cells;
	uint64_t size; /* of the board, with this batch */
	uint64_t now;
	uint64_t after; /* queue number looked at last */
	struct queued queued;
};

static int
queue_next(struct filling *f, bool *found)
{
	struct query q = query(f->desk->state, SQL_REPLY_QUEUE);
	uint8_t *records = NULL;
	size_t bytes = 0;

	bind_int(&q, f->after);
	*found = query_row(&q);
	if (*found) {
		f->queued.id = query_int(&q, 0);
		f->queued.conv = query_int(&q, 1);
		if (q.err == CAIRN_OK)
			q.err = words_open(&q, 2, &records, &bytes, f->queued.conv, 0);
		memset(f->queued.plain, 0, sizeof(f->queued.plain));
		if (bytes > sizeof(f->queued.plain) - 2)
			q.err = CAIRN_ERR_FORMAT;
		else if (bytes > 0)
			memcpy(f->queued.plain, records, bytes);
		if (records != NULL)
			sodium_memzero(records, bytes);
		free(records);
		f->after = f->queued.id;
	}
	return query_end(&q);
}

static int
queue_key(struct filling *f)
{
	struct query q = query(f->desk->state, SQL_CONV_KEY);

	bind_int(&q, f->queued.conv);
	if (query_row(&q))
		query_bytes(&q, 0, f->queued.reply_key, sizeof(f->queued.reply_key));
	else if (q.err == CAIRN_OK)
		q.err = CAIRN_ERR_FORMAT;
	return query_end(&q);
}

static int
queue_take(struct filling *f)
{
	struct query q = query(f->desk->state, SQL_REPLY_TAKEN);

	bind_int(&q, f->queued.id);
	return query_run(&q);
}

static int
cell_seal(struct filling *f, const uint8_t tag[CAIRN_TAG_BYTES], uint32_t day)
{
	uint8_t *cell = f->batch + (size_t)f->cells * CAIRN_REPLY_CELL_BYTES;
	int err = queue_key(f);

	if (err != CAIRN_OK)
		return err;
	randombytes_buf(f->queued.eseed, sizeof(f->queued.eseed));
	err = cairn_reply_seal(cell, f->queued.plain, f->desk->self.desk_id, day, tag, f->queued.reply_key,
	    f->queued.eseed);
	if (err == CAIRN_OK)
		err = queue_take(f);
	if (err == CAIRN_OK)
		f->cells++;
	return err;
}

/* One reply of the queue: sealed, or left where it is. */
static int
batch_reply(struct filling *f)
{
	uint8_t tag[CAIRN_TAG_BYTES];
	uint32_t day;
	uint8_t lane;
	int err = self_lane(f->desk, &lane, f->queued.conv);

	if (err == CAIRN_OK)
		err = tags_next(f->desk->state, tag, &day, f->queued.conv, lane, f->day);

	if (err == CAIRN_ERR_UNKNOWN) {
		f->count->held++;
		return CAIRN_OK;
	}
	if (err == CAIRN_ERR_BUSY) {
		f->count->tomorrow++;
		return CAIRN_OK;
	}
	return err == CAIRN_OK ? cell_seal(f, tag, day) : err;
}

static int
batch_replies(struct filling *f)
{
	bool found = true;
	int err = CAIRN_OK;

	while (err == CAIRN_OK && f->cells < f->desk->self.batch_cells) {
		err = queue_next(f, &found);
		if (err != CAIRN_OK || !found)
			break;
		err = batch_reply(f);
	}
	f->count->replies = f->cells;
	sodium_memzero(&f->queued, sizeof(f->queued));
	return err;
}

/* Cells that other devices of the desk have sealed. What the board has already, or had, is passed over. */
static int
batch_cells_of_others(struct filling *f)
{
	struct query q = carry_query(f->desk->carry, CARRY_CELL_WAITING);
	struct op_cells_out said = {.size = f->size};
	uint8_t names[CAIRN_BATCH_CELLS_MAX * CELL_NAME_BYTES];
	size_t used = 0;
	int err;

	bind_int(&q, f->day - 1);
	bind_int(&q, (uint64_t)f->day + 1);
	bind_int(&q, CAIRN_BATCH_CELLS_MAX);
	while (f->cells < f->desk->self.batch_cells && used < sizeof(names) && query_row(&q)) {
		uint8_t *cell = f->batch + (size_t)f->cells * CAIRN_REPLY_CELL_BYTES;
		bool on_board = false;

		query_bytes(&q, 3, cell, CAIRN_REPLY_CELL_BYTES);
		if (q.err == CAIRN_OK)
			q.err = tags_on_board(f->desk->state, &on_board, cell);
		query_bytes(&q, 0, names + used, OP_ID_BYTES);
		put_u64(names + used + OP_ID_BYTES, query_int(&q, 1));
		used += CELL_NAME_BYTES;
		f->cells += !on_board;
	}
	err = query_end(&q);
	f->count->replies = f->cells;
	if (err != CAIRN_OK || used == 0)
		return err;
	said.cells = (struct cairn_span){(const char *)names, used};
	return say(f->desk->carry, carry_desk_compartment, OP_CELLS_OUT, &said, f->now, NULL);
}

static void
batch_fillers(struct filling *f)
{
	uint8_t random[CAIRN_FILLER_RANDOM_BYTES];

	for (; f->cells < f->desk->self.batch_cells; f->cells++) {
		randombytes_buf(random, sizeof(random));
		cairn_reply_filler(f->batch + (size_t)f->cells * CAIRN_REPLY_CELL_BYTES, f->desk->self.desk_id,
		    f->day, random);
	}
	sodium_memzero(random, sizeof(random));
}

static void
batch_shuffle(uint8_t *batch, uint32_t cells)
{
	uint8_t swap[CAIRN_REPLY_CELL_BYTES];

	for (uint32_t i = cells - 1; i > 0; i--) {
		uint8_t *a = batch + (size_t)i * CAIRN_REPLY_CELL_BYTES;
		uint8_t *b = batch + (size_t)randombytes_uniform(i + 1) * CAIRN_REPLY_CELL_BYTES;

		memcpy(swap, a, sizeof(swap));
		memmove(a, b, sizeof(swap));
		memcpy(b, swap, sizeof(swap));
	}
}

static int
batch_tags(struct desk *desk, const uint8_t *batch)
{
	for (uint32_t i = 0; i < desk->self.batch_cells; i++) {
		struct query q = query(desk->state, SQL_BOARD_TAG_ADD);
		int err;

		bind_bytes(&q, batch + (size_t)i * CAIRN_REPLY_CELL_BYTES, CAIRN_TAG_BYTES);
		err = query_run(&q);
		if (err != CAIRN_OK)
			return err;
	}
	return CAIRN_OK;
}

int
batch_make(struct desk *desk, uint8_t *batch, struct published *count, uint32_t day, uint64_t size, uint64_t now)
{
	struct filling f = {.desk = desk, .batch = batch, .count = count, .day = day, .size = size, .now = now};
	int err = batch_replies(&f);

	if (err == CAIRN_OK)
		err = batch_cells_of_others(&f);
	if (err != CAIRN_OK)
		return err;
	batch_fillers(&f);
	batch_shuffle(batch, desk->self.batch_cells);
	return batch_tags(desk, batch);
}

/* One reply of the queue, sealed for the publisher: it goes into the feed, and is known by its operation there. */
static int
reply_hand_over(struct filling *f)
{
	uint8_t cell[CAIRN_REPLY_CELL_BYTES], tag[CAIRN_TAG_BYTES];
	struct op_cell said = {.cell = {(const char *)cell, sizeof(cell)}};
	uint64_t counter;
	uint8_t lane;
	struct query q;
	int err = self_lane(f->desk, &lane, f->queued.conv);

	if (err == CAIRN_OK)
		err = tags_next(f->desk->state, tag, &said.day, f->queued.conv, lane, f->day);
	if (err == CAIRN_ERR_UNKNOWN || err == CAIRN_ERR_BUSY)
		return CAIRN_OK; /* it waits: for the person's next message, or for tomorrow */
	if (err == CAIRN_OK)
		err = queue_key(f);
	if (err != CAIRN_OK)
		return err;
	randombytes_buf(f->queued.eseed, sizeof(f->queued.eseed));
	err = cairn_reply_seal(cell, f->queued.plain, f->desk->self.desk_id, said.day, tag, f->queued.reply_key,
	    f->queued.eseed);
	if (err == CAIRN_OK)
		err = say(f->desk->carry, carry_desk_compartment, OP_CELL, &said, f->now, &counter);
	if (err != CAIRN_OK)
		return err;
	q = query(f->desk->state, SQL_REPLY_SEALED);
	bind_int(&q, f->queued.id);
	bind_int(&q, counter);
	bind_int(&q, said.day);
	f->cells++;
	return query_run(&q);
}

static int
replies_late(struct desk *desk, uint32_t today)
{
	struct query q = query(desk->state, SQL_REPLY_LATE);

	bind_int(&q, today - 1);
	return query_run(&q);
}

static int
hand_over_all(struct filling *f)
{
	bool found = true;
	int err = replies_late(f->desk, f->day);

	while (err == CAIRN_OK && found) {
		err = queue_next(f, &found);
		if (err == CAIRN_OK && found)
			err = reply_hand_over(f);
	}
	sodium_memzero(&f->queued, sizeof(f->queued));
	return err;
}

int
batch_hand_over(struct desk *desk, size_t *ret_cells, uint64_t now)
{
	struct filling *f = sodium_malloc(sizeof(*f));
	int err = f == NULL ? CAIRN_ERR_NOMEM : db_begin(desk->state);

	*ret_cells = 0;
	if (err == CAIRN_OK) {
		memset(f, 0, sizeof(*f));
		f->desk = desk;
		f->day = desk_day(now);
		f->now = now;
		err = db_end(desk->state, hand_over_all(f));
		*ret_cells = f->cells;
	}
	sodium_free(f);
	return desk_state_trouble(desk, err);
}
