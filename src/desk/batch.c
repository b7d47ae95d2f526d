// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/batch.h"

#include <sodium.h>

#include "desk/tags.h"

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
	uint64_t after; /* queue number looked at last */
	struct queued queued;
};

static int
queue_next(struct filling *f, bool *found)
{
	struct query q = query(f->desk->state, SQL_REPLY_QUEUE);
	struct cairn_span records;

	bind_int(&q, f->after);
	*found = query_row(&q);
	if (*found) {
		f->queued.id = query_int(&q, 0);
		f->queued.conv = query_int(&q, 1);
		records = query_span(&q, 2);
		memset(f->queued.plain, 0, sizeof(f->queued.plain));
		if (records.size > sizeof(f->queued.plain) - 2)
			q.err = CAIRN_ERR_FORMAT;
		else
			memcpy(f->queued.plain, records.text, records.size);
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
	int err = tags_next(f->desk->state, tag, &day, f->queued.conv, (uint8_t)f->desk->self.lane, f->day);

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
batch_make(struct desk *desk, uint8_t *batch, struct published *count, uint32_t day)
{
	struct filling f = {.desk = desk, .batch = batch, .count = count, .day = day};
	int err = batch_replies(&f);

	if (err != CAIRN_OK)
		return err;
	batch_fillers(&f);
	batch_shuffle(batch, desk->self.batch_cells);
	return batch_tags(desk, batch);
}
