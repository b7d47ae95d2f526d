// SPDX-License-Identifier: GPL-3.0-or-later
#include <sodium.h>

#include "base/bytes.h"
#include "people.h"
#include "lib/test.h"

/*
 * C4. The adversary recorded all that ever reached the relay. Later he takes the desk's devices with
 * every key that they still hold, and has a machine that breaks one of the two halves of X-Wing: he gets the
 * secrets of that half for every key that ever was. What was erased: the epoch keys of one day (for tags, those of
 * the days of that month until then, which sealed its hellos) and the tag keys of that day and before.
 */

#define FIRST 20014U /* four days into a month of 30 */
#define DAYS 7U
#define ERASED 3U    /* its index among the days */
#define PEOPLE 4U
#define TAGS (CAIRN_LANES * CAIRN_LANE_TAGS)

struct story {
	struct paper p;
	struct person *people[PEOPLE];
	struct cairn_xwing_key epochs[DAYS];
	uint8_t seeds[DAYS][CAIRN_XWING_SEED_BYTES];
	uint8_t drop[DAYS][PEOPLE][CAIRN_DROP_CELL_BYTES];
	uint8_t board[DAYS][PEOPLE][CAIRN_REPLY_CELL_BYTES];
	struct keyring held; /* all that the desk has left, and what follows from it */
};

static struct story *s;

/* Cells of a day, sealed to the key of that day. */
static void
write_cell(uint32_t i, uint32_t who)
{
	const struct cairn_drop_header header = {.door = CAIRN_DOOR_INTAKE, .gen = 0, .day = FIRST + i};
	static uint8_t plain[CAIRN_DROP_PLAIN_BYTES];
	uint8_t msgid[CAIRN_MSGID_BYTES], eseed[CAIRN_XWING_ESEED_BYTES];
	struct cairn_tlv_writer w;

	paper_random(&s->p, msgid, sizeof(msgid));
	paper_random(&s->p, eseed, sizeof(eseed));
	assert_ok(cairn_drop_begin(&w, plain, &header, &s->people[who]->conv, s->epochs[i].public_key, msgid));
	cairn_tlv_put_text(&w, msgid, 0, 1, "Нас нашли", strlen("Нас нашли"));
	assert_ok(cairn_tlv_end(&w));
	assert_ok(cairn_drop_seal(s->drop[i][who], plain, &header, s->p.desk_id, s->epochs[i].public_key, eseed));
}

/* T of a person on a day, as the desk had it. */
static void
tag_key_of(uint8_t key[CAIRN_KEY_BYTES], uint32_t who, uint32_t i)
{
	cairn_tag_key(key, s->people[who]->conv.root, (FIRST + i) / 30, FIRST + i);
}

/* What the desk's devices hold after the days are over: everything but what was erased. */
static void
fill_held(void)
{
	const uint8_t *secrets[] = {s->p.identity_secret, s->p.board_secret, s->p.relay_secret};
	uint8_t key[CAIRN_KEY_BYTES];

	for (size_t i = 0; i < 3; i++)
		keyring_add_labels(&s->held, secrets[i]);
	for (uint32_t i = ERASED + 1; i < DAYS; i++) {
		keyring_add_labels(&s->held, s->seeds[i]);
		keyring_add(&s->held, s->epochs[i].x25519);
		for (uint32_t who = 0; who < PEOPLE; who++) {
			tag_key_of(key, who, i);
			keyring_add_labels(&s->held, key);
		}
	}
	for (uint32_t who = 0; who < PEOPLE; who++) {
		keyring_add(&s->held, s->people[who]->conv.auth_key);
		cairn_tag_key_first(key, s->people[who]->conv.root, FIRST / 30 + 1);
		keyring_add_labels(&s->held, key);
	}
}

static int
record(void **state)
{
	(void)state;
	s = calloc(1, sizeof(*s));
	assert_non_null(s);
	paper_init(&s->p, 4, FIRST * 24);
	for (uint32_t who = 0; who < PEOPLE; who++)
		s->people[who] = person_new(&s->p);
	for (uint32_t i = 0; i < DAYS; i++) {
		paper_random(&s->p, s->seeds[i], sizeof(s->seeds[i]));
		cairn_xwing_key_init(&s->epochs[i], s->seeds[i]);
		for (uint32_t who = 0; who < PEOPLE; who++) {
			write_cell(i, who);
			paper_reply(&s->p, s->board[i][who], &s->people[who]->conv, FIRST + i, (uint8_t)who,
			    (uint16_t)i, "Ждите");
		}
	}
	fill_held();
	return 0;
}

static int
forget(void **state)
{
	(void)state;
	keyring_release(&s->held);
	for (uint32_t who = 0; who < PEOPLE; who++)
		person_free(s->people[who]);
	paper_release(&s->p);
	free(s);
	return 0;
}

static size_t
erased_cells_opened(const struct cairn_xwing_key *key)
{
	size_t opened = 0;

	for (uint32_t who = 0; who < PEOPLE; who++)
		opened += drop_seal_opens(&s->p, s->drop[ERASED][who], key);
	return opened;
}

/* Of the erased day and the one after it. */
static size_t
replies_opened(const struct cairn_xwing_key *key)
{
	size_t opened = 0;

	for (uint32_t i = ERASED; i < ERASED + 2; i++)
		for (uint32_t who = 0; who < PEOPLE; who++)
			opened += reply_seal_opens(&s->p, s->board[i][who], FIRST + i, key);
	return opened;
}

/* One half of an X-Wing private key from here, the other from there, for messages to that public key. */
static struct cairn_xwing_key
chimera(const struct cairn_xwing_key *mlkem, const struct cairn_xwing_key *x25519,
    const struct cairn_xwing_key *whose)
{
	struct cairn_xwing_key key = *whose;

	memcpy(key.mlkem, mlkem->mlkem, sizeof(key.mlkem));
	memcpy(key.x25519, x25519->x25519, sizeof(key.x25519));
	return key;
}

static void
test_no_key_that_is_left_opens_a_cell_of_the_erased_day(void **state)
{
	struct cairn_xwing_key key;

	(void)state;
	assert_true(s->held.count > 400);
	for (size_t k = 0; k < s->held.count; k++) {
		cairn_xwing_key_init(&key, s->held.keys[k]);
		assert_int_equal(erased_cells_opened(&key), 0);
	}
	assert_int_equal(erased_cells_opened(&s->epochs[ERASED]), PEOPLE); /* had it not been erased */
	for (uint32_t who = 0; who < PEOPLE; who++)
		assert_true(drop_seal_opens(&s->p, s->drop[ERASED + 1][who], &s->epochs[ERASED + 1]));
}

/* A quantum computer has the erased day's X25519 secret; for ML-KEM he tries all that he holds, and guesses. */
static void
test_all_x25519_secrets_open_no_cell_of_the_erased_day(void **state)
{
	const struct cairn_xwing_key none = {{0}, {0}, {0}};
	struct cairn_xwing_key key;

	(void)state;
	for (uint32_t i = 0; i < DAYS; i++) {
		if (i == ERASED)
			continue;
		key = chimera(&s->epochs[i], &s->epochs[ERASED], &s->epochs[ERASED]);
		assert_int_equal(erased_cells_opened(&key), 0);
	}
	key = chimera(&none, &s->epochs[ERASED], &s->epochs[ERASED]);
	assert_int_equal(erased_cells_opened(&key), 0);
	key = chimera(&s->epochs[ERASED], &s->epochs[ERASED], &s->epochs[ERASED]);
	assert_int_equal(erased_cells_opened(&key), PEOPLE); /* with both halves it would */
}

/* The other way round: lattices fall, curves stand. */
static void
test_all_mlkem_secrets_open_no_cell_of_the_erased_day(void **state)
{
	struct cairn_xwing_key key;

	(void)state;
	for (size_t k = 0; k < s->held.count; k++) {
		key = s->epochs[ERASED];
		memcpy(key.x25519, s->held.keys[k], sizeof(key.x25519));
		assert_int_equal(erased_cells_opened(&key), 0);
	}
}

static void
test_no_key_of_the_desk_opens_a_reply(void **state)
{
	struct cairn_xwing_key key;

	(void)state;
	for (size_t k = 0; k < s->held.count; k++) {
		cairn_xwing_key_init(&key, s->held.keys[k]);
		assert_int_equal(replies_opened(&key), 0);
	}
	for (uint32_t i = 0; i < DAYS; i++)
		assert_int_equal(replies_opened(&s->epochs[i]), 0);
	assert_int_equal(replies_opened(&s->people[0]->conv.reply), 2); /* but the person's own does */
}

static void
test_one_broken_half_opens_no_reply(void **state)
{
	struct cairn_xwing_key key;

	(void)state;
	for (uint32_t who = 0; who < PEOPLE; who++)
		for (uint32_t i = 0; i < DAYS; i++) {
			const struct cairn_xwing_key *reply = &s->people[who]->conv.reply;

			key = chimera(&s->epochs[i], reply, reply);
			assert_int_equal(replies_opened(&key), 0);
			key = chimera(reply, &s->epochs[i], reply);
			assert_int_equal(replies_opened(&key), 0);
		}
}

/* How many replies of a day bear a tag that this key makes in any lane. */
static size_t
tags_found(const uint8_t key[CAIRN_KEY_BYTES], uint32_t i)
{
	uint8_t tag[CAIRN_TAG_BYTES];
	size_t found = 0;

	for (unsigned t = 0; t < TAGS; t++) {
		cairn_tag(tag, key, (uint8_t)(t / CAIRN_LANE_TAGS), (uint16_t)(t % CAIRN_LANE_TAGS));
		for (uint32_t who = 0; who < PEOPLE; who++)
			found += memcmp(s->board[i][who], tag, sizeof(tag)) == 0;
	}
	return found;
}

static void
test_later_tag_keys_tell_no_reply_of_the_erased_day_or_before(void **state)
{
	uint8_t key[CAIRN_KEY_BYTES];

	(void)state;
	for (size_t k = 0; k < s->held.count; k++)
		for (uint32_t i = 0; i <= ERASED; i++)
			assert_int_equal(tags_found(s->held.keys[k], i), 0);
	for (uint32_t who = 0; who < PEOPLE; who++) {
		tag_key_of(key, who, ERASED + 1);
		assert_int_equal(tags_found(key, ERASED + 1), 1); /* he does tell the days after */
		tag_key_of(key, who, ERASED);
		assert_int_equal(tags_found(key, ERASED), 1); /* and would tell this one, had it been left */
	}
}

/* The chain stepped on for more than a year does not come back to what was erased. */
static void
test_later_tag_keys_stepped_on_do_not_come_back(void **state)
{
	uint8_t key[CAIRN_KEY_BYTES], erased[CAIRN_KEY_BYTES];

	(void)state;
	for (uint32_t who = 0; who < PEOPLE; who++) {
		tag_key_of(key, who, ERASED + 1);
		tag_key_of(erased, who, ERASED);
		for (unsigned step = 0; step < 1000; step++, cairn_tag_key_step(key))
			assert_memory_not_equal(key, erased, sizeof(key));
	}
}

/* A hello opened after the erased day gives that day's T, and none before it. */
static void
test_hellos_of_later_days_tell_no_reply_of_the_erased_day(void **state)
{
	static uint8_t plain[CAIRN_DROP_PLAIN_BYTES];
	struct cairn_record record;
	struct cairn_hello hello;

	(void)state;
	for (uint32_t i = 0; i < DAYS; i++)
		for (uint32_t who = 0; who < PEOPLE; who++) {
			assert_ok(cairn_drop_open(plain, s->drop[i][who], s->p.desk_id, &s->epochs[i]));
			assert_true(cairn_tlv_find(plain, sizeof(plain), CAIRN_TLV_hello, &record));
			assert_ok(cairn_hello_read(&hello, record.value));
			assert_int_equal(tags_found(hello.tag_key, ERASED), i == ERASED);
		}
}

/* Nothing of what the desk holds stands in the recording, nor two cells with anything in common. */
static void
test_what_is_recorded_holds_no_key(void **state)
{
	(void)state;
	for (size_t k = 0; k < s->held.count; k++) {
		assert_null(memmem(s->drop[ERASED], sizeof(s->drop[ERASED]), s->held.keys[k], 16));
		assert_null(memmem(s->board, sizeof(s->board), s->held.keys[k], 16));
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_key_that_is_left_opens_a_cell_of_the_erased_day),
		cmocka_unit_test(test_all_x25519_secrets_open_no_cell_of_the_erased_day),
		cmocka_unit_test(test_all_mlkem_secrets_open_no_cell_of_the_erased_day),
		cmocka_unit_test(test_no_key_of_the_desk_opens_a_reply),
		cmocka_unit_test(test_one_broken_half_opens_no_reply),
		cmocka_unit_test(test_later_tag_keys_tell_no_reply_of_the_erased_day_or_before),
		cmocka_unit_test(test_later_tag_keys_stepped_on_do_not_come_back),
		cmocka_unit_test(test_hellos_of_later_days_tell_no_reply_of_the_erased_day),
		cmocka_unit_test(test_what_is_recorded_holds_no_key),
	};

	return cmocka_run_group_tests_name("c4", tests, record, forget);
}
