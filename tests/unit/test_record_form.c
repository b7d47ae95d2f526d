// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stdlib.h>
#include <string.h>

#include "lib/recorded.h"
#include "record/form.h"
#include "record/search.h"

static const uint8_t the_id[RECORD_ID_BYTES] = {3};

static int
read_form(struct recorded *r, struct record_change *change, const struct record_head *head, const char *form,
    char fault[RECORD_FORM_FAULT_MAX])
{
	record_change_init(change, record_kind(RECORD_event), the_id, NULL);
	return record_form_read(change, r->db, head, (struct cairn_span){form, strlen(form)}, RECORDED_NOW, fault);
}

static void
expect_text(const struct record_change *change, uint16_t field, const char *text)
{
	struct cairn_span have = record_change_text(change, field);

	assert_int_equal(have.size, strlen(text));
	assert_memory_equal(have.text, text, have.size);
}

static void
lines_are_fields_and_indented_ones_go_on(void **state)
{
	struct recorded *r = recorded_new();
	char fault[RECORD_FORM_FAULT_MAX];
	struct record_change change;

	(void)state;
	assert_ok(read_form(r, &change, NULL,
	    "# a comment\r\n\r\n  title :  A night: in March \r\nbegin: about 2017-03\ndescription:\n one\n \n "
	    "two\nplaces: RU\n"
	    "places: DE\nviolation_status: likely\ncomments: first\ncomments: second",
	    fault));
	expect_text(&change, RECORD_event_title, "A night: in March");
	expect_text(&change, RECORD_event_begin, "2017-03~");
	expect_text(&change, RECORD_event_description, "one\n\ntwo");
	expect_text(&change, RECORD_event_violation_status, "04");
	assert_true(record_change_has(&change, RECORD_event_places, (struct cairn_span){"DE", 2}));
	assert_int_equal(change.count, 8);
	record_change_clear(&change);
	recorded_free(r);
}

static void
what_is_wrong_is_told_with_its_line_and_not_repeated(void **state)
{
	static const char *const rows[][2] = {
	    {"title: a\ntitle: SECRET\n", "line 2: title stands there twice"},
	    {"SECRET\n", "line 1 is no"},
	    {"places: SECRET\nplaces: SECRET\n", "line 2: places stands there twice"},
	    {"begin: SECRET\n", "line 1: begin is no date"},
	    {"violation_status: SECRET\n", "line 1: violation_status is not on"},
	    {"documents: SECRET\n", "line 1: documents is no code"},
	    {"documents: D-0000\n", "line 1: documents is the code of nothing"},
	    {"places-: SECRET\n", "line 1: places has nothing to be dropped from"},
	    {"title-: SECRET\n", "line 1: title is no set"},
	    {"\n\nunknown: SECRET\n", "line 3: event has no field"},
	    {"title: a\x01SECRET\n", "line 1: title must be one line"},
	    {" SECRET\n", "line 1 is no"},
	};
	struct recorded *r = recorded_new();
	char fault[RECORD_FORM_FAULT_MAX];
	struct record_change change;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_err(read_form(r, &change, NULL, rows[i][0], fault), CAIRN_ERR_RANGE);
		if (strstr(fault, rows[i][1]) == NULL || strstr(fault, "SECRET") != NULL)
			fail_msg("row %zu: %s", i, fault);
		record_change_clear(&change);
	}
	recorded_free(r);
}

static void
an_element_is_dropped_and_a_value_cleared(void **state)
{
	struct recorded *r = recorded_new();
	struct record_sink sink = recorded_sink(r);
	char fault[RECORD_FORM_FAULT_MAX];
	struct record_change change;
	struct record_head *heads;
	size_t count;

	(void)state;
	assert_ok(read_form(r, &change, NULL, "title: a\nplaces: RU\nplaces: DE\n", fault));
	assert_ok(record_emit(r->db, &sink, &change));
	record_change_clear(&change);
	assert_ok(record_list(r->db, NULL, &heads, &count));
	assert_ok(read_form(r, &change, heads, "title:\nplaces-: RU\n", fault));
	assert_ok(record_emit(r->db, &sink, &change));
	record_change_clear(&change);
	assert_ok(record_load(r->db, heads, &change));
	assert_int_equal(change.count, 1);
	assert_true(record_change_has(&change, RECORD_event_places, (struct cairn_span){"DE", 2}));
	record_change_clear(&change);
	assert_err(read_form(r, &change, heads, "places-: RU\n", fault), CAIRN_ERR_RANGE);
	assert_non_null(strstr(fault, "does not hold that"));
	record_change_clear(&change);
	free(heads);
	recorded_free(r);
}

/* ---- looking for something ---- */

static bool
found(const char *text, const char *words)
{
	const struct record_field *field;
	char folded[RECORD_SEARCH_ROOM];
	struct record_change change;
	size_t bytes;
	bool there;

	record_change_init(&change, record_kind(RECORD_event), the_id, NULL);
	assert_ok(record_change_value(&change, record_field(record_kind(RECORD_event), RECORD_event_description),
	    (struct cairn_span){text, strlen(text)}));
	assert_ok(record_search_fold(folded, &bytes, (struct cairn_span){words, strlen(words)}));
	there = record_search(&change, (struct cairn_span){folded, bytes}, &field);
	record_change_clear(&change);
	return there;
}

static void
a_text_is_found_in_any_case_and_form(void **state)
{
	(void)state;
	assert_true(found("They came at night", "CAME AT"));
	assert_true(found("Они пришли НОЧЬЮ", "ночью"));
	assert_true(found("e\xcc\x81t\xc3\xa9", "\xc3\xa9te\xcc\x81")); /* composed or not */
	assert_false(found("They came at night", "by day"));
}

static void
a_text_is_found_wherever_in_a_long_one(void **state)
{
	static char text[4096];

	(void)state;
	for (size_t at = 0; at + 8 < sizeof(text); at += 61) {
		/* Two bytes a character, and words that lie across any border. */
		for (size_t i = 0; i + 2 < sizeof(text); i += 2)
			memcpy(text + i, "\xd0\xb0", 3);
		memcpy(text + (at & ~(size_t)1), "\xd0\x9d\xd0\xbe\xd1\x87", 6);
		assert_true(found(text, "ноч"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines_are_fields_and_indented_ones_go_on),
	    cmocka_unit_test(what_is_wrong_is_told_with_its_line_and_not_repeated),
	    cmocka_unit_test(an_element_is_dropped_and_a_value_cleared),
	    cmocka_unit_test(a_text_is_found_in_any_case_and_form),
	    cmocka_unit_test(a_text_is_found_wherever_in_a_long_one),
	};

	return RUN_TESTS(tests);
}
