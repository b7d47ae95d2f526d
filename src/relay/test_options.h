// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_TEST_OPTIONS_H
#define CAIRN_RELAY_TEST_OPTIONS_H

/*
 * Flags of the build that tests run (cairnd-test, never installed): a clock that the test moves, and memory that it
 * may look at. They stand in test_options.c, which the daemon is not linked with.
 */
#ifdef CAIRN_RELAY_TEST
#define TEST_OPTIONS(first) \
	{"test-clock", required_argument, NULL, (first)}, {"test-dumpable", no_argument, NULL, (first) + 1}
int test_option(int which, const char *value);
#else
#define TEST_OPTIONS(first) \
	{0}
static inline int
test_option(int which, const char *value)
{
	(void)which, (void)value;
	return 0;
}
#endif

#include <stdbool.h>

/* May memory be looked at from outside? Only ever so in the test build. */
#ifdef CAIRN_RELAY_TEST
bool test_dumpable(void);
#else
static inline bool
test_dumpable(void)
{
	return false;
}
#endif

#endif
