// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/test_options.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "cairn/err.h"
#include "relay/clock.h"

/* In place of clock.c: seconds to add stand in a file of 8 bytes, shared with the test. */
static const _Atomic int64_t none;
static const _Atomic int64_t *offset = &none;
static bool dumpable;

uint64_t
clock_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)((int64_t)now.tv_sec + *offset);
}

uint64_t
clock_monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000 + (uint64_t)*offset * 1000;
}

static int
map_clock(const char *path)
{
	void *at;
	int fd;

	/* Flags are read again at a reload, when the file cannot be. */
	if (offset != &none)
		return CAIRN_OK;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return CAIRN_ERR_IO;
	at = mmap(NULL, sizeof *offset, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (at == MAP_FAILED)
		return CAIRN_ERR_IO;
	offset = at;
	return CAIRN_OK;
}

int
test_option(int which, const char *value)
{
	if (which == 0)
		return map_clock(value);
	dumpable = true;
	return CAIRN_OK;
}

bool
test_dumpable(void)
{
	return dumpable;
}
