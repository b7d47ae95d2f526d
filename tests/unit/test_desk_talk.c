// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <sodium.h>

#include "desk/alias.h"
#include "desk/talk.h"
#include "lib/staffed.h"

static struct staffed s;
static struct speaker amina;

static int
begin(void **state)
{
	(void)state;
	staffed_init(&s);
	speaker_init(&amina);
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
collect(void)
{
	struct received got = {.kept = 0};

	assert_ok(desk_collect(s.desk, CAIRN_DOOR_INTAKE, &got, s.now));
}

static struct talk *
read_talk(void)
{
	struct talk *talk;

	assert_ok(talk_read(&talk, s.desk->state, staffed_conversation(&s, &amina)));
	return talk;
}

static void
write_part(uint8_t part, uint8_t parts, const char *text)
{
	static const uint8_t group[8] = {5};
	uint8_t room[CAIRN_DROP_PLAIN_BYTES], msgid[CAIRN_MSGID_BYTES];
	struct cairn_tlv_writer w;

	randombytes_buf(msgid, sizeof(msgid));
	cairn_tlv_begin(&w, room, sizeof(room));
	cairn_tlv_put_text(&w, group, part, parts, text, strlen(text));
	(void)staffed_write(&s, &amina, CAIRN_DOOR_INTAKE, 0, msgid, room, w.used);
}

static void
expect_text(const struct talk_item *item, const char *text)
{
	assert_int_equal(item->type, CAIRN_TLV_text);
	assert_int_equal(item->text.size, strlen(text));
	assert_memory_equal(item->text.text, text, item->text.size);
}

static void
parts_are_put_together_in_whatever_order_they_come(void **state)
{
	struct talk *talk;

	(void)state;
	write_part(2, 3, "stones.");
	write_part(0, 3, "A heap ");
	(void)staffed_say(&s, &amina, "in between", NULL);
	write_part(1, 3, "of ");
	collect();
	talk = read_talk();
	assert_int_equal(talk_count(talk), 2);
	expect_text(talk_item(talk, 0), "A heap of stones.");
	assert_int_equal(talk_item(talk, 0)->parts_missing, 0);
	expect_text(talk_item(talk, 1), "in between");
	talk_free(talk);
}

static void
a_part_that_is_missing_is_told(void **state)
{
	struct talk *talk;

	(void)state;
	write_part(0, 3, "A heap ");
	write_part(2, 3, "stones.");
	collect();
	talk = read_talk();
	assert_int_equal(talk_item(talk, 0)->parts_missing, 1);
	expect_text(talk_item(talk, 0), "A heap stones.");
	talk_free(talk);
}

static void
the_same_part_twice_counts_once(void **state)
{
	struct talk *talk;

	(void)state;
	write_part(0, 2, "one ");
	write_part(0, 2, "two ");
	write_part(1, 2, "end");
	collect();
	talk = read_talk();
	expect_text(talk_item(talk, 0), "one end");
	talk_free(talk);
}

static void
retract(const uint8_t what[CAIRN_MSGID_BYTES])
{
	uint8_t room[CAIRN_DROP_PLAIN_BYTES], msgid[CAIRN_MSGID_BYTES];
	struct cairn_tlv_writer w;

	randombytes_buf(msgid, sizeof(msgid));
	cairn_tlv_begin(&w, room, sizeof(room));
	cairn_tlv_put(&w, CAIRN_TLV_retraction, what, CAIRN_MSGID_BYTES);
	(void)staffed_write(&s, &amina, CAIRN_DOOR_INTAKE, 0, msgid, room, w.used);
}

static void
a_retraction_marks_and_deletes_nothing(void **state)
{
	static const uint8_t first[CAIRN_MSGID_BYTES] = {1};
	struct talk *talk;

	(void)state;
	(void)staffed_say(&s, &amina, "what was done to me", first);
	(void)staffed_say(&s, &amina, "another", NULL);
	collect();
	retract(first);
	collect();
	talk = read_talk();
	assert_int_equal(talk_count(talk), 3);
	assert_true(talk_item(talk, 0)->retracted);
	expect_text(talk_item(talk, 0), "what was done to me");
	assert_false(talk_item(talk, 1)->retracted);
	assert_false(talk_item(talk, 2)->retracted);
	talk_free(talk);
}

static void
taking_back_everything_marks_what_came_before(void **state)
{
	static const uint8_t zero[CAIRN_MSGID_BYTES];
	struct talk *talk;

	(void)state;
	(void)staffed_say(&s, &amina, "before", NULL);
	collect();
	retract(zero);
	collect();
	(void)staffed_say(&s, &amina, "after", NULL);
	collect();
	talk = read_talk();
	assert_true(talk_item(talk, 0)->retracted);
	assert_false(talk_item(talk, 2)->retracted);
	talk_free(talk);
}

static void
later_statements_stand_beside_earlier_ones(void **state)
{
	struct talk *talk;
	uint8_t room[CAIRN_DROP_PLAIN_BYTES];
	size_t statements = 0;

	(void)state;
	for (uint8_t i = 0; i < 2; i++) {
		uint8_t msgid[CAIRN_MSGID_BYTES] = {i};
		uint8_t value[] = {2, 'c', (uint8_t)('a' + i)};
		struct cairn_tlv_writer w;

		cairn_tlv_begin(&w, room, sizeof(room));
		cairn_tlv_put(&w, CAIRN_TLV_statement, value, sizeof(value));
		(void)staffed_write(&s, &amina, CAIRN_DOOR_INTAKE, 0, msgid, room, w.used);
		collect();
		staffed_at(&s, s.now + 60);
	}
	talk = read_talk();
	for (size_t i = 0; i < talk_count(talk); i++)
		if (talk_item(talk, i)->type == CAIRN_TLV_statement) {
			assert_int_equal(talk_item(talk, i)->number, 2);
			statements++;
		}
	assert_int_equal(statements, 2);
	assert_true(talk_item(talk, 0)->at < talk_item(talk, 1)->at);
	talk_free(talk);
}

/* --- answers --- */

static struct answered
answer_text(const char *text, size_t size)
{
	struct answer answer = {.text = {text, size}};
	struct answered answered;

	assert_ok(desk_answer(s.desk, &answered, staffed_conversation(&s, &amina), &answer, s.now));
	return answered;
}

static void
a_long_answer_is_cut_between_characters_and_comes_whole(void **state)
{
	enum { TIMES = 3000 };
	static const char word[] = "мост ";
	size_t bytes = TIMES * (sizeof(word) - 1);
	char *text = malloc(bytes);
	static uint8_t heard[CAIRN_LANE_TAGS][CAIRN_REPLY_PLAIN_BYTES];
	struct published p;
	struct talk *talk;
	size_t cells, together = 0;

	(void)state;
	for (size_t i = 0; i < TIMES; i++)
		memcpy(text + i * (sizeof(word) - 1), word, sizeof(word) - 1);
	(void)staffed_say(&s, &amina, "hello", NULL);
	collect();
	cells = answer_text(text, bytes).cells;
	assert_in_range(cells, 9, 10);
	for (int i = 0; i < 3; i++)
		assert_ok(desk_publish(s.desk, &p, s.now));
	assert_int_equal(staffed_heard(&s, &amina, heard, CAIRN_LANE_TAGS), cells);
	for (size_t i = 0; i < cells; i++) {
		struct cairn_record record;
		struct cairn_text_part part;

		assert_true(cairn_tlv_find(heard[i], CAIRN_REPLY_PLAIN_BYTES, CAIRN_TLV_text, &record));
		assert_ok(cairn_text_read(&part, &record)); /* whole UTF-8, or the cell would have been refused */
		assert_int_equal(part.parts, cells);
		together += part.bytes;
	}
	assert_int_equal(together, bytes);
	talk = read_talk();
	expect_text(talk_item(talk, 0), "hello");
	assert_int_equal(talk_item(talk, 1)->text.size, bytes);
	assert_memory_equal(talk_item(talk, 1)->text.text, text, bytes);
	talk_free(talk);
	free(text);
}

static void
an_answer_too_long_for_a_day_is_refused_whole(void **state)
{
	struct answer answer;
	struct answered answered;
	char *text = malloc(60000);

	(void)state;
	memset(text, 'x', 60000);
	(void)staffed_say(&s, &amina, "hello", NULL);
	collect();
	answer = (struct answer){.text = {text, 60000}};
	assert_err(desk_answer(s.desk, &answered, staffed_conversation(&s, &amina), &answer, s.now), CAIRN_ERR_RANGE);
	assert_int_equal(staffed_number(&s, "SELECT count(*) FROM reply"), 0);
	free(text);
}

static void
what_was_read_is_told_with_the_next_answer_once(void **state)
{
	static const uint8_t msgid[CAIRN_MSGID_BYTES] = {3};
	struct talk *talk;

	(void)state;
	(void)staffed_say(&s, &amina, "hello", msgid);
	collect();
	assert_int_equal(answer_text("unread", 6).received, 0);
	talk = read_talk();
	assert_ok(talk_mark_read(talk, s.desk, s.now));
	talk_free(talk);
	assert_int_equal(answer_text("read", 4).received, 1);
	assert_int_equal(answer_text("again", 5).received, 0);
}

static void
what_came_while_one_was_reading_stays_unread(void **state)
{
	struct inbox_line line;
	struct talk *talk;

	(void)state;
	(void)staffed_say(&s, &amina, "one", NULL);
	collect();
	talk = read_talk();
	(void)staffed_say(&s, &amina, "two", NULL);
	collect();
	assert_ok(talk_mark_read(talk, s.desk, s.now));
	talk_free(talk);
	assert_ok(inbox_get(s.desk->state, &line, staffed_conversation(&s, &amina)));
	assert_int_equal(line.unread, 1);
	(void)answer_text("to one", 6);
	assert_ok(inbox_get(s.desk->state, &line, staffed_conversation(&s, &amina)));
	assert_int_not_equal(line.waits_since, 0); /* the second still waits */
}

static void
an_answer_takes_the_conversation_off_the_waiting_list(void **state)
{
	struct inbox_line line;
	struct talk *talk;

	(void)state;
	(void)staffed_say(&s, &amina, "one", NULL);
	collect();
	assert_ok(inbox_get(s.desk->state, &line, staffed_conversation(&s, &amina)));
	assert_int_equal(line.waits_since, s.now);
	talk = read_talk();
	assert_ok(talk_mark_read(talk, s.desk, s.now));
	talk_free(talk);
	(void)answer_text("here", 4);
	assert_ok(inbox_get(s.desk->state, &line, staffed_conversation(&s, &amina)));
	assert_int_equal(line.waits_since, 0);
}

static void
text_that_is_not_utf8_is_not_sent(void **state)
{
	struct answer answer = {.text = {"\xff\xfe", 2}};
	struct answered answered;

	(void)state;
	(void)staffed_say(&s, &amina, "one", NULL);
	collect();
	assert_err(desk_answer(s.desk, &answered, 1, &answer, s.now), CAIRN_ERR_FORMAT);
}

/* --- aliases --- */

static void
an_alias_is_found_however_it_is_typed(void **state)
{
	char alias[ALIAS_MAX], loud[ALIAS_MAX];
	struct inbox_line line;
	uint64_t conv;

	(void)state;
	(void)staffed_say(&s, &amina, "one", NULL);
	collect();
	assert_ok(inbox_get(s.desk->state, &line, 1));
	memcpy(alias, line.alias, sizeof(alias));
	assert_ok(alias_find(s.desk->state, &conv, alias));
	assert_int_equal(conv, 1);
	assert_ok(alias_find(s.desk->state, &conv, "1"));
	for (size_t i = 0; i < sizeof(alias); i++)
		loud[i] = alias[i] == '-' ? ' ' : (char)(alias[i] >= 'a' ? alias[i] - 32 : alias[i]);
	assert_ok(alias_find(s.desk->state, &conv, loud));
}

static void
a_slip_in_the_number_or_the_words_is_caught(void **state)
{
	uint64_t conv;

	(void)state;
	(void)staffed_say(&s, &amina, "one", NULL);
	collect();
	assert_err(alias_find(s.desk->state, &conv, "1-no-such"), CAIRN_ERR_CONFLICT);
	assert_err(alias_find(s.desk->state, &conv, "2"), CAIRN_ERR_UNKNOWN);
	assert_err(alias_find(s.desk->state, &conv, "amber"), CAIRN_ERR_FORMAT);
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
	    CASE(parts_are_put_together_in_whatever_order_they_come),
	    CASE(a_part_that_is_missing_is_told),
	    CASE(the_same_part_twice_counts_once),
	    CASE(a_retraction_marks_and_deletes_nothing),
	    CASE(taking_back_everything_marks_what_came_before),
	    CASE(later_statements_stand_beside_earlier_ones),
	    CASE(a_long_answer_is_cut_between_characters_and_comes_whole),
	    CASE(an_answer_too_long_for_a_day_is_refused_whole),
	    CASE(what_was_read_is_told_with_the_next_answer_once),
	    CASE(what_came_while_one_was_reading_stays_unread),
	    CASE(an_answer_takes_the_conversation_off_the_waiting_list),
	    CASE(text_that_is_not_utf8_is_not_sent),
	    CASE(an_alias_is_found_however_it_is_typed),
	    CASE(a_slip_in_the_number_or_the_words_is_caught),
	};

	return RUN_TESTS(tests);
}
