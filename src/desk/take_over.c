// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/take_over.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/reader.h"
#include "desk/card.h"
#include "desk/epoch.h"

/*
 * Bundles whose tags are taken down, at the end of the board: a tag is of a day, and goes out on it, the day before
 * or the day after; at a tick of ten minutes a bundle is nearly two days.
 */
#define BUNDLES_OF_TAGS 3U
#define BUNDLE_BYTES_MAX (CAIRN_TILE_WIDTH * (2U + CAIRN_ENTRY_BYTES_MAX))

/* The board as the relay shows it. */
struct taking {
	struct desk *desk;
	char origin[CAIRN_KEY_NAME_BYTES];
	uint8_t note[CAIRN_NOTE_BYTES_MAX];
	struct cairn_checkpoint checkpoint;
	uint8_t old_key[32]; /* that has signed it */
	struct cairn_tree tree;
	uint8_t leaves[CAIRN_TILE_WIDTH][32];
	uint8_t *days;
	size_t days_bytes;
};

static int
fetch(struct desk *desk, const char *path, size_t most, const uint8_t **body, size_t *bytes)
{
	struct cairn_request request = {.method = "GET", .answer_max = most};
	int err;

	snprintf(request.path, sizeof(request.path), "board/%s", path);
	err = desk_exchange(desk, &request, NULL, body, bytes);
	return err == CAIRN_ERR_UNKNOWN ? desk_trouble(desk, err, "the relay has no %s: is there a board "
								  "yet?",
					      request.path)
					: err;
}

static int
board_is_not(struct desk *desk)
{
	return desk_trouble(desk, CAIRN_ERR_CRYPTO,
	    "the relay's board is not what its own checkpoint says: nothing was changed. Tell its operator and the "
	    "security officer");
}

/* The newest card may be one that the other device has made since this one looked. */
static int
take_card(struct desk *desk, uint32_t today)
{
	struct cairn_identity_chain chain;
	struct cairn_card card, ours;
	const uint8_t *body;
	uint8_t *bytes;
	size_t size;
	int err = fetch(desk, "card", CAIRN_NOTE_BYTES_MAX, &body, &size);

	if (err == CAIRN_OK)
		err = cairn_identity_read(&chain, NULL, 0, desk->self.desk_id, NULL);
	if (err != CAIRN_OK)
		return err;
	if (cairn_card_open(&card, body, size, desk->self.desk_id, &chain, today, NULL) != CAIRN_OK)
		return desk_trouble(desk, CAIRN_ERR_CRYPTO,
		    "the card on the board does not hold: check this machine's clock; then tell the relay's "
		    "operator");
	err = card_read_any(desk, &ours, &bytes);
	if (err == CAIRN_OK && ours.serial >= card.serial) {
		free(bytes);
		return CAIRN_OK;
	}
	free(bytes);
	desk->trouble[0] = '\0';
	return state_note_put(desk->state, "card", body, size, card.serial);
}

/* Signed by the key of the card that is in force until now. */
static int
take_checkpoint(struct taking *t)
{
	struct cairn_note_key key = {.type = CAIRN_KEY_ED25519};
	struct cairn_card card = {.serial = 0};
	const uint8_t *body;
	uint8_t *note;
	size_t bytes;
	int err = card_read_any(t->desk, &card, &note);

	if (err == CAIRN_OK) {
		key.name = cairn_key_name(t->origin, t->desk->self.desk_id, "board");
		memcpy(key.key, card.board_key, sizeof(key.key));
		memcpy(t->old_key, card.board_key, sizeof(t->old_key));
	}
	free(note);
	if (err == CAIRN_OK)
		err = fetch(t->desk, "checkpoint", sizeof(t->note), &body, &bytes);
	if (err != CAIRN_OK)
		return err;
	memcpy(t->note, body, bytes);
	if (cairn_checkpoint_open(&t->checkpoint, NULL, t->note, bytes, &key, 1) != CAIRN_OK)
		return board_is_not(t->desk);
	return CAIRN_OK;
}

static int
take_days(struct taking *t)
{
	const uint8_t *body;
	uint8_t hash[CAIRN_SHA256_BYTES];
	int err = fetch(t->desk, "days", 1U << 20, &body, &t->days_bytes);

	if (err != CAIRN_OK)
		return err;
	crypto_hash_sha256(hash, body, t->days_bytes);
	if (memcmp(hash, t->checkpoint.days_hash, sizeof(hash)) != 0 || t->days_bytes % CAIRN_DAYS_ROW_BYTES != 0)
		return board_is_not(t->desk);
	t->days = malloc(t->days_bytes + 1);
	if (t->days == NULL)
		return CAIRN_ERR_NOMEM;
	memcpy(t->days, body, t->days_bytes);
	return CAIRN_OK;
}

/* Keys of the days: the next generation of those that people have, whichever of them this device was given. */
static int
take_epochs(struct taking *t, uint32_t today)
{
	struct cairn_epochs listed;
	const uint8_t *body;
	size_t bytes;
	uint8_t hash[CAIRN_SHA256_BYTES];
	int err = fetch(t->desk, "epochs", CAIRN_NOTE_BYTES_MAX, &body, &bytes);

	if (err != CAIRN_OK)
		return err;
	crypto_hash_sha256(hash, body, bytes);
	if (memcmp(hash, t->checkpoint.epochs_hash, sizeof(hash)) != 0 ||
	    cairn_epochs_open(&listed, body, bytes, t->desk->self.desk_id, t->old_key) != CAIRN_OK)
		return board_is_not(t->desk);
	return epoch_renew(t->desk, today, &listed);
}

static int
entry_tags(struct taking *t, const uint8_t *entry, size_t bytes)
{
	int err = CAIRN_OK;

	/* u32 hour, the tags, the batch's hash */
	for (size_t at = 4; at + CAIRN_TAG_BYTES + CAIRN_SHA256_BYTES <= bytes && err == CAIRN_OK;
	     at += CAIRN_TAG_BYTES) {
		struct query q = query(t->desk->state, SQL_BOARD_TAG_ADD);

		bind_bytes(&q, entry + at, CAIRN_TAG_BYTES);
		err = query_run(&q);
	}
	return err;
}

/* The entries of one tile, each held to its leaf. */
static int
take_tags(struct taking *t, uint64_t n, unsigned width)
{
	char path[CAIRN_TILE_PATH_MAX];
	const uint8_t *at, *entry;
	size_t left, bytes;
	int err;

	cairn_tile_path(path, CAIRN_TILE_ENTRIES, n, width);
	err = fetch(t->desk, path, BUNDLE_BYTES_MAX, &at, &left);
	for (unsigned i = 0; i < width && err == CAIRN_OK; i++) {
		uint8_t leaf[32];

		if (cairn_bundle_next(&entry, &bytes, &at, &left) != CAIRN_OK)
			return board_is_not(t->desk);
		cairn_tree_leaf(leaf, entry, bytes);
		if (memcmp(leaf, t->leaves[i], sizeof(leaf)) != 0)
			return board_is_not(t->desk);
		err = entry_tags(t, entry, bytes);
	}
	return err;
}

static int
take_tile(struct taking *t, uint64_t n, bool tags)
{
	unsigned width = cairn_tile_width(t->checkpoint.size, 0, n);
	char path[CAIRN_TILE_PATH_MAX];
	const uint8_t *body;
	size_t bytes;
	int err;

	cairn_tile_path(path, 0, n, width);
	err = fetch(t->desk, path, CAIRN_TILE_WIDTH * 32U, &body, &bytes);
	if (err == CAIRN_OK && bytes != width * 32U)
		err = board_is_not(t->desk);
	if (err != CAIRN_OK)
		return err;
	memcpy(t->leaves, body, bytes);
	for (unsigned i = 0; i < width && err == CAIRN_OK; i++)
		err = cairn_tree_append(&t->tree, t->leaves[i], 0);
	return err == CAIRN_OK && tags ? take_tags(t, n, width) : err;
}

/* All leaves: their root must be the checkpoint's. */
static int
take_tree(struct taking *t)
{
	uint64_t tiles = (t->checkpoint.size + CAIRN_TILE_WIDTH - 1) / CAIRN_TILE_WIDTH;
	uint8_t root[32];
	int err = CAIRN_OK;

	cairn_tree_init(&t->tree);
	for (uint64_t n = 0; n < tiles && err == CAIRN_OK; n++)
		err = take_tile(t, n, n + BUNDLES_OF_TAGS >= tiles);
	if (err != CAIRN_OK)
		return err;
	cairn_tree_root(root, &t->tree);
	return memcmp(root, t->checkpoint.root, sizeof(root)) == 0 ? CAIRN_OK : board_is_not(t->desk);
}

/*
 * What this device has of a board of its own from before: it published once, or is out of a backup. What waited to be
 * appended then goes into the queue again.
 */
static int
forget_own(struct desk *desk)
{
	static const char own[] =
	    "DELETE FROM board; DELETE FROM board_edge; DELETE FROM board_day; DELETE FROM board_tag;"
	    "UPDATE reply SET state = 0 WHERE state = 1 AND cell = 0";

	return db_script(desk->state, own);
}

static int
keep_days(struct taking *t)
{
	struct reader r;
	int err = CAIRN_OK;

	reader_init(&r, t->days, t->days_bytes);
	while (r.left > 0 && err == CAIRN_OK) {
		struct query q = query(t->desk->state, SQL_DAY_ADD);
		uint32_t day;
		uint64_t first;

		take_u32(&r, &day);
		take_u64(&r, &first);
		bind_int(&q, day);
		bind_int(&q, first);
		err = query_run(&q);
	}
	return err;
}

/* The row of the log that the next batch goes on from. */
static int
keep_head(struct taking *t)
{
	struct query q = query(t->desk->state, SQL_BOARD_ADD);
	int err;

	bind_int(&q, t->checkpoint.size);
	bind_int(&q, t->checkpoint.hour);
	bind_bytes(&q, t->checkpoint.root, sizeof(t->checkpoint.root));
	bind_text(&q, t->checkpoint.text);
	bind_bytes(&q, NULL, 0);
	err = query_run(&q);
	if (err != CAIRN_OK)
		return err;
	q = query(t->desk->state, SQL_BOARD_DONE);
	bind_int(&q, t->checkpoint.size);
	err = query_run(&q);
	if (err != CAIRN_OK)
		return err;
	q = query(t->desk->state, SQL_EDGE_PUT);
	bind_int(&q, t->tree.size);
	bind_bytes(&q, t->tree.edge, sizeof(t->tree.edge));
	return query_run(&q);
}

static int
keep_key(struct desk *desk, const uint8_t secret[64])
{
	struct query q = query(desk->state, SQL_SELF_BOARD);

	bind_bytes(&q, secret, 64);
	return query_run(&q);
}

static int
take_all(struct taking *t, const uint8_t secret[64], uint32_t today)
{
	int err = forget_own(t->desk);

	if (err == CAIRN_OK)
		err = take_card(t->desk, today);
	if (err == CAIRN_OK)
		err = take_checkpoint(t);
	if (err == CAIRN_OK)
		err = take_days(t);
	if (err == CAIRN_OK)
		err = take_tree(t);
	if (err == CAIRN_OK)
		err = keep_days(t);
	if (err == CAIRN_OK)
		err = keep_head(t);
	if (err == CAIRN_OK)
		err = take_epochs(t, today);
	return err == CAIRN_OK ? keep_key(t->desk, secret) : err;
}

static int
take_board(struct desk *desk, uint64_t now)
{
	struct taking *t = calloc(1, sizeof(*t));
	uint8_t public_key[32], secret[64];
	int err = t == NULL ? CAIRN_ERR_NOMEM : db_begin(desk->state);

	if (err == CAIRN_OK) {
		t->desk = desk;
		crypto_sign_keypair(public_key, secret);
		err = db_end(desk->state, take_all(t, secret, desk_day(now)));
		if (err == CAIRN_OK)
			memcpy(desk->self.board_secret, secret, sizeof(secret));
		sodium_memzero(secret, sizeof(secret));
	}
	if (t != NULL)
		free(t->days);
	free(t);
	return err == CAIRN_OK || desk->trouble[0] != '\0' ? err : desk_state_trouble(desk, err);
}

int
board_key_is_ours(struct desk *desk, bool *ret)
{
	struct cairn_card card;
	uint8_t *bytes;
	int err = card_read_any(desk, &card, &bytes);

	*ret = err == CAIRN_OK &&
	    sodium_memcmp(card.board_key, desk->self.board_secret + 32, sizeof(card.board_key)) == 0;
	free(bytes);
	return err;
}

int
desk_take_over(struct desk *desk, const struct share *a, const struct share *b, uint64_t now)
{
	const struct card_wish as_before = {.name = NULL};
	bool ours;
	int err = board_key_is_ours(desk, &ours);

	desk->trouble[0] = '\0';
	if (err == CAIRN_OK && !ours)
		err = take_board(desk, now);
	return err == CAIRN_OK ? card_renew(desk, &as_before, a, b, now) : err;
}
