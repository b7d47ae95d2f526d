// SPDX-License-Identifier: GPL-3.0-or-later
#include <sodium.h>

#include "base/bytes.h"
#include "people.h"
#include "lib/test.h"

/*
 * C3. The adversary holds the passphrase of one person (so her root, and all that is computed from it), the
 * text of the program, and a recording of all that ever passed through drop and board, with all keys
 * that were public. He wants to read what she sent, speak as the desk or as somebody else, and learn that
 * there is another conversation of hers, or of anybody.
 */

#define HOUR 480300U
#define DAY (HOUR / 24U)
#define PEOPLE 5
#define FORGED "Приходите одна"
#define HERS "Я в подвале на улице Мира, нас восемь"

struct recording {
	struct paper p;
	struct person *her;
	struct person *second; /* the conversation that she registered beside hers */
	struct person *others[PEOPLE];
	size_t hers_from, hers_count; /* her cells in p.drop */
	struct keyring ring;          /* what her root gives */
};

static struct recording *rec;

static void
send_all(struct recording *r)
{
	struct cairn_letter *letters = calloc(2, sizeof(*letters));

	assert_non_null(letters);
	for (int i = 0; i < PEOPLE; i++)
		person_say(&r->p, r->others[i], "Мы в безопасности");
	r->hers_from = r->p.drop_count;
	letter_text(&r->p, &letters[0], HERS);
	letter_second(&r->p, &letters[1], r->second);
	person_send(&r->p, r->her, letters, 2);
	r->hers_count = r->p.drop_count - r->hers_from;
	free(letters);
	for (int i = 0; i < PEOPLE; i++)
		person_say(&r->p, r->others[i], "Ждём ответа");
}

/* All that she can compute, as the code computes it, and what derives from it. */
static void
fill_ring(struct keyring *ring, const struct cairn_conversation *conv)
{
	uint8_t key[CAIRN_KEY_BYTES];

	keyring_add_derived(ring, conv->root, DAY);
	keyring_add_derived(ring, conv->auth_secret, DAY);
	keyring_add(ring, conv->auth_key);
	keyring_add(ring, conv->reply.x25519);
	for (size_t at = 0; at + 32 <= sizeof(conv->reply.mlkem); at += 32)
		keyring_add(ring, conv->reply.mlkem + at);
	for (uint32_t month = DAY / 30 - 12; month <= DAY / 30; month++) {
		cairn_tag_key(key, conv->root, month, DAY);
		keyring_add(ring, key);
	}
	for (uint32_t day = DAY - DAY % 30; day <= DAY + 1; day++) {
		cairn_tag_key(key, conv->root, DAY / 30, day);
		keyring_add(ring, key);
	}
}

static int
record(void **state)
{
	struct person *answered[PEOPLE + 2];

	(void)state;
	rec = calloc(1, sizeof(*rec));
	assert_non_null(rec);
	paper_init(&rec->p, 3, HOUR);
	rec->her = person_new(&rec->p);
	rec->second = person_new(&rec->p);
	for (int i = 0; i < PEOPLE; i++)
		answered[i + 2] = rec->others[i] = person_new(&rec->p);
	answered[0] = rec->her;
	answered[1] = rec->second;
	send_all(rec);
	paper_publish(&rec->p, HOUR, NULL, 0);
	desk_answers(&rec->p, answered, PEOPLE + 2, "Мы получили ваше письмо");
	paper_publish(&rec->p, HOUR, NULL, 0);
	fill_ring(&rec->ring, &rec->her->conv);
	return 0;
}

static int
forget(void **state)
{
	(void)state;
	keyring_release(&rec->ring);
	person_free(rec->her);
	person_free(rec->second);
	for (int i = 0; i < PEOPLE; i++)
		person_free(rec->others[i]);
	paper_release(&rec->p);
	free(rec);
	return 0;
}

static const uint8_t *
board_cell(uint64_t batch, size_t position)
{
	char path[64];

	snprintf(path, sizeof(path), "board/batch/%llu", (unsigned long long)batch);
	return paper_file(&rec->p, path)->bytes + position * CAIRN_REPLY_CELL_BYTES;
}

static size_t
cells_opened_by(const struct keyring *ring)
{
	struct cairn_xwing_key key;
	size_t opened = 0;

	for (size_t k = 0; k < ring->count; k++) {
		cairn_xwing_key_init(&key, ring->keys[k]);
		for (size_t i = 0; i < rec->p.drop_count; i++)
			opened += drop_seal_opens(&rec->p, rec->p.drop[i], &key);
	}
	return opened;
}

static void
test_no_key_from_her_root_opens_a_drop_cell(void **state)
{
	(void)state;
	assert_true(rec->ring.count > 500);
	assert_int_equal(cells_opened_by(&rec->ring), 0);
	/* With the desk's key the same attempt opens all: it is the key that is missing, not the attempt. */
	for (size_t i = 0; i < rec->p.drop_count; i++)
		assert_true(drop_seal_opens(&rec->p, rec->p.drop[i], &rec->p.epoch_key[0]));
}

/* Encapsulates again with randomness that might have been hers, and compares each half of what travelled. */
static bool
randomness_was(const uint8_t m[32], const uint8_t x[32], const uint8_t *cell)
{
	uint8_t eseed[CAIRN_XWING_ESEED_BYTES], enc[CAIRN_XWING_ENC_BYTES], shared[32];
	const uint8_t *sent = cell + CAIRN_DROP_HEADER_BYTES;

	memcpy(eseed, m, 32);
	memcpy(eseed + 32, x, 32);
	assert_ok(cairn_xwing_encapsulate(enc, shared, rec->p.epoch_key[0].public_key, eseed));
	return memcmp(enc, sent, 1088) == 0 || memcmp(enc + 1088, sent + 1088, 32) == 0;
}

static void
test_no_randomness_of_her_cells_follows_from_her_root(void **state)
{
	(void)state;
	for (size_t k = 0; k < rec->ring.count; k++)
		for (size_t i = 0; i < rec->hers_count; i++)
			assert_false(randomness_was(rec->ring.keys[k], rec->ring.keys[k],
			    rec->p.drop[rec->hers_from + i]));
}

/* The machine itself, run again as her, with each key that he has in the place of the lost entropy. */
static void
test_the_machine_run_again_as_her_makes_none_of_her_cells(void **state)
{
	struct cairn_letter *letter = calloc(1, sizeof(*letter));
	const size_t before = rec->p.drop_count;
	struct person *again = person_new(&rec->p);

	(void)state;
	assert_non_null(letter);
	again->conv = rec->her->conv;
	letter_text(&rec->p, letter, HERS);
	for (size_t k = 0; k < rec->ring.count && k < 200; k++) {
		person_send_with(&rec->p, again, letter, 1, rec->ring.keys[k]);
		for (size_t i = 0; i < before; i++)
			assert_memory_not_equal(rec->p.drop[before] + CAIRN_DROP_HEADER_BYTES + 1088,
			    rec->p.drop[i] + CAIRN_DROP_HEADER_BYTES + 1088, 32);
		rec->p.drop_count = before;
	}
	person_free(again);
	free(letter);
}

/* She sends a photograph; gives the one blob of it that the relay got, with its id, and the key that is lost. */
static const struct paper_file *
send_photograph(uint8_t fk[CAIRN_KEY_BYTES])
{
	struct cairn_attach *attach = calloc(1, sizeof(*attach));
	const struct paper_file *before = rec->p.files;
	uint8_t entropy[32];
	enum cairn_step step;
	const uint8_t *body;
	size_t bytes;

	assert_non_null(attach);
	paper_random(&rec->p, entropy, sizeof(entropy));
	assert_ok(cairn_attach_init(attach, CAIRN_DOOR_INTAKE, 5000, (struct cairn_span){"image/jpeg", 10},
	    entropy));
	while ((step = cairn_attach_next(attach)) != CAIRN_STEP_DONE) {
		assert_int_not_equal(step, CAIRN_STEP_FAILED);
		if (step == CAIRN_STEP_READ) {
			memset(attach->piece, 0x5e, attach->want);
			cairn_attach_read(attach, attach->want);
		} else if (step == CAIRN_STEP_REQUEST) {
			const int status = paper_answer(&rec->p, &attach->request, &body, &bytes);

			cairn_attach_answer(attach, status, body, bytes);
		}
	}
	memcpy(fk, attach->manifest.fk, CAIRN_KEY_BYTES);
	cairn_attach_clear(attach);
	free(attach);
	assert_ptr_not_equal(rec->p.files, before);
	return rec->p.files;
}

static bool
key_is_of_blob(const uint8_t fk[CAIRN_KEY_BYTES], const struct paper_file *blob)
{
	struct cairn_manifest manifest = {.count = 1, .size = 5000, .media_type = {"image/jpeg", 10}};
	static uint8_t piece[CAIRN_BLOB_PIECE_BYTES];
	uint8_t id[CAIRN_BLOB_ID_BYTES];
	char hex[2 * CAIRN_BLOB_ID_BYTES + 1];

	memcpy(manifest.fk, fk, CAIRN_KEY_BYTES);
	cairn_blob_id(id, fk, 0);
	sodium_bin2hex(hex, sizeof(hex), id, sizeof(id));
	return strstr(blob->path, hex) != NULL || cairn_blob_open(piece, blob->bytes, &manifest, 0) == CAIRN_OK;
}

static void
test_no_key_from_her_root_opens_or_names_a_blob_of_hers(void **state)
{
	uint8_t fk[CAIRN_KEY_BYTES];
	const struct paper_file *blob = send_photograph(fk);

	(void)state;
	assert_int_equal(blob->size, CAIRN_BLOB_BYTES);
	assert_true(key_is_of_blob(fk, blob)); /* with the key that the manifest carries it would */
	for (size_t k = 0; k < rec->ring.count; k++)
		assert_false(key_is_of_blob(rec->ring.keys[k], blob));
}

static int
compare_windows(const void *a, const void *b)
{
	return memcmp(a, b, 8);
}

/* All runs of 8 bytes of what belongs to her. */
static size_t
her_windows(uint8_t (*windows)[8], size_t room)
{
	uint8_t material[sizeof(struct cairn_conversation) + CAIRN_HELLO_BLOCK_BYTES];
	size_t count = 0;

	memcpy(material, &rec->her->conv, sizeof(rec->her->conv));
	cairn_hello_block(material + sizeof(rec->her->conv), &rec->her->conv, DAY);
	for (size_t at = 0; at + 8 <= sizeof(material) && count < room; at++)
		memcpy(windows[count++], material + at, 8);
	for (size_t k = 0; k < rec->ring.count && count < room; k++)
		memcpy(windows[count++], rec->ring.keys[k], 8);
	qsort(windows, count, sizeof(*windows), compare_windows);
	return count;
}

static void
test_nothing_in_a_drop_cell_says_whose_it_is(void **state)
{
	static uint8_t windows[16384][8];
	const size_t count = her_windows(windows, 16384);

	(void)state;
	for (size_t i = 0; i < rec->p.drop_count; i++) {
		const uint8_t *cell = rec->p.drop[i];

		assert_memory_equal(cell, rec->p.drop[0], CAIRN_DROP_HEADER_BYTES);
		for (size_t at = CAIRN_DROP_HEADER_BYTES; at + 8 <= CAIRN_DROP_CELL_BYTES; at++)
			assert_null(bsearch(cell + at, windows, count, 8, compare_windows));
	}
}

/* No two cells have 8 bytes in common, at any place: nothing of a sender goes through unsealed. */
static void
test_no_two_cells_share_a_run_of_bytes(void **state)
{
	const size_t per_cell = CAIRN_DROP_CELL_BYTES - CAIRN_DROP_HEADER_BYTES - 7;
	uint8_t (*windows)[8] = calloc(rec->p.drop_count * per_cell, sizeof(*windows));
	size_t count = 0;

	(void)state;
	assert_non_null(windows);
	for (size_t i = 0; i < rec->p.drop_count; i++)
		for (size_t at = 0; at < per_cell; at++)
			memcpy(windows[count++], rec->p.drop[i] + CAIRN_DROP_HEADER_BYTES + at, 8);
	qsort(windows, count, sizeof(*windows), compare_windows);
	for (size_t i = 1; i < count; i++)
		assert_memory_not_equal(windows[i - 1], windows[i], 8);
	free(windows);
}

/* A cell that opens for her, as her root allows anybody to make; it wants publishing. */
static void
forge_reply(struct paper *p, uint64_t batch, size_t position)
{
	char path[64];
	uint8_t cell[CAIRN_REPLY_CELL_BYTES];

	paper_reply(p, cell, &rec->her->conv, DAY, 15, 15, FORGED);
	snprintf(path, sizeof(path), "board/batch/%llu", (unsigned long long)batch);
	memcpy(paper_file(p, path)->bytes + position * CAIRN_REPLY_CELL_BYTES, cell, sizeof(cell));
}

static bool
says(const struct cairn_found *found, const char *text)
{
	return memmem(found->plain, sizeof(found->plain), text, strlen(text)) != NULL;
}

/* Looks as she would: *forged says how many messages came that the desk did not write. */
static enum cairn_step
her_look(struct paper *p, size_t *forged)
{
	struct cairn_look *look = calloc(1, sizeof(*look));
	struct person *person = person_new(&rec->p);
	struct cairn_client client;
	enum cairn_step step;

	assert_non_null(look);
	person->conv = rec->her->conv;
	paper_client(&client, &rec->p); /* what she carries is the true desk's */
	cairn_look_init(look, &client, &person->conv, &person->session, NULL, true);
	step = paper_look(p, look);
	*forged = 0;
	for (size_t i = 0; i < look->found_count; i++)
		*forged += says(&look->found[i], FORGED);
	cairn_look_clear(look);
	free(look);
	person_free(person);
	return step;
}

static void
test_a_forged_reply_in_a_batch_refuses_the_batch(void **state)
{
	struct paper lie;
	size_t forged;

	(void)state;
	assert_int_equal(her_look(&rec->p, &forged), CAIRN_STEP_DONE);
	paper_fork(&lie, &rec->p);
	forge_reply(&lie, 1, 0);
	assert_int_equal(her_look(&lie, &forged), CAIRN_STEP_FAILED);
	assert_int_equal(forged, 0);
	paper_release(&lie);
}

/* One more batch around a forged reply, on a board that is signed by keys that he has. */
static void
forge_board(struct paper *lie)
{
	static uint8_t cell[1][CAIRN_REPLY_CELL_BYTES];

	paper_reply(lie, cell[0], &rec->her->conv, DAY, 15, 15, FORGED);
	paper_publish(lie, HOUR, (const uint8_t (*)[CAIRN_REPLY_CELL_BYTES])cell, 1);
	paper_sign(lie, HOUR);
}

static void
expect_refused(const uint8_t seed[32], bool with_identity)
{
	struct paper lie;
	size_t forged;
	uint8_t key[32];

	paper_fork(&lie, &rec->p);
	crypto_sign_seed_keypair(key, lie.board_secret, seed);
	if (with_identity) {
		memcpy(lie.board_key, key, sizeof(key));
		memcpy(lie.identity_secret, lie.board_secret, sizeof(lie.identity_secret));
	}
	forge_board(&lie);
	assert_int_equal(her_look(&lie, &forged), CAIRN_STEP_FAILED);
	assert_int_equal(forged, 0);
	paper_release(&lie);
}

static void
test_a_board_signed_by_any_key_of_his_is_refused(void **state)
{
	struct paper lie;
	size_t forged;

	(void)state;
	for (size_t k = 0; k < rec->ring.count; k += 97) {
		expect_refused(rec->ring.keys[k], false);
		expect_refused(rec->ring.keys[k], true);
	}
	/* With the desk's own key it would come: it is the key that is missing. */
	paper_fork(&lie, &rec->p);
	forge_board(&lie);
	assert_int_equal(her_look(&lie, &forged), CAIRN_STEP_DONE);
	assert_int_equal(forged, 1);
	paper_release(&lie);
}

/* A cell for the desk with another person's hello block, which is granted too, and a mac of his making. */
static int
speak_as(const struct person *other, const uint8_t secret[32])
{
	static const uint8_t msgid[CAIRN_MSGID_BYTES] = {5};
	const struct cairn_drop_header header = {.door = CAIRN_DOOR_INTAKE, .gen = 0, .day = DAY};
	const struct cairn_xwing_key *epoch = &rec->p.epoch_key[0];
	static uint8_t plain[CAIRN_DROP_PLAIN_BYTES], cell[CAIRN_DROP_CELL_BYTES];
	uint8_t hello[CAIRN_HELLO_BLOCK_BYTES + CAIRN_MAC_BYTES], eseed[CAIRN_XWING_ESEED_BYTES], open[8];
	struct cairn_tlv_writer w;

	paper_random(&rec->p, eseed, sizeof(eseed));
	cairn_drop_header_write(open, &header);
	cairn_hello_block(hello, &other->conv, DAY);
	assert_ok(cairn_hello_mac(hello + CAIRN_HELLO_BLOCK_BYTES, secret, epoch->public_key +
	    CAIRN_XWING_POINT_AT, open, msgid));
	cairn_tlv_begin(&w, plain, sizeof(plain));
	cairn_tlv_put(&w, CAIRN_TLV_hello, hello, sizeof(hello));
	cairn_tlv_put(&w, CAIRN_TLV_msgid, msgid, sizeof(msgid));
	assert_ok(cairn_tlv_end(&w));
	assert_ok(cairn_drop_seal(cell, plain, &header, rec->p.desk_id, epoch->public_key, eseed));
	return cairn_drop_open(plain, cell, rec->p.desk_id, epoch);
}

static void
test_no_key_of_his_speaks_for_another_person(void **state)
{
	(void)state;
	for (size_t k = 0; k < rec->ring.count; k++)
		assert_int_not_equal(speak_as(rec->others[0], rec->ring.keys[k]), CAIRN_OK);
	assert_int_not_equal(speak_as(rec->second, rec->her->conv.auth_secret), CAIRN_OK);
	assert_ok(speak_as(rec->others[0], rec->others[0]->conv.auth_secret));
}

/* Tags that any key makes in any lane, against the board. */
static size_t
tags_found(const uint8_t key[32])
{
	uint8_t tag[CAIRN_TAG_BYTES];
	size_t found = 0;

	for (unsigned i = 0; i < CAIRN_LANES * CAIRN_LANE_TAGS; i++) {
		cairn_tag(tag, key, (uint8_t)(i / CAIRN_LANE_TAGS), (uint16_t)(i % CAIRN_LANE_TAGS));
		for (uint64_t n = 0; n < rec->p.size; n++)
			for (size_t at = 0; at < rec->p.batch_cells; at++)
				found += memcmp(board_cell(n, at), tag, sizeof(tag)) == 0;
	}
	return found;
}

static void
test_her_keys_find_no_mail_but_that_of_her_own_conversation(void **state)
{
	uint8_t today[CAIRN_KEY_BYTES];

	(void)state;
	cairn_tag_key(today, rec->her->conv.root, DAY / 30, DAY);
	assert_int_equal(tags_found(today), 1);
	for (size_t k = 0; k < rec->ring.count; k++)
		if (memcmp(rec->ring.keys[k], today, sizeof(today)) != 0)
			assert_int_equal(tags_found(rec->ring.keys[k]), 0);
	cairn_tag_key(today, rec->second->conv.root, DAY / 30, DAY);
	assert_int_equal(tags_found(today), 1);
}

static size_t
mail_opened_by(const struct cairn_xwing_key *key)
{
	size_t opened = 0;

	for (uint64_t n = 0; n < rec->p.size; n++)
		for (size_t at = 0; at < rec->p.batch_cells; at++)
			opened += reply_seal_opens(&rec->p, board_cell(n, at), DAY, key);
	return opened;
}

static void
test_her_keys_open_no_mail_of_another_conversation(void **state)
{
	struct cairn_xwing_key key;

	(void)state;
	for (size_t k = 0; k < rec->ring.count; k++) {
		cairn_xwing_key_init(&key, rec->ring.keys[k]);
		if (memcmp(key.public_key, rec->her->conv.reply.public_key, sizeof(key.public_key)) == 0)
			assert_int_equal(mail_opened_by(&key), 1);
		else
			assert_int_equal(mail_opened_by(&key), 0);
	}
	assert_int_equal(mail_opened_by(&rec->second->conv.reply), 1);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_key_from_her_root_opens_a_drop_cell),
		cmocka_unit_test(test_no_randomness_of_her_cells_follows_from_her_root),
		cmocka_unit_test(test_the_machine_run_again_as_her_makes_none_of_her_cells),
		cmocka_unit_test(test_no_key_from_her_root_opens_or_names_a_blob_of_hers),
		cmocka_unit_test(test_nothing_in_a_drop_cell_says_whose_it_is),
		cmocka_unit_test(test_no_two_cells_share_a_run_of_bytes),
		cmocka_unit_test(test_a_forged_reply_in_a_batch_refuses_the_batch),
		cmocka_unit_test(test_a_board_signed_by_any_key_of_his_is_refused),
		cmocka_unit_test(test_no_key_of_his_speaks_for_another_person),
		cmocka_unit_test(test_her_keys_find_no_mail_but_that_of_her_own_conversation),
		cmocka_unit_test(test_her_keys_open_no_mail_of_another_conversation),
	};

	return cmocka_run_group_tests_name("c3", tests, record, forget);
}
