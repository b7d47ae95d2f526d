// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <unictype.h>
#include <unistring/version.h>

#include "core/unicode.h"

#define CODES 0x110000U

/* Libunistring here is of Unicode 14; a newer one may know digits that are newer still. */
static void
digits_are_those_of_libunistring(void **state)
{
	(void)state;
	for (uint32_t code = 0; code < CODES; code++) {
		if (unicode_digit(code) >= 0 || _libunistring_version < 0x010100)
			assert_int_equal(unicode_digit(code), uc_decimal_value(code));
	}
}

static void
white_space_is_that_of_libunistring(void **state)
{
	(void)state;
	for (uint32_t code = 0; code < CODES; code++)
		assert_int_equal(unicode_is_space(code), uc_is_property_white_space(code));
}

static void
what_is_ignored_is_never_seen(void **state)
{
	(void)state;
	for (uint32_t code = 0; code < CODES; code++)
		if (unicode_is_invisible(code))
			assert_true(uc_is_general_category(code, UC_FORMAT) &&
			    uc_is_property_default_ignorable_code_point(code));
}

static void
every_direction_mark_is_ignored(void **state)
{
	(void)state;
	for (uint32_t code = 0; code < CODES; code++)
		if (uc_is_property_bidi_control(code))
			assert_true(unicode_is_invisible(code));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(digits_are_those_of_libunistring),
	    cmocka_unit_test(white_space_is_that_of_libunistring),
	    cmocka_unit_test(what_is_ignored_is_never_seen),
	    cmocka_unit_test(every_direction_mark_is_ignored),
	};

	return RUN_TESTS(tests);
}
