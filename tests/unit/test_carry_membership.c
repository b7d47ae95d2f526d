// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include "carry/membership.h"

#define BIT(role) (1U << ROLE_##role)

static struct cairn_span
span(const char *text)
{
	return (struct cairn_span){text, strlen(text)};
}

static void
each_row_of_the_table_has_a_letter_for_each_role(void **state)
{
	(void)state;
	for (uint8_t kind = 0; kind < KIND_COUNT; kind++) {
		const struct kind_def *def = kind_find(kind);

		assert_non_null(def);
		assert_non_null(def->name);
		assert_int_equal(strlen(def->members), ROLE_COUNT);
		assert_int_equal(strspn(def->members, "ae-"), ROLE_COUNT);
	}
	assert_null(kind_find(KIND_COUNT));
	assert_null(role_find(ROLE_COUNT));
}

static void
kinds_and_roles_are_found_by_name(void **state)
{
	uint8_t got;

	(void)state;
	for (uint8_t i = 0; i < KIND_COUNT; i++) {
		assert_ok(kind_by_name(&got, span(kind_find(i)->name)));
		assert_int_equal(got, i);
	}
	for (uint8_t i = 0; i < ROLE_COUNT; i++) {
		assert_ok(role_by_name(&got, span(role_find(i)->name)));
		assert_int_equal(got, i);
	}
	assert_err(kind_by_name(&got, span("legs")), CAIRN_ERR_UNKNOWN);
	assert_err(role_by_name(&got, span("")), CAIRN_ERR_UNKNOWN);
}

static void
roles_are_read_from_a_rosters_words(void **state)
{
	(void)state;
	assert_int_equal(roles_read(span("intake")), BIT(INTAKE));
	assert_int_equal(roles_read(span("security,intake,cook")), BIT(SECURITY) | BIT(INTAKE));
	assert_int_equal(roles_read(span("Intake")), 0);
	assert_int_equal(roles_read((struct cairn_span){NULL, 0}), 0);
}

static void
intake_and_security_are_in_a_contact_at_once(void **state)
{
	(void)state;
	assert_int_equal(membership_of(KIND_CONTACT, BIT(INTAKE)), MEMBER_AT_ONCE);
	assert_int_equal(membership_of(KIND_CONTACT, BIT(SECURITY)), MEMBER_AT_ONCE);
	assert_int_equal(membership_of(KIND_CONTACT, BIT(CASE)), MEMBER_BY_HAND);
	assert_int_equal(membership_of(KIND_CONTACT, BIT(TRANSPORT)), MEMBER_NEVER);
	assert_int_equal(membership_of(KIND_CONTACT, BIT(TRANSPORT) | BIT(CASE)), MEMBER_BY_HAND);
	assert_int_equal(membership_of(KIND_CONTACT, BIT(CASE) | BIT(INTAKE)), MEMBER_AT_ONCE);
}

/* No all-seeing administrator: the desk compartment and money, nothing else. */
static void
no_role_sees_everything(void **state)
{
	(void)state;
	for (uint8_t role = 0; role < ROLE_COUNT; role++) {
		unsigned sees = 0;

		for (uint8_t kind = KIND_LEG; kind <= KIND_TESTIMONY; kind++)
			sees += membership_of(kind, 1U << role) != MEMBER_NEVER;
		assert_true(sees <= 1);
	}
	assert_int_equal(membership_of(KIND_MONEY, BIT(ADMIN)), MEMBER_BY_HAND);
	for (uint8_t kind = KIND_CONTACT; kind < KIND_COUNT; kind++)
		assert_true(kind == KIND_MONEY || membership_of(kind, BIT(ADMIN)) == MEMBER_NEVER);
}

static void
what_must_stay_apart_does_unless_said_by_hand(void **state)
{
	const uint8_t apart[] = {KIND_LEG, KIND_STAY, KIND_TESTIMONY, KIND_IDENTITY};
	const uint32_t all = (1U << ROLE_COUNT) - 1;

	(void)state;
	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < 4; j++) {
			const uint8_t held[] = {KIND_CONTACT, apart[j]};

			assert_err(membership_check(apart[i], all, held, 2, false),
			    i == j ? CAIRN_OK : CAIRN_ERR_CONFLICT);
			assert_ok(membership_check(apart[i], all, held, 2, true));
			assert_ok(membership_check(KIND_PLAN, all, held, 2, false));
		}
}

static void
a_role_that_is_never_a_member_is_denied_even_together(void **state)
{
	(void)state;
	assert_err(membership_check(KIND_STAY, BIT(TRANSPORT), NULL, 0, true), CAIRN_ERR_DENIED);
	assert_err(membership_check(KIND_STAY, 0, NULL, 0, true), CAIRN_ERR_DENIED);
	assert_err(membership_check(KIND_COUNT, UINT32_MAX, NULL, 0, true), CAIRN_ERR_UNKNOWN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_row_of_the_table_has_a_letter_for_each_role),
	    cmocka_unit_test(kinds_and_roles_are_found_by_name),
	    cmocka_unit_test(roles_are_read_from_a_rosters_words),
	    cmocka_unit_test(intake_and_security_are_in_a_contact_at_once),
	    cmocka_unit_test(no_role_sees_everything),
	    cmocka_unit_test(what_must_stay_apart_does_unless_said_by_hand),
	    cmocka_unit_test(a_role_that_is_never_a_member_is_denied_even_together),
	};

	return RUN_TESTS(tests);
}
