// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/chance.h"

#include <string.h>

#include <sodium.h>

/*
 * One stream for the program under test, one for the simulation: else a step more here would change all keys there.
 */
struct stream {
	unsigned char key[crypto_stream_chacha20_KEYBYTES];
	uint64_t block;
	unsigned char bytes[64];
	size_t left;
};

static struct stream keys, steps;

static void
stream_seed(struct stream *s, uint64_t seed, unsigned char which)
{
	memset(s, 0, sizeof(*s));
	memcpy(s->key, &seed, sizeof(seed));
	s->key[31] = which;
}

static void
stream_take(struct stream *s, void *out, size_t size)
{
	unsigned char *to = out;

	for (; size > 0; size--) {
		if (s->left == 0) {
			unsigned char nonce[crypto_stream_chacha20_NONCEBYTES] = {0};

			memcpy(nonce, &s->block, sizeof(s->block));
			s->block++;
			crypto_stream_chacha20(s->bytes, sizeof(s->bytes), nonce, s->key);
			s->left = sizeof(s->bytes);
		}
		*to++ = s->bytes[64 - s->left--];
	}
}

static const char *
seeded_name(void)
{
	return "seeded";
}

static uint32_t
seeded_random(void)
{
	uint32_t v;

	stream_take(&keys, &v, sizeof(v));
	return v;
}

static void
seeded_buf(void *const out, const size_t size)
{
	stream_take(&keys, out, size);
}

void
chance_seed(uint64_t seed)
{
	static randombytes_implementation seeded = {
	    .implementation_name = seeded_name, .random = seeded_random, .buf = seeded_buf};

	stream_seed(&keys, seed, 1);
	stream_seed(&steps, seed, 2);
	randombytes_set_implementation(&seeded);
}

uint32_t
chance(uint32_t below)
{
	uint32_t v;

	stream_take(&steps, &v, sizeof(v));
	return v % below;
}

bool
chance_percent(uint32_t percent)
{
	return chance(100) < percent;
}
