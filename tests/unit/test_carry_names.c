// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "carry/cases.h"
#include "carry/fields.h"
#include "carry/lifecycle.h"
#include "carry/membership.h"
#include "carry/names.h"
#include "carry/say.h"
#include "lib/many.h"

/* What staff call cases and compartments; and what is refused before it is said. */

struct scene {
	struct many *m;
	struct many_device *admin, *driver;
	uint8_t case_id[OP_ID_BYTES], contact[OP_ID_BYTES], leg[2][OP_ID_BYTES];
	char digits[2 * OP_ID_BYTES + 1];
};

static int
scene_set(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));
	struct op_set alias = {.field = FIELD_CONTACT_ALIAS, .value = {"Amber Heron", 11}};

	s->m = many_new("case");
	s->admin = &s->m->devices[0];
	s->driver = many_join(s->m, "transport");
	many_settle(s->m);
	assert_ok(carry_open(s->admin->carry, s->contact, KIND_CONTACT, s->case_id, NULL, 0, false, s->m->now));
	many_settle(s->m);
	assert_ok(carry_say(s->admin->carry, s->contact, OP_SET, &alias, s->m->now, NULL));
	for (size_t i = 0; i < 2; i++) {
		assert_ok(carry_open(s->admin->carry, s->leg[i], KIND_LEG, s->case_id,
		    (const uint8_t(*)[OP_ID_BYTES])s->driver->self.device, 1, true, s->m->now));
		many_settle(s->m);
	}
	sodium_bin2hex(s->digits, sizeof(s->digits), s->case_id, OP_ID_BYTES);
	*state = s;
	return 0;
}

static int
scene_end(void **state)
{
	struct scene *s = *state;

	many_free(s->m);
	free(s);
	return 0;
}

static void
a_case_is_named_by_its_alias_where_that_may_be_read(void **state)
{
	struct scene *s = *state;
	char name[CASE_NAME_MAX];
	uint8_t id[OP_ID_BYTES];

	assert_ok(case_name(s->admin->carry, name, s->case_id, s->m->now));
	assert_string_equal(name, "Amber Heron");
	assert_ok(case_named(s->admin->carry, id, "amber heron", s->m->now));
	assert_memory_equal(id, s->case_id, sizeof(id));
	assert_ok(case_name(s->driver->carry, name, s->case_id, s->m->now));
	assert_int_equal(strlen(name), CASE_DIGITS);
	assert_memory_equal(name, s->digits, CASE_DIGITS);
	assert_err(case_named(s->driver->carry, id, "amber heron", s->m->now), CAIRN_ERR_UNKNOWN);
}

static void
four_digits_of_its_id_are_the_least(void **state)
{
	struct scene *s = *state;
	uint8_t id[OP_ID_BYTES];

	s->digits[4] = '\0';
	assert_ok(case_named(s->driver->carry, id, s->digits, s->m->now));
	assert_memory_equal(id, s->case_id, sizeof(id));
	s->digits[3] = '\0';
	assert_err(case_named(s->driver->carry, id, s->digits, s->m->now), CAIRN_ERR_UNKNOWN);
}

static void
compartments_of_a_kind_are_counted(void **state)
{
	static const struct {
		const char *name;
		int leg; /* -1: none */
	} names[] = {{"leg", 0}, {"leg 1", 0}, {"leg 2", 1}, {"leg2", 1}, {"leg-2", 1}, {"leg 3", -1}, {"leg 0", -1},
	    {"leg 02", -1}, {"leg ", -1}, {"stay", -1}, {"lag", -1}, {"", -1}};
	struct scene *s = *state;
	struct carry_compartment c;
	char name[COMPARTMENT_NAME_MAX];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		int err = compartment_named(s->admin->carry, &c, s->case_id, names[i].name);

		assert_int_equal(err, names[i].leg < 0 ? CAIRN_ERR_UNKNOWN : CAIRN_OK);
		if (err == CAIRN_OK)
			assert_memory_equal(c.id, s->leg[names[i].leg], OP_ID_BYTES);
	}
	assert_ok(compartment_get(s->admin->carry, &c, s->leg[0]));
	assert_ok(compartment_name(s->admin->carry, name, &c));
	assert_string_equal(name, "leg");
	assert_ok(compartment_get(s->admin->carry, &c, s->leg[1]));
	assert_ok(compartment_name(s->admin->carry, name, &c));
	assert_string_equal(name, "leg 2");
}

static void
who_has_no_role_for_a_kind_opens_it_for_others_only(void **state)
{
	struct scene *s = *state;
	const uint8_t(*driver)[OP_ID_BYTES] = (const uint8_t(*)[OP_ID_BYTES])s->driver->self.device;
	uint8_t id[OP_ID_BYTES];

	assert_err(carry_open(s->admin->carry, id, KIND_LEG, s->case_id, driver, 1, false, s->m->now),
	    CAIRN_ERR_DENIED);
	assert_ok(carry_open(s->admin->carry, id, KIND_LEG, s->case_id, driver, 1, true, s->m->now));
}

static void
what_the_others_would_refuse_is_refused_first(void **state)
{
	static const uint8_t whole[OP_ID_BYTES], other[OP_ID_BYTES] = {9};
	const struct cairn_span officer = {"Vera", 4}, nobody = {"", 0};
	struct scene *s = *state;
	struct carry *driver = s->driver->carry;

	assert_err(carry_close(driver, s->leg[0], s->case_id, MARK_ARRIVED, nobody, s->m->now), CAIRN_ERR_DENIED);
	assert_err(carry_close(driver, s->leg[0], s->case_id, MARK_LEFT, officer, s->m->now), CAIRN_ERR_DENIED);
	assert_err(carry_close(driver, whole, s->case_id, MARK_CLOSED, officer, s->m->now), CAIRN_ERR_DENIED);
	assert_err(carry_close(driver, s->contact, s->case_id, MARK_CLOSED, officer, s->m->now), CAIRN_ERR_DENIED);
	assert_err(carry_destroy(driver, s->leg[0], s->m->now), CAIRN_ERR_DENIED);
	assert_err(carry_retention(driver, KIND_LEG, 100, s->m->now), CAIRN_ERR_RANGE);
	assert_err(carry_retention(driver, KIND_LEG, 24, s->m->now), CAIRN_ERR_DENIED); /* no admin */
	assert_err(carry_case_state(driver, other, CASE_SILENT, s->m->now), CAIRN_ERR_DENIED);
	assert_ok(carry_close(driver, s->leg[0], s->case_id, MARK_ARRIVED, officer, s->m->now));
	assert_ok(carry_reopen(driver, s->leg[0], s->case_id, s->m->now));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, scene_set, scene_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_case_is_named_by_its_alias_where_that_may_be_read),
	    CASE(four_digits_of_its_id_are_the_least),
	    CASE(compartments_of_a_kind_are_counted),
	    CASE(who_has_no_role_for_a_kind_opens_it_for_others_only),
	    CASE(what_the_others_would_refuse_is_refused_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
