// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/staffed.h"

#include <unistd.h>

#include <sodium.h>
#include <sqlite3.h>

#include "base/bytes.h"
#include "base/reader.h"
#include "base/text.h"
#include "desk/epoch.h"
#include "lib/fault.h"

#define LEASE_S 600U
#define BATCH_CELLS 4U
#define STATE_MAX (64U << 20)

static void
must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "staffed: %s\n", what);
	abort();
}

/* --- the relay's side --- */

static int
relay_lease(struct staffed_relay *r, enum cairn_door door, size_t *bytes)
{
	*bytes = 0;
	for (size_t i = 0; i < r->cell_count && *bytes < sizeof(r->answer); i++) {
		struct staffed_cell *cell = &r->cells[i];

		if (!cell->there || cell->door != door || cell->leased_until > r->now)
			continue;
		cell->leased_until = r->now + LEASE_S;
		memcpy(r->answer + *bytes, cell->bytes, sizeof(cell->bytes));
		*bytes += sizeof(cell->bytes);
	}
	return 200;
}

static int
relay_delete(struct staffed_relay *r, const struct cairn_request *request)
{
	uint8_t hash[CAIRN_HASH_BYTES];

	for (size_t at = 0; at < request->body_bytes; at += sizeof(hash))
		for (size_t i = 0; i < r->cell_count; i++) {
			cairn_hash(hash, r->cells[i].bytes, sizeof(r->cells[i].bytes));
			if (memcmp(hash, request->body + at, sizeof(hash)) == 0)
				r->cells[i].there = false;
		}
	return 204;
}

static struct staffed_blob *
relay_blob(struct staffed_relay *r, const uint8_t id[CAIRN_BLOB_ID_BYTES])
{
	for (size_t i = 0; i < r->blob_count; i++)
		if (r->blobs[i].there && memcmp(r->blobs[i].id, id, CAIRN_BLOB_ID_BYTES) == 0)
			return &r->blobs[i];
	return NULL;
}

static int
relay_blobs(struct staffed_relay *r, const struct cairn_request *request, bool claim)
{
	for (size_t at = 0; at < request->body_bytes; at += CAIRN_BLOB_ID_BYTES) {
		struct staffed_blob *blob = relay_blob(r, request->body + at);

		if (blob != NULL && claim)
			blob->claimed = true;
		else if (blob != NULL)
			blob->there = false;
	}
	return 204;
}

static int
relay_blob_get(struct staffed_relay *r, const char *hex, const uint8_t **body, size_t *bytes)
{
	uint8_t id[CAIRN_BLOB_ID_BYTES];
	struct staffed_blob *blob = NULL;

	if (text_hex(id, sizeof(id), (struct cairn_span){hex, strlen(hex)}) == CAIRN_OK)
		blob = relay_blob(r, id);
	if (blob == NULL)
		return 404;
	*body = blob->bytes;
	*bytes = sizeof(blob->bytes);
	return 200;
}

/* The two sections that this relay looks at. */
static void
append_read(const struct cairn_request *request, struct cairn_span *note, struct cairn_span *batch)
{
	struct reader r;

	reader_init(&r, request->body, request->body_bytes);
	while (r.left > 0 && !r.failed) {
		uint8_t kind;
		uint32_t bytes;
		const uint8_t *value;

		take_u8(&r, &kind);
		take_u32(&r, &bytes);
		value = take_view(&r, bytes);
		if (kind == 1)
			*note = (struct cairn_span){(const char *)value, bytes};
		if (kind == 2)
			*batch = (struct cairn_span){(const char *)value, bytes};
	}
	must(!r.failed && note->text != NULL && batch->text != NULL, "an append");
}

static int
relay_append(struct staffed_relay *r, const struct cairn_request *request, const uint8_t **body, size_t *bytes)
{
	struct cairn_span note = {NULL, 0}, batch = {NULL, 0}, size = {strchr(request->path, '=') + 1, 0};
	struct staffed_batch *now = &r->batches[r->size];
	const struct staffed_batch *next;
	uint64_t extends;

	size.size = strlen(size.text);
	must(text_number(&extends, size, STAFFED_BOARD_MAX) == CAIRN_OK, "size");
	append_read(request, &note, &batch);
	if (extends == r->size && r->size < STAFFED_BOARD_MAX) {
		now = &r->batches[++r->size];
		must(note.size <= sizeof(now->note), "note");
		memcpy(now->note, note.text, note.size);
		now->note_bytes = note.size;
		now->cells = malloc(batch.size);
		memcpy(now->cells, batch.text, batch.size);
		now->bytes = batch.size;
		now->hour = (uint32_t)(r->now / 3600);
		return 204;
	}
	next = &r->batches[extends + 1];
	if (extends < r->size && (next->note_bytes != note.size || memcmp(next->note, note.text, note.size) != 0))
		r->contradictions++;
	else if (extends + 1 == r->size)
		return 204;
	*body = (const uint8_t *)now->note;
	*bytes = now->note_bytes;
	return 409;
}

static int
relay_route(struct staffed_relay *r, const struct cairn_request *q, const uint8_t **body, size_t *bytes)
{
	enum cairn_door door = strstr(q->path, "campaign") != NULL ? CAIRN_DOOR_CAMPAIGN : CAIRN_DOOR_INTAKE;
	const struct paper_asker asker = {.now = r->now};

	*body = r->answer;
	if (strncmp(q->path, "roster?key=", 11) == 0) {
		r->roster = true;
		return 204;
	}
	must(q->staff, "a staff request is signed");
	if (strncmp(q->path, "feed", 4) == 0)
		return paper_feed_do(&r->feed, &asker, q, body, bytes);
	if (strstr(q->path, "/lease?max=") != NULL)
		return relay_lease(r, door, bytes);
	if (strstr(q->path, "/blob/claim") != NULL || strstr(q->path, "/blob/delete") != NULL)
		return relay_blobs(r, q, strstr(q->path, "claim") != NULL);
	if (strstr(q->path, "/blob/") != NULL)
		return relay_blob_get(r, strstr(q->path, "/blob/") + 6, body, bytes);
	if (strstr(q->path, "/delete") != NULL)
		return relay_delete(r, q);
	if (strncmp(q->path, "board/append?size=", 18) == 0)
		return relay_append(r, q, body, bytes);
	return 404;
}

/* A request may be lost on its way, and so may its answer: two points. */
static int
relay_exchange(void *arg, const struct cairn_request *request, const uint8_t **body, size_t *bytes)
{
	struct staffed_relay *r = arg;
	int status;

	*body = NULL;
	*bytes = 0;
	if (fault_point())
		return CAIRN_NO_ANSWER;
	r->requests++;
	status = r->status != 0 ? r->status : relay_route(r, request, body, bytes);
	if (!fault_point())
		return status;
	*body = NULL;
	*bytes = 0;
	return CAIRN_NO_ANSWER;
}

/* --- the desk --- */

static void
staffed_found(struct staffed *s)
{
	static const char *const langs[] = {"en"};
	static const uint8_t relay_key[32] = {1};
	char names[SHARES][SHARE_NAME_MAX];
	char trouble[DESK_TROUBLE_MAX];
	struct founding founding = {
	    .shares_folder = s->shares,
	    .batch_cells = BATCH_CELLS,
	    .wish = {.name = "a "
			     "desk",
		.relay_url = "http://127.0.0.1:1",
		.relay_key = relay_key,
		.langs = langs,
		.lang_count = 1},
	};

	must(plain_state_create(&founding.state, s->folder) == CAIRN_OK, "a state");
	must(desk_found(&s->self, names, &founding, s->now, trouble) == CAIRN_OK, trouble);
	state_close(founding.state);
}

void
staffed_init(struct staffed *s)
{
	const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

	must(sodium_init() >= 0, "libsodium");
	memset(s, 0, sizeof(*s));
	s->now = STAFFED_NOW;
	snprintf(s->folder, sizeof(s->folder), "%s/cairn-desk-XXXXXX", base);
	must(mkdtemp(s->folder) != NULL, "a folder");
	snprintf(s->shares, sizeof(s->shares), "%s/shares", s->folder);
	s->relay = calloc(1, sizeof(*s->relay));
	must(s->relay != NULL, "memory");
	s->relay->now = s->now;
	staffed_found(s);
	must(staffed_open(s, NULL) == CAIRN_OK, "opening");
}

struct desk_wire
staffed_wire(struct staffed_relay *relay)
{
	return (struct desk_wire){relay_exchange, relay};
}

int
staffed_open(struct staffed *s, const char *vfs)
{
	char trouble[DESK_TROUBLE_MAX];
	struct db *state;
	int err = plain_state_open(&state, s->folder, vfs);

	if (err == CAIRN_OK)
		err = desk_open(&s->desk, state, trouble);
	if (err == CAIRN_OK)
		s->desk->wire = staffed_wire(s->relay);
	return err;
}

void
staffed_close(struct staffed *s)
{
	desk_close(s->desk);
	s->desk = NULL;
}

static void
remove_all(const char *folder)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	must(system(command) == 0, "clearing up");
}

void
staffed_release(struct staffed *s)
{
	staffed_close(s);
	for (size_t i = 0; i <= STAFFED_BOARD_MAX; i++)
		free(s->relay->batches[i].cells);
	paper_feed_release(&s->relay->feed);
	free(s->relay);
	remove_all(s->folder);
}

static char *
file_bytes(const char *folder, const char *name, size_t *size)
{
	char path[128];
	char *bytes = malloc(STATE_MAX);
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "rb");
	must(bytes != NULL && file != NULL, "the state file");
	*size = fread(bytes, 1, STATE_MAX, file);
	fclose(file);
	return bytes;
}

static void
file_copy(const struct staffed *to, const struct staffed *from, const char *name)
{
	char path[128];
	size_t size;
	char *bytes = file_bytes(from->folder, name, &size);
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", to->folder, name);
	file = fopen(path, "wb");
	must(file != NULL && fwrite(bytes, 1, size, file) == size, "copying");
	fclose(file);
	free(bytes);
}

void
staffed_copy(const struct staffed *to, const struct staffed *from)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s-journal", to->folder, PLAIN_STATE);
	unlink(path);
	file_copy(to, from, PLAIN_STATE);
	file_copy(to, from, PLAIN_ERASURE);
}

void
staffed_at(struct staffed *s, uint64_t now)
{
	s->now = now;
	s->relay->now = now;
}

void
staffed_tick(struct staffed *s, struct tick *tick)
{
	desk_tick(s->desk, tick, s->now, NULL, NULL);
	must(tick->err == CAIRN_OK, tick->trouble);
}

/* --- persons --- */

void
speaker_init(struct speaker *p)
{
	randombytes_buf(p->root, sizeof(p->root));
	cairn_conversation_init(&p->conv, p->root);
}

size_t
staffed_write(struct staffed *s, const struct speaker *p, enum cairn_door door, int shift,
    const uint8_t msgid[CAIRN_MSGID_BYTES], const uint8_t *records, size_t bytes)
{
	struct cairn_drop_header header = {door, 0, (uint32_t)((int64_t)(s->now / 86400) + shift)};
	uint8_t plain[CAIRN_DROP_PLAIN_BYTES], eseed[CAIRN_XWING_ESEED_BYTES];
	struct staffed_cell *cell = &s->relay->cells[s->relay->cell_count];
	const struct cairn_xwing_key *key;
	struct cairn_tlv_writer w;

	must(s->relay->cell_count < STAFFED_CELLS_MAX, "too many cells");
	must(epoch_find(s->desk, &key, &header) == CAIRN_OK, "an epoch key");
	must(cairn_drop_begin(&w, plain, &header, p == NULL ? NULL : &p->conv, key->public_key, msgid) == CAIRN_OK,
	    "beginning a cell");
	must(bytes <= w.size - w.used - 2, "records fit");
	if (bytes > 0)
		memcpy(plain + w.used, records, bytes);
	randombytes_buf(eseed, sizeof(eseed));
	must(cairn_drop_seal(cell->bytes, plain, &header, s->self.desk_id, key->public_key, eseed) == CAIRN_OK,
	    "sealing");
	cell->there = true;
	cell->leased_until = 0;
	cell->door = door;
	return s->relay->cell_count++;
}

size_t
staffed_say(struct staffed *s, const struct speaker *p, const char *text, const uint8_t *msgid)
{
	uint8_t room[CAIRN_DROP_PLAIN_BYTES], group[8], random[CAIRN_MSGID_BYTES];
	struct cairn_tlv_writer w;

	randombytes_buf(group, sizeof(group));
	randombytes_buf(random, sizeof(random));
	cairn_tlv_begin(&w, room, sizeof(room));
	cairn_tlv_put_text(&w, group, 0, 1, text, strlen(text));
	return staffed_write(s, p, p == NULL ? CAIRN_DOOR_CAMPAIGN : CAIRN_DOOR_INTAKE, 0,
	    msgid == NULL ? random : msgid, room, w.used);
}

/* The tags that p looks for near day d; made once, as long as the same is asked for. */
static const struct cairn_look_tag *
tags_near(const struct speaker *p, uint32_t d, size_t *ret_count)
{
	static struct cairn_look_tag tags[CAIRN_LOOK_TAGS_MAX];
	static uint8_t root[CAIRN_KEY_BYTES];
	static uint32_t day;
	static size_t count;

	if (day != d || memcmp(root, p->root, sizeof(root)) != 0)
		count = cairn_look_tags(tags, p->root, d, d);
	day = d;
	memcpy(root, p->root, sizeof(root));
	*ret_count = count;
	return tags;
}

/* Does the cell bear a tag of p on a day near d? Opens it then. */
static bool
cell_open(const struct staffed *s, const struct speaker *p, const uint8_t *cell, uint32_t d,
    uint8_t out[CAIRN_REPLY_PLAIN_BYTES])
{
	size_t count;
	const struct cairn_look_tag *tags = tags_near(p, d, &count);

	for (size_t i = 0; i < count; i++)
		if (memcmp(tags[i].tag, cell, CAIRN_TAG_BYTES) == 0)
			return cairn_reply_open(out, cell, s->self.desk_id, tags[i].day, &p->conv.reply) == CAIRN_OK;
	return false;
}

size_t
staffed_heard(const struct staffed *s, const struct speaker *p, uint8_t (*out)[CAIRN_REPLY_PLAIN_BYTES],
    size_t room)
{
	uint8_t plain[CAIRN_REPLY_PLAIN_BYTES];
	size_t count = 0;

	for (uint64_t size = 1; size <= s->relay->size; size++) {
		const struct staffed_batch *batch = &s->relay->batches[size];

		for (size_t at = 0; at < batch->bytes; at += CAIRN_REPLY_CELL_BYTES) {
			if (!cell_open(s, p, batch->cells + at, batch->hour / 24, plain))
				continue;
			if (count < room)
				memcpy(out[count], plain, sizeof(plain));
			count++;
		}
	}
	return count;
}

uint64_t
staffed_conversation(struct staffed *s, const struct speaker *p)
{
	struct query q = query(s->desk->state, SQL_CONV_BY_ID);
	uint64_t conv;

	bind_bytes(&q, p->conv.id, sizeof(p->conv.id));
	must(query_number(&q, &conv) == CAIRN_OK, "looking for a conversation");
	return conv;
}

uint64_t
staffed_number(struct staffed *s, const char *sql)
{
	char path[128];
	sqlite3_stmt *stmt;
	sqlite3 *db;
	uint64_t v;

	snprintf(path, sizeof(path), "%s/%s", s->folder, PLAIN_STATE);
	must(sqlite3_open(path, &db) == SQLITE_OK && sqlite3_busy_timeout(db, 1000) == SQLITE_OK, "a second look");
	must(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW, sql);
	v = (uint64_t)sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return v;
}

int
staffed_unseal(struct staffed *s, uint8_t key[ERASURE_KEY_BYTES], const uint8_t sealed[ERASURE_SEALED_BYTES],
    struct sealed_row row)
{
	struct query q = db_query(s->desk->state, "SELECT ?");

	bind_bytes(&q, sealed, ERASURE_SEALED_BYTES);
	must(query_row(&q), "a row");
	query_sealed(&q, 0, key, row);
	return query_end(&q);
}

bool
staffed_file_holds(const struct staffed *s, const void *bytes, size_t size)
{
	size_t all;
	char *file = file_bytes(s->folder, PLAIN_STATE, &all);
	bool found = memmem(file, all, bytes, size) != NULL;

	free(file);
	return found;
}
