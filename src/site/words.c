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

/* One word's end: out has it from begin on. */
static void
end_word(GPtrArray *words, GString *folded, size_t begin)
{
	size_t bytes = folded->len - begin;

	if (bytes >= 2 && bytes <= WORD_MAX) {
		g_string_append_c(folded, '\0');
		g_ptr_array_add(words, GSIZE_TO_POINTER(begin));
	} else {
		g_string_truncate(folded, begin);
	}
}

static void
fold_ascii(GPtrArray *words, GString *folded, struct cairn_span text)
{
	size_t begin = folded->len;

	for (size_t i = 0; i <= text.size; i++) {
		char c = i < text.size ? text.text[i] : ' ';

		if (g_ascii_isalnum(c)) {
			g_string_append_c(folded, g_ascii_tolower(c));
		} else if (folded->len > begin) {
			end_word(words, folded, begin);
			begin = folded->len;
		}
	}
}

static void
fold_any(GPtrArray *words, GString *folded, struct cairn_span text)
{
	size_t bytes = 0, begin = folded->len;
	uint8_t *normal = u8_normalize(UNINORM_NFC, (const uint8_t *)text.text, text.size, NULL, &bytes);
	const uint8_t *at = normal;

	while (normal != NULL && at < normal + bytes) {
		uint8_t out[6];
		ucs4_t c;

		at += u8_mbtouc(&c, at, (size_t)(normal + bytes - at));
		if (in_word(c)) {
			g_string_append_len(folded, (const char *)out, u8_uctomb(out, uc_tolower(c), sizeof out));
		} else if (folded->len > begin) {
			end_word(words, folded, begin);
			begin = folded->len;
		}
	}
	if (folded->len > begin)
		end_word(words, folded, begin);
	free(normal);
}

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
append_line(GString *out, const char *word)
{
	g_string_append(out, word);
	g_string_append_c(out, '\n');
}

void
words_of(GString *out, struct cairn_span text)
{
	GString *folded = g_string_sized_new(text.size + 64);
	GPtrArray *words = g_ptr_array_new();
	const char *before = "";

	if (is_ascii(text))
		fold_ascii(words, folded, text);
	else
		fold_any(words, folded, text);
	/* Offsets while it could still move; now they become addresses. */
	for (guint i = 0; i < words->len; i++)
		words->pdata[i] = folded->str + GPOINTER_TO_SIZE(words->pdata[i]);
	qsort(words->pdata, words->len, sizeof words->pdata[0], by_bytes);
	for (guint i = 0; i < words->len; i++) {
		if (strcmp(before, words->pdata[i]) != 0)
			append_line(out, words->pdata[i]);
		before = words->pdata[i];
	}
	g_ptr_array_free(words, TRUE);
	g_string_free(folded, TRUE);
}
