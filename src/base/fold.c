// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/fold.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>
#include <unicase.h>
#include <uninorm.h>

#include "base/text.h"

/* NFKC makes at most eleven times as many bytes (U+FDFA), lower-casing three for two. Never the heap. */
#define NORMAL_MAX (11U * FOLD_TEXT_MAX)
#define LOWER_MAX (2U * NORMAL_MAX)

/* libunistring gives back our buffer where the result fits, else memory of its own. */
static int
settle(uint8_t *result, const uint8_t *buffer, size_t bytes)
{
	if (result == buffer)
		return CAIRN_OK;
	if (result != NULL)
		sodium_memzero(result, bytes);
	free(result);
	return result == NULL && bytes == 0 ? CAIRN_OK : CAIRN_ERR_SPACE;
}

static int
fold(uint8_t *lower, size_t *lower_bytes, struct cairn_span text)
{
	uint8_t normal[NORMAL_MAX];
	size_t normal_bytes = sizeof normal;
	int err;

	err = settle(u8_normalize(UNINORM_NFKC, (const uint8_t *)text.text, text.size, normal, &normal_bytes),
	    normal, normal_bytes);
	if (err == CAIRN_OK)
		err = settle(u8_tolower(normal, normal_bytes, NULL, NULL, lower, lower_bytes), lower, *lower_bytes);
	sodium_memzero(normal, sizeof normal);
	return err;
}

int
fold_text(char *out, size_t room, size_t *ret_bytes, struct cairn_span text)
{
	uint8_t lower[LOWER_MAX];
	size_t bytes = sizeof lower;
	int err;

	memset(out, 0, room);
	*ret_bytes = 0;
	if (text.size == 0)
		return CAIRN_OK;
	if (text.size > FOLD_TEXT_MAX)
		return CAIRN_ERR_RANGE;
	if (!text_is_utf8((const uint8_t *)text.text, text.size))
		return CAIRN_ERR_FORMAT;
	err = fold(lower, &bytes, text);
	if (err == CAIRN_OK && bytes > room)
		err = CAIRN_ERR_SPACE;
	if (err == CAIRN_OK) {
		memcpy(out, lower, bytes);
		*ret_bytes = bytes;
	}
	sodium_memzero(lower, sizeof lower);
	return err;
}
