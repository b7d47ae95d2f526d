// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TESTS_LIB_TEST_H
#define TESTS_LIB_TEST_H

/* cmocka wants these four in front of it, in this order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define assert_ok(call) assert_int_equal((call), 0)
#define assert_err(call, err) assert_int_equal((call), (err))

/* The whole of a test program: its cases, in a table. */
#define RUN_TESTS(tests) cmocka_run_group_tests_name(__FILE_NAME__, tests, NULL, NULL)

#endif
