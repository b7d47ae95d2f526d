// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include "record/code.h"
#include "record/table.h"
#include "record/vocabulary.h"

/* Calls see for each field of each kind. */
static void
each_field(void (*see)(const struct record_kind *kind, const struct record_field *field))
{
	for (size_t k = 0; k < RECORD_KIND_COUNT; k++)
		for (size_t i = 0; i < record_kinds[k].count; i++)
			see(&record_kinds[k], &record_kinds[k].fields[i]);
}

static void
see_once(const struct record_kind *kind, const struct record_field *field)
{
	assert_ptr_equal(record_field(kind, field->number), field);
	assert_ptr_equal(record_field_named(kind, (struct cairn_span){field->name, strlen(field->name)}), field);
}

static void
a_number_and_a_name_stand_once_in_a_kind(void **state)
{
	(void)state;
	each_field(see_once);
}

static void
see_target(const struct record_kind *kind, const struct record_field *field)
{
	(void)kind;
	if (field->type == RECORD_TERM || field->type == RECORD_TERMS)
		assert_non_null(record_vocabulary((uint16_t)field->of));
	if (field->type == RECORD_REF || field->type == RECORD_REFS)
		assert_true(field->of == 0 || record_kind((uint8_t)field->of) != NULL);
	if (field->preset != NULL)
		assert_non_null(
		    record_term((uint16_t)field->of, (struct cairn_span){field->preset, strlen(field->preset)}));
}

static void
what_a_field_points_to_is_there(void **state)
{
	(void)state;
	each_field(see_target);
}

static void
a_newcomer_is_f_and_6(void **state)
{
	const struct record_kind *information = record_kind(RECORD_information);

	(void)state;
	assert_string_equal(record_field(information, RECORD_information_source_grade)->preset, "F");
	assert_string_equal(record_field(information, RECORD_information_information_grade)->preset, "6");
	assert_string_equal(record_field(record_kind(RECORD_person), RECORD_person_source_grade)->preset, "F");
}

static void
see_naming(const struct record_kind *kind, const struct record_field *field)
{
	static const char *const naming[] = {"name", "other_names", "address", "born", "identity_papers", "examiner"};

	for (size_t i = 0; i < sizeof(naming) / sizeof(naming[0]); i++)
		if (kind->number != RECORD_document && strcmp(field->name, naming[i]) == 0) {
			assert_int_equal(field->flags & RECORD_NAMING, RECORD_NAMING);
			assert_int_equal(field->level, RECORD_LEVEL_DESK);
		}
}

static void
what_tells_who_somebody_is_stays_at_the_desk(void **state)
{
	(void)state;
	each_field(see_naming);
}

static void
every_code_has_its_parent(void **state)
{
	(void)state;
	for (size_t v = 0; v < record_vocabulary_count; v++)
		for (size_t i = 0; i < record_vocabularies[v].count; i++) {
			const char *code = record_vocabularies[v].terms[i].code;

			assert_true(record_code_well_formed((struct cairn_span){code, strlen(code)}));
			if (strlen(code) > 2)
				assert_non_null(record_term(record_vocabularies[v].number,
				    (struct cairn_span){code, strlen(code) - 2}));
		}
}

static void
a_term_is_found_by_its_words_if_they_are_clear(void **state)
{
	(void)state;
	assert_string_equal(record_term_code(4, (struct cairn_span){"020101", 6}), "020101");
	assert_string_equal(record_term_code(4, (struct cairn_span){"Torture", 7}), "02010102");
	assert_string_equal(record_term_code(103, (struct cairn_span){"diag", 4}), "05");
	assert_null(record_term_code(4, (struct cairn_span){"kill", 4}));
	assert_null(record_term_code(4, (struct cairn_span){"", 0}));
}

static void
a_code_is_read_as_it_was_written_and_as_people_say_it(void **state)
{
	static const uint8_t id[RECORD_ID_BYTES] = {0x08, 0x42, 0x10, 0x84, 0x21, 0xff};
	uint8_t first[RECORD_ID_BYTES], last[RECORD_ID_BYTES];
	const struct record_kind *kind;
	char code[RECORD_CODE_TEXT_MAX];

	(void)state;
	record_code_write(code, record_kind(RECORD_account), id);
	assert_string_equal(code, "T-1111-1111");
	assert_ok(record_code_read(&kind, first, last, (struct cairn_span){"t-iiLl1111", 10}));
	assert_int_equal(kind->number, RECORD_account);
	assert_memory_equal(first, id, 5);
	assert_memory_equal(last, id, 5);
	assert_int_equal(last[5], 0xff);
	assert_ok(record_code_read(&kind, first, last, (struct cairn_span){"T111", 4}));
	assert_true(memcmp(first, id, sizeof(id)) < 0 && memcmp(last, id, sizeof(id)) > 0);
	assert_err(record_code_read(&kind, first, last, (struct cairn_span){"T11", 3}), CAIRN_ERR_FORMAT);
	assert_err(record_code_read(&kind, first, last, (struct cairn_span){"T-111111111", 11}), CAIRN_ERR_FORMAT);
	assert_err(record_code_read(&kind, first, last, (struct cairn_span){"X-1111", 6}), CAIRN_ERR_FORMAT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_number_and_a_name_stand_once_in_a_kind),
	    cmocka_unit_test(what_a_field_points_to_is_there),
	    cmocka_unit_test(a_newcomer_is_f_and_6),
	    cmocka_unit_test(what_tells_who_somebody_is_stays_at_the_desk),
	    cmocka_unit_test(every_code_has_its_parent),
	    cmocka_unit_test(a_term_is_found_by_its_words_if_they_are_clear),
	    cmocka_unit_test(a_code_is_read_as_it_was_written_and_as_people_say_it),
	};

	return RUN_TESTS(tests);
}
