// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "fuzz.h"
#include "site/svg.h"

/* A drawing that was cleaned has nothing that runs, links or loads, and cleaning it again changes nothing. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char *const never[] = {"<script", "<style", "<foreignObject", "<use", "<image", "<a ", "<a>",
	    "href=",
	    " style=", " onload=", "<!", "<?", "url(http"};
	GString *once = g_string_new(NULL), *twice = g_string_new(NULL);

	if (svg_clean(once, (struct cairn_span){(const char *)bytes, size}) == CAIRN_OK) {
		for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
			FUZZ_CHECK(strstr(once->str, never[i]) == NULL);
		FUZZ_CHECK(svg_clean(twice, (struct cairn_span){once->str, once->len}) == CAIRN_OK);
		FUZZ_CHECK(strcmp(once->str, twice->str) == 0);
	}
	g_string_free(once, TRUE);
	g_string_free(twice, TRUE);
	return 0;
}
