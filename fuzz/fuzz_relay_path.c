// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "fuzz.h"
#include "relay/board_name.h"
#include "relay/range.h"
#include "relay/routes.h"

static void
check_name(const struct route_match *match)
{
	char path[FILES_PATH_MAX];
	struct board_name name;

	if (board_name_read(&name, match->rest) != CAIRN_OK || name.kind <= BOARD_EPOCHS)
		return;
	FUZZ_CHECK(board_name_path(path, &name, match->desk) == CAIRN_OK);
	FUZZ_CHECK(strncmp(path, "desks/", 6) == 0 && strstr(path, "..") == NULL);
}

/* A request target up to the first newline, then the value of a Range header for a file of 1000 bytes. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char *const patterns[] = {
	    "board/<rest>",
	    "drop/<door>",
	    "drop/<door>/blob/<id>",
	    "drop/<door>/lease?max=<number>",
	    "roster?key=<id>",
	    "feed?from=<number>&wait=<seconds>",
	    "join/<slot>/<part>?wait=<seconds>",
	    "",
	};
	const uint8_t *line = size == 0 ? NULL : memchr(bytes, '\n', size);
	struct cairn_span target = {(const char *)bytes, line == NULL ? size : (size_t)(line - bytes)};
	struct route_match match;
	struct range range;

	for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
		if (route_fits(&match, patterns[i], target) && i == 0)
			check_name(&match);
	if (line == NULL)
		return 0;
	if (range_read(&range, (struct cairn_span){(const char *)line + 1, size - target.size - 1}, 1000) == CAIRN_OK)
		FUZZ_CHECK(range.bytes > 0 && range.first < 1000 && range.bytes <= 1000 - range.first);
	return 0;
}
