// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include "base/writer.h"

static void
integers_are_big_endian(void **state)
{
	static const uint8_t want[15] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
	uint8_t room[15];
	struct writer w;
	size_t used;

	(void)state;
	writer_init(&w, room, sizeof room);
	write_u8(&w, 0x01);
	write_u16(&w, 0x0203);
	write_u32(&w, 0x04050607);
	write_u64(&w, 0x08090a0b0c0d0e0fULL);
	assert_ok(writer_end(&w, &used));
	assert_int_equal(used, sizeof want);
	assert_memory_equal(room, want, sizeof want);
}

static void
a_write_that_does_not_fit_writes_nothing(void **state)
{
	uint8_t room[4] = {9, 9, 9, 9};
	static const uint8_t want[4] = {9, 9, 9, 9};
	struct writer w;
	size_t used = 77;

	(void)state;
	writer_init(&w, room, 3);
	write_u32(&w, 1);
	assert_err(writer_end(&w, &used), CAIRN_ERR_SPACE);
	assert_int_equal(used, 77);
	assert_memory_equal(room, want, sizeof want);
}

static void
after_a_failure_a_write_that_would_fit_fails_too(void **state)
{
	uint8_t room[2] = {9, 9};
	struct writer w;

	(void)state;
	writer_init(&w, room, 2);
	write_u32(&w, 1);
	write_u8(&w, 1);
	assert_int_equal(room[0], 9);
	assert_err(writer_end(&w, NULL), CAIRN_ERR_SPACE);
}

static void
a_size_near_the_top_of_the_range_does_not_wrap(void **state)
{
	uint8_t room[8];
	struct writer w;

	(void)state;
	writer_init(&w, room, sizeof room);
	write_u8(&w, 1);
	write_bytes(&w, room, SIZE_MAX);
	assert_err(writer_end(&w, NULL), CAIRN_ERR_SPACE);
}

/* Writes into room[64] with one of the text functions and compares. */
#define assert_writes(call, want)                                  \
	do {                                                       \
		uint8_t room_[64];                                 \
		struct writer w;                                   \
		size_t used_;                                      \
                                                                   \
		writer_init(&w, room_, sizeof room_);              \
		call;                                              \
		assert_ok(writer_end(&w, &used_));                 \
		assert_int_equal(used_, sizeof(want) - 1);         \
		assert_memory_equal(room_, want, sizeof(want) - 1); \
	} while (0)

static void
decimals_have_no_leading_zeros(void **state)
{
	(void)state;
	assert_writes(write_decimal(&w, 0), "0");
	assert_writes(write_decimal(&w, 10), "10");
	assert_writes(write_decimal(&w, UINT64_MAX), "18446744073709551615");
}

static void
hex_is_lower_case(void **state)
{
	static const uint8_t bytes[] = {0x00, 0xab, 0xff};

	(void)state;
	assert_writes(write_hex(&w, bytes, sizeof bytes), "00abff");
	assert_writes(write_hex(&w, NULL, 0), "");
}

/* RFC 4648, section 10. */
static void
base64_is_padded(void **state)
{
	(void)state;
	assert_writes(write_base64(&w, (const uint8_t *)"", 0), "");
	assert_writes(write_base64(&w, (const uint8_t *)"f", 1), "Zg==");
	assert_writes(write_base64(&w, (const uint8_t *)"fo", 2), "Zm8=");
	assert_writes(write_base64(&w, (const uint8_t *)"foo", 3), "Zm9v");
	assert_writes(write_base64(&w, (const uint8_t *)"foobar", 6), "Zm9vYmFy");
}

static void
text_is_written_without_its_zero(void **state)
{
	(void)state;
	assert_writes(write_text(&w, "cairn"), "cairn");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_are_big_endian),
		cmocka_unit_test(a_write_that_does_not_fit_writes_nothing),
		cmocka_unit_test(after_a_failure_a_write_that_would_fit_fails_too),
		cmocka_unit_test(a_size_near_the_top_of_the_range_does_not_wrap),
		cmocka_unit_test(decimals_have_no_leading_zeros),
		cmocka_unit_test(hex_is_lower_case),
		cmocka_unit_test(base64_is_padded),
		cmocka_unit_test(text_is_written_without_its_zero),
	};

	return RUN_TESTS(tests);
}
