// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/connections.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>

/* Descriptors are small numbers: this many stand beside those of connections. */
#define OTHERS 512U

struct place {
	uint64_t since_ms;
	uint64_t left_ms; /* when the other side was seen to be done; 0: it is not */
	bool open;
	bool counted;
};

struct connections {
	pthread_mutex_t lock;
	size_t limit;
	size_t count;
	size_t places;
	struct place *place; /* by descriptor */
};

int
connections_new(struct connections **ret, size_t limit)
{
	struct connections *c = calloc(1, sizeof *c);

	*ret = NULL;
	if (c == NULL)
		return CAIRN_ERR_NOMEM;
	c->limit = limit;
	c->places = limit + OTHERS;
	c->place = calloc(c->places, sizeof *c->place);
	if (c->place == NULL || pthread_mutex_init(&c->lock, NULL) != 0) {
		free(c->place);
		free(c);
		return CAIRN_ERR_NOMEM;
	}
	*ret = c;
	return CAIRN_OK;
}

void
connections_free(struct connections *c)
{
	if (c == NULL)
		return;
	pthread_mutex_destroy(&c->lock);
	free(c->place);
	free(c);
}

static struct place *
at(struct connections *c, int fd)
{
	return fd < 0 || (size_t)fd >= c->places ? NULL : &c->place[fd];
}

bool
connections_full(struct connections *c)
{
	bool full;

	pthread_mutex_lock(&c->lock);
	full = c->count >= c->limit;
	pthread_mutex_unlock(&c->lock);
	return full;
}

bool
connections_open(struct connections *c, int fd, bool counted, uint64_t now_ms)
{
	struct place *p = at(c, fd);
	bool room;

	pthread_mutex_lock(&c->lock);
	room = p != NULL && !p->open && c->count < c->limit;
	if (room) {
		*p = (struct place){.since_ms = now_ms, .open = true, .counted = counted};
		c->count++;
	}
	pthread_mutex_unlock(&c->lock);
	return room;
}

void
connections_closed(struct connections *c, int fd)
{
	struct place *p = at(c, fd);

	pthread_mutex_lock(&c->lock);
	if (p != NULL && p->open) {
		*p = (struct place){0};
		c->count--;
	}
	pthread_mutex_unlock(&c->lock);
}

void
connections_done(struct connections *c, int fd, uint64_t now_ms)
{
	struct place *p = at(c, fd);

	pthread_mutex_lock(&c->lock);
	if (p != NULL && p->open)
		p->since_ms = now_ms;
	pthread_mutex_unlock(&c->lock);
}

bool
connections_counted(struct connections *c, int fd)
{
	struct place *p = at(c, fd);
	bool counted;

	pthread_mutex_lock(&c->lock);
	counted = p != NULL && p->counted;
	pthread_mutex_unlock(&c->lock);
	return counted;
}

/*
 * The library is told of data and end at once, reads the data, and may wait for the end until the connection is
 * idle for too long: and all that while hold what it was sent.
 */
static bool
left(struct place *p, int fd, uint64_t now_ms)
{
	struct pollfd end = {.fd = fd, .events = POLLRDHUP};

	if (poll(&end, 1, 0) <= 0 || (end.revents & (POLLRDHUP | POLLHUP | POLLERR)) == 0) {
		p->left_ms = 0;
		return false;
	}
	if (p->left_ms == 0)
		p->left_ms = now_ms;
	return now_ms - p->left_ms > CONNECTION_LEFT_MS;
}

void
connections_cut(struct connections *c, uint64_t now_ms)
{
	uint64_t most;

	pthread_mutex_lock(&c->lock);
	most = c->count > c->limit - c->limit / 4 ? CONNECTION_TIGHT_MS : CONNECTION_SLOW_MS;
	/* Closing is told before it is done, under this lock: the descriptor is still that connection's. */
	for (size_t fd = 0; c->count > 0 && fd < c->places; fd++) {
		struct place *p = &c->place[fd];

		if (p->open && (left(p, (int)fd, now_ms) || now_ms > p->since_ms + most))
			shutdown((int)fd, SHUT_RDWR);
	}
	pthread_mutex_unlock(&c->lock);
}
