// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "fuzz.h"
#include "relay/site.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char out[SITE_PATH_MAX];

	if (site_path(out, (struct cairn_span){(const char *)bytes, size}) != CAIRN_OK)
		return 0;
	/* A file below the folder, and nothing that is hidden. */
	FUZZ_CHECK(memchr(out, '\0', sizeof out) != NULL && out[0] != '/' && out[0] != '.' && out[0] != '\0');
	FUZZ_CHECK(strstr(out, "/.") == NULL && strstr(out, "//") == NULL && out[strlen(out) - 1] != '/');
	FUZZ_CHECK(site_type(out) != NULL);
	return 0;
}
