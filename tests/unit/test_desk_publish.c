// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "desk/alarm.h"
#include "lib/staffed.h"

static struct staffed s;
static struct speaker amina;

static int
begin(void **state)
{
	struct tick tick = {.roster_put = false};

	(void)state;
	staffed_init(&s);
	speaker_init(&amina);
	(void)staffed_say(&s, &amina, "help", NULL);
	staffed_tick(&s, &tick); /* her message is in, batch 1 is out */
	return 0;
}

static int
end(void **state)
{
	(void)state;
	staffed_release(&s);
	return 0;
}

static void
say(const char *text)
{
	struct answer answer = {.text = {text, strlen(text)}};
	struct answered answered;

	assert_ok(desk_answer(s.desk, &answered, staffed_conversation(&s, &amina), &answer, s.now));
}

static struct published
publish(void)
{
	struct published p;

	assert_ok(desk_publish(s.desk, &p, s.now));
	assert_true(p.appended);
	return p;
}

/* A copy of what the relay has, so that a test can put it back: what an old backup does. */
static void
relay_lose(uint64_t to_size)
{
	for (uint64_t size = to_size + 1; size <= s.relay->size; size++) {
		free(s.relay->batches[size].cells);
		memset(&s.relay->batches[size], 0, sizeof(s.relay->batches[size]));
	}
	s.relay->size = to_size;
}

static void
a_batch_has_exactly_its_cells_whatever_is_queued(void **state)
{
	(void)state;
	assert_int_equal(publish().replies, 0);
	say("one");
	assert_int_equal(publish().replies, 1);
	for (int i = 0; i < 6; i++)
		say("more");
	assert_int_equal(publish().replies, 4);
	assert_int_equal(publish().replies, 2);
	for (uint64_t size = 1; size <= s.relay->size; size++)
		assert_int_equal(s.relay->batches[size].bytes, 4 * CAIRN_REPLY_CELL_BYTES);
}

static void
the_person_hears_each_answer_once(void **state)
{
	(void)state;
	say("one");
	say("two");
	(void)publish();
	(void)publish();
	assert_int_equal(staffed_heard(&s, &amina, NULL, 0), 2);
}

static void
real_cells_do_not_stand_in_front(void **state)
{
	bool elsewhere = false;

	(void)state;
	/* One real cell among four, 24 times: that it is always the first has a chance of 4^-24. */
	for (int i = 0; i < 24 && !elsewhere; i++) {
		uint8_t plain[CAIRN_REPLY_PLAIN_BYTES];

		staffed_at(&s, s.now + 86400);
		s.desk->clock_agreed = true;
		say("here");
		assert_ok(desk_turn(s.desk, &(size_t){0}, s.now));
		(void)publish();
		elsewhere = cairn_reply_open(plain, s.relay->batches[s.relay->size].cells, s.self.desk_id,
				desk_day(s.now), &amina.conv.reply) != CAIRN_OK;
	}
	assert_true(elsewhere);
}

static void
the_newest_checkpoint_is_signed_and_says_its_size(void **state)
{
	char origin[CAIRN_KEY_NAME_BYTES];
	struct cairn_note_key key = {.type = CAIRN_KEY_ED25519};
	struct cairn_checkpoint checkpoint;
	const struct staffed_batch *batch;

	(void)state;
	(void)publish();
	key.name = cairn_key_name(origin, s.self.desk_id, "board");
	memcpy(key.key, s.self.board_secret + 32, 32);
	batch = &s.relay->batches[s.relay->size];
	assert_ok(cairn_checkpoint_open(&checkpoint, NULL, batch->note, batch->note_bytes, &key, 1));
	assert_int_equal(checkpoint.size, s.relay->size);
	assert_int_equal(checkpoint.hour, desk_hour(s.now));
}

static void
a_lost_answer_sends_the_same_text_again(void **state)
{
	struct published p;
	uint64_t size = s.relay->size;

	(void)state;
	say("one");
	assert_ok(publish_prepare(s.desk, &p, s.now));
	s.relay->status = 503;
	assert_err(publish_finish(s.desk, &p, s.now), CAIRN_ERR_BUSY);
	s.relay->status = 0;
	staffed_at(&s, s.now + 7200); /* another hour: a new text would differ */
	assert_ok(publish_finish(s.desk, &p, s.now));
	/* And once more, as if the answer had not come. */
	assert_int_equal(s.relay->size, size + 1);
	assert_int_equal(staffed_heard(&s, &amina, NULL, 0), 1);
	assert_int_equal(s.relay->contradictions, 0);
}

static void
nothing_new_is_decided_while_a_batch_is_pending(void **state)
{
	struct published p;

	(void)state;
	assert_ok(publish_prepare(s.desk, &p, s.now));
	say("later");
	assert_ok(publish_prepare(s.desk, &p, s.now));
	assert_int_equal(staffed_number(&s, "SELECT count(*) FROM board WHERE done = 0"), 1);
	assert_int_equal(staffed_number(&s, "SELECT count(*) FROM reply WHERE state = 1"), 0);
}

static void
a_batch_that_comes_days_late_has_its_answers_sealed_anew(void **state)
{
	uint8_t heard[2][CAIRN_REPLY_PLAIN_BYTES];
	struct published p;

	(void)state;
	say("one");
	assert_ok(publish_prepare(s.desk, &p, s.now));
	staffed_at(&s, s.now + 3 * 86400);
	assert_ok(desk_turn(s.desk, &(size_t){0}, s.now));
	assert_ok(publish_finish(s.desk, &p, s.now));
	assert_int_equal(publish().replies, 1);
	/* The late one opens only for its own day; the new one is the same message, by its msgid. */
	assert_int_equal(staffed_heard(&s, &amina, heard, 2), 1);
	assert_int_equal(staffed_number(&s, "SELECT count(*) FROM reply WHERE state = 2"), 1);
}

static void
a_relay_that_lost_its_newest_batches_gets_them_again(void **state)
{
	struct published p;

	(void)state;
	say("one");
	(void)publish();
	(void)publish();
	(void)publish();
	relay_lose(1);
	p = publish();
	assert_int_equal(p.resent, 4);
	assert_int_equal(s.relay->size, 5);
	assert_int_equal(s.relay->contradictions, 0);
	assert_int_equal(staffed_heard(&s, &amina, NULL, 0), 1);
}

static void
a_board_that_somebody_else_wrote_on_stops_the_publisher(void **state)
{
	struct staffed old;
	struct published p;
	struct alarm alarm;
	char path[128];
	size_t count;

	(void)state;
	/* The folder as it was before: what a restored backup, or a second publisher, looks like. */
	staffed_close(&s);
	old = s;
	snprintf(old.folder, sizeof(old.folder), "%.50s-old", s.folder);
	assert_int_equal(mkdir(old.folder, 0700), 0);
	staffed_copy(&old, &s);
	assert_ok(staffed_open(&s, NULL));
	(void)publish();
	(void)publish();
	staffed_close(&s);
	staffed_copy(&s, &old);
	snprintf(path, sizeof(path), "rm -r '%s'", old.folder);
	assert_int_equal(system(path), 0);
	assert_ok(staffed_open(&s, NULL));
	assert_err(desk_publish(s.desk, &p, s.now), CAIRN_ERR_CONFLICT);
	assert_ok(alarm_newest(s.desk->state, &alarm, 1, &count));
	assert_int_equal(count, 1);
	assert_int_equal(alarm.kind, ALARM_BOARD);
	assert_int_equal(alarm.a, 3);
}

static void
hours_on_the_board_never_go_down(void **state)
{
	struct published p;

	(void)state;
	staffed_at(&s, s.now - 7200);
	(void)publish();
	assert_int_equal(staffed_number(&s, "SELECT hour FROM board WHERE size = 2"),
	    staffed_number(&s, "SELECT hour FROM board WHERE size = 1"));
	staffed_at(&s, s.now - 2 * 86400);
	assert_err(desk_publish(s.desk, &p, s.now), CAIRN_ERR_CLOCK);
}

static void
the_seventeenth_cell_of_a_day_waits_for_tomorrow(void **state)
{
	struct published p;
	uint32_t replies = 0;

	(void)state;
	for (int i = 0; i < 18; i++)
		say("word");
	for (int i = 0; i < 6; i++) {
		p = publish();
		replies += p.replies;
	}
	assert_int_equal(replies, 16);
	assert_int_equal(p.tomorrow, 2);
	staffed_at(&s, s.now + 86400);
	assert_ok(desk_turn(s.desk, &(size_t){0}, s.now));
	assert_int_equal(publish().replies, 2);
	assert_int_equal(staffed_heard(&s, &amina, NULL, 0), 18);
}

static void
an_answer_without_a_tag_key_waits_for_the_next_message(void **state)
{
	struct published p = {.appended = false};

	(void)state;
	staffed_at(&s, s.now + UINT64_C(400) * 86400);
	s.desk->clock_agreed = true;
	assert_ok(desk_turn(s.desk, &(size_t){0}, s.now));
	say("are you there?");
	/* The card has run out meanwhile: only the sealing is looked at. */
	assert_err(publish_prepare(s.desk, &p, s.now), CAIRN_ERR_STALE);
	assert_int_equal(p.replies, 0);
	assert_int_equal(p.held, 1);
}

static void
the_new_card_is_published_with_the_next_batch(void **state)
{
	struct share shares[2];
	const struct card_wish wish = {.name = "another name"};
	uint8_t sections[600000];
	char path[160], text[SHARE_TEXT_MAX];
	struct query q;
	struct cairn_span bytes;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char id[9];
		FILE *file;

		sodium_bin2hex(id, sizeof(id), s.self.desk_id, 4);
		snprintf(path, sizeof(path), "%s/cairn-desk-%s-share-%zu-of-3.txt", s.shares, id, i + 2);
		file = fopen(path, "rb");
		assert_non_null(file);
		assert_ok(share_read(&shares[i], text, fread(text, 1, sizeof(text), file)));
		fclose(file);
	}
	assert_ok(card_renew(s.desk, &wish, &shares[0], &shares[1], s.now));
	(void)publish();
	q = query(s.desk->state, SQL_BOARD_AT);
	bind_int(&q, 2);
	assert_true(query_row(&q));
	bytes = query_span(&q, 3);
	assert_in_range(bytes.size, 1, sizeof(sections));
	memcpy(sections, bytes.text, bytes.size);
	assert_ok(query_end(&q));
	assert_non_null(memmem(sections, bytes.size, "\nname another name\n", 19));
	assert_non_null(memmem(sections, bytes.size, "\nserial 2\n", 10));
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
	    CASE(a_batch_has_exactly_its_cells_whatever_is_queued),
	    CASE(the_person_hears_each_answer_once),
	    CASE(real_cells_do_not_stand_in_front),
	    CASE(the_newest_checkpoint_is_signed_and_says_its_size),
	    CASE(a_lost_answer_sends_the_same_text_again),
	    CASE(nothing_new_is_decided_while_a_batch_is_pending),
	    CASE(a_batch_that_comes_days_late_has_its_answers_sealed_anew),
	    CASE(a_relay_that_lost_its_newest_batches_gets_them_again),
	    CASE(a_board_that_somebody_else_wrote_on_stops_the_publisher),
	    CASE(hours_on_the_board_never_go_down),
	    CASE(the_seventeenth_cell_of_a_day_waits_for_tomorrow),
	    CASE(an_answer_without_a_tag_key_waits_for_the_next_message),
	    CASE(the_new_card_is_published_with_the_next_batch),
	};

	return RUN_TESTS(tests);
}
