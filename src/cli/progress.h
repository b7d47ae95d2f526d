// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_PROGRESS_H
#define CAIRN_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* A bar on stderr for work that takes a while; nothing at all where stderr is no terminal. */
struct progress {
	const char *what; /* "sending" */
	uint64_t total;   /* 0 while it is not known: then it only counts */
	bool on;
	uint64_t drawn_ms;
};

void progress_begin(struct progress *p, const char *what, uint64_t total);
void progress_at(struct progress *p, uint64_t done);
/* Takes the bar away. */
void progress_end(struct progress *p);

#endif
