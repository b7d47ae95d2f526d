// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/search.h"

#include <string.h>

#include <sodium.h>

#include "base/fold.h"
#include "record/vocabulary.h"

/* Long texts are folded in pieces that overlap by more than what is looked for can be long. */
#define PIECE_BYTES FOLD_TEXT_MAX
#define STEP_BYTES (FOLD_TEXT_MAX - RECORD_SEARCH_MAX - 8U)
#define PIECE_ROOM (24U * FOLD_TEXT_MAX)

int
record_search_fold(char out[RECORD_SEARCH_ROOM], size_t *ret_bytes, struct cairn_span text)
{
	if (text.size == 0 || text.size > RECORD_SEARCH_MAX)
		return CAIRN_ERR_RANGE;
	return fold_text(out, RECORD_SEARCH_ROOM, ret_bytes, text);
}

/* Where a character begins, at or before at. */
static size_t
boundary(struct cairn_span text, size_t at)
{
	while (at > 0 && at < text.size && ((unsigned char)text.text[at] & 0xc0U) == 0x80U)
		at--;
	return at;
}

static bool
occurs(struct cairn_span text, struct cairn_span words)
{
	char folded[PIECE_ROOM];
	bool found = false;

	for (size_t at = 0; !found && at < text.size; at = boundary(text, at + STEP_BYTES)) {
		size_t end = text.size - at <= PIECE_BYTES ? text.size : boundary(text, at + PIECE_BYTES), bytes;

		if (fold_text(folded, sizeof(folded), &bytes, (struct cairn_span){text.text + at, end - at}) ==
		    CAIRN_OK)
			found = memmem(folded, bytes, words.text, words.size) != NULL;
		if (end == text.size)
			break;
	}
	sodium_memzero(folded, sizeof(folded));
	return found;
}

bool
record_search(const struct record_change *change, struct cairn_span words, const struct record_field **ret_field)
{
	for (size_t i = 0; i < change->count; i++) {
		const struct record_item *item = &change->items[i];
		const struct record_field *field = record_field(change->kind, item->field);
		struct cairn_span text = item->text;
		const char *term = NULL;

		if (field == NULL || item->action == RECORD_RETRACT || item->action == RECORD_MARK)
			continue;
		if (field->type == RECORD_TERM || field->type == RECORD_TERMS)
			term = record_term((uint16_t)field->of, item->text);
		if (term != NULL)
			text = (struct cairn_span){term, strlen(term)};
		*ret_field = field;
		if (occurs(text, words))
			return true;
	}
	return false;
}
