// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pick.h"

#include <string.h>

#include <sodium.h>

#define HOURS_PER_DAY 24U
#define PICKS 2U

static bool
session_has(const struct cairn_session *session, uint64_t n)
{
	for (size_t i = 0; i < session->fetched_count; i++)
		if (session->fetched[i] == n)
			return true;
	return false;
}

void
session_fetched(struct cairn_session *session, uint64_t n)
{
	if (session_has(session, n))
		return;
	if (session->fetched_count == CAIRN_SESSION_FETCHED_MAX) {
		memmove(session->fetched, session->fetched + 1,
		    (CAIRN_SESSION_FETCHED_MAX - 1) * sizeof session->fetched[0]);
		session->fetched_count--;
	}
	session->fetched[session->fetched_count++] = n;
}

static bool
is_hit(const struct cairn_look *look, uint64_t n)
{
	return n >= look->begin && look->batches[n - look->begin].hit;
}

bool
hits_are_left(const struct cairn_look *look)
{
	for (uint64_t n = look->window; n < look->opening.checkpoint.size; n++)
		if (is_hit(look, n) && !session_has(look->session, n))
			return true;
	return false;
}

/* By the days file, which reaches further back than the entries that were read. */
static bool
on_host(const struct cairn_look *look, uint64_t n)
{
	const struct cairn_days *days = &look->opening.days;
	size_t row = days->count;

	while (row > 0 && cairn_days_first(days, row - 1) > n)
		row--;
	return row > 0 && n < look->opening.checkpoint.size &&
	    cairn_batch_stays(cairn_days_day(days, row - 1) * HOURS_PER_DAY, look->opening.checkpoint.hour);
}

static bool
is_picked(const struct cairn_look *look, size_t count, uint64_t n)
{
	for (size_t i = 0; i < count; i++)
		if (look->picks[i] == n)
			return true;
	return false;
}

static size_t
add(struct cairn_look *look, size_t count, uint64_t n)
{
	if (count < PICKS && !is_picked(look, count, n) && on_host(look, n))
		look->picks[count++] = n;
	return count;
}

static size_t
add_unread_hits(struct cairn_look *look, size_t count)
{
	for (uint64_t n = look->opening.checkpoint.size; n > look->window; n--)
		if (is_hit(look, n - 1) && !session_has(look->session, n - 1))
			count = add(look, count, n - 1);
	return count;
}

/* Those of before, highest number first. */
static size_t
add_fetched(struct cairn_look *look, size_t count)
{
	const struct cairn_session *session = look->session;
	uint64_t below = UINT64_MAX;

	while (count < PICKS) {
		uint64_t highest = 0;
		bool any = false;

		for (size_t i = 0; i < session->fetched_count; i++) {
			uint64_t n = session->fetched[i];

			if (n < below && (!any || n > highest)) {
				highest = n;
				any = true;
			}
		}
		if (!any)
			break;
		count = add(look, count, highest);
		below = highest;
	}
	return count;
}

struct ranked {
	uint64_t n;
	uint8_t rank[CAIRN_HASH_BYTES];
};

/* The batches of the window without a hit that rank lowest, lowest first. */
static size_t
lowest(struct ranked best[PICKS], const struct cairn_look *look)
{
	uint8_t key[CAIRN_KEY_BYTES];
	size_t count = 0;

	cairn_decoy_key(key, look->conv->root);
	for (uint64_t n = look->window; n < look->opening.checkpoint.size; n++) {
		struct ranked here = {.n = n};
		size_t at;

		cairn_decoy_rank(here.rank, key, n);
		if (is_hit(look, n) || session_has(look->session, n))
			continue;
		for (at = count; at > 0 && memcmp(here.rank, best[at - 1].rank, sizeof here.rank) < 0; at--)
			if (at < PICKS)
				best[at] = best[at - 1];
		if (at < PICKS)
			best[at] = here;
		if (count < PICKS)
			count++;
	}
	sodium_memzero(key, sizeof key);
	return count;
}

static size_t
add_decoys(struct cairn_look *look, size_t count)
{
	struct ranked best[PICKS];
	size_t found = lowest(best, look);

	for (size_t i = 0; i < found; i++)
		count = add(look, count, best[i].n);
	return count;
}

static size_t
add_newest_outside(struct cairn_look *look, size_t count)
{
	for (uint64_t n = look->window; n > 0 && count < PICKS && on_host(look, n - 1); n--)
		count = add(look, count, n - 1);
	return count;
}

static size_t
pick_all(struct cairn_look *look)
{
	size_t count = 0;

	for (uint64_t n = look->window; n < look->opening.checkpoint.size; n++)
		if (on_host(look, n))
			look->picks[count++] = n;
	return count;
}

size_t
pick_batches(struct cairn_look *look)
{
	size_t count = 0;

	if (look->all)
		return pick_all(look);
	count = add_unread_hits(look, count);
	count = add_fetched(look, count);
	count = add_decoys(look, count);
	count = add_newest_outside(look, count);
	if (count == PICKS && look->picks[0] > look->picks[1]) {
		uint64_t first = look->picks[1];

		look->picks[1] = look->picks[0];
		look->picks[0] = first;
	}
	return count;
}
