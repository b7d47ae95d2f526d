// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "cairn/board.h"

#define DAY_HOURS 24U

static uint32_t
less(uint32_t day, uint32_t days)
{
	return day > days ? day - days : 0;
}

void
cairn_window(uint32_t *ret_first, uint32_t *ret_last, uint32_t checkpoint_hour, const uint32_t *named)
{
	uint32_t last = checkpoint_hour / DAY_HOURS;
	uint32_t earliest = less(last, CAIRN_WINDOW_BACK_MAX);
	uint32_t first = named == NULL ? less(last, CAIRN_WINDOW_DAYS_DEFAULT - 1) : *named;

	if (first < earliest)
		first = earliest;
	*ret_first = first > last ? last : first;
	*ret_last = last;
}

/*
 * All 256 tags of one day under one tag key: what cairn_tag() gives. A look computes tens of thousands,
 * so the hash is keyed and fed its label only once.
 */
static void
day_tags(struct cairn_look_tag *out, const uint8_t tag_key[CAIRN_KEY_BYTES], uint32_t day)
{
	static const uint8_t label[] = "cairn/1 tag"; /* with the zero that ends it */
	crypto_generichash_state begun, state;
	uint8_t hash[CAIRN_HASH_BYTES], context[3] = {0};

	crypto_generichash_init(&begun, tag_key, CAIRN_KEY_BYTES, sizeof hash);
	crypto_generichash_update(&begun, label, sizeof label);
	for (unsigned i = 0; i < CAIRN_LANES * CAIRN_LANE_TAGS; i++, out++) {
		context[0] = (uint8_t)(i / CAIRN_LANE_TAGS);
		put_u16(context + 1, (uint16_t)(i % CAIRN_LANE_TAGS));
		state = begun;
		crypto_generichash_update(&state, context, sizeof context);
		crypto_generichash_final(&state, hash, sizeof hash);
		memcpy(out->tag, hash, CAIRN_TAG_BYTES);
		out->day = day;
	}
	sodium_memzero(&begun, sizeof begun);
	sodium_memzero(&state, sizeof state);
	sodium_memzero(hash, sizeof hash);
}

/* The tags of the days begin to end under the chain of one month; returns how many. */
static size_t
month_tags(struct cairn_look_tag *out, const uint8_t root[CAIRN_KEY_BYTES], uint32_t month, uint32_t begin,
    uint32_t end)
{
	uint8_t key[CAIRN_KEY_BYTES];
	size_t count = 0;

	if (begin < month * CAIRN_MONTH_DAYS)
		begin = month * CAIRN_MONTH_DAYS;
	if (out != NULL)
		cairn_tag_key(key, root, month, begin);
	for (uint32_t day = begin; day <= end; day++) {
		if (out != NULL) {
			day_tags(out + count, key, day);
			cairn_tag_key_step(key);
		}
		count += CAIRN_LANES * CAIRN_LANE_TAGS;
	}
	sodium_memzero(key, sizeof key);
	return count;
}

size_t
cairn_look_tags(struct cairn_look_tag *out, const uint8_t root[CAIRN_KEY_BYTES], uint32_t first, uint32_t last)
{
	uint32_t end = last + 1;
	uint32_t begin = less(first, 1);
	uint32_t newest = end / CAIRN_MONTH_DAYS;
	size_t count = 0;

	/* out has room for the longest window and no more. */
	if (begin < less(last, CAIRN_WINDOW_BACK_MAX + 1))
		begin = less(last, CAIRN_WINDOW_BACK_MAX + 1);
	for (uint32_t back = 0; back < CAIRN_LOOK_MONTHS && back <= newest; back++)
		count += month_tags(out == NULL ? NULL : out + count, root, newest - back, begin, end);
	return count;
}

void
cairn_decoy_key(uint8_t out[CAIRN_KEY_BYTES], const uint8_t root[CAIRN_KEY_BYTES])
{
	cairn_derive(out, root, "decoy", NULL, 0);
}

void
cairn_decoy_rank(uint8_t out[CAIRN_HASH_BYTES], const uint8_t decoy_key[CAIRN_KEY_BYTES], uint64_t n)
{
	uint8_t context[8];

	put_u64(context, n);
	cairn_derive(out, decoy_key, "rank", context, sizeof context);
}
