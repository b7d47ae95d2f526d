// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/board_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cairn/board.h"
#include "cairn/desk_keys.h"

#define FOUND 200
#define NOT_FOUND 404
#define PATH_BYTES CAIRN_REQUEST_PATH_MAX

/* Says what did not hold, the first time, and returns err. */
static int __attribute__((format(printf, 3, 4)))
fault(struct board_check *c, int err, const char *format, ...)
{
	va_list args;

	if (c->fault[0] != '\0')
		return err;
	va_start(args, format);
	(void)vsnprintf(c->fault, sizeof(c->fault), format, args);
	va_end(args);
	return err;
}

static int
get(struct board_check *c, const char *path, size_t max, const uint8_t **body, size_t *bytes)
{
	int status = c->source->get(c->source, path, max, body, bytes);

	if (status == FOUND)
		return CAIRN_OK;
	if (status == NOT_FOUND)
		return fault(c, CAIRN_ERR_UNKNOWN, "%s is missing", path);
	return fault(c, CAIRN_ERR_IO, "%s cannot be read", path);
}

int
board_check_open(struct board_check *c)
{
	enum cairn_step step;

	cairn_opening_init(&c->opening, &c->client, &c->memory);
	while ((step = cairn_opening_next(&c->opening)) == CAIRN_STEP_REQUEST) {
		const uint8_t *body;
		size_t bytes;
		int status = c->source->get(c->source, c->opening.request.path,
		    c->opening.request.answer_max, &body, &bytes);

		cairn_opening_answer(&c->opening, status, body, bytes);
	}
	if (step == CAIRN_STEP_DONE)
		return CAIRN_OK;
	return fault(c, c->opening.err, "checkpoint, identity, card, days and epochs do not agree: %s",
	    cairn_strerror(c->opening.err));
}

/* ---- an earlier checkpoint ---- */

int
board_check_against(struct board_check *c, const uint8_t *note, size_t bytes)
{
	char name[CAIRN_KEY_NAME_BYTES];
	struct cairn_note_key key = {.name = cairn_key_name(name, c->client.desk_id, "board"),
	    .type = CAIRN_KEY_ED25519};
	const struct cairn_checkpoint *now = &c->opening.checkpoint;
	int err;

	memcpy(key.key, c->opening.card.board_key, sizeof(key.key));
	err = cairn_checkpoint_open(&c->before, NULL, note, bytes, &key, 1);
	if (err != CAIRN_OK)
		return fault(c, err, "the earlier checkpoint is not signed by the board key of today's card");
	c->has_before = true;
	if (c->before.size == now->size && (c->before.text.size != now->text.size ||
	        memcmp(c->before.text.text, now->text.text, now->text.size) != 0))
		return fault(c, CAIRN_ERR_CONFLICT, "two checkpoints of size %llu", (unsigned long long)now->size);
	if (c->before.size <= now->size)
		return CAIRN_OK;
	if (c->before.hour < now->hour)
		return fault(c, CAIRN_ERR_CONFLICT, "a smaller board was signed after a larger one");
	return fault(c, CAIRN_ERR_STALE, "this board is older than the earlier checkpoint");
}

/* ---- epoch keys ---- */

static int
check_epoch_key(struct board_check *c, const struct cairn_epoch *epoch)
{
	char path[PATH_BYTES];
	const uint8_t *key;
	size_t bytes;
	int err;

	(void)snprintf(path, sizeof(path), "board/epoch/%s/%u.%u", cairn_door_name(epoch->door), epoch->day,
	    epoch->gen);
	err = get(c, path, CAIRN_XWING_PUBLIC_BYTES, &key, &bytes);
	if (err != CAIRN_OK)
		return err;
	err = cairn_epoch_key_check(epoch, key, bytes);
	c->epoch_keys += err == CAIRN_OK;
	return err == CAIRN_OK ? CAIRN_OK : fault(c, err, "%s is not the key that the list names", path);
}

static int
check_epoch_keys(struct board_check *c)
{
	struct cairn_epoch epoch;
	size_t at = 0;
	int err = CAIRN_OK;

	while (err == CAIRN_OK && cairn_epochs_next(&c->opening.epochs, &at, &epoch))
		err = check_epoch_key(c, &epoch);
	return err;
}

/* ---- tiles: each level's hashes are gathered, compared with the tile, and give one hash of the next ---- */

static int
compare_tile(struct board_check *c, unsigned level)
{
	struct board_level *l = &c->levels[level];
	char name[CAIRN_TILE_PATH_MAX], path[PATH_BYTES];
	const uint8_t *body;
	size_t bytes;
	int err;

	cairn_tile_path(name, (int)level, l->tile, l->count);
	(void)snprintf(path, sizeof(path), "board/%s", name);
	err = get(c, path, sizeof(l->hashes), &body, &bytes);
	if (err != CAIRN_OK)
		return err;
	c->tiles++;
	if (bytes != (size_t)l->count * 32 || memcmp(body, l->hashes, bytes) != 0)
		return fault(c, CAIRN_ERR_CRYPTO, "%s is not what the entries make", path);
	return CAIRN_OK;
}

/* The root of the full tile at that level. */
static int
tile_root(uint8_t root[32], const struct board_level *l)
{
	struct cairn_tree tree;
	int err = CAIRN_OK;

	cairn_tree_init(&tree);
	for (unsigned i = 0; i < CAIRN_TILE_WIDTH && err == CAIRN_OK; i++)
		err = cairn_tree_append(&tree, l->hashes[i], 0);
	cairn_tree_root(root, &tree);
	return err;
}

static int
push_hash(struct board_check *c, const uint8_t leaf[32])
{
	uint8_t hash[32];
	int err = CAIRN_OK;

	memcpy(hash, leaf, sizeof(hash));
	for (unsigned level = 0; level < BOARD_LEVELS && err == CAIRN_OK; level++) {
		struct board_level *l = &c->levels[level];

		memcpy(l->hashes[l->count++], hash, sizeof(hash));
		if (l->count < CAIRN_TILE_WIDTH)
			return CAIRN_OK;
		err = compare_tile(c, level);
		if (err == CAIRN_OK)
			err = tile_root(hash, l);
		l->count = 0;
		l->tile++;
	}
	return err;
}

static int
check_partial_tiles(struct board_check *c)
{
	int err = CAIRN_OK;

	for (unsigned level = 0; level < BOARD_LEVELS && err == CAIRN_OK; level++)
		if (c->levels[level].count > 0)
			err = compare_tile(c, level);
	return err;
}

/* ---- entries and their batches ---- */

static int
check_before(struct board_check *c)
{
	uint8_t root[32];

	if (!c->has_before || c->tree.size != c->before.size)
		return CAIRN_OK;
	cairn_tree_root(root, &c->tree);
	if (memcmp(root, c->before.root, sizeof(root)) != 0)
		return fault(c, CAIRN_ERR_CONFLICT, "at size %llu this board has another root than the earlier "
						    "checkpoint",
		    (unsigned long long)c->before.size);
	c->extends = true;
	return CAIRN_OK;
}

static int
check_batch(struct board_check *c, uint64_t n, const uint8_t *entry, size_t entry_bytes)
{
	char path[PATH_BYTES];
	const uint8_t *batch;
	size_t bytes;
	int err;

	if (!cairn_batch_stays(cairn_entry_hour(entry), c->opening.checkpoint.hour)) {
		c->batches_gone++;
		return CAIRN_OK;
	}
	(void)snprintf(path, sizeof(path), "board/batch/%llu", (unsigned long long)n);
	err = get(c, path, CAIRN_BATCH_CELLS_MAX * CAIRN_REPLY_CELL_BYTES, &batch, &bytes);
	if (err != CAIRN_OK)
		return err;
	err = cairn_batch_check(entry, entry_bytes, batch, bytes);
	c->batches += err == CAIRN_OK;
	return err == CAIRN_OK ? CAIRN_OK : fault(c, err, "%s is not what entry %llu says", path,
	    (unsigned long long)n);
}

static int
check_entry(struct board_check *c, const uint8_t *entry, size_t bytes)
{
	uint64_t n = c->tree.size;
	uint8_t leaf[32];
	size_t cells;
	int err = check_before(c);

	if (err != CAIRN_OK)
		return err;
	if ((err = cairn_entry_cells(&cells, bytes)) != CAIRN_OK ||
	    (err = cairn_days_walk_entry(&c->walk, cairn_entry_hour(entry))) != CAIRN_OK)
		return fault(c, err, "entry %llu is ill-formed, goes back in time or is not in the days file",
		    (unsigned long long)n);
	cairn_tree_leaf(leaf, entry, bytes);
	if ((err = cairn_tree_append(&c->tree, leaf, 0)) != CAIRN_OK || (err = push_hash(c, leaf)) != CAIRN_OK)
		return err;
	c->entries++;
	return check_batch(c, n, entry, bytes);
}

/* The bundle is copied: fetching a batch takes the place of what was fetched before. */
static int
check_bundle(struct board_check *c)
{
	uint64_t n = c->tree.size / CAIRN_TILE_WIDTH;
	unsigned width = cairn_tile_width(c->opening.checkpoint.size, CAIRN_TILE_ENTRIES, n);
	char name[CAIRN_TILE_PATH_MAX], path[PATH_BYTES];
	const uint8_t *body, *entry;
	size_t left, bytes;
	int err;

	cairn_tile_path(name, CAIRN_TILE_ENTRIES, n, width);
	(void)snprintf(path, sizeof(path), "board/%s", name);
	err = get(c, path, sizeof(c->bundle), &body, &left);
	if (err != CAIRN_OK)
		return err;
	memcpy(c->bundle, body, left);
	body = c->bundle;
	for (; width > 0 && err == CAIRN_OK; width--) {
		err = cairn_bundle_next(&entry, &bytes, &body, &left);
		if (err == CAIRN_OK)
			err = check_entry(c, entry, bytes);
	}
	if (err == CAIRN_OK && left > 0)
		err = CAIRN_ERR_FORMAT;
	return err == CAIRN_OK ? CAIRN_OK : fault(c, err, "%s is ill-formed", path);
}

static int
check_end(struct board_check *c)
{
	uint8_t root[32];
	int err = check_before(c);

	if (err != CAIRN_OK)
		return err;
	cairn_tree_root(root, &c->tree);
	if (memcmp(root, c->opening.checkpoint.root, sizeof(root)) != 0)
		return fault(c, CAIRN_ERR_CRYPTO, "the entries do not make the root that was signed");
	err = cairn_days_walk_end(&c->walk, c->opening.checkpoint.size);
	if (err != CAIRN_OK)
		return fault(c, err, "the days file names days that the entries do not have");
	return check_partial_tiles(c);
}

int
board_check_all(struct board_check *c)
{
	int err = check_epoch_keys(c);

	cairn_tree_init(&c->tree);
	memset(c->levels, 0, sizeof(c->levels));
	cairn_days_walk_begin(&c->walk, &c->opening.days, 0, c->opening.checkpoint.hour);
	while (err == CAIRN_OK && c->tree.size < c->opening.checkpoint.size) {
		err = check_bundle(c);
		if (c->progress != NULL)
			c->progress(c->progress_arg, c->tree.size, c->opening.checkpoint.size);
	}
	return err == CAIRN_OK ? check_end(c) : err;
}
