// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/counts.h"

#include <stdlib.h>
#include <string.h>

static int
order(const struct count *c, const uint8_t *desk, enum cairn_door door)
{
	int way = memcmp(c->desk, desk, CAIRN_HASH_BYTES);

	return way != 0 ? way : (int)c->door - (int)door;
}

/* Where it is, or where it would stand. */
static size_t
find(const struct counts *counts, const uint8_t *desk, enum cairn_door door)
{
	size_t low = 0;
	size_t high = counts->used;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (order(&counts->list[middle], desk, door) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int
make_room(struct counts *counts)
{
	struct count *more;

	if (counts->used < counts->room)
		return CAIRN_OK;
	more = reallocarray(counts->list, counts->room + 64, sizeof *more);
	if (more == NULL)
		return CAIRN_ERR_NOMEM;
	counts->list = more;
	counts->room += 64;
	return CAIRN_OK;
}

struct count *
counts_at(struct counts *counts, const uint8_t *desk, enum cairn_door door)
{
	size_t at = find(counts, desk, door);
	struct count *c;

	if (at < counts->used && order(&counts->list[at], desk, door) == 0)
		return &counts->list[at];
	if (make_room(counts) != CAIRN_OK)
		return NULL;
	c = &counts->list[at];
	memmove(c + 1, c, (counts->used - at) * sizeof *c);
	memcpy(c->desk, desk, sizeof c->desk);
	c->door = door;
	c->cells = 0;
	counts->used++;
	return c;
}

int
counts_add(struct counts *counts, const uint8_t *desk, enum cairn_door door, uint64_t more)
{
	struct count *c = counts_at(counts, desk, door);

	if (c == NULL)
		return CAIRN_ERR_NOMEM;
	c->cells += more;
	return CAIRN_OK;
}

void
counts_less(struct counts *counts, const uint8_t *desk, enum cairn_door door, uint64_t less)
{
	size_t at = find(counts, desk, door);

	if (at < counts->used && order(&counts->list[at], desk, door) == 0)
		counts->list[at].cells -= less < counts->list[at].cells ? less : counts->list[at].cells;
}

void
counts_clear(struct counts *counts)
{
	free(counts->list);
	*counts = (struct counts){0};
}
