// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/manifest.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "site/document.h"

#define FIRST "cairn site 1"

void
manifest_begin(GString *out, struct cairn_span desk)
{
	g_string_append_printf(out, FIRST "\ndesk %.*s\n", desk.size == 0 ? 1 : (int)desk.size,
	    desk.size == 0 ? "-" : desk.text);
}

void
manifest_add(GString *out, const uint8_t hash[CAIRN_SHA256_BYTES], const char *path)
{
	char hex[2 * CAIRN_SHA256_BYTES + 1];

	sodium_bin2hex(hex, sizeof hex, hash, CAIRN_SHA256_BYTES);
	g_string_append_printf(out, "%s %s\n", hex, path);
}

static bool
word_ok(struct cairn_span word)
{
	for (size_t i = 0; i < word.size; i++)
		if (!g_ascii_isalnum(word.text[i]) && memchr("-_.", word.text[i], 3) == NULL)
			return false;
	return word.size > 0 && word.text[0] != '.';
}

bool
manifest_path_ok(struct cairn_span path)
{
	if (path.size == 0 || path.size > MANIFEST_PATH_MAX)
		return false;
	while (path.text != NULL)
		if (!word_ok(span_cut(&path, '/')))
			return false;
	return true;
}

int
manifest_open(struct manifest *m, struct cairn_span text)
{
	struct cairn_span rest = text, line;

	if (text.size == 0 || text.text[text.size - 1] != '\n' || !span_is(span_cut(&rest, '\n'), FIRST))
		return CAIRN_ERR_FORMAT;
	line = span_cut(&rest, '\n');
	if (!span_is(span_cut(&line, ' '), "desk") || !word_ok(line))
		return CAIRN_ERR_FORMAT;
	*m = (struct manifest){.desk = line, .rest = rest};
	return CAIRN_OK;
}

/* Ascending by bytes, so that one list has one form. */
static bool
ascends(struct cairn_span before, struct cairn_span path)
{
	size_t least = before.size < path.size ? before.size : path.size;
	int order = memcmp(before.text, path.text, least);

	return order < 0 || (order == 0 && before.size < path.size);
}

int
manifest_next(struct manifest *m, uint8_t hash[CAIRN_SHA256_BYTES], struct cairn_span *path, bool *ret_more)
{
	struct cairn_span line, hex;

	*ret_more = false;
	if (m->rest.size == 0)
		return CAIRN_OK;
	line = span_cut(&m->rest, '\n');
	hex = span_cut(&line, ' ');
	if (text_hex(hash, CAIRN_SHA256_BYTES, hex) != CAIRN_OK || !manifest_path_ok(line) ||
	    (m->before.size > 0 && !ascends(m->before, line)))
		return CAIRN_ERR_FORMAT;
	m->before = *path = line;
	*ret_more = true;
	return CAIRN_OK;
}

GPtrArray *
manifest_paths(int folder)
{
	GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
	uint8_t hash[CAIRN_SHA256_BYTES];
	struct site_fault fault;
	struct cairn_span path;
	struct manifest m;
	bool more = true;
	size_t bytes;
	int err;
	char *text = source_file(folder, MANIFEST_FILE, MANIFEST_BYTES_MAX, &bytes, &err, &fault);

	if (err == CAIRN_OK)
		err = manifest_open(&m, (struct cairn_span){text, bytes});
	while (err == CAIRN_OK && (err = manifest_next(&m, hash, &path, &more)) == CAIRN_OK && more)
		g_ptr_array_add(paths, g_strndup(path.text, path.size));
	if (err != CAIRN_OK)
		g_ptr_array_set_size(paths, 0);
	free(text);
	return paths;
}
