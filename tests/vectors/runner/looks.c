// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/writer.h"
#include "board.h"

/* looks: the real machine, driven against a relay that is made of the file's board. */

static void
decoy_key(struct run *r, const json_t *value, uint8_t key[CAIRN_KEY_BYTES])
{
	cairn_decoy_key(key, r->person.root);
	expect_bytes(r, "decoy_key", key, CAIRN_KEY_BYTES, field_hex(r, value, "decoy_key"));
}

static void
ranks(struct run *r, const json_t *value)
{
	const json_t *rows = field(r, value, "ranks");
	uint8_t key[CAIRN_KEY_BYTES], rank[CAIRN_HASH_BYTES];

	decoy_key(r, value, key);
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);

		cairn_decoy_rank(rank, key, field_number(r, row, "n", INT64_MAX));
		expect_bytes(r, "rank", rank, sizeof(rank), field_hex(r, row, "rank"));
	}
}

/* NULL where the person names no day. */
static const uint32_t *
field_named(struct run *r, const json_t *row)
{
	uint32_t *named;

	if (field_null(r, row, "named"))
		return NULL;
	named = row_alloc(r, sizeof(*named));
	*named = (uint32_t)field_number(r, row, "named", UINT32_MAX);
	return named;
}

static void
window_row(struct run *r, const json_t *row)
{
	uint32_t first, last;

	cairn_window(&first, &last, (uint32_t)field_number(r, row, "hour", UINT32_MAX), field_named(r, row));
	expect(r, first == field_number(r, row, "first_day", UINT32_MAX), "first_day, not %u", first);
	expect(r, last == field_number(r, row, "last_day", UINT32_MAX), "last_day, not %u", last);
}

/* What follows one another in a session. */
struct session {
	struct cairn_conversation conv;
	struct cairn_session *memory;
};

/* A look of the board at a size: what is computed on the way to it. */
struct look {
	const struct board *board;
	const struct cairn_conversation *conv;
	size_t size;
	uint32_t hour;
	uint32_t first, last;
	size_t window; /* first batch */
	struct cairn_look_tag *tags;
	size_t tag_count;
	bool *hits;
};

static int
compare_tags(const void *a, const void *b)
{
	return memcmp(((const struct cairn_look_tag *)a)->tag, ((const struct cairn_look_tag *)b)->tag,
	    CAIRN_TAG_BYTES);
}

static void
check_window(struct run *r, const json_t *row, struct look *look)
{
	const struct bytes file = board_days_file(r, look->board, look->size);
	struct cairn_days days;

	window_row(r, row);
	cairn_window(&look->first, &look->last, look->hour, field_named(r, row));
	expect_ok(r, cairn_days_read(&days, file.at, file.size, look->size), "a days file");
	look->window = (size_t)cairn_days_from(&days, look->first, look->size);
	expect(r, (look->last + 1) / CAIRN_MONTH_DAYS == field_number(r, row, "newest_month", UINT32_MAX),
	    "newest_month");
	expect(r, look->size - look->window == field_number(r, row, "batches", SIZE_MAX / 2), "batches, not %zu",
	    look->size - look->window);
	if (look->window == look->size)
		expect(r, field_null(r, row, "first_batch"), "no first_batch");
	else
		expect(r, look->window == field_number(r, row, "first_batch", SIZE_MAX / 2),
		    "first_batch, not %zu", look->window);
}

static void
check_tags(struct run *r, const json_t *row, struct look *look)
{
	crypto_hash_sha256_state state;
	uint8_t hash[CAIRN_SHA256_BYTES];

	look->tag_count = cairn_look_tags(NULL, look->conv->root, look->first, look->last);
	expect(r, look->tag_count == field_number(r, row, "tags", CAIRN_LOOK_TAGS_MAX), "tags, not %zu",
	    look->tag_count);
	look->tags = row_alloc(r, look->tag_count * sizeof(*look->tags));
	expect(r, cairn_look_tags(look->tags, look->conv->root, look->first, look->last) == look->tag_count,
	    "as many tags when they are computed");
	qsort(look->tags, look->tag_count, sizeof(*look->tags), compare_tags);
	crypto_hash_sha256_init(&state);
	for (size_t i = 0; i < look->tag_count; i++)
		crypto_hash_sha256_update(&state, look->tags[i].tag, CAIRN_TAG_BYTES);
	crypto_hash_sha256_final(&state, hash);
	expect_bytes(r, "tags_sha256", hash, sizeof(hash), field_hex(r, row, "tags_sha256"));
}

static bool
is_hit(const struct look *look, size_t n)
{
	struct cairn_look_tag wanted;

	for (size_t i = 0; i < look->board->batch_cells; i++) {
		memcpy(wanted.tag, cairn_entry_tag(board_entry(look->board, n), i), CAIRN_TAG_BYTES);
		if (bsearch(&wanted, look->tags, look->tag_count, sizeof(wanted), compare_tags) != NULL)
			return true;
	}
	return false;
}

static void
expect_numbers(struct run *r, const json_t *row, const char *key, const uint64_t *got, size_t count)
{
	const json_t *want = field(r, row, key);

	for (size_t i = 0; i < json_array_size(want) && i < count; i++)
		expect(r, (json_int_t)got[i] == json_integer_value(json_array_get(want, i)), "%s[%zu] %lld, not %llu",
		    key, i, (long long)json_integer_value(json_array_get(want, i)), (unsigned long long)got[i]);
	expect(r, json_array_size(want) == count, "%zu in %s, not %zu", json_array_size(want), key, count);
}

static void
check_hits(struct run *r, const json_t *row, struct look *look)
{
	uint64_t *found = row_alloc(r, look->size * sizeof(*found));
	size_t count = 0;

	look->hits = row_alloc(r, look->size * sizeof(*look->hits));
	for (size_t n = look->size; n > look->window; n--) {
		look->hits[n - 1] = is_hit(look, n - 1);
		if (look->hits[n - 1])
			found[count++] = n - 1;
	}
	expect_numbers(r, row, "hits", found, count);
}

struct ranked {
	uint8_t rank[CAIRN_HASH_BYTES];
	uint64_t n;
};

static int
compare_ranked(const void *a, const void *b)
{
	return memcmp(((const struct ranked *)a)->rank, ((const struct ranked *)b)->rank, CAIRN_HASH_BYTES);
}

static void
check_decoys(struct run *r, const json_t *row, const struct look *look)
{
	struct ranked *ranked = row_alloc(r, (look->size + 1) * sizeof(*ranked));
	const size_t most = json_array_size(field(r, row, "decoys"));
	uint8_t key[CAIRN_KEY_BYTES];
	uint64_t lowest[64];
	size_t count = 0;

	cairn_decoy_key(key, look->conv->root);
	for (size_t n = look->window; n < look->size; n++) {
		if (look->hits[n])
			continue;
		cairn_decoy_rank(ranked[count].rank, key, n);
		ranked[count++].n = n;
	}
	qsort(ranked, count, sizeof(*ranked), compare_ranked);
	for (size_t i = 0; i < count && i < 64; i++)
		lowest[i] = ranked[i].n;
	expect(r, most <= 64 && (most == 3 || count == most), "the lowest three decoys, or all");
	expect_numbers(r, row, "decoys", lowest, count < most ? count : most);
}

/* ---- the relay ---- */

static struct bytes
make_card(struct run *r, const struct look *look)
{
	uint8_t *text = row_alloc(r, 4096);
	uint8_t *note = row_alloc(r, 8192);
	char name[CAIRN_KEY_NAME_BYTES];
	const struct cairn_span signer = cairn_key_name(name, r->desk.id, "identity");
	size_t size = 0, note_size = 0;
	struct writer w;

	writer_init(&w, text, 4096);
	write_text(&w, "cairn card 1\ndesk ");
	write_hex(&w, r->desk.id, CAIRN_HASH_BYTES);
	write_text(&w, "\nserial ");
	write_decimal(&w, look->hour); /* a newer look has a newer card: it may be good for 100 days at most */
	write_text(&w, "\nnot-after ");
	write_decimal(&w, look->hour / 24 + 50);
	write_text(&w, "\nname the desk of the vectors\nidentity ");
	write_base64(&w, r->desk.identity_key, 32);
	write_text(&w, "\nboard-key ");
	write_base64(&w, r->desk.board_key, 32);
	write_text(&w, "\nbatch ");
	write_decimal(&w, look->board->batch_cells);
	write_text(&w, "\nmin-version 1\nlang en\nrelay https://relay.example ");
	write_base64(&w, r->desk.relay_key, 32);
	write_text(&w, "\ndoor intake\n");
	expect_ok(r, writer_end(&w, &size), "a card that fits");
	expect_ok(r, cairn_note_sign(note, 8192, &note_size, (struct cairn_span){(char *)text, size}, signer,
	    r->desk.identity_secret), "a card that can be signed");
	return (struct bytes){note, note_size};
}

static struct bytes
make_epochs(struct run *r, const struct look *look)
{
	uint8_t *note = row_alloc(r, 4096);
	size_t size = 0;

	expect_ok(r, cairn_epochs_write(note, 4096, &size, r->desk.id, look->hour, NULL, 0, r->desk.board_secret),
	    "a list of no epochs");
	return (struct bytes){note, size};
}

static struct bytes
make_checkpoint(struct run *r, const struct look *look)
{
	const struct bytes card = make_card(r, look), epochs = make_epochs(r, look);
	const struct bytes days = board_days_file(r, look->board, look->size);
	struct cairn_checkpoint checkpoint = {.size = look->size, .hour = look->hour};
	uint8_t *note = row_alloc(r, 4096);
	char name[CAIRN_KEY_NAME_BYTES];
	size_t size = 0;

	board_root(r, checkpoint.root, look->board, look->size);
	crypto_hash_sha256(checkpoint.card_hash, card.at, card.size);
	crypto_hash_sha256(checkpoint.days_hash, days.at, days.size);
	crypto_hash_sha256(checkpoint.epochs_hash, epochs.at, epochs.size);
	expect_ok(r, cairn_checkpoint_sign(note, 4096, &size, &checkpoint,
	    cairn_key_name(name, r->desk.id, "board"), r->desk.board_secret), "a checkpoint that can be signed");
	return (struct bytes){note, size};
}

static struct bytes
make_days(struct run *r, const struct look *look)
{
	return board_days_file(r, look->board, look->size);
}

static struct bytes
make_nothing(struct run *r, const struct look *look)
{
	(void)r;
	(void)look;
	return (struct bytes){(const uint8_t *)"", 0};
}

static const struct {
	const char *path;
	struct bytes (*make)(struct run *r, const struct look *look);
} files[] = {
	{"board/checkpoint", make_checkpoint}, {"board/card", make_card}, {"board/identity", make_nothing},
	{"board/days", make_days}, {"board/epochs", make_epochs},
};

static struct bytes
serve(struct run *r, const struct look *look, const char *path, uint64_t *fetched, size_t *fetched_count)
{
	unsigned long long n;
	uint64_t tile;
	unsigned width;
	int level, end = 0;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (strcmp(path, files[i].path) == 0)
			return files[i].make(r, look);
	if (sscanf(path, "board/batch/%llu%n", &n, &end) == 1 && path[end] == '\0') {
		expect(r, n < look->size && *fetched_count < 64, "a batch of the board, not %s", path);
		fetched[(*fetched_count)++] = n;
		return (struct bytes){board_batch(look->board, (size_t)n), look->board->batch_bytes};
	}
	expect(r, strncmp(path, "board/", 6) == 0 && cairn_tile_path_read(&level, &tile, &width,
	    (struct cairn_span){path + 6, strlen(path) - 6}) == CAIRN_OK, "a file of the board, not %s", path);
	return board_tile(r, look->board, look->size, level, tile, width);
}

/* What came is for this person, and from batches that were hits. */
static void
check_found(struct run *r, const struct cairn_look *machine, const struct look *look)
{
	for (size_t i = 0; i < machine->found_count; i++)
		expect(r, machine->found[i].batch < look->size && look->hits[machine->found[i].batch],
		    "mail from hits only");
}

static void
drive(struct run *r, const json_t *row, const struct look *look, struct cairn_look *machine)
{
	uint64_t fetched[64];
	size_t count = 0;
	enum cairn_step step;

	while ((step = cairn_look_next(machine)) == CAIRN_STEP_REQUEST) {
		const struct bytes body = serve(r, look, machine->request.path, fetched, &count);

		expect(r, body.size <= machine->request.answer_max, "room for the answer to %s",
		    machine->request.path);
		cairn_look_answer(machine, 200, body.at, body.size);
	}
	expect(r, step == CAIRN_STEP_DONE, "the look to end well, but: %s", cairn_strerror(machine->err));
	expect(r, machine->first_day == look->first && machine->last_day == look->last, "the machine's window");
	expect_numbers(r, row, "fetch", fetched, count);
	check_found(r, machine, look);
}

static void
look_row(struct run *r, const json_t *row)
{
	const struct session *session = r->state;
	struct cairn_client client = {.has_identity = true};
	struct cairn_look *machine = row_alloc(r, sizeof(*machine));
	struct look look = {.board = board_of(r), .conv = &session->conv};

	look.size = (size_t)field_number(r, row, "size", look.board->size);
	look.hour = (uint32_t)field_number(r, row, "hour", UINT32_MAX);
	check_window(r, row, &look);
	check_tags(r, row, &look);
	check_hits(r, row, &look);
	check_decoys(r, row, &look);
	memcpy(client.desk_id, r->desk.id, sizeof(client.desk_id));
	memcpy(client.identity_key, r->desk.identity_key, sizeof(client.identity_key));
	client.hour = look.hour;
	cairn_look_init(machine, &client, &session->conv, session->memory, field_named(r, row), false);
	drive(r, row, &look, machine);
}

static void
begin_session(struct run *r, const json_t *row)
{
	struct session *session = r->state;

	cairn_conversation_init(&session->conv, field_hex_of(r, row, "root", CAIRN_KEY_BYTES));
	expect(r, json_array_size(field(r, row, "looks")) > 0, "looks");
	memset(session->memory, 0, sizeof(*session->memory));
}

static void
sessions(struct run *r, const json_t *rows)
{
	struct session session = {.memory = calloc(1, sizeof(*session.memory))};

	r->state = &session;
	for (size_t i = 0; session.memory != NULL && i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		char list[64];

		run_one(r, "sessions", i, row, begin_session);
		snprintf(list, sizeof(list), "sessions[%zu].looks", i);
		run_rows(r, list, json_object_get(row, "looks"), look_row);
	}
	if (json_array_size(rows) == 0)
		run_rows(r, "sessions", NULL, begin_session);
	r->state = NULL;
	free(session.memory);
}

static const struct member looks[] = {
	{"ranks", MEMBER_ONE, ranks}, {"windows", MEMBER_ROWS, window_row}, {"sessions", MEMBER_GROUP, sessions},
};
const struct section section_looks = SECTION("looks", looks);
