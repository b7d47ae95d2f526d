// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "carry/retention.h"
#include "carry/say.h"
#include "desk/inbox.h"
#include "desk/talk.h"
#include "desk/tell.h"
#include "lib/second.h"
#include "lib/staffed.h"

/* Two devices of one desk: the first founded it and publishes, the second was admitted. */
static struct staffed s;
static struct desk *second;
static struct speaker amina;

static void
tick_of(struct desk *desk)
{
	second_tick(&s, desk);
}

static int
set_up(void **state)
{
	(void)state;
	staffed_init(&s);
	speaker_init(&amina);
	tick_of(s.desk);
	second = second_join(&s, "second", "intake,case", 1);
	tick_of(s.desk);
	tick_of(second);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	desk_close(second);
	staffed_release(&s);
	return 0;
}

static struct inbox_line
line_of(struct desk *desk)
{
	struct inbox_line *lines, found = {0};
	size_t count;

	assert_ok(inbox_read(desk->state, &lines, &count, s.now));
	for (size_t i = 0; i < count; i++)
		if (memcmp(lines[i].conv_id, amina.conv.id, sizeof(found.conv_id)) == 0)
			found = lines[i];
	free(lines);
	return found;
}

static bool
shows(struct desk *desk, const char *text)
{
	struct inbox_line line = line_of(desk);
	struct talk *talk;
	bool found = false;

	if (line.conv == 0)
		return false;
	assert_ok(talk_read(&talk, desk->state, line.conv));
	for (size_t i = 0; i < talk_count(talk); i++) {
		struct cairn_span said = talk_item(talk, i)->text;

		found = found || (said.size == strlen(text) && memcmp(said.text, text, said.size) == 0);
	}
	talk_free(talk);
	return found;
}

static void
what_one_collects_the_other_reads_under_the_same_name(void **state)
{
	(void)state;
	(void)staffed_say(&s, &amina, "I need help", NULL);
	tick_of(s.desk);
	tick_of(second);
	assert_true(shows(s.desk, "I need help"));
	assert_true(shows(second, "I need help"));
	assert_string_equal(line_of(s.desk).alias, line_of(second).alias);
	assert_int_equal(line_of(second).unread, 1);
}

static void
a_device_that_was_given_the_keys_opens_the_drop(void **state)
{
	(void)state;
	(void)staffed_say(&s, &amina, "to whoever is there", NULL);
	tick_of(second);
	tick_of(s.desk);
	assert_true(shows(second, "to whoever is there"));
	assert_true(shows(s.desk, "to whoever is there"));
}

/* The days of intake whose keys a device has. */
static void
days_of(struct desk *desk, uint64_t *first, uint64_t *last)
{
	struct query q = db_query(desk->state, "SELECT min(day) FROM epoch_key WHERE door = 1");

	assert_ok(query_number(&q, first));
	q = db_query(desk->state, "SELECT max(day) FROM epoch_key WHERE door = 1");
	assert_ok(query_number(&q, last));
}

/* The first empties the drop at each of these times; the second only reads the feed. */
static void
first_empties(const unsigned *minutes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		staffed_at(&s, s.now + minutes[i] * 60);
		tick_of(s.desk);
	}
	second_sync(&s, second);
}

static void
keys_that_one_device_has_emptied_the_drop_of_go_everywhere_at_once(void **state)
{
	static const unsigned twice[] = {0, 20};
	uint64_t today = desk_day(s.now), first, last;

	(void)state;
	days_of(second, &first, &last);
	assert_int_equal(first, today);
	staffed_at(&s, s.now + 4 * 86400);
	second_sync(&s, second); /* in step, with all keys still */
	days_of(second, &first, &last);
	assert_int_equal(first, today);
	first_empties(twice, 2);
	days_of(second, &first, &last);
	assert_int_equal(first, today + 1); /* more than three days past are gone, the others stay */
	assert_true(last > first);
}

/* The other may have had cells on a lease, which come back to the drop when it ends. */
static void
keys_stay_until_an_emptying_after_the_time_of_a_lease(void **state)
{
	static const unsigned soon[] = {0, 5, 5}, later[] = {5};
	uint64_t today = desk_day(s.now), first, last;

	(void)state;
	staffed_at(&s, s.now + 4 * 86400);
	first_empties(soon, 3);
	days_of(second, &first, &last);
	assert_int_equal(first, today);
	first_empties(later, 1);
	days_of(second, &first, &last);
	assert_int_equal(first, today + 1);
}

/* An emptying is told once a day, not every ten minutes. */
static void
that_the_drop_is_empty_is_told_once_a_day(void **state)
{
	static const unsigned often[] = {0, 20, 20, 20, 20, 20};
	size_t before;

	(void)state;
	staffed_at(&s, s.now + 86400);
	first_empties(often, 2);
	before = s.relay->feed.record_count;
	first_empties(often, 6);
	assert_int_equal(s.relay->feed.record_count, before);
}

static void
who_does_not_empty_a_door_does_not_tell_that_it_is_empty(void **state)
{
	const struct op_drained campaign = {CAIRN_DOOR_CAMPAIGN, s.now};
	const struct op_drained tomorrow = {CAIRN_DOOR_INTAKE, s.now + 86400 * 9};
	struct query q = db_query(s.desk->state, "SELECT count(*) FROM epoch_key");
	uint64_t before, after;

	(void)state;
	assert_ok(query_number(&q, &before));
	assert_ok(carry_say(second->carry, carry_desk_compartment, OP_DRAINED, &campaign, s.now, NULL));
	assert_ok(carry_say(second->carry, carry_desk_compartment, OP_DRAINED, &tomorrow, s.now, NULL));
	second_sync(&s, second);
	second_sync(&s, s.desk);
	q = db_query(s.desk->state, "SELECT count(*) FROM epoch_key");
	assert_ok(query_number(&q, &after));
	assert_int_equal(after, before);
	q = db_query(s.desk->state, "SELECT coalesce(max(told), 0) FROM door");
	assert_ok(query_number(&q, &after));
	assert_int_equal(after, 0);
}

static void
an_answer_of_a_device_that_does_not_publish_arrives(void **state)
{
	static uint8_t heard[4][CAIRN_REPLY_PLAIN_BYTES];
	const struct answer answer = {.text = {"tomorrow at six", 15}};
	struct answered answered;

	(void)state;
	(void)staffed_say(&s, &amina, "when?", NULL);
	tick_of(s.desk);
	tick_of(second);
	tick_of(s.desk);
	assert_ok(desk_answer(second, &answered, line_of(second).conv, &answer, s.now));
	tick_of(second);
	tick_of(s.desk);
	assert_int_equal(staffed_heard(&s, &amina, heard, 4), 1);
	tick_of(second);
	assert_true(shows(second, "tomorrow at six"));
	{
		struct query q = db_query(second->state, "SELECT state FROM reply");
		uint64_t published;

		assert_ok(query_number(&q, &published));
		assert_int_equal(published, 2);
	}
}

static void
what_another_device_answered_stays_with_it(void **state)
{
	const struct answer answer = {.text = {"between us", 10}};
	struct answered answered;

	(void)state;
	(void)staffed_say(&s, &amina, "a question", NULL);
	tick_of(s.desk);
	tick_of(second);
	assert_ok(desk_answer(second, &answered, line_of(second).conv, &answer, s.now));
	tick_of(second);
	tick_of(s.desk);
	assert_false(shows(s.desk, "between us"));
	assert_int_equal(line_of(s.desk).answered, s.now); /* but that there was an answer */
}

static void
what_one_has_read_is_read_for_all(void **state)
{
	struct talk *talk;

	(void)state;
	(void)staffed_say(&s, &amina, "a letter", NULL);
	tick_of(s.desk);
	tick_of(second);
	assert_ok(talk_read(&talk, second->state, line_of(second).conv));
	assert_ok(talk_mark_read(talk, second, s.now));
	talk_free(talk);
	tick_of(second);
	tick_of(s.desk);
	assert_int_equal(line_of(s.desk).unread, 0);
}

static uint64_t
number_of(struct desk *desk, const char *sql)
{
	struct query q = db_query(desk->state, sql);
	uint64_t n;

	assert_ok(query_number(&q, &n));
	return n;
}

static void
keys_that_a_lost_device_has_are_followed_by_the_next_generation(void **state)
{
	struct roster_change change = {.drop = second->self.device_id};
	struct share a = second_share(&s, 1), b = second_share(&s, 2);
	struct op_roster said;
	uint8_t *bytes;

	(void)state;
	assert_int_equal(number_of(s.desk, "SELECT max(gen) FROM epoch_key"), 0);
	assert_ok(roster_renew(s.desk, &change, &a, &b));
	said.note = second_roster(&s, &bytes);
	assert_ok(carry_say(s.desk->carry, carry_desk_compartment, OP_ROSTER, &said, s.now, NULL));
	free(bytes);
	tick_of(s.desk);
	assert_int_equal(number_of(s.desk, "SELECT max(gen) FROM epoch_key WHERE door = 1"), 1);
	tick_of(s.desk);
	assert_int_equal(number_of(s.desk, "SELECT max(gen) FROM epoch_key WHERE door = 1"), 1); /* once */
}

/* An officer marks the contact as over, on the second device. */
static void
close_contact(void)
{
	struct op_close said = {.mark = MARK_CLOSED, .officer = {"Vera", 4}};
	struct query q = db_query(s.desk->state, "SELECT id, case_id FROM compartment WHERE n > 1");

	assert_true(query_row(&q));
	query_bytes(&q, 0, said.compartment, sizeof(said.compartment));
	query_bytes(&q, 1, said.case_id, sizeof(said.case_id));
	assert_ok(query_end(&q));
	assert_ok(carry_say(second->carry, carry_desk_compartment, OP_CLOSE, &said, s.now, NULL));
}

static void
a_contact_that_is_over_goes_on_both(void **state)
{
	(void)state;
	(void)staffed_say(&s, &amina, "a canary", NULL);
	tick_of(s.desk);
	tick_of(second);
	close_contact();
	tick_of(second);
	for (unsigned day = 0; day < 32; day++) {
		staffed_at(&s, s.now + 86400);
		tick_of(s.desk);
		tick_of(second);
	}
	assert_int_equal(line_of(s.desk).conv, 0);
	assert_int_equal(line_of(second).conv, 0);
	assert_int_equal(staffed_number(&s, "SELECT count(*) FROM message"), 0);
	assert_false(staffed_file_holds(&s, "a canary", 8));
}

static void
a_contact_that_is_over_is_not_shown_where_it_was_not_erased_yet(void **state)
{
	bool over;

	(void)state;
	(void)staffed_say(&s, &amina, "a canary", NULL);
	tick_of(s.desk);
	assert_ok(conversation_over(s.desk, &over, line_of(s.desk).conv, s.now + 32 * 86400));
	assert_false(over);
	tick_of(second);
	close_contact();
	tick_of(second);
	tick_of(s.desk);
	assert_ok(conversation_over(s.desk, &over, line_of(s.desk).conv, s.now + 29 * 86400));
	assert_false(over);
	assert_ok(conversation_over(s.desk, &over, line_of(s.desk).conv, s.now + 31 * 86400));
	assert_true(over);
}

int
main(void)
{
#define TOGETHER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TOGETHER(what_one_collects_the_other_reads_under_the_same_name),
	    TOGETHER(a_device_that_was_given_the_keys_opens_the_drop),
	    TOGETHER(keys_that_one_device_has_emptied_the_drop_of_go_everywhere_at_once),
	    TOGETHER(keys_stay_until_an_emptying_after_the_time_of_a_lease),
	    TOGETHER(that_the_drop_is_empty_is_told_once_a_day),
	    TOGETHER(who_does_not_empty_a_door_does_not_tell_that_it_is_empty),
	    TOGETHER(an_answer_of_a_device_that_does_not_publish_arrives),
	    TOGETHER(what_another_device_answered_stays_with_it),
	    TOGETHER(what_one_has_read_is_read_for_all),
	    TOGETHER(keys_that_a_lost_device_has_are_followed_by_the_next_generation),
	    TOGETHER(a_contact_that_is_over_goes_on_both),
	    TOGETHER(a_contact_that_is_over_is_not_shown_where_it_was_not_erased_yet),
	};
	return RUN_TESTS(tests);
}
