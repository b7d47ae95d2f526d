// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include "base/reader.h"

static const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

static void
integers_are_big_endian(void **state)
{
	struct reader r;
	uint8_t a;
	uint16_t b;
	uint32_t c;
	uint64_t d;

	(void)state;
	reader_init(&r, bytes, 15);
	take_u8(&r, &a);
	take_u16(&r, &b);
	take_u32(&r, &c);
	take_u64(&r, &d);
	assert_ok(reader_end(&r));
	assert_int_equal(a, 0x01);
	assert_int_equal(b, 0x0203);
	assert_int_equal(c, 0x04050607);
	assert_true(d == 0x08090a0b0c0d0e0fULL);
}

static void
a_take_of_one_too_many_fails_and_gives_zero(void **state)
{
	struct reader r;
	uint16_t v = 7;

	(void)state;
	reader_init(&r, bytes, 1);
	take_u16(&r, &v);
	assert_int_equal(v, 0);
	assert_err(reader_end(&r), CAIRN_ERR_FORMAT);
}

static void
every_width_is_zero_when_nothing_is_left(void **state)
{
	struct reader r;
	uint8_t a = 1;
	uint16_t b = 1;
	uint32_t c = 1;
	uint64_t d = 1;

	(void)state;
	reader_init(&r, bytes, 0);
	take_u8(&r, &a);
	take_u16(&r, &b);
	take_u32(&r, &c);
	take_u64(&r, &d);
	assert_int_equal(a, 0);
	assert_int_equal(b, 0);
	assert_int_equal(c, 0);
	assert_true(d == 0);
}

static void
after_a_failure_nothing_more_is_taken(void **state)
{
	struct reader r;
	uint32_t wide;
	uint8_t v = 7;

	(void)state;
	reader_init(&r, bytes, 3);
	take_u32(&r, &wide);
	take_u8(&r, &v);
	assert_int_equal(v, 0);
	assert_null(take_view(&r, 0));
	assert_err(reader_end(&r), CAIRN_ERR_FORMAT);
}

static void
bytes_left_over_are_an_error(void **state)
{
	struct reader r;
	uint8_t v;

	(void)state;
	reader_init(&r, bytes, 2);
	take_u8(&r, &v);
	assert_err(reader_end(&r), CAIRN_ERR_FORMAT);
}

static void
a_view_looks_into_the_bytes_themselves(void **state)
{
	struct reader r;

	(void)state;
	reader_init(&r, bytes, sizeof bytes);
	assert_ptr_equal(take_view(&r, 4), bytes);
	assert_ptr_equal(take_view(&r, 12), bytes + 4);
	assert_ok(reader_end(&r));
}

static void
a_size_near_the_top_of_the_range_does_not_wrap(void **state)
{
	struct reader r;
	uint8_t v;

	(void)state;
	reader_init(&r, bytes, sizeof bytes);
	take_u8(&r, &v);
	assert_null(take_view(&r, SIZE_MAX));
	assert_err(reader_end(&r), CAIRN_ERR_FORMAT);
}

static void
a_copy_that_does_not_fit_is_filled_with_zeros(void **state)
{
	static const uint8_t zeros[4];
	uint8_t out[4] = {9, 9, 9, 9};
	struct reader r;

	(void)state;
	reader_init(&r, bytes, 3);
	take_bytes(&r, out, sizeof out);
	assert_memory_equal(out, zeros, sizeof out);
	assert_err(reader_end(&r), CAIRN_ERR_FORMAT);
}

static void
a_copy_is_what_stands_there(void **state)
{
	uint8_t out[16];
	struct reader r;

	(void)state;
	reader_init(&r, bytes, sizeof bytes);
	take_bytes(&r, out, sizeof out);
	assert_memory_equal(out, bytes, sizeof out);
	assert_ok(reader_end(&r));
}

static void
nothing_at_all_may_be_read_from_a_null_pointer(void **state)
{
	struct reader r;

	(void)state;
	reader_init(&r, NULL, 0);
	take_bytes(&r, NULL, 0);
	assert_ok(reader_end(&r));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_are_big_endian),
		cmocka_unit_test(a_take_of_one_too_many_fails_and_gives_zero),
		cmocka_unit_test(every_width_is_zero_when_nothing_is_left),
		cmocka_unit_test(after_a_failure_nothing_more_is_taken),
		cmocka_unit_test(bytes_left_over_are_an_error),
		cmocka_unit_test(a_view_looks_into_the_bytes_themselves),
		cmocka_unit_test(a_size_near_the_top_of_the_range_does_not_wrap),
		cmocka_unit_test(a_copy_that_does_not_fit_is_filled_with_zeros),
		cmocka_unit_test(a_copy_is_what_stands_there),
		cmocka_unit_test(nothing_at_all_may_be_read_from_a_null_pointer),
	};

	return RUN_TESTS(tests);
}
