// SPDX-License-Identifier: GPL-3.0-or-later
#include "statistics.h"

#include <math.h>
#include <sodium.h>

#define DEALS 2000U

void
histogram_bytes(struct histogram *h, const uint8_t *bytes, size_t size)
{
	h->used = 256;
	for (size_t i = 0; i < size; i++)
		h->bins[bytes[i]]++;
	h->total += size;
}

void
histogram_coefficients(struct histogram *h, const uint8_t *bytes, size_t size, unsigned bits)
{
	uint32_t held = 0;
	unsigned have = 0;

	h->used = (size_t)1 << bits;
	for (size_t i = 0; i < size; i++) {
		held |= (uint32_t)bytes[i] << have;
		for (have += 8; have >= bits; have -= bits, held >>= bits, h->total++)
			h->bins[held & (h->used - 1)]++;
	}
}

double
histograms_deviation(const struct histogram *a, const struct histogram *b)
{
	const double to_a = sqrt((double)b->total / (double)a->total);
	double sum = 0, free_bins = -1;

	for (size_t i = 0; i < a->used; i++) {
		const double both = (double)(a->bins[i] + b->bins[i]);
		const double off = (double)a->bins[i] * to_a - (double)b->bins[i] / to_a;

		if (both == 0)
			continue;
		sum += off * off / both;
		free_bins++;
	}
	return free_bins < 1 ? 0 : (sum - free_bins) / sqrt(2 * free_bins);
}

double
cpu_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int
compare_doubles(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(const double *samples, size_t count)
{
	double sorted[2 * SAMPLES_MAX];

	memcpy(sorted, samples, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), compare_doubles);
	return count % 2 == 1 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

static void
shuffle(double *samples, size_t count, uint32_t deal)
{
	uint8_t seed[randombytes_SEEDBYTES] = {0};
	uint32_t random[2 * SAMPLES_MAX];

	memcpy(seed, &deal, sizeof(deal));
	randombytes_buf_deterministic(random, sizeof(random), seed);
	for (size_t i = count - 1; i > 0; i--) {
		const size_t with = random[i] % (i + 1);
		const double held = samples[i];

		samples[i] = samples[with];
		samples[with] = held;
	}
}

double
medians_differ(const double *a, const double *b, size_t count, double *ret_chance)
{
	const double differ = fabs(median(a, count) - median(b, count));
	double pool[2 * SAMPLES_MAX];
	unsigned as_much = 0;

	memcpy(pool, a, count * sizeof(*pool));
	memcpy(pool + count, b, count * sizeof(*pool));
	for (uint32_t deal = 0; deal < DEALS; deal++) {
		shuffle(pool, 2 * count, deal);
		as_much += fabs(median(pool, count) - median(pool + count, count)) >= differ;
	}
	*ret_chance = (double)as_much / DEALS;
	return differ;
}
