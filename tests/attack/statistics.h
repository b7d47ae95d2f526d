// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef ATTACK_STATISTICS_H
#define ATTACK_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a watcher who counts and clocks can do. The deviations are in standard deviations of what chance
 * does: 0 is as expected, above 5 is no chance.
 */

/* Values of one kind, by their number: bytes, or coefficients of 4 or 10 bits. */
#define HISTOGRAM_BINS 1024U
struct histogram {
	uint64_t bins[HISTOGRAM_BINS];
	uint64_t total;
	size_t used; /* bins that there can be: 16, 256 or 1024 */
};

void histogram_bytes(struct histogram *h, const uint8_t *bytes, size_t size);
/* Little-endian coefficients of 4 or 10 bits, as ML-KEM packs them. */
void histogram_coefficients(struct histogram *h, const uint8_t *bytes, size_t size, unsigned bits);

/* Chi-square: do both come from one source? */
double histograms_deviation(const struct histogram *a, const struct histogram *b);

/* CPU time of this thread, which other work on the machine disturbs least. */
double cpu_ms(void);

#define SAMPLES_MAX 256U

/*
 * By how much the medians of two groups of samples differ, in ms, and how often chance makes it as much: of
 * 2000 ways to deal the samples out again, from a fixed seed, the share that does.
 */
double medians_differ(const double *a, const double *b, size_t count, double *ret_chance);

#endif
