// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain/messages.h"

#include <string.h>

#include "base/text.h"

size_t
language_find(struct cairn_span tag, bool all)
{
	size_t english = 0;

	for (size_t i = 0; i < language_count; i++) {
		if (strcmp(languages[i].tag, "en") == 0)
			english = i;
		if (span_is(tag, languages[i].tag) && language_offered(&languages[i], all))
			return i;
	}
	return english;
}
