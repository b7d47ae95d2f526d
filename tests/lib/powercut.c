// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/powercut.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#define SECTOR 512U

ssize_t __real_pwrite64(int fd, const void *bytes, size_t size, off_t at);
ssize_t __wrap_pwrite64(int fd, const void *bytes, size_t size, off_t at);
int __wrap_fdatasync(int fd);

/* A write that no flush has followed, and what was there before. */
struct pending {
	int fd;
	off_t at;
	size_t size;
	uint8_t *before;
};

static struct pending *pendings;
static size_t count, room;
static unsigned long at_point, strike;
static bool trips, dead, struck;

static void
forget(void)
{
	for (size_t i = 0; i < count; i++)
		free(pendings[i].before);
	count = 0;
}

static void
arm(unsigned long k, bool trip)
{
	forget();
	at_point = 0;
	strike = k;
	trips = trip;
	dead = struck = false;
}

void
powercut_arm(unsigned long k)
{
	arm(k, false);
}

void
powercut_trip(unsigned long k)
{
	arm(k, true);
}

bool
powercut_mend(void)
{
	bool was = struck;

	arm(0, false);
	return was;
}

/* Of each write since the last flush: all is kept, nothing, or some sectors. */
static void
lose(void)
{
	for (size_t i = count; i-- > 0;) {
		const struct pending *p = &pendings[i];
		uint32_t how = randombytes_uniform(3);

		for (size_t from = 0; from < p->size; from += SECTOR) {
			size_t n = p->size - from < SECTOR ? p->size - from : SECTOR;

			if (how == 0 || (how == 1 && randombytes_uniform(2) == 0))
				if (__real_pwrite64(p->fd, p->before + from, n, p->at + (off_t)from) != (ssize_t)n)
					abort();
		}
	}
	forget();
}

static void
remember(int fd, off_t at, size_t size)
{
	struct pending *p;

	if (count == room) {
		room = room == 0 ? 256 : 2 * room;
		pendings = realloc(pendings, room * sizeof(*pendings));
		if (pendings == NULL)
			abort();
	}
	p = &pendings[count++];
	*p = (struct pending){fd, at, size, calloc(1, size)};
	if (p->before == NULL || pread(fd, p->before, size, at) < 0)
		abort();
}

/* Is it this one that fails? */
static bool
point(void)
{
	at_point++;
	if (dead)
		return true;
	if (strike == 0 || at_point != strike)
		return false;
	struck = true;
	dead = !trips;
	return true;
}

ssize_t
__wrap_pwrite64(int fd, const void *bytes, size_t size, off_t at)
{
	bool fails;

	if (strike == 0)
		return __real_pwrite64(fd, bytes, size, at);
	if (dead) {
		errno = EIO;
		return -1;
	}
	fails = point();
	remember(fd, at, size);
	if (!fails)
		return __real_pwrite64(fd, bytes, size, at);
	if (__real_pwrite64(fd, bytes, trips ? size / 2 : size, at) < 0)
		abort();
	if (dead)
		lose();
	errno = EIO;
	return -1;
}

int
__wrap_fdatasync(int fd)
{
	(void)fd;
	if (strike == 0)
		return 0;
	if (point()) {
		if (dead && count > 0)
			lose();
		errno = EIO;
		return -1;
	}
	forget();
	return 0;
}
