// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clean/confine.h"

/* What a picture that has taken cairn-clean over could do: tried by a process that is confined as it is. */

enum { CONFINED_DID = 0, CONFINED_COULD_NOT = 7, CONFINED_NEVER = 9 };

/* Runs attempt in a confined child; says what came of it. */
static int
confined(bool fonts, bool (*attempt)(void))
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (clean_confine(fonts) != CAIRN_OK)
			_exit(CONFINED_NEVER);
		_exit(attempt() ? CONFINED_DID : CONFINED_COULD_NOT);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static bool
read_a_file(void)
{
	return open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0;
}

static bool
write_a_file(void)
{
	return open("/tmp/cairn-clean-was-here", O_CREAT | O_WRONLY | O_CLOEXEC, 0600) >= 0;
}

static bool
write_beside_the_fonts(void)
{
	return open("/usr/share/cairn-clean-was-here", O_CREAT | O_WRONLY | O_CLOEXEC, 0600) >= 0;
}

static bool
read_the_fonts(void)
{
	return open("/usr/share", O_RDONLY | O_DIRECTORY | O_CLOEXEC) >= 0;
}

static bool
call_home(void)
{
	return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0;
}

static bool
make_a_socket_pair(void)
{
	int pair[2];

	return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0;
}

static bool
run_a_program(void)
{
	return execl("/bin/true", "true", (char *)NULL) == 0;
}

static bool
make_a_process(void)
{
	return fork() >= 0;
}

static bool
trace_its_parent(void)
{
	return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0;
}

static bool
kill_its_parent(void)
{
	return kill(getppid(), 0) == 0;
}

static bool
take_much_memory(void)
{
	return mmap(NULL, (size_t)8 << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static void *
nothing(void *arg)
{
	return arg;
}

static bool
make_a_thread(void)
{
	pthread_t thread;

	return pthread_create(&thread, NULL, nothing, NULL) == 0 && pthread_join(thread, NULL) == 0;
}

static void
it_cannot_get_out(void **state)
{
	static bool (*const attempts[])(void) = {read_a_file, write_a_file, write_beside_the_fonts, call_home,
	    make_a_socket_pair, run_a_program, make_a_process, trace_its_parent, kill_its_parent, take_much_memory};

	(void)state;
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		assert_int_equal(confined(false, attempts[i]), CONFINED_COULD_NOT);
		assert_int_equal(confined(true, attempts[i]), CONFINED_COULD_NOT);
	}
}

static void
it_can_do_its_work(void **state)
{
	(void)state;
	assert_int_equal(confined(false, make_a_thread), CONFINED_DID);
	assert_int_equal(confined(false, read_the_fonts), CONFINED_COULD_NOT);
	assert_int_equal(confined(true, read_the_fonts), CONFINED_DID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_cannot_get_out),
	    cmocka_unit_test(it_can_do_its_work),
	};

	return RUN_TESTS(tests);
}
