// SPDX-License-Identifier: GPL-3.0-or-later
#include "cairn/look.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/writer.h"
#include "core/pick.h"
#include "core/status.h"

#define HOURS_PER_DAY 24U
#define LEVEL_BITS 8U /* a tile is so many levels of the tree high */

enum { OPENING, TILES, ENTRIES, BATCHES, DONE };

void
cairn_look_init(struct cairn_look *look, const struct cairn_client *client,
    const struct cairn_conversation *conv, struct cairn_session *session, const uint32_t *named, bool all)
{
	memset(look, 0, sizeof *look);
	look->client = client;
	look->conv = conv;
	look->session = session;
	look->all = all;
	if (named != NULL) {
		look->has_named = true;
		look->named = *named;
	}
	cairn_opening_init(&look->opening, client, &session->memory);
}

void
cairn_look_clear(struct cairn_look *look)
{
	sodium_memzero(look, sizeof *look);
}

/* ---- tags ---- */

static uint32_t
slot_of(const uint8_t tag[CAIRN_TAG_BYTES])
{
	return get_u32(tag) % CAIRN_LOOK_SLOTS;
}

/* All tags under which a cell of the window may be meant for this person, to be found by their bytes. */
static void
make_tags(struct cairn_look *look)
{
	look->tag_count =
	    cairn_look_tags(look->tags, look->conv->root, look->first_day, look->last_day);
	for (size_t i = 0; i < look->tag_count; i++) {
		uint32_t slot = slot_of(look->tags[i].tag);

		while (look->slots[slot] != 0)
			slot = (slot + 1) % CAIRN_LOOK_SLOTS;
		look->slots[slot] = (uint32_t)i + 1;
	}
}

/* The tag of ours that this is, or NULL. */
static const struct cairn_look_tag *
find_tag(const struct cairn_look *look, const uint8_t tag[CAIRN_TAG_BYTES])
{
	for (uint32_t slot = slot_of(tag); look->slots[slot] != 0; slot = (slot + 1) % CAIRN_LOOK_SLOTS) {
		const struct cairn_look_tag *own = &look->tags[look->slots[slot] - 1];

		if (memcmp(own->tag, tag, CAIRN_TAG_BYTES) == 0)
			return own;
	}
	return NULL;
}

/* ---- where to read ---- */

/*
 * The first entry to read: the window's, or earlier where the window has fewer than two batches, or
 * where only so the board can be shown to extend the one seen before; down to a whole tile.
 */
static uint64_t
first_entry(const struct cairn_look *look)
{
	const struct cairn_memory *memory = &look->session->memory;
	uint64_t size = look->opening.checkpoint.size;
	uint64_t from = look->window;

	if (size - from < 2)
		from = size < 2 ? 0 : size - 2;
	if (memory->has_checkpoint && memory->checkpoint.size < from)
		from = memory->checkpoint.size;
	if (memory->has_looked && memory->looked.size < from)
		from = memory->looked.size;
	return from - from % CAIRN_TILE_WIDTH;
}

static int
opened(struct cairn_look *look)
{
	const struct cairn_opening *o = &look->opening;
	uint64_t size = o->checkpoint.size;

	cairn_window(&look->first_day, &look->last_day, o->checkpoint.hour,
	    look->has_named ? &look->named : NULL);
	look->window = cairn_days_from(&o->days, look->first_day, size);
	look->begin = first_entry(look);
	if (size - look->begin > CAIRN_LOOK_BATCHES_MAX)
		return CAIRN_ERR_SPACE;
	make_tags(look);
	cairn_tree_init(&look->tree);
	cairn_days_walk_begin(&look->walk, &o->days, look->window, o->checkpoint.hour);
	look->level = CAIRN_TREE_LEVELS / LEVEL_BITS;
	look->state = TILES;
	return CAIRN_OK;
}

/* ---- the tree to the left of what is read: one tile at each level, from the top ---- */

/* The tile at look->level whose first *count hashes stand for full tiles left of begin. */
static uint64_t
left_tile(const struct cairn_look *look, unsigned *count)
{
	uint64_t full = look->begin >> (LEVEL_BITS * look->level);

	*count = (unsigned)(full % CAIRN_TILE_WIDTH);
	return full / CAIRN_TILE_WIDTH;
}

static void
skip_empty_levels(struct cairn_look *look)
{
	unsigned count = 0;

	while (look->level > 0) {
		(void)left_tile(look, &count);
		if (count > 0)
			return;
		look->level--;
	}
	look->state = ENTRIES;
}

static int
take_tile(struct cairn_look *look, const uint8_t *body, size_t bytes)
{
	unsigned count;
	uint64_t n = left_tile(look, &count);
	unsigned width = cairn_tile_width(look->opening.checkpoint.size, (int)look->level, n);

	if (bytes != (size_t)width * CAIRN_SHA256_BYTES || count > width)
		return CAIRN_ERR_CRYPTO;
	for (unsigned i = 0; i < count; i++) {
		int err = cairn_tree_append(&look->tree, body + i * CAIRN_SHA256_BYTES,
		    LEVEL_BITS * look->level);

		if (err != CAIRN_OK)
			return err;
	}
	look->level--;
	return CAIRN_OK;
}

/* ---- entries ---- */

static bool
entry_is_hit(const struct cairn_look *look, const uint8_t *entry, size_t cells)
{
	bool hit = false;

	for (size_t i = 0; i < cells; i++)
		hit |= find_tag(look, cairn_entry_tag(entry, i)) != NULL;
	return hit;
}

/*
 * A board that goes on from the one seen before had its root at its size. That holds for the newest seen and for the
 * last one looked at: with the latter alone a fork shown to a sender would be forgotten, with the former alone
 * it would take the place of the board that was checked.
 */
static int
check_extends(const struct cairn_look *look)
{
	const struct cairn_memory *memory = &look->session->memory;
	const struct cairn_seen *seen[] = {memory->has_checkpoint ? &memory->checkpoint : NULL,
	    memory->has_looked ? &memory->looked : NULL};
	uint8_t root[CAIRN_SHA256_BYTES];

	for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++) {
		if (seen[i] == NULL || seen[i]->size != look->tree.size)
			continue;
		cairn_tree_root(root, &look->tree);
		if (sodium_memcmp(root, seen[i]->root, sizeof root) != 0)
			return CAIRN_ERR_CONFLICT;
	}
	return CAIRN_OK;
}

/* Hours and days. What the days file leaves out of the window must not be of it. */
static int
check_hour(struct cairn_look *look, uint64_t n, uint32_t hour)
{
	if (hour < look->hour)
		return CAIRN_ERR_CRYPTO;
	look->hour = hour;
	if (n >= look->window)
		return cairn_days_walk_entry(&look->walk, hour);
	return hour / HOURS_PER_DAY < look->first_day ? CAIRN_OK : CAIRN_ERR_CRYPTO;
}

static int
take_entry(struct cairn_look *look, const uint8_t *entry, size_t bytes)
{
	uint64_t n = look->tree.size;
	struct cairn_look_batch *batch = &look->batches[n - look->begin];
	size_t cells;
	int err;

	if ((err = check_extends(look)) != CAIRN_OK || (err = cairn_entry_cells(&cells, bytes)) != CAIRN_OK)
		return err;
	batch->hour = cairn_entry_hour(entry);
	if ((err = check_hour(look, n, batch->hour)) != CAIRN_OK)
		return err;
	cairn_tree_leaf(batch->leaf, entry, bytes);
	batch->hit = entry_is_hit(look, entry, cells) && n >= look->window;
	return cairn_tree_append(&look->tree, batch->leaf, 0);
}

static unsigned
bundle_width(const struct cairn_look *look)
{
	return cairn_tile_width(look->opening.checkpoint.size, CAIRN_TILE_ENTRIES,
	    look->tree.size / CAIRN_TILE_WIDTH);
}

static int
take_bundle(struct cairn_look *look, const uint8_t *body, size_t bytes)
{
	for (unsigned left = bundle_width(look); left > 0; left--) {
		const uint8_t *entry;
		size_t entry_bytes;
		int err = cairn_bundle_next(&entry, &entry_bytes, &body, &bytes);

		if (err != CAIRN_OK || (err = take_entry(look, entry, entry_bytes)) != CAIRN_OK)
			return err;
	}
	return bytes == 0 ? CAIRN_OK : CAIRN_ERR_FORMAT;
}

static int
all_entries_read(struct cairn_look *look)
{
	const struct cairn_checkpoint *checkpoint = &look->opening.checkpoint;
	uint8_t root[CAIRN_SHA256_BYTES];
	int err;

	cairn_tree_root(root, &look->tree);
	if (memcmp(root, checkpoint->root, sizeof root) != 0)
		return CAIRN_ERR_CRYPTO;
	if ((err = check_extends(look)) != CAIRN_OK ||
	    (err = cairn_days_walk_end(&look->walk, checkpoint->size)) != CAIRN_OK)
		return err;
	cairn_opening_accept(&look->opening);
	look->session->memory.looked = look->session->memory.checkpoint;
	look->session->memory.has_looked = true;
	look->pick_count = pick_batches(look);
	look->state = BATCHES;
	return CAIRN_OK;
}

/* ---- batches ---- */

/* The msgid of a message that opened, so that there is one. */
static const uint8_t *
msgid_of(const uint8_t plain[CAIRN_REPLY_PLAIN_BYTES])
{
	struct cairn_record msgid;

	return cairn_tlv_find(plain, CAIRN_REPLY_PLAIN_BYTES, CAIRN_TLV_msgid, &msgid) ? msgid.value : NULL;
}

/* Neither shown by a look before nor found by this one. */
static bool
is_new(const struct cairn_look *look, const uint8_t plain[CAIRN_REPLY_PLAIN_BYTES])
{
	const struct cairn_session *session = look->session;
	const uint8_t *msgid = msgid_of(plain);

	if (msgid == NULL)
		return false;
	for (size_t i = 0; i < session->msgid_count && i < CAIRN_SESSION_MSGIDS_MAX; i++)
		if (memcmp(session->msgids[i], msgid, CAIRN_MSGID_BYTES) == 0)
			return false;
	for (size_t i = 0; i < look->found_count; i++)
		if (memcmp(msgid_of(look->found[i].plain), msgid, CAIRN_MSGID_BYTES) == 0)
			return false;
	return true;
}

/*
 * What was fetched counts as read, but only once the look has come to its end: a relay that holds the second batch
 * back must not make the message in the first disappear, as it would when the look after it takes that for shown.
 */
static void
count_as_read(struct cairn_look *look)
{
	struct cairn_session *session = look->session;

	for (size_t i = 0; i < look->picked; i++)
		session_fetched(session, look->picks[i]);
	for (size_t i = 0; i < look->found_count; i++)
		memcpy(session->msgids[session->msgid_count++ % CAIRN_SESSION_MSGIDS_MAX],
		    msgid_of(look->found[i].plain), CAIRN_MSGID_BYTES);
}

/*
 * Opens every cell alike, whether it bears one of our tags or not: the work tells nothing. What is fetched
 * again from before the entries that were read was read already, and only the work is done.
 */
static void
read_batch(struct cairn_look *look, uint64_t n, const uint8_t *batch, size_t cells)
{
	uint32_t hour = n >= look->begin ? look->batches[n - look->begin].hour : 0;
	struct cairn_found *found = &look->found[look->found_count];
	uint8_t plain[CAIRN_REPLY_PLAIN_BYTES];

	for (size_t i = 0; i < cells; i++) {
		const uint8_t *cell = batch + i * CAIRN_REPLY_CELL_BYTES;
		const struct cairn_look_tag *own = find_tag(look, cell);
		int err = cairn_reply_open(plain, cell, look->client->desk_id,
		    own == NULL ? hour / HOURS_PER_DAY : own->day, &look->conv->reply);

		if (own == NULL || err != CAIRN_OK || n < look->begin ||
		    look->found_count == CAIRN_LOOK_FOUND_MAX || !is_new(look, plain))
			continue;
		found->batch = n;
		found->hour = hour;
		memcpy(found->plain, plain, sizeof plain);
		found = &look->found[++look->found_count];
	}
	sodium_memzero(plain, sizeof plain);
}

/* Is this the batch that entry n of the tree stands for? */
static int
check_batch(const struct cairn_look *look, uint64_t n, const uint8_t *batch, size_t cells)
{
	const struct cairn_look_batch *known;
	uint8_t entry[CAIRN_ENTRY_BYTES_MAX];
	uint8_t leaf[CAIRN_SHA256_BYTES];

	if (n < look->begin)
		return CAIRN_OK;
	known = &look->batches[n - look->begin];
	cairn_entry_make(entry, known->hour, batch, cells);
	cairn_tree_leaf(leaf, entry, cairn_entry_bytes(cells));
	return memcmp(leaf, known->leaf, sizeof leaf) == 0 ? CAIRN_OK : CAIRN_ERR_CRYPTO;
}

static int
take_batch(struct cairn_look *look, const uint8_t *body, size_t bytes)
{
	uint64_t n = look->picks[look->picked];
	size_t cells = bytes / CAIRN_REPLY_CELL_BYTES;
	int err;

	if (bytes == 0 || bytes % CAIRN_REPLY_CELL_BYTES != 0 || cells > CAIRN_BATCH_CELLS_MAX)
		return CAIRN_ERR_CRYPTO;
	if ((err = check_batch(look, n, body, cells)) != CAIRN_OK)
		return err;
	read_batch(look, n, body, cells);
	look->picked++;
	return CAIRN_OK;
}

/* ---- the machine ---- */

static void
ask(struct cairn_look *look, const char *folder, const char *name, size_t answer_max)
{
	struct writer path;

	memset(&look->request, 0, sizeof look->request);
	look->request.method = "GET";
	look->request.answer_max = answer_max;
	writer_init(&path, look->request.path, sizeof look->request.path - 1);
	write_text(&path, folder);
	write_text(&path, name);
}

static void
ask_tile(struct cairn_look *look)
{
	char name[CAIRN_TILE_PATH_MAX];
	unsigned count;
	uint64_t n = left_tile(look, &count);
	unsigned width = cairn_tile_width(look->opening.checkpoint.size, (int)look->level, n);

	cairn_tile_path(name, (int)look->level, n, width);
	ask(look, "board/", name, (size_t)width * CAIRN_SHA256_BYTES);
}

static void
ask_bundle(struct cairn_look *look)
{
	char name[CAIRN_TILE_PATH_MAX];
	unsigned width = bundle_width(look);

	cairn_tile_path(name, CAIRN_TILE_ENTRIES, look->tree.size / CAIRN_TILE_WIDTH, width);
	ask(look, "board/", name, width * (2 + CAIRN_ENTRY_BYTES_MAX));
}

static void
ask_batch(struct cairn_look *look)
{
	char number[21];
	struct writer w;

	writer_init(&w, number, sizeof number - 1);
	write_decimal(&w, look->picks[look->picked]);
	number[w.used] = '\0';
	ask(look, "board/batch/", number, CAIRN_BATCH_CELLS_MAX * CAIRN_REPLY_CELL_BYTES);
}

/* What does not fit is left for another look, unfetched; only one that fetches all comes here. */
static bool
found_is_full(const struct cairn_look *look)
{
	return look->found_count > CAIRN_LOOK_FOUND_MAX - CAIRN_BATCH_CELLS_MAX;
}

/* Goes through states that ask for nothing; leaves the machine where it needs an answer. */
static int
settle(struct cairn_look *look)
{
	int err;

	if (look->state == TILES) {
		skip_empty_levels(look);
	}
	if (look->state == ENTRIES && look->tree.size == look->opening.checkpoint.size &&
	    (err = all_entries_read(look)) != CAIRN_OK)
		return err;
	if (look->state == BATCHES && (look->picked == look->pick_count || found_is_full(look))) {
		count_as_read(look);
		look->more = hits_are_left(look);
		look->state = DONE;
	}
	return CAIRN_OK;
}

static enum cairn_step
next_opening(struct cairn_look *look)
{
	enum cairn_step step = cairn_opening_next(&look->opening);

	look->request = look->opening.request;
	if (step == CAIRN_STEP_FAILED)
		look->err = look->opening.err;
	return step;
}

enum cairn_step
cairn_look_next(struct cairn_look *look)
{
	if (look->err != CAIRN_OK)
		return CAIRN_STEP_FAILED;
	switch (look->state) {
	case OPENING:
		return next_opening(look);
	case TILES:
		ask_tile(look);
		return CAIRN_STEP_REQUEST;
	case ENTRIES:
		ask_bundle(look);
		return CAIRN_STEP_REQUEST;
	case BATCHES:
		ask_batch(look);
		return CAIRN_STEP_REQUEST;
	default:
		return CAIRN_STEP_DONE;
	}
}

static int
take_opening(struct cairn_look *look, int status, const uint8_t *body, size_t bytes)
{
	cairn_opening_answer(&look->opening, status, body, bytes);
	switch (cairn_opening_next(&look->opening)) {
	case CAIRN_STEP_DONE:
		return opened(look);
	case CAIRN_STEP_FAILED:
		return look->opening.err;
	default:
		return CAIRN_OK;
	}
}

void
cairn_look_answer(struct cairn_look *look, int status, const uint8_t *body, size_t bytes)
{
	static int (*const take[])(struct cairn_look *, const uint8_t *, size_t) = {
		[TILES] = take_tile,
		[ENTRIES] = take_bundle,
		[BATCHES] = take_batch,
	};
	int err = status_err(status);

	if (look->err != CAIRN_OK || look->state == DONE)
		err = CAIRN_ERR_STATE;
	else if (look->state == OPENING)
		err = take_opening(look, status, body, bytes);
	else if (err == CAIRN_OK)
		err = take[look->state](look, body, bytes);
	if (err == CAIRN_OK)
		err = settle(look);
	look->err = err;
}
