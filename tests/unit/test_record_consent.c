// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "lib/recorded.h"
#include "record/json.h"
#include "record/select.h"

/* ---- a small record ---- */

enum { EVENT = 1, SOURCE, SAYS, ACCOUNT, OTHER_ACCOUNT };

static void
hex_of(char out[2 * RECORD_ID_BYTES + 1], uint8_t which)
{
	uint8_t id[RECORD_ID_BYTES] = {which};

	sodium_bin2hex(out, 2 * RECORD_ID_BYTES + 1, id, sizeof(id));
}

/* Says fields of an entity: names and values, ended by NULL. A value "@n" is a reference, a name "!n" a level. */
static void
say(struct recorded *r, uint8_t kind, uint8_t which, const char *compartment, ...)
{
	struct record_sink sink = recorded_sink(r);
	uint8_t id[RECORD_ID_BYTES] = {which}, where[RECORD_COMPARTMENT_BYTES] = {0};
	char hex[2 * RECORD_ID_BYTES + 1];
	struct record_change change;
	const char *name, *value;
	va_list args;

	where[0] = (uint8_t)compartment[0];
	record_change_init(&change, record_kind(kind), id, compartment[0] == '\0' ? NULL : where);
	va_start(args, compartment);
	while ((name = va_arg(args, const char *)) != NULL) {
		const struct record_field *field = record_field_named(record_kind(kind),
		    (struct cairn_span){name + (name[0] == '!'), strlen(name) - (name[0] == '!')});
		struct record_item mark = {.action = RECORD_MARK};

		value = va_arg(args, const char *);
		assert_non_null(field);
		if (value[0] == '@') {
			hex_of(hex, (uint8_t)(value[1] - '0'));
			value = hex;
		}
		if (name[0] == '!') {
			mark.field = field->number;
			assert_true(record_level_named(&mark.flag, (struct cairn_span){value, strlen(value)}));
			assert_ok(record_change_add(&change, &mark));
		} else
			assert_ok(record_change_value(&change, field, (struct cairn_span){value, strlen(value)}));
	}
	va_end(args);
	assert_ok(record_emit(r->db, &sink, &change));
	record_change_clear(&change);
}

static struct recorded *
small(void)
{
	struct recorded *r = recorded_new();

	say(r, RECORD_event, EVENT, "", "title", "A night", "remarks", "for partners", NULL);
	say(r, RECORD_person, SOURCE, "", "label", "Witness 1", "name", "Secret Name", "sex", "01", NULL);
	say(r, RECORD_account, ACCOUNT, "", "text", "I saw it", "consent", "02", NULL);
	say(r, RECORD_information, SAYS, "", "source", "@2", "event", "@1", "says", "it happened", "accounts", "@4",
	    NULL);
	return r;
}

/* The export as text; *ret has its numbers. */
static char *
export_of(struct recorded *r, enum record_purpose purpose, const char *partner, const struct record_door *door,
    struct record_selection *ret)
{
	struct record_wish wish = {.purpose = purpose, .partner = {partner, strlen(partner)}};
	char *text;
	json_t *json;

	assert_ok(record_select(r->db, &wish, door, ret));
	json = record_json(ret->entities, ret->count);
	text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	record_selection_clear(ret);
	return text;
}

static void
expect(struct recorded *r, enum record_purpose purpose, const char *partner, const char *has, const char *lacks)
{
	struct record_selection selection;
	char *text = export_of(r, purpose, partner, NULL, &selection);

	if (has != NULL && strstr(text, has) == NULL)
		fail_msg("\"%s\" is not in %s", has, text);
	if (lacks != NULL && strstr(text, lacks) != NULL)
		fail_msg("\"%s\" is in %s", lacks, text);
	free(text);
}

/* ---- consent ---- */

static void
nothing_goes_out_for_a_purpose_it_was_not_given_for(void **state)
{
	struct recorded *r = small();

	(void)state;
	expect(r, RECORD_PURPOSE_INTERNAL, "", "it happened", NULL);
	expect(r, RECORD_PURPOSE_HELP, "", "A night", "it happened");
	expect(r, RECORD_PURPOSE_PARTNER, "P", "A night", "it happened");
	expect(r, RECORD_PURPOSE_COURT, "", "A night", "it happened");
	expect(r, RECORD_PURPOSE_ANONYMOUS, "", "A night", "it happened");
	expect(r, RECORD_PURPOSE_NAMED, "", "A night", "it happened");
	recorded_free(r);
}

static void
each_purpose_opens_itself_and_no_other(void **state)
{
	(void)state;
	for (unsigned given = 0; given < RECORD_PURPOSE_COUNT; given++) {
		struct recorded *r = small();

		say(r, RECORD_account, ACCOUNT, "", "consent", record_purposes[given].code, "consent_partners", "P",
		    NULL);
		for (unsigned asked = 0; asked < RECORD_PURPOSE_COUNT; asked++) {
			/* Internal was given from the beginning. */
			bool open = asked == given || asked == RECORD_PURPOSE_INTERNAL;

			expect(r, (enum record_purpose)asked, "P", open ? "it happened" : NULL,
			    open ? NULL : "it happened");
		}
		recorded_free(r);
	}
}

static void
withdrawn_counts_more_than_given(void **state)
{
	struct recorded *r = small();

	(void)state;
	say(r, RECORD_account, ACCOUNT, "", "consent", "05", NULL);
	say(r, RECORD_account, ACCOUNT, "", "consent_withdrawn", "05", NULL);
	say(r, RECORD_account, ACCOUNT, "", "consent", "05", NULL);
	expect(r, RECORD_PURPOSE_ANONYMOUS, "", NULL, "it happened");
	recorded_free(r);
}

static void
a_partner_must_be_the_one_that_was_named(void **state)
{
	struct recorded *r = small();

	(void)state;
	say(r, RECORD_account, ACCOUNT, "", "consent", "03", "consent_partners", "Clinic", NULL);
	expect(r, RECORD_PURPOSE_PARTNER, "Clinic", "it happened", NULL);
	expect(r, RECORD_PURPOSE_PARTNER, "Clinics", NULL, "it happened");
	expect(r, RECORD_PURPOSE_PARTNER, "", NULL, "it happened");
	recorded_free(r);
}

static void
all_accounts_that_something_rests_on_must_allow_it(void **state)
{
	struct recorded *r = small();
	struct record_wish wish = {.purpose = RECORD_PURPOSE_ANONYMOUS};
	struct record_selection selection;

	(void)state;
	say(r, RECORD_account, ACCOUNT, "", "consent", "05", NULL);
	expect(r, RECORD_PURPOSE_ANONYMOUS, "", "it happened", NULL);
	say(r, RECORD_information, SAYS, "", "accounts", "@5", NULL); /* that nobody here has seen */
	expect(r, RECORD_PURPOSE_ANONYMOUS, "", NULL, "it happened");
	say(r, RECORD_account, OTHER_ACCOUNT, "", "consent", "05", NULL);
	assert_err(record_select(r->db, &wish, NULL, &selection), CAIRN_ERR_DENIED); /* two cases by now */
	record_selection_clear(&selection);
	recorded_free(r);
}

static void
what_must_refer_to_something_held_back_is_held_back(void **state)
{
	struct recorded *r = small();

	(void)state;
	say(r, RECORD_information, 6, "", "source", "@2", "event", "@1", "says", "a second thing", NULL);
	expect(r, RECORD_PURPOSE_ANONYMOUS, "", "a second thing", NULL);
	say(r, RECORD_person, SOURCE, "", "accounts", "@4", NULL);
	expect(r, RECORD_PURPOSE_ANONYMOUS, "", NULL, "a second thing");
	recorded_free(r);
}

static void
in_a_case_what_rests_on_no_account_stays(void **state)
{
	struct recorded *r = recorded_new();

	(void)state;
	say(r, RECORD_event, EVENT, "c", "title", "A night", NULL);
	expect(r, RECORD_PURPOSE_INTERNAL, "", "A night", NULL);
	expect(r, RECORD_PURPOSE_COURT, "", NULL, "A night");
	recorded_free(r);
}

/* ---- levels ---- */

static void
names_stay_at_the_desk(void **state)
{
	struct recorded *r = small();

	(void)state;
	expect(r, RECORD_PURPOSE_INTERNAL, "", "Secret Name", NULL);
	for (unsigned purpose = 0; purpose < RECORD_PURPOSE_COUNT; purpose++)
		if (purpose != RECORD_PURPOSE_INTERNAL)
			expect(r, (enum record_purpose)purpose, "P", "Witness 1", "Secret Name");
	recorded_free(r);
}

static void
a_field_may_be_opened_and_closed(void **state)
{
	struct recorded *r = small();

	(void)state;
	say(r, RECORD_person, SOURCE, "", "!name", "open", NULL);
	expect(r, RECORD_PURPOSE_NAMED, "", "Secret Name", NULL);
	expect(r, RECORD_PURPOSE_ANONYMOUS, "", NULL, "Secret Name"); /* it names somebody all the same */
	expect(r, RECORD_PURPOSE_ANONYMOUS, "", "A night", "for partners");
	expect(r, RECORD_PURPOSE_COURT, "", "for partners", NULL);
	say(r, RECORD_event, EVENT, "", "!title", "desk", NULL);
	expect(r, RECORD_PURPOSE_COURT, "", "for partners", "A night");
	recorded_free(r);
}

static void
outside_nothing_tells_of_accounts_or_of_who_keeps_the_record(void **state)
{
	struct recorded *r = small();
	char hex[2 * RECORD_ID_BYTES + 1];

	(void)state;
	hex_of(hex, ACCOUNT);
	say(r, RECORD_account, ACCOUNT, "", "consent", "05", NULL);
	say(r, RECORD_event, EVENT, "", "entered_by", "device", NULL);
	expect(r, RECORD_PURPOSE_ANONYMOUS, "", "it happened", hex);
	expect(r, RECORD_PURPOSE_ANONYMOUS, "", "it happened", "device");
	recorded_free(r);
}

static void
a_link_to_a_case_never_leaves(void **state)
{
	struct recorded *r = small();

	(void)state;
	say(r, RECORD_account, ACCOUNT, "", "consent", "04", NULL);
	say(r, RECORD_link, 9, "c", "account", "@4", "accounts", "@4", NULL);
	expect(r, RECORD_PURPOSE_INTERNAL, "", "\"link\"", NULL);
	expect(r, RECORD_PURPOSE_COURT, "", "it happened", "\"link\"");
	recorded_free(r);
}

/* ---- what belongs to an event ---- */

static void
an_event_alone_brings_what_belongs_to_it_and_no_other_event(void **state)
{
	struct recorded *r = small();
	struct record_head *heads;
	struct record_selection selection;
	struct record_wish wish = {.purpose = RECORD_PURPOSE_INTERNAL, .root_count = 1};
	size_t count;

	(void)state;
	say(r, RECORD_event, 7, "", "title", "Another night", NULL);
	say(r, RECORD_information, 8, "", "source", "@2", "event", "@7", "says", "of the other", NULL);
	assert_ok(record_list(r->db, record_kind(RECORD_event), &heads, &count));
	assert_int_equal(count, 2);
	wish.roots = heads; /* the first */
	assert_ok(record_select(r->db, &wish, NULL, &selection));
	assert_int_equal(selection.count, 4); /* event, source, information, account */
	record_selection_clear(&selection);
	free(heads);
	recorded_free(r);
}

/* ---- two people ---- */

static int
agree(void *arg, const struct record_wish *wish, const struct record_selection *selection)
{
	(void)wish;
	*(size_t *)arg = selection->cases;
	return CAIRN_OK;
}

static void
more_than_one_case_needs_two_people(void **state)
{
	struct recorded *r = small();
	struct record_wish wish = {.purpose = RECORD_PURPOSE_INTERNAL};
	struct record_selection selection;
	size_t asked = 0;
	struct record_door door = {agree, &asked};

	(void)state;
	assert_ok(record_select(r->db, &wish, NULL, &selection));
	assert_int_equal(selection.cases, 1);
	record_selection_clear(&selection);
	say(r, RECORD_account, OTHER_ACCOUNT, "", "consent", "02", NULL);
	assert_err(record_select(r->db, &wish, NULL, &selection), CAIRN_ERR_DENIED);
	assert_int_equal(selection.count, 0);
	record_selection_clear(&selection);
	assert_ok(record_select(r->db, &wish, &door, &selection));
	assert_int_equal(asked, 2);
	assert_true(selection.count > 0);
	record_selection_clear(&selection);
	recorded_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nothing_goes_out_for_a_purpose_it_was_not_given_for),
	    cmocka_unit_test(each_purpose_opens_itself_and_no_other),
	    cmocka_unit_test(withdrawn_counts_more_than_given),
	    cmocka_unit_test(a_partner_must_be_the_one_that_was_named),
	    cmocka_unit_test(all_accounts_that_something_rests_on_must_allow_it),
	    cmocka_unit_test(what_must_refer_to_something_held_back_is_held_back),
	    cmocka_unit_test(in_a_case_what_rests_on_no_account_stays),
	    cmocka_unit_test(names_stay_at_the_desk),
	    cmocka_unit_test(a_field_may_be_opened_and_closed),
	    cmocka_unit_test(outside_nothing_tells_of_accounts_or_of_who_keeps_the_record),
	    cmocka_unit_test(a_link_to_a_case_never_leaves),
	    cmocka_unit_test(an_event_alone_brings_what_belongs_to_it_and_no_other_event),
	    cmocka_unit_test(more_than_one_case_needs_two_people),
	};

	if (sodium_init() < 0)
		return 1;
	return RUN_TESTS(tests);
}
