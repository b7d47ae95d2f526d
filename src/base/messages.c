// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/messages.h"

#include <string.h>

bool
language_offered(const struct language *language, bool all)
{
	return all || language->reviewed || strcmp(language->tag, "en") == 0;
}

struct cairn_span
message_in(const struct language *language, struct cairn_span english)
{
	size_t low = 0, high = language->count;

	while (low < high) {
		size_t at = low + (high - low) / 2;
		const struct message *m = &language->messages[at];
		size_t size = strlen(m->english);
		int order = memcmp(english.text, m->english, english.size < size ? english.size : size);

		if (order == 0 && english.size == size)
			return (struct cairn_span){m->said, strlen(m->said)};
		if (order < 0 || (order == 0 && english.size < size))
			high = at;
		else
			low = at + 1;
	}
	return english;
}
