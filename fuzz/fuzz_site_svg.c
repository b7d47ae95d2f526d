// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "fuzz.h"
#include "site/svg.h"

/* The tags without the values of their attributes, which are looked at on their own: only what counts as markup. */
static GString *
bones_of(const char *svg)
{
	GString *bones = g_string_new(NULL);
	bool tag = false, value = false;

	for (const char *at = svg; *at != '\0'; at++) {
		if (!tag || value) {
			FUZZ_CHECK(*at != '>' && (!value || *at != '<'));
			FUZZ_CHECK(!value || *at != '\\');
			FUZZ_CHECK(!value || strncasecmp(at, "url(", 4) != 0 || (at[-1] == '"' && at[4] == '#'));
		}
		if (tag && *at == '"')
			value = !value;
		if (!value && (*at == '<' || *at == '>'))
			tag = *at == '<';
		if ((tag && !value) || *at == '>')
			g_string_append_c(bones, *at);
	}
	return bones;
}

/* A drawing that was cleaned has nothing that runs, links or loads, and cleaning it again changes nothing. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char *const never[] = {"<script", "<style", "<foreignObject", "<use", "<image", "<a ", "<a>",
	    "href=", " style=", " on", "<!", "<?"};
	GString *once = g_string_new(NULL), *twice = g_string_new(NULL), *bones;

	if (svg_clean(once, (struct cairn_span){(const char *)bytes, size}) == CAIRN_OK) {
		FUZZ_CHECK(strlen(once->str) == once->len);
		bones = bones_of(once->str);
		for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
			FUZZ_CHECK(strstr(bones->str, never[i]) == NULL);
		g_string_free(bones, TRUE);
		FUZZ_CHECK(svg_clean(twice, (struct cairn_span){once->str, once->len}) == CAIRN_OK);
		FUZZ_CHECK(strcmp(once->str, twice->str) == 0);
	}
	g_string_free(once, TRUE);
	g_string_free(twice, TRUE);
	return 0;
}
