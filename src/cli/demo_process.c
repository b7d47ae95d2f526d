// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/demo_process.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/place.h"
#include "net/net.h"

#define FEED_FD 3
#define END_TRIES 100U
#define END_PAUSE_MS 50U

/* ---- children ---- */

/* A pipe with the text in it and its write end closed: the read end, or -1. */
static int
filled_pipe(const char *text)
{
	size_t left = strlen(text);
	int ends[2];

	if (left > DEMO_FEED_MAX || pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	while (left > 0) {
		ssize_t put = write(ends[1], text, left);

		if (put <= 0)
			break;
		text += put;
		left -= (size_t)put;
	}
	(void)close(ends[1]);
	if (left == 0)
		return ends[0];
	(void)close(ends[0]);
	return -1;
}

const char demo_later[] = "";

/* The end that the child reads; what is to be told later, through *ret_later. */
static int
feed_of(const char *text, int *ret_later)
{
	int ends[2];

	if (text != demo_later)
		return filled_pipe(text);
	if (ret_later == NULL || pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	*ret_later = ends[1];
	return ends[0];
}

/*
 * Gives the child its descriptors. A pipe that has the very number it is to have would keep its close-on-exec flag,
 * so all are moved up first.
 */
static bool
add_feeds(posix_spawn_file_actions_t *actions, const struct demo_call *call, int fds[DEMO_FEEDS], int *later)
{
	for (size_t i = 0; i < DEMO_FEEDS; i++) {
		int fd = call->feed[i] == NULL ? -1 : feed_of(call->feed[i], later == NULL ? NULL : &later[i]);

		if (call->feed[i] == NULL)
			continue;
		if (fd < 0)
			return false;
		fds[i] = fcntl(fd, F_DUPFD_CLOEXEC, 16);
		(void)close(fd);
		if (fds[i] < 0 || posix_spawn_file_actions_adddup2(actions, fds[i], FEED_FD + (int)i) != 0)
			return false;
	}
	return true;
}

/* posix_spawn() wants strings that it may change, and changes none. */
static pid_t
spawn(const struct demo_call *call, posix_spawn_file_actions_t *actions, short flags)
{
	char *args[DEMO_ARGS_MAX + 1] = {NULL};
	posix_spawnattr_t attr;
	pid_t pid = -1;

	for (size_t i = 0; i < DEMO_ARGS_MAX && call->args[i] != NULL; i++)
		memcpy(&args[i], &call->args[i], sizeof(args[i]));
	if (posix_spawnattr_init(&attr) != 0)
		return -1;
	if (posix_spawnattr_setflags(&attr, flags) != 0 ||
	    posix_spawn(&pid, args[0], actions, &attr, args, environ) != 0)
		pid = -1;
	(void)posix_spawnattr_destroy(&attr);
	return pid;
}

static pid_t
spawn_fed(const struct demo_call *call, int out, int err, short flags, int *later)
{
	int fds[DEMO_FEEDS] = {-1, -1, -1};
	posix_spawn_file_actions_t actions;
	pid_t pid = -1;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return -1;
	if (posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0 &&
	    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO) == 0 &&
	    posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO) == 0 &&
	    add_feeds(&actions, call, fds, later))
		pid = spawn(call, &actions, flags);
	for (size_t i = 0; i < DEMO_FEEDS; i++)
		if (fds[i] >= 0)
			(void)close(fds[i]);
	(void)posix_spawn_file_actions_destroy(&actions);
	return pid;
}

static void
read_all(int fd, char *out, size_t room)
{
	size_t used = 0;
	char beyond[512];
	ssize_t got;

	do {
		bool fits = used + 1 < room;

		got = read(fd, fits ? out + used : beyond, fits ? room - 1 - used : sizeof(beyond));
		if (got > 0 && fits)
			used += (size_t)got;
	} while (got > 0 || (got < 0 && errno == EINTR));
	out[used] = '\0';
}

int
demo_call(const struct demo_call *call, char *out, size_t room)
{
	int ends[2], status = 0;
	pid_t pid;

	out[0] = '\0';
	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	pid = spawn_fed(call, ends[1], ends[1], 0, NULL);
	(void)close(ends[1]);
	if (pid > 0)
		read_all(ends[0], out, room);
	(void)close(ends[0]);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

pid_t
demo_start(const struct demo_call *call, const char *log)
{
	int out = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	pid_t pid;

	if (out < 0)
		return -1;
	pid = spawn_fed(call, out, out, POSIX_SPAWN_SETSID, NULL);
	(void)close(out);
	return pid;
}

bool
demo_take(char *out, size_t room, const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL && snprintf(out, room, "%s", text) < (int)room;
}

/* ---- those that are talked with ---- */

bool
demo_talk_begin(struct demo_talk *talk, const struct demo_call *call, const char *log)
{
	int err = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600), ends[2] = {-1, -1};

	*talk = (struct demo_talk){.pid = -1, .later = {-1, -1, -1}};
	if (err >= 0 && pipe2(ends, O_CLOEXEC) == 0)
		talk->pid = spawn_fed(call, ends[1], err, 0, talk->later);
	if (err >= 0)
		(void)close(err);
	if (ends[1] >= 0)
		(void)close(ends[1]);
	if (ends[0] >= 0)
		talk->says = fdopen(ends[0], "r");
	return talk->pid > 0 && talk->says != NULL;
}

bool
demo_talk_hear(struct demo_talk *talk, char *out, size_t room, const char *member)
{
	char line[4096];
	json_t *object = fgets(line, sizeof(line), talk->says) == NULL ? NULL : json_loads(line, 0, NULL);
	bool heard = demo_take(out, room, object, member);

	json_decref(object);
	return heard;
}

bool
demo_talk_tell(struct demo_talk *talk, size_t feed, const char *text)
{
	size_t size = strlen(text);
	bool told = write(talk->later[feed], text, size) == (ssize_t)size;

	(void)close(talk->later[feed]);
	talk->later[feed] = -1;
	return told;
}

bool
demo_talk_end(struct demo_talk *talk, bool good)
{
	char rest[512];
	int status = 1;

	for (size_t i = 0; i < DEMO_FEEDS; i++)
		if (talk->later[i] >= 0)
			(void)close(talk->later[i]);
	if (!good && talk->pid > 0)
		(void)kill(talk->pid, SIGTERM);
	while (talk->says != NULL && fgets(rest, sizeof(rest), talk->says) != NULL)
		continue;
	if (talk->says != NULL)
		(void)fclose(talk->says);
	return talk->pid > 0 && waitpid(talk->pid, &status, 0) == talk->pid && good && status == 0;
}

/* ---- those that run ---- */

bool
demo_alive(pid_t pid, const char *mark)
{
	char path[64], line[4096];
	ssize_t got;
	int fd;

	(void)waitpid(pid, NULL, WNOHANG);
	(void)snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	fd = pid > 1 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0)
		return false;
	got = read(fd, line, sizeof(line));
	(void)close(fd);
	return got > 0 && memmem(line, (size_t)got, mark, strlen(mark)) != NULL;
}

bool
demo_end(pid_t pid, const char *mark)
{
	if (!demo_alive(pid, mark))
		return true;
	(void)kill(pid, SIGTERM);
	for (unsigned i = 0; i < 2 * END_TRIES && demo_alive(pid, mark); i++) {
		if (i == END_TRIES)
			(void)kill(pid, SIGKILL);
		net_pause(END_PAUSE_MS);
	}
	return !demo_alive(pid, mark);
}

/* ---- where the programs are ---- */

static bool
find_on_path(char *path, size_t room, const char *name)
{
	const char *at = getenv("PATH");

	while (at != NULL && *at != '\0') {
		size_t length = strcspn(at, ":");

		if (snprintf(path, room, "%.*s/%s", (int)length, at, name) < (int)room && access(path, X_OK) == 0)
			return true;
		at += length + (at[length] == ':');
	}
	return false;
}

bool
demo_find_relay(char *path, size_t room)
{
	static const char *const places[] = {"../relay/cairnd", "cairnd", "../sbin/cairnd"};

	return place_beside(path, room, places, sizeof(places) / sizeof(places[0])) ||
	    find_on_path(path, room, "cairnd");
}

/* The same, and where that really is. */
static bool
find_real(char *path, size_t room, const char *const *places, size_t count)
{
	char real[PATH_MAX];

	return place_beside(path, room, places, count) && realpath(path, real) != NULL &&
	    snprintf(path, room, "%s", real) < (int)room;
}

bool
demo_find_plain(char *path, size_t room)
{
	static const char *const places[] = {"../plain/cairn-plain", "../libexec/cairn/cairn-plain"};

	return find_real(path, room, places, sizeof(places) / sizeof(places[0]));
}

bool
demo_find_page(char *path, size_t room)
{
	static const char *const places[] = {"../../web/person", "../share/cairn/page"};

	return find_real(path, room, places, sizeof(places) / sizeof(places[0]));
}

/* ---- ports ---- */

bool
demo_listens(unsigned port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool there = fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0;

	if (fd >= 0)
		(void)close(fd);
	return there;
}

static unsigned
bind_port(unsigned port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t bytes = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	unsigned got = 0;
	int on = 1;

	if (fd < 0)
		return 0;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	    bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
	    getsockname(fd, (struct sockaddr *)&address, &bytes) == 0)
		got = ntohs(address.sin_port);
	(void)close(fd);
	return got;
}

unsigned
demo_free_port(unsigned wanted)
{
	unsigned port = wanted == 0 ? 0 : bind_port(wanted);

	return port == 0 ? bind_port(0) : port;
}
