// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include "carry/field_text.h"
#include "carry/ops.h"

static uint8_t value[OP_VALUE_MAX + 64U];
static char text[2U * OP_VALUE_MAX + 64U];
static size_t bytes;

static int
type_in(uint16_t field, const char *typed)
{
	return field_from_text(value, sizeof(value), &bytes, field_find(field),
	    (struct cairn_span){typed, strlen(typed)});
}

static const char *
read_back(uint16_t field, const void *at, size_t size)
{
	struct writer w;

	writer_init(&w, text, sizeof(text) - 1);
	field_to_text(&w, field_find(field), (struct cairn_span){at, size});
	assert_false(w.failed);
	text[w.used] = '\0';
	return text;
}

static void
assert_reads_back(uint16_t field, const char *typed)
{
	assert_ok(type_in(field, typed));
	assert_string_equal(read_back(field, value, bytes), typed);
}

static void
each_field_is_found_by_number_and_by_name_and_fits_an_operation(void **state)
{
	(void)state;
	for (size_t i = 0; i < field_count; i++) {
		const struct field_def *def = &field_table[i];
		struct cairn_span name = {def->name, strlen(def->name)};

		assert_ptr_equal(field_find(def->number), def);
		assert_ptr_equal(field_by_name((uint8_t)(def->number >> 8), name), def);
		assert_non_null(kind_find((uint8_t)(def->number >> 8)));
		assert_true(def->most <= OP_VALUE_MAX);
		assert_int_equal(def->choices != NULL, def->type == FIELD_choice);
		assert_int_equal(def->parts != NULL, def->type == FIELD_entry);
		assert_non_null(field_type_name(def->type));
	}
	assert_null(field_find(0));
	assert_null(field_by_name(KIND_LEG, (struct cairn_span){"address", 7}));
}

static void
values_read_back_as_they_were_typed(void **state)
{
	(void)state;
	assert_reads_back(FIELD_CONTACT_ALIAS, "17-amber-heron");
	assert_reads_back(FIELD_CONTACT_DANGER, "this week");
	assert_reads_back(FIELD_STAY_ROOM_FOR, "4");
	assert_reads_back(FIELD_LEG_FROM, "2017-04-01 14:30");
	assert_reads_back(FIELD_IDENTITY_BORN, "1987-12");
	assert_reads_back(FIELD_MEDICAL_URGENT, "yes");
	assert_reads_back(FIELD_MEDICAL_URGENT, "no");
	assert_reads_back(FIELD_MONEY_SPENT, "450000; EUR; travel; 2017-04-01; the desk");
	assert_reads_back(FIELD_IDENTITY_DOCUMENT, "passport; 12; ; 2020");
	assert_reads_back(FIELD_CONTACT_ALIAS, "");
}

static void
what_is_left_away_at_the_end_of_an_entry_is_empty(void **state)
{
	(void)state;
	assert_ok(type_in(FIELD_MONEY_SPENT, "100;EUR"));
	assert_string_equal(read_back(FIELD_MONEY_SPENT, value, bytes), "100; EUR; ; ; ");
	assert_err(type_in(FIELD_MONEY_SPENT, "100;EUR;;;;"), CAIRN_ERR_FORMAT);
	assert_err(type_in(FIELD_MONEY_SPENT, ""), CAIRN_ERR_FORMAT);
}

static void
what_is_not_of_the_type_is_refused(void **state)
{
	static const struct {
		uint16_t field;
		const char *typed;
		int err;
	} rows[] = {
	    {FIELD_CONTACT_DANGER, "Now", CAIRN_ERR_UNKNOWN},
	    {FIELD_CONTACT_DANGER, "not said|now", CAIRN_ERR_UNKNOWN},
	    {FIELD_STAY_ROOM_FOR, "four", CAIRN_ERR_FORMAT},
	    {FIELD_STAY_ROOM_FOR, "04", CAIRN_ERR_FORMAT},
	    {FIELD_STAY_ROOM_FOR, "9223372036854775808", CAIRN_ERR_FORMAT},
	    {FIELD_LEG_FROM, "2017-02-30 10:00", CAIRN_ERR_FORMAT},
	    {FIELD_LEG_FROM, "2017-4-01 10:00", CAIRN_ERR_FORMAT},
	    {FIELD_LEG_FROM, "2017-04-01 25:00", CAIRN_ERR_FORMAT},
	    {FIELD_LEG_FROM, "2017-04-01", CAIRN_ERR_FORMAT},
	    {FIELD_LEG_FROM, "1917-04-01 10:00", CAIRN_ERR_FORMAT},
	    {FIELD_IDENTITY_BORN, "87", CAIRN_ERR_FORMAT},
	    {FIELD_IDENTITY_BORN, "1987-13", CAIRN_ERR_FORMAT},
	    {FIELD_IDENTITY_BORN, "1987-12-00", CAIRN_ERR_FORMAT},
	    {FIELD_IDENTITY_BORN, "1987/12/01", CAIRN_ERR_FORMAT},
	    {FIELD_MEDICAL_URGENT, "maybe", CAIRN_ERR_UNKNOWN},
	    {FIELD_CONTACT_GRADE, "F66", CAIRN_ERR_RANGE},
	    {FIELD_CONTACT_ALIAS, "\xff", CAIRN_ERR_FORMAT},
	    {FIELD_MONEY_SPENT, "1; EURO", CAIRN_ERR_RANGE},
	    {FIELD_MONEY_SPENT, "1; EUR; beer", CAIRN_ERR_UNKNOWN},
	    {FIELD_CONTACT_SAFE_TIME, "", CAIRN_ERR_FORMAT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_err(type_in(rows[i].field, rows[i].typed), rows[i].err);
		assert_int_equal(bytes, 0);
	}
}

static void
times_are_utc_however_they_are_typed(void **state)
{
	static const char *const same[] = {"2017-04-01 14:30", "2017-04-01T14:30", "2017-04-01 14:30 UTC"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_ok(type_in(FIELD_LEG_FROM, same[i]));
		assert_true(field_u64((struct cairn_span){(const char *)value, bytes}) == 1491057000U);
	}
}

static void
what_a_newer_version_said_is_shown_and_not_dropped(void **state)
{
	(void)state;
	assert_string_equal(read_back(0x7777, "\x01\xff", 2), "unknown:01ff");
	assert_string_equal(read_back(FIELD_CONTACT_DANGER, "\x09", 1), "unknown:09");
	assert_string_equal(
	    read_back(FIELD_LEG_FROM, "\xff\xff\xff\xff\xff\xff\xff\xff", 8), "unknown:ffffffffffffffff");
	assert_string_equal(
	    read_back(FIELD_LEG_FROM, "\x7f\xff\xff\xff\xff\xff\xff\xff", 8), "unknown:7fffffffffffffff");
	assert_string_equal(read_back(FIELD_MONEY_SPENT, "\0\x01", 2), "unknown:0001");
}

static void
the_most_bytes_of_a_field_fit_and_one_more_does_not(void **state)
{
	static char long_text[OP_VALUE_MAX + 2];

	(void)state;
	for (size_t i = 0; i < field_count; i++) {
		const struct field_def *def = &field_table[i];

		if (def->type != FIELD_text)
			continue;
		memset(long_text, 'x', sizeof(long_text));
		assert_ok(field_check(def, (struct cairn_span){long_text, def->most}));
		assert_err(field_check(def, (struct cairn_span){long_text, def->most + 1}), CAIRN_ERR_RANGE);
		long_text[0] = '\0';
		assert_err(field_check(def, (struct cairn_span){long_text, def->most}), CAIRN_ERR_FORMAT);
	}
	assert_err(field_from_text(value, 3, &bytes, field_find(FIELD_CONTACT_ALIAS), (struct cairn_span){"four", 4}),
	    CAIRN_ERR_SPACE);
}

static void
choices_are_numbered_from_zero_and_end(void **state)
{
	(void)state;
	assert_memory_equal(field_choice("a|bc|d", 1).text, "bc", 2);
	assert_int_equal(field_choice("a|bc|d", 2).size, 1);
	assert_null(field_choice("a|bc|d", 3).text);
	assert_null(field_choice("a|bc|d", 255).text);
	assert_null(field_choice(NULL, 0).text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_field_is_found_by_number_and_by_name_and_fits_an_operation),
	    cmocka_unit_test(values_read_back_as_they_were_typed),
	    cmocka_unit_test(what_is_left_away_at_the_end_of_an_entry_is_empty),
	    cmocka_unit_test(what_is_not_of_the_type_is_refused),
	    cmocka_unit_test(times_are_utc_however_they_are_typed),
	    cmocka_unit_test(what_a_newer_version_said_is_shown_and_not_dropped),
	    cmocka_unit_test(the_most_bytes_of_a_field_fit_and_one_more_does_not),
	    cmocka_unit_test(choices_are_numbered_from_zero_and_end),
	};

	return RUN_TESTS(tests);
}
