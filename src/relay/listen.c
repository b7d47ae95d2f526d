// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "relay/connections.h"
#include "relay/http.h"
#include "relay/log.h"
#include "relay/site.h"

#define BACKLOG 512
#define WAIT_FULL_MS 50 /* for a place, or when the machine has no descriptor left */
#define AT_ONCE 64      /* taken from one listener before the others are looked at */

struct listen {
	struct relay *relay;
	size_t count;
	struct pollfd fds[CONFIG_LISTEN_MAX + 1]; /* the last is the end's */
	int family[CONFIG_LISTEN_MAX];
	bool counted[CONFIG_LISTEN_MAX];
	bool site[CONFIG_LISTEN_MAX];
	bool started;
	pthread_t thread;
};

/* --- opening --- */

static int
open_unix(const struct config_listen *at, unsigned mode)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct stat st;

	if (fd < 0)
		return -1;
	memcpy(address.sun_path, at->address, strlen(at->address) + 1);
	/* Left by one that was killed: the lock on the data folder says that no other is running. */
	if (lstat(at->address, &st) == 0 && S_ISSOCK(st.st_mode))
		unlink(at->address);
	if (bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && chmod(at->address, mode) == 0)
		return fd;
	close(fd);
	return -1;
}

static int
open_tcp(const struct config_listen *at)
{
	struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(at->port)};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(at->port)};
	bool is_four = inet_pton(AF_INET, at->address, &four.sin_addr) == 1;
	int family = is_four ? AF_INET : AF_INET6;
	int on = 1;
	int fd;

	if (!is_four && inet_pton(AF_INET6, at->address, &six.sin6_addr) != 1)
		return -1;
	fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
	    (is_four || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) == 0) &&
	    bind(fd, is_four ? (struct sockaddr *)&four : (struct sockaddr *)&six,
	        is_four ? sizeof four : sizeof six) == 0)
		return fd;
	close(fd);
	return -1;
}

static int
open_one(struct listen *l, const struct config_listen *at, unsigned mode)
{
	bool is_unix = at->kind == CONFIG_LISTEN_UNIX;
	int fd = is_unix ? open_unix(at, mode) : open_tcp(at);

	if (fd < 0 || listen(fd, BACKLOG) != 0) {
		log_line(LOG_LEVEL_ERROR, "cannot listen on %s%s port %u: %s", is_unix ? "unix:" : "", at->address,
		    (unsigned)at->port, strerror(errno));
		if (fd >= 0)
			close(fd);
		return CAIRN_ERR_IO;
	}
	l->family[l->count] = strchr(at->address, ':') != NULL ? AF_INET6 : AF_INET;
	if (is_unix)
		l->family[l->count] = AF_UNIX;
	l->counted[l->count] = at->counted;
	l->site[l->count] = at->site;
	l->fds[l->count++] = (struct pollfd){.fd = fd, .events = POLLIN};
	return CAIRN_OK;
}

int
listen_open(struct listen **ret, const struct config *config)
{
	struct listen *l = calloc(1, sizeof *l);
	int err = CAIRN_OK;
	int end;

	*ret = NULL;
	if (l == NULL)
		return CAIRN_ERR_NOMEM;
	for (size_t i = 0; err == CAIRN_OK && i < config->listen_count; i++)
		err = open_one(l, &config->listens[i], config->socket_mode);
	end = eventfd(0, EFD_CLOEXEC);
	l->fds[l->count] = (struct pollfd){.fd = end, .events = POLLIN};
	if (err != CAIRN_OK || end < 0) {
		listen_free(l);
		return err != CAIRN_OK ? err : CAIRN_ERR_IO;
	}
	*ret = l;
	return CAIRN_OK;
}

/* --- accepting --- */

/* false: there is no place, or no descriptor, for now. */
static bool
accept_some(struct listen *l, size_t at)
{
	for (int i = 0; i < AT_ONCE; i++) {
		int fd;

		if (connections_full(l->relay->connections))
			return false;
		fd = accept4(l->fds[at].fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0)
			return errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM;
		if (l->site[at])
			site_server_add(l->relay->site, fd, l->family[at]);
		else
			http_add(l->relay, fd, l->family[at], l->counted[at]);
	}
	return true;
}

static void *
work(void *arg)
{
	struct listen *l = arg;
	struct pollfd *end = &l->fds[l->count];

	for (;;) {
		bool room = true;

		if (poll(l->fds, l->count + 1, -1) < 0)
			continue;
		if (end->revents != 0)
			return NULL;
		for (size_t i = 0; i < l->count; i++)
			if (l->fds[i].revents != 0)
				room = accept_some(l, i) && room;
		if (!room && poll(end, 1, WAIT_FULL_MS) > 0)
			return NULL;
	}
}

int
listen_start(struct listen *l, struct relay *relay)
{
	l->relay = relay;
	l->started = pthread_create(&l->thread, NULL, work, l) == 0;
	return l->started ? CAIRN_OK : CAIRN_ERR_NOMEM;
}

void
listen_free(struct listen *l)
{
	static const uint64_t one = 1;

	if (l == NULL)
		return;
	if (l->started && write(l->fds[l->count].fd, &one, sizeof one) == (ssize_t)sizeof one)
		pthread_join(l->thread, NULL);
	for (size_t i = 0; i <= l->count; i++)
		if (l->fds[i].fd > 0)
			close(l->fds[i].fd);
	free(l);
}
