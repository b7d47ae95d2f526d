// SPDX-License-Identifier: GPL-3.0-or-later
#include <sodium.h>

#include "base/bytes.h"
#include "base/writer.h"
#include "people.h"
#include "lib/test.h"

/*
 * C2, what is forged, altered, held back or old. The adversary is the relay: it has every file of the desk,
 every
 * one it ever had, keys of its own, and here also a person's public key and tags, and answers as it
 * likes. Some attacks have the board key as well: what the code refuses then, it refuses of anybody. It
 * wants a person to take for the desk's what is not, to miss what is, or to seal to a key that is its own.
 */

#define HOUR 480480U
#define DAY_HOURS 24U
#define LONG_AGO 258U /* batches of ten days ago: the tree has something to the left of a window */
#define RECENT 8U     /* batches of the window, half a day apart */
#define HERS 3U       /* the recent batch that has her mail */
#define TRUE_TEXT "Машина в шесть"
#define FORGED "Приходите одна"

enum { LOOKING = 1, SENDING = 2, BOTH = 3 };

struct scene {
	struct paper honest;
	struct paper older;  /* the board as it was, under the card of then */
	struct paper before; /* the board before its last batch, of the same card and hour */
	struct paper other;  /* another desk, on the same relay */
	struct paper evil;   /* what this attack serves */
	struct person *her;
	struct cairn_client client;
	struct cairn_session seen; /* of a client that has looked at the honest board */
	struct cairn_look look;
	struct cairn_send send;
	struct cairn_letter letter;
	uint8_t thief_key[32], thief_secret[64];
};

struct attack {
	const char *name;
	void (*play)(struct scene *s);
	unsigned on;
	int err;        /* what it must be refused with; 0: with whatever */
	bool remembers; /* the client has seen the honest board */
};

static struct scene *s;

/* ---- the scene ---- */

static void
publish_recent(struct paper *p, uint32_t i)
{
	static uint8_t cell[1][CAIRN_REPLY_CELL_BYTES];
	uint32_t hour = HOUR - (RECENT - 1 - i) * 12;

	if (i == HERS)
		paper_reply(p, cell[0], &s->her->conv, hour / DAY_HOURS, 0, 0, TRUE_TEXT);
	paper_publish(p, hour, (const uint8_t(*)[CAIRN_REPLY_CELL_BYTES])cell, i == HERS ? 1 : 0);
}

static void
make_desk(struct paper *p, uint64_t seed)
{
	paper_init(p, seed, HOUR - 10 * DAY_HOURS);
	p->batch_cells = 2;
	p->epoch_last = HOUR / DAY_HOURS + 1;
	p->not_after = HOUR / DAY_HOURS + 60;
	paper_sign(p, p->hour);
}

static enum cairn_step
look_at(struct paper *p, struct cairn_session *session)
{
	cairn_look_init(&s->look, &s->client, &s->her->conv, session, NULL, false);
	return paper_look(p, &s->look);
}

static int
begin(void **state)
{
	static const uint8_t seed[32] = {0x7e};

	(void)state;
	s = calloc(1, sizeof(*s));
	assert_non_null(s);
	make_desk(&s->honest, 2);
	s->her = person_new(&s->honest);
	for (uint32_t i = 0; i < LONG_AGO; i++)
		paper_publish(&s->honest, s->honest.hour, NULL, 0);
	for (uint32_t i = 0; i < RECENT; i++) {
		publish_recent(&s->honest, i);
		if (i != RECENT - 3)
			continue;
		paper_fork(&s->older, &s->honest);
		s->honest.serial++;
		paper_sign(&s->honest, s->honest.hour);
	}
	paper_fork(&s->before, &s->honest);
	paper_publish(&s->honest, HOUR, NULL, 0);
	make_desk(&s->other, 3);
	for (uint32_t i = 0; i < RECENT; i++)
		publish_recent(&s->other, i);
	crypto_sign_seed_keypair(s->thief_key, s->thief_secret, seed);
	letter_text(&s->honest, &s->letter, "Нас восемь");
	paper_client(&s->client, &s->honest);
	return look_at(&s->honest, &s->seen) == CAIRN_STEP_DONE && s->look.found_count == 1 ? 0 : -1;
}

static int
end(void **state)
{
	(void)state;
	paper_release(&s->honest);
	paper_release(&s->older);
	paper_release(&s->before);
	paper_release(&s->other);
	person_free(s->her);
	free(s);
	return 0;
}

static int
fork_it(void **state)
{
	(void)state;
	paper_fork(&s->evil, &s->honest);
	paper_client(&s->client, &s->honest);
	return 0;
}

static int
drop_it(void **state)
{
	(void)state;
	paper_release(&s->evil);
	return 0;
}

static void
send_begin(struct cairn_session *session)
{
	uint8_t entropy[32];

	paper_random(&s->honest, entropy, sizeof(entropy));
	cairn_send_init(&s->send, &s->client, &session->memory, CAIRN_DOOR_INTAKE, &s->her->conv, &s->letter, 1,
	    NULL, entropy);
}

/* ---- what the relay can do to its files ---- */

static struct paper_file *
file_of(struct paper *p, const char *path)
{
	struct paper_file *file = paper_file(p, path);

	assert_non_null(file);
	return file;
}

static void
take_from(const struct paper *p, const char *path)
{
	const struct paper_file *file = paper_file(p, path);

	assert_non_null(file);
	paper_put(&s->evil, path, file->bytes, file->size);
}

static void
flip(const char *path, size_t at)
{
	struct paper_file *file = file_of(&s->evil, path);

	assert_true(at < file->size);
	file->bytes[at] ^= 1;
}

static const char *
batch_path(uint64_t n)
{
	static char path[CAIRN_REQUEST_PATH_MAX];

	snprintf(path, sizeof(path), "board/batch/%llu", (unsigned long long)n);
	return path;
}

static const char *
tile_path(int level, uint64_t n)
{
	static char path[CAIRN_REQUEST_PATH_MAX];
	char tile[CAIRN_TILE_PATH_MAX];

	cairn_tile_path(tile, level, n, cairn_tile_width(s->evil.size, level, n));
	snprintf(path, sizeof(path), "board/%s", tile);
	return path;
}

/* A text of the desk's with one thing changed, signed under the role's name with that key. */
static void
change_note(const char *path, const char *role, const char *old, const char *new, const uint8_t secret[64])
{
	static uint8_t out[CAIRN_NOTE_BYTES_MAX], text[CAIRN_NOTE_BYTES_MAX];
	const struct paper_file *file = file_of(&s->evil, path);
	char name[CAIRN_KEY_NAME_BYTES];
	struct cairn_note note;
	struct writer w;
	const char *at;
	size_t bytes = 0, head;

	assert_ok(cairn_note_read(&note, file->bytes, file->size));
	at = memmem(note.text.text, note.text.size, old, strlen(old));
	assert_non_null(at);
	head = (size_t)(at - note.text.text);
	writer_init(&w, text, sizeof(text));
	write_bytes(&w, note.text.text, head);
	write_text(&w, new);
	write_bytes(&w, at + strlen(old), note.text.size - head - strlen(old));
	assert_false(w.failed);
	assert_ok(cairn_note_sign(out, sizeof(out), &bytes, (struct cairn_span){(const char *)text, w.used},
	    cairn_key_name(name, s->evil.desk_id, role), secret));
	paper_put(&s->evil, path, out, bytes);
}

/* A checkpoint for the files as they lie there now. */
static void
vouch(const uint8_t secret[64])
{
	const struct paper_file *file = file_of(&s->evil, "board/checkpoint");
	uint8_t out[CAIRN_CHECKPOINT_BYTES_MAX];
	char name[CAIRN_KEY_NAME_BYTES];
	struct cairn_span origin = cairn_key_name(name, s->evil.desk_id, "board");
	struct cairn_checkpoint checkpoint;
	struct cairn_note note;
	size_t bytes = 0;

	assert_ok(cairn_note_read(&note, file->bytes, file->size));
	assert_ok(cairn_checkpoint_read(&checkpoint, note.text, origin));
	file = file_of(&s->evil, "board/card");
	crypto_hash_sha256(checkpoint.card_hash, file->bytes, file->size);
	file = file_of(&s->evil, "board/days");
	crypto_hash_sha256(checkpoint.days_hash, file->bytes, file->size);
	file = file_of(&s->evil, "board/epochs");
	crypto_hash_sha256(checkpoint.epochs_hash, file->bytes, file->size);
	assert_ok(cairn_checkpoint_sign(out, sizeof(out), &bytes, &checkpoint, origin, secret));
	paper_put(&s->evil, "board/checkpoint", out, bytes);
}

/* ---- forged and altered ---- */

static void
alter_her_cell(struct scene *scene)
{
	(void)scene;
	flip(batch_path(LONG_AGO + HERS), 2000);
	flip(batch_path(LONG_AGO + HERS), CAIRN_REPLY_CELL_BYTES + 2000);
}

/* A cell to her own key under a tag of hers, in place of one that was there. */
static void
forge_cell(struct scene *scene)
{
	struct paper_file *batch = file_of(&scene->evil, batch_path(LONG_AGO + HERS));

	paper_reply(&scene->evil, batch->bytes, &scene->her->conv, scene->evil.hour / DAY_HOURS, 1, 3, FORGED);
}

/* The same, and the entry for it in the bundle. */
static void
forge_entry(struct scene *scene)
{
	const struct paper_file *batch;
	size_t entry = cairn_entry_bytes(scene->evil.batch_cells);
	struct paper_file *bundle;
	uint8_t *at;

	forge_cell(scene);
	batch = file_of(&scene->evil, batch_path(LONG_AGO + HERS));
	bundle = file_of(&scene->evil, tile_path(CAIRN_TILE_ENTRIES, 1));
	at = bundle->bytes + (LONG_AGO + HERS - CAIRN_TILE_WIDTH) * (2 + entry) + 2;
	assert_true((size_t)(at - bundle->bytes) + entry <= bundle->size);
	cairn_entry_make(at, cairn_entry_hour(at), batch->bytes, scene->evil.batch_cells);
}

/* A batch more, with a forged cell, under a checkpoint by its own key: all but the desk's signature. */
static void
forge_board(struct scene *scene)
{
	static uint8_t cell[1][CAIRN_REPLY_CELL_BYTES];

	paper_reply(&scene->evil, cell[0], &scene->her->conv, HOUR / DAY_HOURS, 1, 3, FORGED);
	memcpy(scene->evil.board_secret, scene->thief_secret, 64);
	paper_publish(&scene->evil, HOUR, (const uint8_t(*)[CAIRN_REPLY_CELL_BYTES])cell, 1);
}

/* The signature of the desk under a board that it did not sign. */
static void
graft_signature(struct scene *scene)
{
	struct paper_file *forged;
	const struct paper_file *signed_one = file_of(&scene->honest, "board/checkpoint");

	forge_board(scene);
	forged = file_of(&scene->evil, "board/checkpoint");
	assert_int_equal(forged->size, signed_one->size);
	memcpy(forged->bytes + forged->size - 98, signed_one->bytes + signed_one->size - 98, 98);
}

/* Its board key on a card that it signed itself, as the identity key of the desk. */
static void
forge_card(struct scene *scene)
{
	memcpy(scene->evil.board_key, scene->thief_key, 32);
	memcpy(scene->evil.board_secret, scene->thief_secret, 64);
	memcpy(scene->evil.identity_secret, scene->thief_secret, 64);
	paper_sign(&scene->evil, HOUR);
	forge_board(scene);
}

/* The same, and the card names the relay's key as the identity. */
static void
forge_desk(struct scene *scene)
{
	memcpy(scene->evil.identity_key, scene->thief_key, 32);
	forge_card(scene);
}

/* A chain that leads from its own key to another of its own. */
static void
forge_chain(struct scene *scene)
{
	uint8_t out[1024];
	size_t bytes = 0;

	forge_desk(scene);
	assert_ok(cairn_identity_step(out, sizeof(out), &bytes, scene->evil.desk_id, scene->thief_secret,
	    scene->thief_key, HOUR / DAY_HOURS));
	paper_put(&scene->evil, "board/identity", out, bytes);
}

/* A chain that leads from the desk's key to its own, by a signature of its own. */
static void
graft_chain(struct scene *scene)
{
	char old[64], new[64];
	uint8_t out[1024];
	size_t bytes = 0;

	forge_desk(scene);
	assert_ok(cairn_identity_step(out, sizeof(out), &bytes, scene->evil.desk_id, scene->thief_secret,
	    scene->thief_key, HOUR / DAY_HOURS));
	paper_put(&scene->evil, "board/identity", out, bytes);
	sodium_bin2base64(old, sizeof(old), scene->thief_key, 32, sodium_base64_VARIANT_ORIGINAL);
	sodium_bin2base64(new, sizeof(new), scene->honest.identity_key, 32, sodium_base64_VARIANT_ORIGINAL);
	change_note("board/identity", "identity", old, new, scene->thief_secret);
}

static void
alter_card(struct scene *scene)
{
	change_note("board/card", "identity", "Paper desk", "Paper_desk", scene->thief_secret);
	vouch(scene->thief_secret);
}

/* ---- old ---- */

static void
serve_older_board(struct scene *scene)
{
	paper_release(&scene->evil);
	paper_fork(&scene->evil, &scene->older);
}

static void
serve_board_without_last_batch(struct scene *scene)
{
	paper_release(&scene->evil);
	paper_fork(&scene->evil, &scene->before);
}

static void
serve_older_card(struct scene *scene)
{
	take_from(&scene->older, "board/card");
}

static void
serve_older_epochs(struct scene *scene)
{
	take_from(&scene->older, "board/epochs");
}

static void
serve_older_days(struct scene *scene)
{
	take_from(&scene->older, "board/days");
}

static void
serve_older_checkpoint(struct scene *scene)
{
	take_from(&scene->older, "board/checkpoint");
}

/* With the board key, the older card can be vouched for by a checkpoint of today. */
static void
revive_older_card(struct scene *scene)
{
	take_from(&scene->older, "board/card");
	paper_publish(&scene->evil, HOUR, NULL, 0);
}

/* What nobody signs any more: the last day of the card is over. */
static void
outlive_card(struct scene *scene)
{
	scene->evil.not_after = HOUR / DAY_HOURS - 1;
	paper_sign(&scene->evil, HOUR);
}

static void
overreach_card(struct scene *scene)
{
	scene->evil.not_after = HOUR / DAY_HOURS + CAIRN_CARD_DAYS_MAX + 1;
	paper_sign(&scene->evil, HOUR);
}

/* The relay goes on serving what was true a day and an hour ago. */
static void
freeze(struct scene *scene)
{
	scene->client.hour = HOUR + DAY_HOURS + 1;
}

/* ---- the identity has moved on ---- */

/* The desk has a successor of its key; the client was built with that. The relay serves what was before. */
static void
hide_successor(struct scene *scene)
{
	memcpy(scene->client.identity_key, scene->thief_key, 32);
}

/* The old key was stolen after its successor was named: it signs a card all the same. */
static void
sign_with_old_key(struct scene *scene)
{
	uint8_t out[1024], secret[64], key[32], seed[32] = {9};
	size_t bytes = 0;

	crypto_sign_seed_keypair(key, secret, seed);
	assert_ok(cairn_identity_step(out, sizeof(out), &bytes, scene->evil.desk_id,
	    scene->evil.identity_secret,
	    key, HOUR / DAY_HOURS));
	paper_put(&scene->evil, "board/identity", out, bytes);
}

/* ---- cut, swapped, of somebody else ---- */

static void
cut_bundle(struct scene *scene)
{
	file_of(&scene->evil, tile_path(CAIRN_TILE_ENTRIES,
	    1))->size -= 2 + cairn_entry_bytes(scene->evil.batch_cells);
}

static void
cut_batch(struct scene *scene)
{
	file_of(&scene->evil, batch_path(LONG_AGO + HERS))->size -= CAIRN_REPLY_CELL_BYTES;
}

static void
empty_batch(struct scene *scene)
{
	file_of(&scene->evil, batch_path(LONG_AGO + HERS))->size = 0;
}

static void
swap_batches(struct scene *scene)
{
	char path[CAIRN_REQUEST_PATH_MAX];

	for (uint64_t n = LONG_AGO; n < LONG_AGO + RECENT; n++) {
		snprintf(path, sizeof(path), "%s", batch_path(n));
		take_from(&scene->honest, path);
		paper_put(&scene->evil, path,
		    file_of(&scene->honest, batch_path(LONG_AGO + (n + 1 - LONG_AGO) % RECENT))->bytes,
		    scene->evil.batch_cells * CAIRN_REPLY_CELL_BYTES);
	}
}

static void
swap_cells(struct scene *scene)
{
	struct paper_file *batch = file_of(&scene->evil, batch_path(LONG_AGO + HERS));
	uint8_t cell[CAIRN_REPLY_CELL_BYTES];

	memcpy(cell, batch->bytes, sizeof(cell));
	memmove(batch->bytes, batch->bytes + sizeof(cell), sizeof(cell));
	memcpy(batch->bytes + sizeof(cell), cell, sizeof(cell));
}

static void
swap_entries(struct scene *scene)
{
	struct paper_file *bundle = file_of(&scene->evil, tile_path(CAIRN_TILE_ENTRIES, 1));
	size_t size = 2 + cairn_entry_bytes(scene->evil.batch_cells);
	uint8_t entry[2 + CAIRN_ENTRY_BYTES_MAX];

	memcpy(entry, bundle->bytes, size);
	memmove(bundle->bytes, bundle->bytes + size, size);
	memcpy(bundle->bytes + size, entry, size);
}

static void
alter_tile(struct scene *scene)
{
	(void)scene;
	flip(tile_path(1, 0), 0);
}

static void
serve_other_desk(struct scene *scene)
{
	uint8_t desk_id[CAIRN_HASH_BYTES];

	paper_release(&scene->evil);
	paper_fork(&scene->evil, &scene->other);
	memcpy(desk_id, scene->honest.desk_id, sizeof(desk_id));
	memcpy(scene->evil.desk_id, desk_id, sizeof(desk_id));
}

/* The other desk's keys, but everything made out to this one. */
static void
dress_other_desk(struct scene *scene)
{
	serve_other_desk(scene);
	paper_sign(&scene->evil, HOUR);
	paper_publish(&scene->evil, HOUR, NULL, 0);
}

/* ---- the key that a person seals to ---- */

static const char *
epoch_path(const char *door)
{
	static char path[CAIRN_REQUEST_PATH_MAX];

	snprintf(path, sizeof(path), "board/epoch/%s/%u.0", door, HOUR / DAY_HOURS);
	return path;
}

static void
swap_epoch_key(struct scene *scene)
{
	static const uint8_t seed[CAIRN_XWING_SEED_BYTES] = {1};
	struct cairn_xwing_key own;

	cairn_xwing_key_init(&own, seed);
	paper_put(&scene->evil, epoch_path("intake"), own.public_key, sizeof(own.public_key));
}

static void
serve_key_of_other_door(struct scene *scene)
{
	const struct paper_file *file = file_of(&scene->honest, epoch_path("campaign"));

	paper_put(&scene->evil, epoch_path("intake"), file->bytes, file->size);
}

/* Its own key, listed under its own signature. */
static void
list_own_epoch_key(struct scene *scene)
{
	static const uint8_t seed[CAIRN_XWING_SEED_BYTES] = {1};

	cairn_xwing_key_init(&scene->evil.epoch_key[0], seed);
	memcpy(scene->evil.board_secret, scene->thief_secret, 64);
	paper_sign(&scene->evil, HOUR);
	take_from(&scene->honest, "board/checkpoint");
	take_from(&scene->honest, "board/card");
}

static void
list_own_epoch_key_and_vouch(struct scene *scene)
{
	list_own_epoch_key(scene);
	vouch(scene->thief_secret);
}

static void
cut_epoch_key(struct scene *scene)
{
	file_of(&scene->evil, epoch_path("intake"))->size--;
}

/* ---- with the board key: what no board may say, whoever signed it ---- */

static void
leave_out_a_day(struct scene *scene)
{
	struct paper_file *days = file_of(&scene->evil, "board/days");

	days->size -= CAIRN_DAYS_ROW_BYTES;
	vouch(scene->evil.board_secret);
}

static void
add_a_day(struct scene *scene)
{
	uint8_t rows[CAIRN_DAYS_ROW_BYTES * 64];
	const struct paper_file *days = file_of(&scene->evil, "board/days");
	size_t size = days->size;

	assert_true(size + CAIRN_DAYS_ROW_BYTES <= sizeof(rows));
	memcpy(rows, days->bytes, size);
	put_u32(rows + size, HOUR / DAY_HOURS + 1);
	put_u64(rows + size + 4, scene->evil.size - 1);
	paper_put(&scene->evil, "board/days", rows, size + CAIRN_DAYS_ROW_BYTES);
	vouch(scene->evil.board_secret);
}

/* The day of her mail begins one batch later than it does. */
static void
shift_a_day(struct scene *scene)
{
	struct paper_file *days = file_of(&scene->evil, "board/days");
	uint8_t *row = days->bytes + days->size - 2 * CAIRN_DAYS_ROW_BYTES;

	put_u64(row + 4, get_u64(row + 4) + 1);
	vouch(scene->evil.board_secret);
}

/* All days of the window before her mail go, and its own begins right behind it: the window would, too. */
static void
date_the_window_away(struct scene *scene)
{
	const struct paper_file *file = file_of(&scene->evil, "board/days");
	const uint32_t day = scene->evil.hours[LONG_AGO + HERS] / DAY_HOURS;
	uint8_t rows[CAIRN_DAYS_ROW_BYTES * 64];
	struct cairn_days days;
	size_t size = CAIRN_DAYS_ROW_BYTES;

	assert_int_equal(scene->evil.hours[LONG_AGO + HERS + 1] / DAY_HOURS, day);
	assert_ok(cairn_days_read(&days, file->bytes, file->size, scene->evil.size));
	memcpy(rows, file->bytes, size);
	for (size_t row = 1; row < days.count; row++) {
		uint64_t first = cairn_days_first(&days, row);

		if (cairn_days_day(&days, row) < day)
			continue;
		put_u32(rows + size, cairn_days_day(&days, row));
		put_u64(rows + size + 4, cairn_days_day(&days, row) == day ? LONG_AGO + HERS + 1 : first);
		size += CAIRN_DAYS_ROW_BYTES;
	}
	paper_put(&scene->evil, "board/days", rows, size);
	vouch(scene->evil.board_secret);
}

static void
turn_hours_back(struct scene *scene)
{
	paper_publish(&scene->evil, HOUR - 1, NULL, 0);
	paper_publish(&scene->evil, HOUR, NULL, 0);
}

/* A board of the same keys, whose hours go down before the window begins. */
static void
turn_early_hours_back(struct scene *scene)
{
	paper_release(&scene->evil);
	make_desk(&scene->evil, 2);
	paper_publish(&scene->evil, HOUR - 10 * DAY_HOURS + 5, NULL, 0);
	paper_publish(&scene->evil, HOUR - 10 * DAY_HOURS + 4, NULL, 0);
	for (uint32_t i = 0; i < RECENT; i++)
		publish_recent(&scene->evil, i);
	assert_memory_equal(scene->evil.desk_id, scene->honest.desk_id, CAIRN_HASH_BYTES);
}

static void
publish_from_the_past(struct scene *scene)
{
	paper_publish(&scene->evil, HOUR, NULL, 0);
	paper_sign(&scene->evil, HOUR - 1);
}

static void
publish_from_the_future(struct scene *scene)
{
	paper_publish(&scene->evil, HOUR + 2, NULL, 0);
	paper_sign(&scene->evil, HOUR + 1);
}

static void
sign_two_texts_of_a_size(struct scene *scene)
{
	paper_sign(&scene->evil, HOUR + 1);
}

/* The last batch of the board that she saw, replaced by another one, and one more. */
static void
rewrite_history(struct scene *scene)
{
	paper_release(&scene->evil);
	paper_fork(&scene->evil, &scene->older);
	scene->evil.seed += 99;
	scene->evil.serial = scene->honest.serial;
	paper_sign(&scene->evil, HOUR);
	for (uint32_t i = 0; i < 4; i++)
		paper_publish(&scene->evil, HOUR, NULL, 0);
}

/* ---- all of them ---- */

static const struct attack attacks[] = {
	{"a reply with a bit changed in every cell of its batch", alter_her_cell, LOOKING, CAIRN_ERR_CRYPTO,
	false},
	{"a reply of the relay's own in place of another cell", forge_cell, LOOKING, CAIRN_ERR_CRYPTO, false},
	{"a reply of its own, and the entry for it", forge_entry, LOOKING, CAIRN_ERR_CRYPTO, false},
	{"a board of its own under its own key", forge_board, BOTH, CAIRN_ERR_CRYPTO, false},
	{"a board of its own under the desk's last signature", graft_signature, BOTH, CAIRN_ERR_CRYPTO, false},
	{"a card that it signed itself", forge_card, BOTH, CAIRN_ERR_CRYPTO, false},
	{"a card that names its key as the identity", forge_desk, BOTH, CAIRN_ERR_CRYPTO, false},
	{"an identity chain of its own", forge_chain, BOTH, CAIRN_ERR_CRYPTO, false},
	{"an identity chain from the desk's key, not signed by it", graft_chain, BOTH, CAIRN_ERR_CRYPTO, false},
	{"the desk's card with another name", alter_card, BOTH, CAIRN_ERR_CRYPTO, false},
	{"an older board", serve_older_board, BOTH, CAIRN_ERR_STALE, true},
	{"the board without its last batch", serve_board_without_last_batch, BOTH, CAIRN_ERR_STALE, true},
	{"an older card", serve_older_card, BOTH, 0, false},
	{"an older card to one who saw the newer", serve_older_card, BOTH, CAIRN_ERR_STALE, true},
	{"an older list of epochs", serve_older_epochs, BOTH, CAIRN_ERR_CRYPTO, false},
	{"older days", serve_older_days, BOTH, CAIRN_ERR_CRYPTO, false},
	{"an older checkpoint over newer files", serve_older_checkpoint, BOTH, CAIRN_ERR_CRYPTO, false},
	{"an older card, with the board key", revive_older_card, BOTH, CAIRN_ERR_STALE, true},
	{"a card whose last day is over", outlive_card, BOTH, CAIRN_ERR_STALE, false},
	{"a card for more than 100 days", overreach_card, BOTH, CAIRN_ERR_RANGE, false},
	{"a board frozen for more than a day", freeze, BOTH, CAIRN_ERR_CLOCK, false},
	{"a chain that ends before the key that the client carries", hide_successor, BOTH, CAIRN_ERR_CRYPTO,
	false},
	{"a card by a key that has a successor", sign_with_old_key, BOTH, CAIRN_ERR_CRYPTO, false},
	{"a bundle of entries cut short", cut_bundle, LOOKING, 0, false},
	{"a batch cut by a cell", cut_batch, LOOKING, CAIRN_ERR_CRYPTO, false},
	{"an empty batch", empty_batch, LOOKING, CAIRN_ERR_CRYPTO, false},
	{"batches under each other's numbers", swap_batches, LOOKING, CAIRN_ERR_CRYPTO, false},
	{"the cells of a batch in another order", swap_cells, LOOKING, CAIRN_ERR_CRYPTO, false},
	{"entries in another order", swap_entries, LOOKING, CAIRN_ERR_CRYPTO, false},
	{"another tile to the left of the window", alter_tile, LOOKING, CAIRN_ERR_CRYPTO, false},
	{"the files of another desk", serve_other_desk, BOTH, 0, false},
	{"another desk's keys under this desk's name", dress_other_desk, BOTH, CAIRN_ERR_CRYPTO, false},
	{"an epoch key of its own", swap_epoch_key, SENDING, CAIRN_ERR_CRYPTO, false},
	{"the epoch key of another door", serve_key_of_other_door, SENDING, CAIRN_ERR_CRYPTO, false},
	{"an epoch key of its own, listed under its own signature", list_own_epoch_key, BOTH,
	CAIRN_ERR_CRYPTO, false},
	{"the same under a checkpoint of its own", list_own_epoch_key_and_vouch, BOTH, CAIRN_ERR_CRYPTO, false},
	{"an epoch key cut short", cut_epoch_key, SENDING, CAIRN_ERR_CRYPTO, false},
	{"signed days that leave one out", leave_out_a_day, LOOKING, 0, false},
	{"signed days with one too many", add_a_day, LOOKING, 0, false},
	{"signed days of which one begins later", shift_a_day, LOOKING, 0, false},
	{"signed days that put her mail before the window", date_the_window_away, LOOKING, 0, false},
	{"signed entries whose hours go down", turn_hours_back, LOOKING, 0, false},
	{"signed entries whose hours go down before the window", turn_early_hours_back, LOOKING, 0, false},
	{"a longer board of an earlier hour", publish_from_the_past, BOTH, CAIRN_ERR_STALE, true},
	{"a signed entry from beyond the checkpoint's hour", publish_from_the_future, LOOKING, 0, false},
	{"two signed texts of one size", sign_two_texts_of_a_size, BOTH, CAIRN_ERR_CONFLICT, true},
	{"a longer board that does not extend the one seen", rewrite_history, LOOKING, CAIRN_ERR_CONFLICT,
	true},
};
#define ATTACKS (sizeof(attacks) / sizeof(attacks[0]))

/* Refused, nothing shown; and the client is none the worse: the honest board is still taken. */
static void
must_not_look(const struct attack *attack)
{
	static struct cairn_session session;

	session = attack->remembers ? s->seen : (struct cairn_session){0};
	assert_int_equal(look_at(&s->evil, &session), CAIRN_STEP_FAILED);
	if (attack->err != 0)
		assert_int_equal(s->look.err, attack->err);
	assert_int_equal(s->look.found_count, 0);
	paper_client(&s->client, &s->honest);
	assert_int_equal(look_at(&s->honest, &session), CAIRN_STEP_DONE);
	assert_int_equal(s->look.found_count, attack->remembers ? 0 : 1);
}

/* Refused before any cell left the device. */
static void
must_not_send(const struct attack *attack)
{
	static struct cairn_session session;

	session = attack->remembers ? s->seen : (struct cairn_session){0};
	send_begin(&session);
	assert_int_equal(paper_send(&s->evil, &s->send), CAIRN_STEP_FAILED);
	if (attack->err != 0)
		assert_int_equal(s->send.err, attack->err);
	assert_int_equal(s->send.sent, 0);
	assert_int_equal(s->evil.drop_count, 0);
}

static void
is_refused(void **state)
{
	const struct attack *attack = *state;

	attack->play(s);
	if ((attack->on & SENDING) != 0)
		must_not_send(attack);
	if ((attack->on & LOOKING) != 0)
		must_not_look(attack);
}

int
main(void)
{
	struct CMUnitTest tests[ATTACKS];

	for (size_t i = 0; i < ATTACKS; i++)
		tests[i] = (struct CMUnitTest){
		    .name = attacks[i].name,
		    .test_func = is_refused,
		    .setup_func = fork_it,
		    .teardown_func = drop_it,
		    .initial_state = (void *)(uintptr_t)&attacks[i],
		};
	return sodium_init() < 0 || cmocka_run_group_tests_name("c2_board", tests, begin, end);
}
