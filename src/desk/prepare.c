// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/publish.h"

#include <sodium.h>

#include "base/writer.h"
#include "desk/batch.h"
#include "desk/card.h"
#include "desk/epoch.h"

/* Deciding on a batch: cells, entry, tree, files and the checkpoint's text, all in one transaction. */

#define SECTION_HEAD_BYTES 5U
#define TEXT_MAX 512U
#define SECTIONS_MAX                                                                                            \
	(6U * SECTION_HEAD_BYTES + CAIRN_BATCH_CELLS_MAX * CAIRN_REPLY_CELL_BYTES + 2U * CAIRN_NOTE_BYTES_MAX + \
	    PUBLISH_EPOCH_KEYS * (SECTION_HEAD_BYTES + 7U + CAIRN_XWING_PUBLIC_BYTES))

enum { SECTION_CHECKPOINT = 1,
	SECTION_BATCH,
	SECTION_CARD,
	SECTION_IDENTITY,
	SECTION_EPOCHS };

struct preparing {
	struct desk *desk;
	struct published *ret;
	uint64_t now;
	uint32_t hour;
	uint64_t size; /* before */
	struct cairn_tree tree;
	bool has_last;
	struct cairn_checkpoint last; /* the checkpoint before */
	struct cairn_checkpoint next;
	char last_text[TEXT_MAX];
	char origin[CAIRN_KEY_NAME_BYTES];
	struct cairn_span origin_span;
	struct writer sections;
	uint8_t batch[CAIRN_BATCH_CELLS_MAX * CAIRN_REPLY_CELL_BYTES];
	uint8_t room[SECTIONS_MAX];
	uint8_t note[CAIRN_NOTE_BYTES_MAX];
};

static void
section(struct preparing *p, uint8_t kind, const uint8_t *value, size_t bytes)
{
	write_u8(&p->sections, kind);
	write_u32(&p->sections, (uint32_t)bytes);
	write_bytes(&p->sections, value, bytes);
}

/* The newest row of the log, and the tree at it. */
static int
prepare_head(struct preparing *p, bool *ret_pending, uint32_t *ret_hour)
{
	struct query q = query(p->desk->state, SQL_BOARD_HEAD);
	struct cairn_span text = {NULL, 0};
	int err;

	*ret_pending = false;
	*ret_hour = 0;
	p->has_last = query_row(&q);
	if (p->has_last) {
		p->size = query_int(&q, 0);
		*ret_hour = (uint32_t)query_int(&q, 1);
		text = query_span(&q, 3);
		*ret_pending = query_int(&q, 4) == 0;
		if (text.size > sizeof(p->last_text))
			q.err = CAIRN_ERR_FORMAT;
		else
			memcpy(p->last_text, text.text, text.size);
	}
	err = query_end(&q);
	if (err == CAIRN_OK && p->has_last)
		err = cairn_checkpoint_read(&p->last, (struct cairn_span){p->last_text, text.size},
		    p->origin_span);
	return err;
}

static int
prepare_tree(struct preparing *p)
{
	struct query q = query(p->desk->state, SQL_EDGE_GET);

	cairn_tree_init(&p->tree);
	if (query_row(&q)) {
		p->tree.size = query_int(&q, 0);
		query_bytes(&q, 1, p->tree.edge, sizeof(p->tree.edge));
	}
	if (q.err == CAIRN_OK && p->tree.size != p->size)
		q.err = CAIRN_ERR_FORMAT;
	return query_end(&q);
}

/* Hours never go down. A clock a little behind the board goes by the board; far behind, it is wrong. */
static int
prepare_hour(struct preparing *p, uint32_t last_hour, uint64_t now)
{
	p->hour = desk_hour(now);
	if (p->hour >= last_hour)
		return CAIRN_OK;
	if (last_hour - p->hour > 24)
		return desk_trouble(p->desk, CAIRN_ERR_CLOCK,
		    "this machine's clock is more than a day behind what was published last: set it right first");
	p->hour = last_hour;
	return CAIRN_OK;
}

static int
prepare_batch(struct preparing *p)
{
	uint32_t cells = p->desk->self.batch_cells;
	uint8_t entry[CAIRN_ENTRY_BYTES_MAX];
	uint8_t leaf[32];
	int err = batch_make(p->desk, p->batch, p->ret, p->hour / 24, p->size + 1, p->now);

	if (err != CAIRN_OK)
		return err;
	cairn_entry_make(entry, p->hour, p->batch, cells);
	cairn_tree_leaf(leaf, entry, cairn_entry_bytes(cells));
	err = cairn_tree_append(&p->tree, leaf, 0);
	if (err != CAIRN_OK)
		return err;
	cairn_tree_root(p->next.root, &p->tree);
	p->next.size = p->tree.size;
	p->next.hour = p->hour;
	section(p, SECTION_BATCH, p->batch, (size_t)cells * CAIRN_REPLY_CELL_BYTES);
	return CAIRN_OK;
}

static int
prepare_days(struct preparing *p)
{
	struct query q = query(p->desk->state, SQL_DAY_ADD);
	crypto_hash_sha256_state sha;
	int err;

	bind_int(&q, p->hour / 24);
	bind_int(&q, p->size);
	err = query_run(&q);
	if (err != CAIRN_OK)
		return err;
	crypto_hash_sha256_init(&sha);
	q = query(p->desk->state, SQL_DAY_LIST);
	while (query_row(&q)) {
		uint8_t row[CAIRN_DAYS_ROW_BYTES];
		struct writer w;

		writer_init(&w, row, sizeof(row));
		write_u32(&w, (uint32_t)query_int(&q, 0));
		write_u64(&w, query_int(&q, 1));
		crypto_hash_sha256_update(&sha, row, sizeof(row));
	}
	crypto_hash_sha256_final(&sha, p->next.days_hash);
	return query_end(&q);
}

static int
prepare_card(struct preparing *p)
{
	struct cairn_card card;
	uint8_t *bytes;
	size_t size;
	int err = card_read(p->desk, &card, &bytes, &size, p->hour / 24);

	if (err == CAIRN_OK &&
	    sodium_memcmp(card.board_key, p->desk->self.board_secret + 32, sizeof(card.board_key)) != 0)
		err = desk_trouble(p->desk, CAIRN_ERR_DENIED,
		    "the board's key on the card is not this device's: it takes the board over first ('cairn "
		    "desk publisher "
		    "--take-over', with two shares)");
	if (err == CAIRN_OK) {
		crypto_hash_sha256(p->next.card_hash, bytes, size);
		if (!p->has_last || memcmp(p->next.card_hash, p->last.card_hash, CAIRN_SHA256_BYTES) != 0)
			section(p, SECTION_CARD, bytes, size);
		if (!p->has_last)
			section(p, SECTION_IDENTITY, NULL, 0);
	}
	free(bytes);
	return err;
}

static int
prepare_epochs(struct preparing *p)
{
	size_t bytes;
	bool leaked;
	int err = epoch_make(p->desk->state, &p->desk->self, p->hour / 24);

	if (err == CAIRN_OK)
		err = epoch_leaked(p->desk, &leaked, p->hour / 24);
	if (err == CAIRN_OK && leaked)
		err = epoch_renew(p->desk, p->hour / 24, NULL);
	if (err == CAIRN_OK)
		err = epoch_note(p->desk, p->note, sizeof(p->note), &bytes, p->hour);
	if (err != CAIRN_OK)
		return err;
	crypto_hash_sha256(p->next.epochs_hash, p->note, bytes);
	if (!p->has_last || memcmp(p->next.epochs_hash, p->last.epochs_hash, CAIRN_SHA256_BYTES) != 0)
		section(p, SECTION_EPOCHS, p->note, bytes);
	return epoch_sections(p->desk, &p->sections, p->hour / 24, PUBLISH_EPOCH_KEYS);
}

/* The four lines that will be signed. */
static int
prepare_text(const struct preparing *p, struct writer *w)
{
	write_bytes(w, p->origin_span.text, p->origin_span.size);
	write_text(w, "\n");
	write_decimal(w, p->next.size);
	write_text(w, "\n");
	write_base64(w, p->next.root, sizeof(p->next.root));
	write_text(w, "\ncairn ");
	write_decimal(w, p->next.hour);
	write_text(w, " ");
	write_base64(w, p->next.card_hash, CAIRN_SHA256_BYTES);
	write_text(w, " ");
	write_base64(w, p->next.days_hash, CAIRN_SHA256_BYTES);
	write_text(w, " ");
	write_base64(w, p->next.epochs_hash, CAIRN_SHA256_BYTES);
	write_text(w, "\n");
	return writer_end(w, NULL);
}

static int
prepare_keep(struct preparing *p)
{
	char text[TEXT_MAX];
	struct writer w;
	size_t bytes;
	struct query q;
	int err;

	writer_init(&w, text, sizeof(text));
	err = prepare_text(p, &w);
	if (err == CAIRN_OK)
		err = writer_end(&p->sections, &bytes);
	if (err != CAIRN_OK)
		return err;
	q = query(p->desk->state, SQL_BOARD_ADD);
	bind_int(&q, p->next.size);
	bind_int(&q, p->hour);
	bind_bytes(&q, p->next.root, sizeof(p->next.root));
	bind_text(&q, (struct cairn_span){text, w.used});
	bind_bytes(&q, p->room, bytes);
	err = query_run(&q);
	if (err != CAIRN_OK)
		return err;
	q = query(p->desk->state, SQL_EDGE_PUT);
	bind_int(&q, p->tree.size);
	bind_bytes(&q, p->tree.edge, sizeof(p->tree.edge));
	return query_run(&q);
}

static int
prepare_all(struct preparing *p, uint64_t now)
{
	uint32_t last_hour;
	bool pending;
	int err = prepare_head(p, &pending, &last_hour);

	if (err != CAIRN_OK || pending)
		return err; /* what is pending is the next batch */
	err = prepare_hour(p, last_hour, now);
	if (err == CAIRN_OK)
		err = prepare_tree(p);
	if (err == CAIRN_OK)
		err = prepare_batch(p);
	if (err == CAIRN_OK)
		err = prepare_days(p);
	if (err == CAIRN_OK)
		err = prepare_card(p);
	if (err == CAIRN_OK)
		err = prepare_epochs(p);
	return err == CAIRN_OK ? prepare_keep(p) : err;
}

int
publish_prepare(struct desk *desk, struct published *ret, uint64_t now)
{
	struct preparing *p = calloc(1, sizeof(*p));
	int err = p == NULL ? CAIRN_ERR_NOMEM : db_begin(desk->state);

	desk->trouble[0] = '\0';
	if (err == CAIRN_OK) {
		p->desk = desk;
		p->ret = ret;
		p->now = now;
		p->origin_span = cairn_key_name(p->origin, desk->self.desk_id, "board");
		writer_init(&p->sections, p->room, sizeof(p->room));
		err = db_end(desk->state, prepare_all(p, now));
	}
	free(p);
	return desk->trouble[0] == '\0' ? desk_state_trouble(desk, err) : err;
}
