// SPDX-License-Identifier: GPL-3.0-or-later
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "bench.h"

#define CONNECTIONS_MAX 256U
#define HEAD_MAX 256U
#define ANSWER_MAX 1024U
#define TICK 1000U

struct line {
	int fd;
	size_t got;
	char answer[ANSWER_MAX];
};

struct load {
	const struct relay_desk *desk;
	size_t head_bytes;
	uint64_t next, end;
	uint8_t request[HEAD_MAX + CAIRN_DROP_CELL_BYTES];
	struct line lines[CONNECTIONS_MAX];
};

/* All of a request at once: a socket's buffer is larger than that. */
static void
post(struct load *l, struct line *line)
{
	size_t size = l->head_bytes + CAIRN_DROP_CELL_BYTES;

	if (l->next == l->end)
		return;
	relay_desk_cell(l->desk, l->request + l->head_bytes, CAIRN_DOOR_INTAKE, l->next++);
	if (!http_send(line->fd, l->request, size))
		bench_die("the relay closed a connection");
	line->got = 0;
}

/* Is the whole answer there? Every one has a receipt, so all are of one size. */
static bool
answered(const struct line *line)
{
	const char *body = memmem(line->answer, line->got, "\r\n\r\n", 4);

	if (body == NULL)
		return false;
	if (memcmp(line->answer, "HTTP/1.1 200", 12) != 0)
		bench_die("the relay answered %.12s", line->answer);
	return line->got == (size_t)(body + 4 - line->answer) + CAIRN_RECEIPT_BYTES;
}

static bool
take(struct line *line)
{
	ssize_t got = read(line->fd, line->answer + line->got, sizeof line->answer - line->got);

	if (got <= 0)
		bench_die("no answer: %s", got == 0 ? "closed" : strerror(errno));
	line->got += (size_t)got;
	return answered(line);
}

static int
open_lines(struct load *l, unsigned connections)
{
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	for (unsigned i = 0; i < connections; i++) {
		struct epoll_event event = {.events = EPOLLIN, .data.ptr = &l->lines[i]};

		l->lines[i].fd = relay_connect(l->desk->relay);
		if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, l->lines[i].fd, &event) != 0)
			bench_die("epoll: %s", strerror(errno));
	}
	return epoll;
}

double
load_drop(const struct relay_desk *desk, unsigned connections, uint64_t first, uint64_t count,
    void (*tick)(void *arg), void *arg)
{
	struct load *l = calloc(1, sizeof *l);
	uint64_t done = 0;
	double begin;
	int epoll;

	if (l == NULL || connections > CONNECTIONS_MAX)
		bench_die("memory");
	l->desk = desk;
	l->next = first;
	l->end = first + count;
	l->head_bytes = (size_t)snprintf((char *)l->request, HEAD_MAX,
	    "POST /d/%s/drop/intake HTTP/1.1\r\nHost: x\r\nContent-Length: 8192\r\n\r\n", desk->hex);
	epoll = open_lines(l, connections);
	begin = bench_seconds();
	for (unsigned i = 0; i < connections; i++)
		post(l, &l->lines[i]);
	while (done < count) {
		struct epoll_event events[64];
		int ready = epoll_wait(epoll, events, 64, 10000);

		if (ready <= 0)
			bench_die("the relay is silent");
		for (int i = 0; i < ready; i++) {
			struct line *line = events[i].data.ptr;

			if (!take(line))
				continue;
			if (++done % TICK == 0 && tick != NULL)
				tick(arg);
			post(l, line);
		}
	}
	begin = bench_seconds() - begin;
	for (unsigned i = 0; i < connections; i++)
		close(l->lines[i].fd);
	close(epoll);
	free(l);
	return begin;
}
