// SPDX-License-Identifier: GPL-3.0-or-later
#include <sodium.h>

#include "base/bytes.h"
#include "people.h"
#include "lib/test.h"

/*
 * C2, the board that is not the same for everybody. The adversary is the relay together with whoever holds the
 * board key: so it can sign. It wants to show one person another board than the rest, and to be caught by
 * nobody afterwards. What is left must be two signed checkpoints that contradict each other, from which a program
 * can tell who signed both; or the desk must learn of it from what people write.
 */

#define HOUR 480480U
#define BATCHES 5U

static struct paper desk;  /* what the desk published */
static struct paper other; /* what is shown to one person in its place, from the third batch on */
static struct person *ann, *ben;
static struct cairn_client client;

static int
fork_the_board(void **state)
{
	(void)state;
	paper_init(&desk, 21, HOUR);
	desk.batch_cells = 1;
	for (uint32_t i = 0; i < BATCHES - 2; i++)
		paper_publish(&desk, HOUR, NULL, 0);
	paper_fork(&other, &desk);
	other.seed++;
	ann = person_new(&desk);
	ben = person_new(&desk);
	for (uint32_t i = 0; i < 2; i++) {
		paper_publish(&desk, HOUR, NULL, 0);
		paper_publish(&other, HOUR, NULL, 0);
	}
	paper_client(&client, &desk);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	paper_release(&desk);
	paper_release(&other);
	person_free(ann);
	person_free(ben);
	return 0;
}

static int
look_of(struct person *person, struct paper *p)
{
	static struct cairn_look look;

	cairn_look_init(&look, &client, &person->conv, &person->session, NULL, false);
	return paper_look(p, &look) == CAIRN_STEP_DONE ? CAIRN_OK : look.err;
}

static int
send_of(struct person *person, struct paper *p)
{
	static struct cairn_send send;
	static struct cairn_letter letter;
	uint8_t entropy[32];

	letter_text(p, &letter, "Я здесь");
	paper_random(p, entropy, sizeof(entropy));
	cairn_send_init(&send, &client, &person->session.memory, CAIRN_DOOR_INTAKE, &person->conv, &letter, 1, NULL,
	    entropy);
	return paper_send(p, &send) == CAIRN_STEP_DONE ? CAIRN_OK : send.err;
}

/*
 * All that anybody needs who was given two checkpoints and knows the board key of the desk: did its holder sign
 * two texts of one size?
 */
static bool
convicts(const void *a, size_t a_bytes, const void *b, size_t b_bytes)
{
	char name[CAIRN_KEY_NAME_BYTES];
	struct cairn_note_key key = {.name = cairn_key_name(name, desk.desk_id, "board"), .type = CAIRN_KEY_ED25519};
	struct cairn_checkpoint one, two;

	memcpy(key.key, desk.board_key, sizeof(key.key));
	return cairn_checkpoint_open(&one, NULL, a, a_bytes, &key, 1) == CAIRN_OK &&
	    cairn_checkpoint_open(&two, NULL, b, b_bytes, &key, 1) == CAIRN_OK && one.size == two.size &&
	    (one.text.size != two.text.size || memcmp(one.text.text, two.text.text, one.text.size) != 0);
}

static bool
people_convict(const struct person *a, const struct person *b)
{
	const struct cairn_memory *one = &a->session.memory, *two = &b->session.memory;

	return convicts(one->note, one->note_bytes, two->note, two->note_bytes);
}

static void
two_people_on_a_fork_convict_its_signer(void **state)
{
	(void)state;
	assert_ok(look_of(ann, &desk));
	assert_ok(look_of(ben, &other));
	assert_true(people_convict(ann, ben));
}

static void
two_people_on_one_board_convict_nobody(void **state)
{
	(void)state;
	assert_ok(look_of(ann, &desk));
	assert_ok(look_of(ben, &desk));
	assert_false(people_convict(ann, ben));
}

static void
more_signatures_below_one_text_convict_nobody(void **state)
{
	struct cairn_memory *memory = &ben->session.memory;
	static const struct cairn_span witness = {"witness.example/w", 17};

	(void)state;
	assert_ok(look_of(ann, &desk));
	assert_ok(look_of(ben, &desk));
	assert_ok(cairn_note_cosign(memory->note, sizeof(memory->note), &memory->note_bytes, witness, 1,
	    desk.relay_secret));
	assert_false(people_convict(ann, ben));
}

/* The relay alone, without the board key, can make nobody look guilty. */
static void
nobody_is_convicted_by_what_he_did_not_sign(void **state)
{
	struct cairn_memory *memory = &ben->session.memory;
	const struct paper_file *file;

	(void)state;
	memcpy(other.board_secret, other.relay_secret, 64);
	paper_publish(&other, HOUR, NULL, 0);
	paper_publish(&desk, HOUR, NULL, 0);
	assert_ok(look_of(ann, &desk));
	file = paper_file(&other, "board/checkpoint");
	memcpy(memory->note, file->bytes, file->size);
	memory->note_bytes = file->size;
	assert_false(people_convict(ann, ben));
	*memory = ann->session.memory;
	memory->note[100] ^= 1;
	assert_false(people_convict(ann, ben));
}

static void
who_is_shown_both_stops_and_holds_the_proof(void **state)
{
	const struct cairn_memory *memory = &ann->session.memory;
	const struct paper_file *shown = paper_file(&other, "board/checkpoint");

	(void)state;
	assert_ok(look_of(ann, &desk));
	assert_err(look_of(ann, &other), CAIRN_ERR_CONFLICT);
	assert_err(send_of(ann, &other), CAIRN_ERR_CONFLICT);
	assert_int_equal(other.drop_count, 0);
	assert_true(convicts(memory->note, memory->note_bytes, shown->bytes, shown->size));
}

static void
who_is_shown_a_longer_fork_stops(void **state)
{
	(void)state;
	assert_ok(look_of(ann, &desk));
	paper_publish(&other, HOUR, NULL, 0);
	assert_err(look_of(ann, &other), CAIRN_ERR_CONFLICT);
}

/* Sending reads no tree; but what a look saw before stays what every later look is held against. */
static void
sending_in_between_does_not_make_a_fork_pass(void **state)
{
	(void)state;
	assert_ok(look_of(ann, &desk));
	paper_publish(&other, HOUR, NULL, 0);
	assert_ok(send_of(ann, &other));
	paper_publish(&other, HOUR, NULL, 0);
	assert_err(look_of(ann, &other), CAIRN_ERR_CONFLICT);
}

/* However long the fork has become: the look reads back to where it was. */
static void
no_length_makes_a_fork_pass(void **state)
{
	(void)state;
	assert_ok(look_of(ann, &desk));
	for (uint32_t i = 0; i < 258; i++)
		paper_publish(&other, HOUR, NULL, 0);
	assert_ok(send_of(ann, &other));
	for (uint32_t i = 0; i < 2; i++)
		paper_publish(&other, HOUR + 10 * 24, NULL, 0);
	client.hour = HOUR + 10 * 24;
	assert_err(look_of(ann, &other), CAIRN_ERR_CONFLICT);
}

/* And what was seen while sending is not forgotten either. */
static void
looking_after_sending_holds_the_board_to_both(void **state)
{
	(void)state;
	assert_ok(send_of(ann, &other));
	paper_publish(&desk, HOUR, NULL, 0);
	assert_err(look_of(ann, &desk), CAIRN_ERR_CONFLICT);
}

/* What the desk reads in a cell: the checkpoint that its writer was shown. */
static void
seen_in(struct cairn_seen *seen, struct paper *p)
{
	uint8_t plain[CAIRN_DROP_PLAIN_BYTES];
	struct cairn_record record;

	assert_int_equal(p->drop_count, 1);
	assert_ok(cairn_drop_open(plain, p->drop[0], p->desk_id, &p->epoch_key[CAIRN_DOOR_INTAKE - 1]));
	assert_true(cairn_tlv_find(plain, sizeof(plain), CAIRN_TLV_seen, &record));
	seen->size = get_u64(record.value);
	memcpy(seen->root, record.value + 8, sizeof(seen->root));
	seen->hour = get_u32(record.value + 40);
}

/* The desk knows all its leaves: had its board that root at that size? */
static bool
is_ours(const struct cairn_seen *seen)
{
	struct cairn_tree tree;
	uint8_t root[32];

	cairn_tree_init(&tree);
	for (uint64_t i = 0; i < seen->size && i < desk.size; i++)
		assert_ok(cairn_tree_append(&tree, desk.leaves[i], 0));
	cairn_tree_root(root, &tree);
	return seen->size <= desk.size && memcmp(root, seen->root, sizeof(root)) == 0;
}

static void
the_desk_learns_of_a_fork_from_who_was_shown_it(void **state)
{
	struct cairn_seen seen;

	(void)state;
	assert_ok(send_of(ben, &other));
	seen_in(&seen, &other);
	assert_int_equal(seen.size, BATCHES);
	assert_false(is_ours(&seen));
	assert_ok(send_of(ann, &desk));
	seen_in(&seen, &desk);
	assert_true(is_ours(&seen));
}

/* A board that stands still: who writes tells which one was shown, and it is old. */
static void
the_desk_learns_of_a_frozen_board_from_who_was_shown_it(void **state)
{
	struct cairn_seen seen;
	struct paper frozen;

	(void)state;
	paper_fork(&frozen, &desk);
	paper_publish(&desk, HOUR + 20, NULL, 0);
	client.hour = HOUR + 20;
	assert_ok(look_of(ben, &frozen));
	assert_ok(send_of(ben, &frozen));
	seen_in(&seen, &frozen);
	assert_int_equal(seen.size, BATCHES);
	assert_int_equal(seen.hour, HOUR);
	paper_release(&frozen);
}

/* And who looks is told how old it is. */
static void
a_frozen_board_shows_its_age(void **state)
{
	static struct cairn_look look;

	(void)state;
	client.hour = HOUR + 24;
	cairn_look_init(&look, &client, &ann->conv, &ann->session, NULL, false);
	assert_int_equal(paper_look(&desk, &look), CAIRN_STEP_DONE);
	assert_int_equal(cairn_opening_age_hours(&look.opening), 24);
}

int
main(void)
{
#define FORKED(test) cmocka_unit_test_setup_teardown(test, fork_the_board, end)
	const struct CMUnitTest tests[] = {
	    FORKED(two_people_on_a_fork_convict_its_signer),
	    FORKED(two_people_on_one_board_convict_nobody),
	    FORKED(more_signatures_below_one_text_convict_nobody),
	    FORKED(nobody_is_convicted_by_what_he_did_not_sign),
	    FORKED(who_is_shown_both_stops_and_holds_the_proof),
	    FORKED(who_is_shown_a_longer_fork_stops),
	    FORKED(sending_in_between_does_not_make_a_fork_pass),
	    FORKED(no_length_makes_a_fork_pass),
	    FORKED(looking_after_sending_holds_the_board_to_both),
	    FORKED(the_desk_learns_of_a_fork_from_who_was_shown_it),
	    FORKED(the_desk_learns_of_a_frozen_board_from_who_was_shown_it),
	    FORKED(a_frozen_board_shows_its_age),
	};

	return sodium_init() < 0 || RUN_TESTS(tests);
}
