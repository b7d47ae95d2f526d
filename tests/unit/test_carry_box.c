// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include <sodium.h>

#include "carry/box.h"

static const uint8_t desk_id[CAIRN_HASH_BYTES] = {1}, sender[OP_ID_BYTES] = {2}, recipient[OP_ID_BYTES] = {3};
static struct cairn_xwing_key key;
static uint8_t room[BOX_ROOM_BYTES];
static struct box_grant grants[BOX_GRANTS_MAX], opened[BOX_GRANTS_MAX];
static struct op_box box;
static size_t count;

static int
setup(void **state)
{
	uint8_t seed[CAIRN_XWING_SEED_BYTES];

	(void)state;
	randombytes_buf(seed, sizeof(seed));
	cairn_xwing_key_init(&key, seed);
	return 0;
}

static void
fill(uint8_t out[OP_ID_BYTES], uint8_t v)
{
	memset(out, v, OP_ID_BYTES);
}

/* One of each kind, with nothing set that its kind does not have. */
static int
fresh(void **state)
{
	(void)state;
	memset(grants, 0, sizeof(grants));
	grants[0] = (struct box_grant){.what = BOX_KEY, .kind = 5, .gen = 4, .day = 20000};
	grants[1] = (struct box_grant){.what = BOX_EPOCH, .door = 1, .day = 20003, .epoch_gen = 2};
	grants[2] = (struct box_grant){.what = BOX_TAG, .month = 666, .day = 20001};
	grants[3] = (struct box_grant){.what = BOX_SHARE, .number = 3};
	fill(grants[0].id, 0x10);
	fill(grants[0].case_id, 0x11);
	fill(grants[2].id, 0x12);
	fill(grants[2].compartment, 0x10);
	fill(grants[3].id, 0x13);
	for (size_t i = 0; i < 4; i++)
		randombytes_buf(grants[i].secret, sizeof(grants[i].secret));
	return 0;
}

static int
seal(size_t n)
{
	return box_seal(&box, room, desk_id, sender, recipient, 20000, grants, n, key.public_key);
}

static int
open_box(void)
{
	return box_open(opened, &count, &box, desk_id, sender, &key);
}

static void
each_kind_of_grant_comes_out_as_it_went_in(void **state)
{
	(void)state;
	assert_ok(seal(4));
	assert_ok(open_box());
	assert_int_equal(count, 4);
	assert_memory_equal(opened, grants, 4 * sizeof(*grants));
}

static void
the_names_tell_what_is_granted_and_no_key(void **state)
{
	struct box_name name, want;
	size_t at = 0;

	(void)state;
	assert_ok(seal(4));
	for (size_t i = 0; i < 4; i++) {
		assert_ok(box_name_next(&name, box.names, &at));
		box_name(&want, &grants[i]);
		assert_true(box_name_same(&name, &want));
		assert_null(memmem(room, sizeof(room), grants[i].secret, 8));
	}
	assert_err(box_name_next(&name, box.names, &at), CAIRN_ERR_UNKNOWN);
	assert_int_equal(want.what, BOX_SHARE);
	assert_int_equal(want.gen, 3);
}

static void
names_differ_by_each_thing_they_name(void **state)
{
	struct box_name a, b;
	struct box_grant other;

	(void)state;
	box_name(&a, &grants[1]);
	for (int i = 0; i < 3; i++) {
		other = grants[1];
		other.door = (uint8_t)(other.door + (i == 0));
		other.day += i == 1;
		other.epoch_gen = (uint16_t)(other.epoch_gen + (i == 2));
		box_name(&b, &other);
		assert_false(box_name_same(&a, &b));
	}
	box_name(&a, &grants[2]);
	other = grants[2];
	other.month++;
	box_name(&b, &other);
	assert_false(box_name_same(&a, &b));
}

static void
as_many_as_there_may_be_fit(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < BOX_GRANTS_MAX; i++)
		grants[i] = (struct box_grant){.what = BOX_KEY, .gen = i};
	assert_ok(seal(BOX_GRANTS_MAX));
	assert_true(box.names.size <= OP_BOX_MAX && box.ct.size <= OP_BOX_MAX);
	assert_ok(open_box());
	assert_int_equal(count, BOX_GRANTS_MAX);
	assert_err(seal(BOX_GRANTS_MAX + 1), CAIRN_ERR_RANGE);
	assert_err(seal(0), CAIRN_ERR_RANGE);
}

static void
the_same_twice_or_an_unknown_kind_is_not_sealed(void **state)
{
	(void)state;
	grants[3] = grants[0];
	assert_err(seal(4), CAIRN_ERR_RANGE);
	grants[3].what = 5;
	assert_err(seal(4), CAIRN_ERR_RANGE);
	grants[3].what = 0;
	assert_err(seal(4), CAIRN_ERR_RANGE);
	assert_true(sodium_is_zero(room, sizeof(room)));
}

static void
a_box_opens_only_where_and_for_whom_it_was_sealed(void **state)
{
	const uint8_t other[CAIRN_HASH_BYTES] = {9};
	struct op_box moved;

	(void)state;
	assert_ok(seal(4));
	assert_err(box_open(opened, &count, &box, other, sender, &key), CAIRN_ERR_CRYPTO);
	assert_err(box_open(opened, &count, &box, desk_id, other, &key), CAIRN_ERR_CRYPTO);
	moved = box;
	moved.day++;
	assert_err(box_open(opened, &count, &moved, desk_id, sender, &key), CAIRN_ERR_CRYPTO);
	moved = box;
	moved.recipient[0]++;
	assert_err(box_open(opened, &count, &moved, desk_id, sender, &key), CAIRN_ERR_CRYPTO);
	assert_int_equal(count, 0);
	assert_true(sodium_is_zero((const uint8_t *)opened, sizeof(opened)));
	assert_ok(open_box());
}

/* A device that names more, less or something else than it gives would make others forget what they owe. */
static void
a_box_that_names_something_else_is_refused(void **state)
{
	uint8_t names[5 * BOX_NAME_BYTES];

	(void)state;
	assert_ok(seal(4));
	memcpy(names, box.names.text, 4 * BOX_NAME_BYTES);
	memcpy(names + 4 * BOX_NAME_BYTES, names, BOX_NAME_BYTES);
	box.names = (struct cairn_span){(const char *)names, 5 * BOX_NAME_BYTES};
	assert_err(open_box(), CAIRN_ERR_CONFLICT);
	box.names.size = 3 * BOX_NAME_BYTES;
	assert_err(open_box(), CAIRN_ERR_CONFLICT);
	box.names.size = 4 * BOX_NAME_BYTES - 1;
	assert_err(open_box(), CAIRN_ERR_FORMAT);
	box.names.size = 4 * BOX_NAME_BYTES;
	names[20]++;
	assert_err(open_box(), CAIRN_ERR_CONFLICT);
	assert_true(sodium_is_zero((const uint8_t *)opened, sizeof(opened)));
	names[20]--;
	names[0] = BOX_SHARE;
	assert_err(open_box(), CAIRN_ERR_CONFLICT);
	names[0] = 5;
	assert_err(open_box(), CAIRN_ERR_FORMAT);
	names[0] = BOX_KEY;
	assert_ok(open_box());
}

static void
a_name_of_an_epoch_with_something_behind_it_is_ill_formed(void **state)
{
	uint8_t names[BOX_NAME_BYTES] = {BOX_EPOCH, 1, 0, 0, 0x4e, 0x20};
	const struct cairn_span list = {(const char *)names, sizeof(names)};
	struct box_name name;
	size_t at = 0;

	(void)state;
	assert_ok(box_name_next(&name, list, &at));
	names[16] = 1;
	at = 0;
	assert_err(box_name_next(&name, list, &at), CAIRN_ERR_FORMAT);
}

static void
sizes_that_cannot_be_are_refused(void **state)
{
	(void)state;
	assert_ok(seal(1));
	box.enc.size--;
	assert_err(open_box(), CAIRN_ERR_FORMAT);
	box.enc.size++;
	box.ct.size = 15;
	assert_err(open_box(), CAIRN_ERR_FORMAT);
	box.ct.size = SIZE_MAX;
	assert_err(open_box(), CAIRN_ERR_FORMAT);
}

static void
a_key_that_must_not_be_used_is_told(void **state)
{
	static const uint8_t zeros[CAIRN_XWING_PUBLIC_BYTES];

	(void)state;
	assert_err(box_seal(&box, room, desk_id, sender, recipient, 20000, grants, 4, zeros), CAIRN_ERR_KEY);
	assert_true(sodium_is_zero(room, sizeof(room)));
	assert_null(box.ct.text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(each_kind_of_grant_comes_out_as_it_went_in, fresh),
	    cmocka_unit_test_setup(the_names_tell_what_is_granted_and_no_key, fresh),
	    cmocka_unit_test_setup(names_differ_by_each_thing_they_name, fresh),
	    cmocka_unit_test_setup(as_many_as_there_may_be_fit, fresh),
	    cmocka_unit_test_setup(the_same_twice_or_an_unknown_kind_is_not_sealed, fresh),
	    cmocka_unit_test_setup(a_box_opens_only_where_and_for_whom_it_was_sealed, fresh),
	    cmocka_unit_test_setup(a_box_that_names_something_else_is_refused, fresh),
	    cmocka_unit_test_setup(a_name_of_an_epoch_with_something_behind_it_is_ill_formed, fresh),
	    cmocka_unit_test_setup(sizes_that_cannot_be_are_refused, fresh),
	    cmocka_unit_test_setup(a_key_that_must_not_be_used_is_told, fresh),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests_name("test_carry_box.c", tests, setup, NULL);
}
