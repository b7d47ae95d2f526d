// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/options.h"

struct sample {
	bool json;
	const char *desk;
	uint64_t port;
	int fd;
	struct option_list need;
};

static const struct option_def defs[] = {
	OPTION(FLAG, struct sample, json, "json", "", "one object"),
	OPTION(TEXT, struct sample, desk, "desk", "URL", "the desk"),
	OPTION(NUMBER, struct sample, port, "port", "N", "a port"),
	OPTION(FD, struct sample, fd, "text-fd", "N", "a file"),
	OPTION(LIST, struct sample, need, "need", "WHAT", "a need"),
	OPTIONS_END,
};
static const struct option_table table = {defs, sizeof(struct sample)};

static enum options_result
read_words(struct sample *sample, int *first, const char *const *words, int count)
{
	char copies[24][32];
	char *argv[25];

	for (int i = 0; i < count; i++) {
		assert_true(strlen(words[i]) < sizeof copies[i]);
		memcpy(copies[i], words[i], strlen(words[i]) + 1);
		argv[i] = copies[i];
	}
	argv[count] = NULL;
	return options_read(&table, sample, count, argv, first);
}

#define READ(sample, first, ...) \
	read_words((sample), (first), (const char *const[]){"cmd", __VA_ARGS__}, \
	    (int)(sizeof((const char *const[]){"cmd", __VA_ARGS__}) / sizeof(char *)))

static void
what_is_not_given_is_empty(void **state)
{
	struct sample s;
	int first;

	(void)state;
	memset(&s, 9, sizeof s);
	assert_int_equal(READ(&s, &first, "file"), OPTIONS_READ);
	assert_false(s.json);
	assert_null(s.desk);
	assert_int_equal(s.port, 0);
	assert_int_equal(s.fd, -1);
	assert_int_equal(s.need.count, 0);
	assert_int_equal(first, 1);
}

static void
each_kind_is_read(void **state)
{
	struct sample s;
	int first;

	(void)state;
	assert_int_equal(READ(&s, &first, "--json", "--desk=x", "file", "--port", "80", "--text-fd", "0",
			     "--need", "shelter", "--need", "doctor"),
	    OPTIONS_READ);
	assert_true(s.json);
	assert_non_null(s.desk);
	assert_int_equal(s.port, 80);
	assert_int_equal(s.fd, 0);
	assert_int_equal(s.need.count, 2);
	assert_int_equal(first, 11);
}

static void
two_hyphens_end_the_options(void **state)
{
	struct sample s;
	int first;

	(void)state;
	assert_int_equal(READ(&s, &first, "--", "--json"), OPTIONS_READ);
	assert_false(s.json);
	assert_int_equal(first, 2);
}

static void
what_is_wrong_is_told(void **state)
{
	struct sample s;
	int first;

	(void)state;
	assert_int_equal(READ(&s, &first, "--nothing"), OPTIONS_WRONG);
	assert_int_equal(READ(&s, &first, "--desk"), OPTIONS_WRONG);
	assert_int_equal(READ(&s, &first, "--port", "-1"), OPTIONS_WRONG);
	assert_int_equal(READ(&s, &first, "--port", "1x"), OPTIONS_WRONG);
	assert_int_equal(READ(&s, &first, "--json=yes"), OPTIONS_WRONG);
	assert_int_equal(READ(&s, &first, "-x"), OPTIONS_WRONG);
}

static void
a_descriptor_must_be_open(void **state)
{
	struct sample s;
	int first;

	(void)state;
	assert_int_equal(READ(&s, &first, "--text-fd", "977"), OPTIONS_WRONG);
}

static void
more_than_a_list_holds_is_refused(void **state)
{
	const char *words[1 + OPTION_LIST_MAX + 1];
	struct sample s;
	int first;

	(void)state;
	words[0] = "cmd";
	for (size_t i = 1; i < sizeof words / sizeof words[0]; i++)
		words[i] = "--need=x";
	assert_int_equal(read_words(&s, &first, words, 1 + OPTION_LIST_MAX), OPTIONS_READ);
	assert_int_equal(read_words(&s, &first, words, 2 + OPTION_LIST_MAX), OPTIONS_WRONG);
}

static void
help_wins(void **state)
{
	struct sample s;
	int first;

	(void)state;
	assert_int_equal(READ(&s, &first, "--json", "--help"), OPTIONS_HELP_ASKED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_given_is_empty),
		cmocka_unit_test(each_kind_is_read),
		cmocka_unit_test(two_hyphens_end_the_options),
		cmocka_unit_test(what_is_wrong_is_told),
		cmocka_unit_test(a_descriptor_must_be_open),
		cmocka_unit_test(more_than_a_list_holds_is_refused),
		cmocka_unit_test(help_wins),
	};

	return RUN_TESTS(tests);
}
