// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "site/entry.h"
#include "site/markdown.h"
#include "site/text.h"
#include "site/words.h"

/* Nothing of an author's text becomes a script, a style, a frame, or something that is loaded from elsewhere. */
static void
check_html(const char *html)
{
	static const char *const never[] = {"<script", "<style", "<iframe", "<object", "<form", "<link", "<meta",
	    "<svg", "href=\"javascript:", "href=\"data:", "href=\"//", "src=\"http", "src=\"//", "src=\"data:",
	    " onerror=\"", "\" />"};

	for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
		FUZZ_CHECK(strcasestr(html, never[i]) == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct entry entry = {.file = strdup("entries/a-name.md")};
	struct site_fault fault;
	struct cairn_span body;
	GString *html, *plain, *words;

	if (entry_read(&entry, &body, &fault, (struct cairn_span){(const char *)bytes, size}) == CAIRN_OK) {
		html = g_string_new(NULL);
		plain = g_string_new(NULL);
		words = g_string_new(NULL);
		FUZZ_CHECK(entry.title.size > 0 && text_is_day(entry.date, NULL) &&
		    entry.tag_count <= ENTRY_TAGS_MAX);
		FUZZ_CHECK(markdown_render(html, plain, body, "../../") == CAIRN_OK);
		check_html(html->str);
		words_of(words, (struct cairn_span){plain->str, plain->len});
		FUZZ_CHECK(words->len == 0 || words->str[words->len - 1] == '\n');
		g_string_free(html, TRUE);
		g_string_free(plain, TRUE);
		g_string_free(words, TRUE);
	}
	entry_clear(&entry);
	return 0;
}
