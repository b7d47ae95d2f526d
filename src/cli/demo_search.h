// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_DEMO_SEARCH_H
#define CAIRN_CLI_DEMO_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

/* What a search of a whole folder came to. */
struct demo_search {
	size_t files;
	unsigned long long bytes;
	size_t found; /* files in which one of the needles stands */
};

/* Looks through every byte of every file below folder. False when something cannot be read. */
bool demo_search(struct demo_search *result, const char *folder, const char *const *needles, size_t count);

#endif
