// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "base/text.h"
#include "core/note.h"

bool
note_take_line(struct cairn_span *line, struct cairn_span *rest)
{
	if (rest->size == 0)
		return false;
	*line = span_cut(rest, '\n');
	return true;
}

bool
note_line(struct cairn_span *value, struct cairn_span line, const char *keyword)
{
	size_t size = strlen(keyword);

	if (line.size <= size || line.text[size] != ' ' ||
	    !span_same((struct cairn_span){line.text, size}, (struct cairn_span){keyword, size}))
		return false;
	*value = (struct cairn_span){line.text + size + 1, line.size - size - 1};
	return true;
}

bool
note_take(struct cairn_span *value, struct cairn_span *rest, const char *keyword)
{
	struct cairn_span line, tail = *rest;

	if (!note_take_line(&line, &tail) || !note_line(value, line, keyword))
		return false;
	*rest = tail;
	return true;
}

int
note_take_head(struct cairn_span *rest, const char *title, const uint8_t desk_id[CAIRN_HASH_BYTES])
{
	struct cairn_span line, value;
	uint8_t id[CAIRN_HASH_BYTES];

	if (!note_take_line(&line, rest) || !span_is(line, title) || !note_take(&value, rest, "desk") ||
	    text_hex(id, sizeof id, value) != CAIRN_OK || memcmp(id, desk_id, sizeof id) != 0)
		return CAIRN_ERR_FORMAT;
	return CAIRN_OK;
}

void
note_write_head(struct writer *w, const char *title, const uint8_t desk_id[CAIRN_HASH_BYTES])
{
	write_text(w, title);
	write_text(w, "\ndesk ");
	write_hex(w, desk_id, CAIRN_HASH_BYTES);
	write_text(w, "\n");
}

int
note_words(struct cairn_span *words, size_t count, struct cairn_span value)
{
	for (size_t i = 0; i < count; i++) {
		words[i] = span_cut(&value, ' ');
		if (words[i].size == 0)
			return CAIRN_ERR_FORMAT;
	}
	return value.text != NULL ? CAIRN_ERR_FORMAT : CAIRN_OK;
}

int
note_key(uint8_t out[32], struct cairn_span text)
{
	size_t size = 0;

	return text_base64(out, 32, &size, text) != CAIRN_OK || size != 32 ? CAIRN_ERR_FORMAT : CAIRN_OK;
}
