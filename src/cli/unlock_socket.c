// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <sodium.h>

#include "cli/exit.h"
#include "cli/output.h"
#include "cli/secret.h"
#include "cli/unlock.h"

/*
 * While 'cairn desk open' runs, the vault is open. Commands of the same user get what opens it here, and are spared
 * the passphrase; so does every other program of that user that asks. docs/desk.md says what follows.
 */
#define GRANT_BYTES (1U + CAIRN_KEY_BYTES)
#define ANSWER_MS 5000

struct unlock_server {
	int listener;
	int stop[2]; /* a byte here ends the thread */
	int folder;
	pthread_t thread;
	struct vault_grant grant;
};

/* The folder's own path may be too long for a socket's name. */
static int
address(struct sockaddr_un *out, int folder)
{
	int n;

	memset(out, 0, sizeof(*out));
	out->sun_family = AF_UNIX;
	n = snprintf(out->sun_path, sizeof(out->sun_path), "/proc/self/fd/%d/" UNLOCK_SOCKET, folder);
	return n > 0 && (size_t)n < sizeof(out->sun_path) ? 0 : -1;
}

static bool
is_own(int fd)
{
	struct ucred peer;
	socklen_t bytes = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &bytes) == 0 && bytes == sizeof(peer) &&
	    peer.uid == geteuid();
}

static void
answer(const struct unlock_server *s, int fd)
{
	uint8_t bytes[GRANT_BYTES];
	ssize_t n;

	if (!is_own(fd))
		return;
	bytes[0] = s->grant.region;
	memcpy(bytes + 1, s->grant.data_key, CAIRN_KEY_BYTES);
	n = send(fd, bytes, sizeof(bytes), MSG_NOSIGNAL); /* who does not read it asks again */
	(void)n;
	sodium_memzero(bytes, sizeof(bytes));
}

static void *
serve(void *arg)
{
	struct unlock_server *s = arg;
	struct pollfd watched[2] = {{s->listener, POLLIN, 0}, {s->stop[0], POLLIN, 0}};

	while (poll(watched, 2, -1) >= 0 || errno == EINTR) {
		int fd;

		if (watched[1].revents != 0)
			break;
		fd = watched[0].revents == 0 ? -1 : accept4(s->listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			continue;
		answer(s, fd);
		close(fd);
	}
	return NULL;
}

static void
server_free(struct unlock_server *s)
{
	const int fds[] = {s->listener, s->stop[0], s->stop[1], s->folder};

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	secret_free(s);
}

/* What another run left is taken away: only one is open at a time. */
static bool
server_bind(struct unlock_server *s, const char *folder)
{
	struct sockaddr_un at;
	mode_t mask;
	bool bound;

	s->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	s->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s->folder < 0 || s->listener < 0 || address(&at, s->folder) != 0 || pipe2(s->stop, O_CLOEXEC) != 0)
		return false;
	unlinkat(s->folder, UNLOCK_SOCKET, 0);
	mask = umask(0177);
	bound = bind(s->listener, (struct sockaddr *)&at, sizeof(at)) == 0 && listen(s->listener, 16) == 0;
	umask(mask);
	return bound;
}

/* Signals are for the desk's own thread: they end its sleep. */
static bool
server_start(struct unlock_server *s)
{
	sigset_t all, before;
	bool started;

	sigfillset(&all);
	if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
		return false;
	started = pthread_create(&s->thread, NULL, serve, s) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}

int
unlock_serve(struct unlock_server **ret, const struct vault *vault, const char *folder)
{
	struct unlock_server *s = secret_new(sizeof(*s));

	*ret = NULL;
	if (s == NULL)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	s->listener = s->stop[0] = s->stop[1] = s->folder = -1;
	vault_grant(vault, &s->grant);
	if (!server_bind(s, folder) || !server_start(s)) {
		int code = fail(CAIRN_EXIT_STORAGE, "%s/" UNLOCK_SOCKET ": %s", folder, strerror(errno));

		server_free(s);
		return code;
	}
	*ret = s;
	return CAIRN_EXIT_OK;
}

void
unlock_stop(struct unlock_server *s)
{
	ssize_t n;

	if (s == NULL)
		return;
	n = write(s->stop[1], "", 1);
	if (n == 1)
		pthread_join(s->thread, NULL);
	unlinkat(s->folder, UNLOCK_SOCKET, 0);
	server_free(s);
}

static bool
receive(int fd, uint8_t *out, size_t bytes)
{
	const struct timeval patience = {ANSWER_MS / 1000, 0};
	size_t used = 0;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) != 0)
		return false;
	while (used < bytes) {
		ssize_t n = recv(fd, out + used, bytes - used, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		used += (size_t)n;
	}
	return true;
}

int
unlock_ask(struct vault_grant *grant, const char *folder)
{
	uint8_t bytes[GRANT_BYTES];
	struct sockaddr_un at;
	int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool got = dir >= 0 && fd >= 0 && address(&at, dir) == 0 &&
	    connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0 && is_own(fd) && receive(fd, bytes, sizeof(bytes));

	if (got) {
		grant->region = bytes[0];
		memcpy(grant->data_key, bytes + 1, CAIRN_KEY_BYTES);
	}
	sodium_memzero(bytes, sizeof(bytes));
	if (dir >= 0)
		close(dir);
	if (fd >= 0)
		close(fd);
	return got ? CAIRN_OK : CAIRN_ERR_UNKNOWN;
}
