// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/paper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/writer.h"

#define HOURS_PER_DAY 24U

static void
must(bool ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "paper: %s\n", what);
		abort();
	}
}

void
paper_random(struct paper *p, void *out, size_t bytes)
{
	uint8_t seed[randombytes_SEEDBYTES] = {0};

	put_u64(seed, p->seed);
	put_u32(seed + 8, p->draws++);
	randombytes_buf_deterministic(out, bytes, seed);
}

static void
keypair(struct paper *p, uint8_t key[32], uint8_t secret[64])
{
	uint8_t seed[32];

	paper_random(p, seed, sizeof seed);
	crypto_sign_seed_keypair(key, secret, seed);
}

/* ---- files ---- */

struct paper_file *
paper_file(const struct paper *p, const char *path)
{
	struct paper_file *file = p->files;

	while (file != NULL && strcmp(file->path, path) != 0)
		file = file->next;
	return file;
}

void
paper_put(struct paper *p, const char *path, const void *bytes, size_t size)
{
	struct paper_file *file = paper_file(p, path);

	if (file == NULL) {
		must((file = calloc(1, sizeof *file)) != NULL, "memory");
		snprintf(file->path, sizeof file->path, "%s", path);
		file->next = p->files;
		p->files = file;
	}
	free(file->bytes);
	must((file->bytes = malloc(size + 1)) != NULL, "memory");
	if (size > 0)
		memcpy(file->bytes, bytes, size);
	file->size = size;
}

/* ---- what the desk signs ---- */

static void
put_note(struct paper *p, const char *path, struct writer *text, const char *role, const uint8_t secret[64])
{
	static uint8_t note[CAIRN_NOTE_BYTES_MAX];
	char name[CAIRN_KEY_NAME_BYTES];
	size_t bytes = 0;

	must(!text->failed, path);
	must(cairn_note_sign(note, sizeof note, &bytes,
	         (struct cairn_span){(const char *)text->room, text->used},
	         cairn_key_name(name, p->desk_id, role), secret) == CAIRN_OK,
	    path);
	paper_put(p, path, note, bytes);
}

static void
line_number(struct writer *w, const char *keyword, uint64_t number)
{
	write_text(w, keyword);
	write_decimal(w, number);
	write_text(w, "\n");
}

static void
line_key(struct writer *w, const char *keyword, const uint8_t key[32])
{
	write_text(w, keyword);
	write_base64(w, key, 32);
	write_text(w, "\n");
}

static void
put_card(struct paper *p)
{
	uint8_t room[4096];
	struct writer w;

	writer_init(&w, room, sizeof room);
	write_text(&w, "cairn card 1\ndesk ");
	write_hex(&w, p->desk_id, sizeof p->desk_id);
	line_number(&w, "\nserial ", p->serial);
	line_number(&w, "not-after ", p->not_after);
	write_text(&w, "name Paper desk\nlang en\n");
	line_key(&w, "identity ", p->identity_key);
	line_key(&w, "board-key ", p->board_key);
	line_key(&w, "relay http://127.0.0.1:1 ", p->relay_key);
	write_text(&w, "door intake\ndoor campaign\nmin-version 1\n");
	line_number(&w, "batch ", p->batch_cells);
	put_note(p, "board/card", &w, "identity", p->identity_secret);
}

static void
put_epochs(struct paper *p)
{
	static struct cairn_epoch epochs[128];
	static uint8_t note[CAIRN_EPOCHS_BYTES_MAX];
	char path[CAIRN_REQUEST_PATH_MAX];
	size_t count = 0;
	size_t bytes = 0;

	for (unsigned door = CAIRN_DOOR_INTAKE; door <= CAIRN_DOOR_CAMPAIGN; door++)
		for (uint32_t day = p->epoch_first; day <= p->epoch_last; day++) {
			struct cairn_epoch *epoch = &epochs[count++];
			const uint8_t *key = p->epoch_key[door - 1].public_key;

			must(count < 128, "epochs");
			*epoch = (struct cairn_epoch){.door = (enum cairn_door)door, .day = day};
			crypto_hash_sha256(epoch->key_hash, key, CAIRN_XWING_PUBLIC_BYTES);
			snprintf(path, sizeof path, "board/epoch/%s/%u.0", cairn_door_name(epoch->door), day);
			paper_put(p, path, key, CAIRN_XWING_PUBLIC_BYTES);
		}
	must(cairn_epochs_write(note, sizeof note, &bytes, p->desk_id, p->hour, epochs, count,
	         p->board_secret) == CAIRN_OK,
	    "epochs");
	paper_put(p, "board/epochs", note, bytes);
}

static void
put_days(struct paper *p)
{
	static uint8_t rows[CAIRN_DAYS_BYTES_MAX];
	size_t used = 0;

	for (uint64_t n = 0; n < p->size; n++) {
		uint32_t day = p->hours[n] / HOURS_PER_DAY;

		if (n > 0 && p->hours[n - 1] / HOURS_PER_DAY == day)
			continue;
		must(used + CAIRN_DAYS_ROW_BYTES <= sizeof rows, "days");
		put_u32(rows + used, day);
		put_u64(rows + used + 4, n);
		used += CAIRN_DAYS_ROW_BYTES;
	}
	paper_put(p, "board/days", rows, used);
}

static void
hash_file(uint8_t out[32], const struct paper *p, const char *path)
{
	const struct paper_file *file = paper_file(p, path);

	crypto_hash_sha256(out, file->bytes, file->size);
}

static void
put_checkpoint(struct paper *p)
{
	struct cairn_checkpoint checkpoint = {.size = p->size, .hour = p->hour};
	struct cairn_tree tree;
	uint8_t note[CAIRN_CHECKPOINT_BYTES_MAX];
	char name[CAIRN_KEY_NAME_BYTES];
	size_t bytes = 0;

	cairn_tree_init(&tree);
	for (uint64_t n = 0; n < p->size; n++)
		must(cairn_tree_append(&tree, p->leaves[n], 0) == CAIRN_OK, "tree");
	cairn_tree_root(checkpoint.root, &tree);
	hash_file(checkpoint.card_hash, p, "board/card");
	hash_file(checkpoint.days_hash, p, "board/days");
	hash_file(checkpoint.epochs_hash, p, "board/epochs");
	must(cairn_checkpoint_sign(note, sizeof note, &bytes, &checkpoint,
	         cairn_key_name(name, p->desk_id, "board"), p->board_secret) == CAIRN_OK,
	    "checkpoint");
	paper_put(p, "board/checkpoint", note, bytes);
}

void
paper_sign(struct paper *p, uint32_t hour)
{
	p->hour = hour;
	put_card(p);
	put_epochs(p);
	put_days(p);
	put_checkpoint(p);
}

/* ---- the tree's files ---- */

static void
put_board_file(struct paper *p, const char *name, const void *bytes, size_t size)
{
	char path[CAIRN_REQUEST_PATH_MAX];

	snprintf(path, sizeof path, "board/%s", name);
	paper_put(p, path, bytes, size);
}

/* The root of the complete subtree of 256^level leaves at index n. */
static void
subtree(const struct paper *p, uint8_t out[32], int level, uint64_t n)
{
	uint64_t leaves = UINT64_C(1) << (8 * level);
	struct cairn_tree tree;

	cairn_tree_init(&tree);
	for (uint64_t i = n * leaves; i < (n + 1) * leaves; i++)
		must(cairn_tree_append(&tree, p->leaves[i], 0) == CAIRN_OK, "subtree");
	cairn_tree_root(out, &tree);
}

/* The last tile of each level; those before it are full and stay. */
static void
put_tiles(struct paper *p)
{
	for (int level = 0; level < 3; level++) {
		uint8_t tile[CAIRN_TILE_WIDTH * 32];
		char name[CAIRN_TILE_PATH_MAX];
		uint64_t hashes = p->size >> (8 * level);
		uint64_t n = hashes == 0 ? 0 : (hashes - 1) / CAIRN_TILE_WIDTH;
		unsigned width = cairn_tile_width(p->size, level, n);

		for (unsigned i = 0; i < width; i++)
			subtree(p, tile + i * 32, level, n * CAIRN_TILE_WIDTH + i);
		cairn_tile_path(name, level, n, width);
		if (width > 0)
			put_board_file(p, name, tile, width * 32);
	}
}

/* The entry bundle grows by one: the one before it, and this entry. */
static void
put_bundle(struct paper *p, const uint8_t *entry, size_t entry_bytes)
{
	static uint8_t bundle[CAIRN_TILE_WIDTH * (2 + CAIRN_ENTRY_BYTES_MAX)];
	char name[CAIRN_TILE_PATH_MAX];
	char path[CAIRN_REQUEST_PATH_MAX];
	uint64_t n = (p->size - 1) / CAIRN_TILE_WIDTH;
	unsigned width = cairn_tile_width(p->size, CAIRN_TILE_ENTRIES, n);
	size_t used = 0;

	if (width > 1) {
		const struct paper_file *before;

		cairn_tile_path(name, CAIRN_TILE_ENTRIES, n, width - 1);
		snprintf(path, sizeof path, "board/%s", name);
		must((before = paper_file(p, path)) != NULL, "bundle");
		memcpy(bundle, before->bytes, before->size);
		used = before->size;
	}
	put_u16(bundle + used, (uint16_t)entry_bytes);
	memcpy(bundle + used + 2, entry, entry_bytes);
	cairn_tile_path(name, CAIRN_TILE_ENTRIES, n, width);
	put_board_file(p, name, bundle, used + 2 + entry_bytes);
}

/* Real cells and fillers, in random order. */
static void
fill_batch(struct paper *p, uint8_t *batch, uint32_t day, const uint8_t (*cells)[CAIRN_REPLY_CELL_BYTES],
    size_t count)
{
	uint8_t randomness[CAIRN_FILLER_RANDOM_BYTES];

	for (uint32_t i = 0; i < p->batch_cells; i++) {
		uint8_t *at = batch + i * CAIRN_REPLY_CELL_BYTES;

		if (i < count) {
			memcpy(at, cells[i], CAIRN_REPLY_CELL_BYTES);
			continue;
		}
		paper_random(p, randomness, sizeof randomness);
		cairn_reply_filler(at, p->desk_id, day, randomness);
	}
	for (uint32_t i = p->batch_cells - 1; i > 0; i--) {
		uint8_t swap[CAIRN_REPLY_CELL_BYTES];
		uint32_t with;

		paper_random(p, &with, sizeof with);
		with %= i + 1;
		memcpy(swap, batch + i * CAIRN_REPLY_CELL_BYTES, sizeof swap);
		memmove(batch + i * CAIRN_REPLY_CELL_BYTES, batch + with * CAIRN_REPLY_CELL_BYTES, sizeof swap);
		memcpy(batch + with * CAIRN_REPLY_CELL_BYTES, swap, sizeof swap);
	}
}

void
paper_publish(struct paper *p, uint32_t hour, const uint8_t (*cells)[CAIRN_REPLY_CELL_BYTES], size_t count)
{
	static uint8_t batch[CAIRN_BATCH_CELLS_MAX * CAIRN_REPLY_CELL_BYTES];
	uint8_t entry[CAIRN_ENTRY_BYTES_MAX];
	char name[64];

	must(count <= p->batch_cells, "more cells than a batch has");
	fill_batch(p, batch, hour / HOURS_PER_DAY, cells, count);
	cairn_entry_make(entry, hour, batch, p->batch_cells);
	p->leaves = realloc(p->leaves, (p->size + 1) * sizeof *p->leaves);
	p->hours = realloc(p->hours, (p->size + 1) * sizeof *p->hours);
	must(p->leaves != NULL && p->hours != NULL, "memory");
	cairn_tree_leaf(p->leaves[p->size], entry, cairn_entry_bytes(p->batch_cells));
	p->hours[p->size] = hour;
	snprintf(name, sizeof name, "batch/%llu", (unsigned long long)p->size);
	put_board_file(p, name, batch, p->batch_cells * CAIRN_REPLY_CELL_BYTES);
	p->size++;
	put_bundle(p, entry, cairn_entry_bytes(p->batch_cells));
	put_tiles(p);
	p->hour = hour;
	put_days(p);
	put_checkpoint(p);
}

void
paper_reply(struct paper *p, uint8_t cell[CAIRN_REPLY_CELL_BYTES], const struct cairn_conversation *conv,
    uint32_t day, uint8_t lane, uint16_t n, const char *text)
{
	uint8_t plain[CAIRN_REPLY_PLAIN_BYTES];
	uint8_t random[CAIRN_MSGID_BYTES + 8];
	uint8_t eseed[CAIRN_XWING_ESEED_BYTES];
	uint8_t key[CAIRN_KEY_BYTES];
	uint8_t tag[CAIRN_TAG_BYTES];
	struct cairn_tlv_writer w;

	paper_random(p, random, sizeof random);
	paper_random(p, eseed, sizeof eseed);
	cairn_tag_key(key, conv->root, day / CAIRN_MONTH_DAYS, day);
	cairn_tag(tag, key, lane, n);
	cairn_tlv_begin(&w, plain, sizeof plain);
	cairn_tlv_put(&w, CAIRN_TLV_msgid, random, CAIRN_MSGID_BYTES);
	cairn_tlv_put_text(&w, random + CAIRN_MSGID_BYTES, 0, 1, text, strlen(text));
	must(cairn_tlv_end(&w) == CAIRN_OK, "reply text");
	must(cairn_reply_seal(cell, plain, p->desk_id, day, tag, conv->reply.public_key, eseed) == CAIRN_OK,
	    "reply");
}

/* ---- beginning and end ---- */

void
paper_init(struct paper *p, uint64_t seed, uint32_t hour)
{
	uint8_t random[CAIRN_XWING_SEED_BYTES];

	must(sodium_init() >= 0, "libsodium");
	memset(p, 0, sizeof *p);
	p->seed = seed;
	p->batch_cells = CAIRN_BATCH_CELLS;
	p->serial = 1;
	p->not_after = hour / HOURS_PER_DAY + 60;
	p->epoch_first = hour / HOURS_PER_DAY;
	p->epoch_last = p->epoch_first + 4;
	keypair(p, p->identity_key, p->identity_secret);
	keypair(p, p->board_key, p->board_secret);
	keypair(p, p->relay_key, p->relay_secret);
	cairn_hash(p->desk_id, p->identity_key, sizeof p->identity_key);
	for (unsigned i = 0; i < 2; i++) {
		paper_random(p, random, sizeof random);
		cairn_xwing_key_init(&p->epoch_key[i], random);
	}
	paper_put(p, "board/identity", NULL, 0);
	paper_sign(p, hour);
}

void
paper_release(struct paper *p)
{
	while (p->files != NULL) {
		struct paper_file *next = p->files->next;

		free(p->files->bytes);
		free(p->files);
		p->files = next;
	}
	free(p->leaves);
	free(p->hours);
	free(p->drop);
	memset(p, 0, sizeof *p);
}

static void *
copy(const void *bytes, size_t size)
{
	void *to = malloc(size + 1);

	must(to != NULL, "memory");
	if (size > 0)
		memcpy(to, bytes, size);
	return to;
}

void
paper_fork(struct paper *to, const struct paper *from)
{
	*to = *from;
	to->leaves = copy(from->leaves, from->size * sizeof *from->leaves);
	to->hours = copy(from->hours, from->size * sizeof *from->hours);
	to->drop = copy(from->drop, from->drop_count * sizeof *from->drop);
	to->files = NULL;
	for (const struct paper_file *file = from->files; file != NULL; file = file->next)
		paper_put(to, file->path, file->bytes, file->size);
}

void
paper_client(struct cairn_client *client, const struct paper *p)
{
	memset(client, 0, sizeof *client);
	memcpy(client->desk_id, p->desk_id, sizeof client->desk_id);
	client->has_identity = true;
	memcpy(client->identity_key, p->identity_key, sizeof client->identity_key);
	client->hour = p->hour;
}

/* ---- answers ---- */

static int
answer_door(struct paper *p, const uint8_t **body, size_t *bytes)
{
	struct cairn_door_answer door = {.hour = p->hour, .difficulty = p->difficulty};

	memset(door.challenge, 0x5a, sizeof door.challenge);
	*body = p->answer;
	*bytes = cairn_door_answer_write((char *)p->answer, &door);
	return 200;
}

static bool
work_is_done(const struct paper *p, const struct cairn_request *request)
{
	uint8_t challenge[CAIRN_CHALLENGE_BYTES];
	uint8_t nonce[CAIRN_WORK_NONCE_BYTES];
	uint8_t hash[CAIRN_HASH_BYTES];
	uint8_t digest[32];
	unsigned bits;

	if (p->difficulty == 0)
		return true;
	if (sodium_hex2bin(nonce, sizeof nonce, request->work, strlen(request->work), NULL, NULL, NULL) != 0)
		return false;
	memset(challenge, 0x5a, sizeof challenge);
	cairn_hash(hash, request->body, request->body_bytes);
	return cairn_work_bits(&bits, digest, hash, challenge, nonce) == CAIRN_OK && bits >= p->difficulty;
}

static int
answer_post(struct paper *p, const struct cairn_request *request, const uint8_t **body, size_t *bytes)
{
	uint8_t hash[CAIRN_HASH_BYTES];

	if (!work_is_done(p, request))
		return 403;
	if (request->body_bytes != CAIRN_DROP_CELL_BYTES)
		return 400;
	p->drop = realloc(p->drop, (p->drop_count + 1) * sizeof *p->drop);
	must(p->drop != NULL, "memory");
	memcpy(p->drop[p->drop_count++], request->body, CAIRN_DROP_CELL_BYTES);
	cairn_hash(hash, request->body, request->body_bytes);
	cairn_receipt_sign(p->answer, p->desk_id, hash, p->hour, p->relay_secret);
	*body = p->answer;
	*bytes = CAIRN_RECEIPT_BYTES;
	return 200;
}

static int
answer_get(struct paper *p, const char *path, const uint8_t **body, size_t *bytes)
{
	const struct paper_file *file = paper_file(p, path);

	if (strcmp(path, "drop/intake") == 0 || strcmp(path, "drop/campaign") == 0)
		return answer_door(p, body, bytes);
	if (file == NULL)
		return 404;
	*body = file->bytes;
	*bytes = file->size;
	return 200;
}

int
paper_answer(struct paper *p, const struct cairn_request *request, const uint8_t **body, size_t *bytes)
{
	int status = p->status;

	*body = NULL;
	*bytes = 0;
	if (status == 0 && strcmp(request->method, "GET") == 0)
		status = answer_get(p, request->path, body, bytes);
	else if (status == 0 && strcmp(request->method, "PUT") == 0) {
		paper_put(p, request->path, request->body, request->body_bytes);
		status = 204;
	} else if (status == 0)
		status = answer_post(p, request, body, bytes);
	if (p->log_bytes < sizeof p->log - 256)
		p->log_bytes += (size_t)snprintf(p->log + p->log_bytes, 256, "%s %s %zu\n", request->method,
		    request->path, *bytes);
	return status;
}

/* The three machines go alike, and C has no way of saying so but this. */
#define DRIVE(p, machine, next, give)                                                 \
	for (;;) {                                                                     \
		enum cairn_step step = next(machine);                                  \
		const uint8_t *body;                                                   \
		size_t bytes;                                                          \
		int status;                                                            \
                                                                                       \
		if (step == CAIRN_STEP_DONE || step == CAIRN_STEP_FAILED)              \
			return step;                                                   \
		if (step != CAIRN_STEP_REQUEST)                                        \
			continue;                                                      \
		status = paper_answer(p, &(machine)->request, &body, &bytes);          \
		if (bytes > (machine)->request.answer_max)                             \
			status = CAIRN_NO_ANSWER;                                      \
		give(machine, status, body, bytes);                                    \
	}

enum cairn_step
paper_look(struct paper *p, struct cairn_look *look)
{
	DRIVE(p, look, cairn_look_next, cairn_look_answer)
}

enum cairn_step
paper_send(struct paper *p, struct cairn_send *send)
{
	DRIVE(p, send, cairn_send_next, cairn_send_answer)
}

enum cairn_step
paper_open(struct paper *p, struct cairn_opening *opening)
{
	DRIVE(p, opening, cairn_opening_next, cairn_opening_answer)
}
