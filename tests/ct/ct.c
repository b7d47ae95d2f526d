// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <sys/wait.h>
#include <unistd.h>

/*
 * Starts ct_secrets under valgrind, one operation at a time. Argon2id is not among them: its second half looks
 * up memory by the passphrase, as it is meant to.
 */

#define FOUND 99
#define NOTHING_FOUND 0

static const char *secrets_program;

static int
status_of(const char *operation)
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		execl(VALGRIND, VALGRIND, "--quiet", "--error-exitcode=99", "--track-origins=yes",
		    "--suppressions=" SUPPRESSIONS, secrets_program, operation, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

#define CLEAN(operation)                                                \
	static void operation##_shows_nothing(void **state)             \
	{                                                               \
		(void)state;                                            \
		assert_int_equal(status_of(#operation), NOTHING_FOUND); \
	}

#define LEAKY(operation)                                        \
	static void a_##operation##_is_found(void **state)      \
	{                                                       \
		(void)state;                                    \
		assert_int_equal(status_of(#operation), FOUND); \
	}

CLEAN(blob)
CLEAN(conversation)
CLEAN(decapsulate_altered)
CLEAN(decapsulate_good)
CLEAN(derive)
CLEAN(drop_cell)
CLEAN(encapsulate)
CLEAN(hello_mac)
CLEAN(key_from_seed)
CLEAN(look_tags)
CLEAN(new_passphrase)
CLEAN(open_altered)
CLEAN(open_good)
CLEAN(reply_cell)
CLEAN(seal)
LEAKY(leaky_branch)
LEAKY(leaky_comparison)
LEAKY(leaky_index)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_leaky_branch_is_found),
	    cmocka_unit_test(a_leaky_comparison_is_found),
	    cmocka_unit_test(a_leaky_index_is_found),
	    cmocka_unit_test(blob_shows_nothing),
	    cmocka_unit_test(conversation_shows_nothing),
	    cmocka_unit_test(decapsulate_altered_shows_nothing),
	    cmocka_unit_test(decapsulate_good_shows_nothing),
	    cmocka_unit_test(derive_shows_nothing),
	    cmocka_unit_test(drop_cell_shows_nothing),
	    cmocka_unit_test(encapsulate_shows_nothing),
	    cmocka_unit_test(hello_mac_shows_nothing),
	    cmocka_unit_test(key_from_seed_shows_nothing),
	    cmocka_unit_test(look_tags_shows_nothing),
	    cmocka_unit_test(new_passphrase_shows_nothing),
	    cmocka_unit_test(open_altered_shows_nothing),
	    cmocka_unit_test(open_good_shows_nothing),
	    cmocka_unit_test(reply_cell_shows_nothing),
	    cmocka_unit_test(seal_shows_nothing),
	};

	if (argc != 2)
		return 2;
	secrets_program = argv[1];
	return RUN_TESTS(tests);
}
