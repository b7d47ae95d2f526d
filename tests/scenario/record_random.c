// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <stdlib.h>

#include <sodium.h>

#include "lib/recorded.h"
#include "record/json.h"

/* Prints random records as the program writes them, a line each: record_random COUNT. */
int
main(int argc, char **argv)
{
	unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
	struct dice d = {.state = 7};

	if (sodium_init() < 0)
		return 1;
	for (unsigned long i = 0; i < count; i++) {
		struct record_change change;
		json_t *json;

		dice_change(&d, &change, true);
		json = record_json(&change, 1);
		if (json == NULL || json_dumpf(json, stdout, JSON_COMPACT) != 0 || putchar('\n') == EOF)
			return 1;
		json_decref(json);
		record_change_clear(&change);
	}
	return 0;
}
