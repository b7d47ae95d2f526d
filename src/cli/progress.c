// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BAR 30U
#define REDRAW_MS 80U

static uint64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void
draw(const struct progress *p, uint64_t done)
{
	char bar[BAR + 1];
	size_t full;

	if (p->total == 0) {
		fprintf(stderr, "\r\033[K%s ... %llu", p->what, (unsigned long long)done);
		return;
	}
	full = done >= p->total ? BAR : (size_t)(done * BAR / p->total);
	memset(bar, '.', BAR);
	memset(bar, '=', full);
	bar[BAR] = '\0';
	fprintf(stderr, "\r\033[K%s [%s] %llu of %llu", p->what, bar, (unsigned long long)done,
	    (unsigned long long)p->total);
}

void
progress_begin(struct progress *p, const char *what, uint64_t total)
{
	*p = (struct progress){.what = what, .total = total, .on = isatty(STDERR_FILENO) == 1};
	if (!p->on)
		return;
	fflush(stdout);
	draw(p, 0);
	p->drawn_ms = now_ms();
}

void
progress_at(struct progress *p, uint64_t done)
{
	uint64_t now;

	if (!p->on)
		return;
	now = now_ms();
	if (done < p->total && now - p->drawn_ms < REDRAW_MS)
		return;
	draw(p, done);
	p->drawn_ms = now;
}

void
progress_end(struct progress *p)
{
	if (p->on)
		fputs("\r\033[K", stderr);
	p->on = false;
}
