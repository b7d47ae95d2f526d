// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/words.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

#include "site/word_set.h"

static bool
is_ascii(struct cairn_span text)
{
	for (size_t i = 0; i < text.size; i++)
		if ((unsigned char)text.text[i] >= 0x80)
			return false;
	return true;
}

static bool
in_word(ucs4_t c)
{
	return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_N);
}

/* One word's end: folded has it from begin on. */
static void
end_word(GArray *ends, GString *folded, size_t begin)
{
	size_t bytes = folded->len - begin;

	if (bytes >= 2 && bytes <= WORD_MAX)
		g_array_append_val(ends, folded->len);
	else
		folded->len = begin;
}

/* A byte of a word in small letters; 0: of none. folded has room for the whole text. */
static const char ascii_word[128] = {
    ['0'] = '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ['A'] = 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i',
    'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', ['a'] = 'a', 'b', 'c', 'd',
    'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z'};

static void
fold_ascii(GArray *ends, GString *folded, struct cairn_span text)
{
	size_t begin = 0;

	for (size_t i = 0; i <= text.size; i++) {
		char c = i < text.size ? ascii_word[(unsigned char)text.text[i] & 0x7f] : 0;

		if (c != 0) {
			folded->str[folded->len++] = c;
		} else if (folded->len > begin) {
			end_word(ends, folded, begin);
			begin = folded->len;
		}
	}
}

static void
fold_any(GArray *ends, GString *folded, struct cairn_span text)
{
	size_t bytes = 0, begin = 0;
	uint8_t *normal = u8_normalize(UNINORM_NFC, (const uint8_t *)text.text, text.size, NULL, &bytes);
	const uint8_t *at = normal;

	while (normal != NULL && at < normal + bytes) {
		uint8_t out[6];
		ucs4_t c;

		at += u8_mbtouc(&c, at, (size_t)(normal + bytes - at));
		if (in_word(c)) {
			g_string_append_len(folded, (const char *)out, u8_uctomb(out, uc_tolower(c), sizeof out));
		} else if (folded->len > begin) {
			end_word(ends, folded, begin);
			begin = folded->len;
		}
	}
	if (folded->len > begin)
		end_word(ends, folded, begin);
	free(normal);
}

void
words_of(GString *out, struct cairn_span text)
{
	GString *folded = g_string_sized_new(text.size + 64);
	GArray *ends = g_array_new(FALSE, FALSE, sizeof folded->len);
	struct word_set seen;
	size_t begin = 0;

	if (is_ascii(text))
		fold_ascii(ends, folded, text);
	else
		fold_any(ends, folded, text);
	word_set_init(&seen, ends->len);
	for (guint i = 0; i < ends->len; i++) {
		size_t end = g_array_index(ends, gsize, i);
		uint32_t before = seen.count;

		if (word_set_put(&seen, folded->str + begin, end - begin) == before) {
			g_string_append_len(out, folded->str + begin, (gssize)(end - begin));
			g_string_append_c(out, '\n');
		}
		begin = end;
	}
	word_set_clear(&seen);
	g_array_free(ends, TRUE);
	g_string_free(folded, TRUE);
}
