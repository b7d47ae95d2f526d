// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "base/reader.h"
#include "base/text.h"
#include "base/writer.h"
#include "cairn/tlog.h"

/* n in groups of three digits, all but the last after an x: 1234067 is x001/x234/067. */
static void
write_groups(struct writer *w, uint64_t n)
{
	uint64_t unit = 1;

	while (n / unit >= 1000)
		unit *= 1000;
	for (; unit > 0; unit /= 1000) {
		uint64_t group = n / unit % 1000;

		write_text(w, unit > 1 ? "/x" : "/");
		write_decimal(w, group / 100);
		write_decimal(w, group / 10 % 10);
		write_decimal(w, group % 10);
	}
}

size_t
cairn_tile_path(char out[CAIRN_TILE_PATH_MAX], int level, uint64_t n, unsigned width)
{
	struct writer w;

	writer_init(&w, out, CAIRN_TILE_PATH_MAX - 1);
	write_text(&w, "tile/");
	if (level == CAIRN_TILE_ENTRIES)
		write_text(&w, "entries");
	else
		write_decimal(&w, (unsigned)level);
	write_groups(&w, n);
	if (width < CAIRN_TILE_WIDTH) {
		write_text(&w, ".p/");
		write_decimal(&w, width);
	}
	out[w.used] = '\0';
	return w.used;
}

static int
level_read(int *level, struct cairn_span text)
{
	uint64_t number = 0;

	if (span_is(text, "entries")) {
		*level = CAIRN_TILE_ENTRIES;
		return CAIRN_OK;
	}
	if (text_number(&number, text, CAIRN_TILE_LEVEL_MAX) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	*level = (int)number;
	return CAIRN_OK;
}

/* Takes the groups off *rest, loosely: who writes the path anew sees whether it was the one way of writing it. */
static int
groups_read(uint64_t *n, struct cairn_span *rest)
{
	struct cairn_span group;

	*n = 0;
	do {
		group = span_cut(rest, '/');
		bool more = group.size > 0 && group.text[0] == 'x';

		for (size_t i = more ? 1 : 0; i < group.size && group.text[i] != '.'; i++) {
			unsigned digit = (unsigned)(unsigned char)group.text[i] - '0';

			if (digit > 9 || *n > CAIRN_TREE_SIZE_MAX)
				return CAIRN_ERR_FORMAT;
			*n = *n * 10 + digit;
		}
		if (!more)
			return CAIRN_OK;
	} while (rest->text != NULL);
	return CAIRN_ERR_FORMAT;
}

int
cairn_tile_path_read(int *ret_level, uint64_t *ret_n, unsigned *ret_width, struct cairn_span path)
{
	char again[CAIRN_TILE_PATH_MAX];
	struct cairn_span rest = path;
	uint64_t n, width = CAIRN_TILE_WIDTH;
	int level;

	if (!span_is(span_cut(&rest, '/'), "tile") || level_read(&level, span_cut(&rest, '/')) != CAIRN_OK ||
	    groups_read(&n, &rest) != CAIRN_OK || n > CAIRN_TREE_SIZE_MAX)
		return CAIRN_ERR_FORMAT;
	if (rest.text != NULL &&
	    (text_number(&width, rest, CAIRN_TILE_WIDTH - 1) != CAIRN_OK || width == 0))
		return CAIRN_ERR_FORMAT;
	if (!span_same(path, (struct cairn_span){again, cairn_tile_path(again, level, n, (unsigned)width)}))
		return CAIRN_ERR_FORMAT;
	*ret_level = level;
	*ret_n = n;
	*ret_width = (unsigned)width;
	return CAIRN_OK;
}

unsigned
cairn_tile_width(uint64_t size, int level, uint64_t n)
{
	unsigned shift = level == CAIRN_TILE_ENTRIES ? 0 : (unsigned)level * 8;
	uint64_t hashes = shift < 64 ? size >> shift : 0;

	if (n >= hashes / CAIRN_TILE_WIDTH + 1)
		return 0;
	hashes -= n * CAIRN_TILE_WIDTH;
	return hashes < CAIRN_TILE_WIDTH ? (unsigned)hashes : CAIRN_TILE_WIDTH;
}

int
cairn_bundle_next(const uint8_t **entry, size_t *entry_bytes, const uint8_t **at, size_t *left)
{
	struct reader r;
	uint16_t size = 0;
	const uint8_t *view;

	reader_init(&r, *at, *left);
	take_u16(&r, &size);
	view = take_view(&r, size);
	if (r.failed)
		return CAIRN_ERR_FORMAT;
	*entry = view;
	*entry_bytes = size;
	*at = r.next;
	*left = r.left;
	return CAIRN_OK;
}
