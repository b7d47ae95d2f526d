// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "base/text.h"
#include "relay/site.h"

static bool
in_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
	    c == '.';
}

static bool
word_ok(struct cairn_span word)
{
	for (size_t i = 0; i < word.size; i++)
		if (!in_word(word.text[i]))
			return false;
	return word.size > 0 && word.text[0] != '.';
}

int
site_path(char out[SITE_PATH_MAX], struct cairn_span target)
{
	static const char index[] = "index.html";
	struct cairn_span path = span_cut(&target, '?'), rest;
	bool folder = path.size > 0 && path.text[path.size - 1] == '/';

	if (path.size == 0 || path.text[0] != '/' || path.size + sizeof index >= SITE_PATH_MAX)
		return CAIRN_ERR_UNKNOWN;
	path = (struct cairn_span){path.text + 1, path.size - 1};
	memcpy(out, path.text, path.size);
	memcpy(out + path.size, index, folder ? sizeof index : 1);
	if (!folder)
		out[path.size] = '\0';
	rest = (struct cairn_span){out, strlen(out)};
	while (rest.text != NULL)
		if (!word_ok(span_cut(&rest, '/')))
			return CAIRN_ERR_UNKNOWN;
	return CAIRN_OK;
}

const char *
site_type(const char *path)
{
	static const struct {
		const char *ending;
		const char *type;
	} types[] = {
		{".html", "text/html; charset=utf-8"},
		{".css", "text/css; charset=utf-8"},
		{".js", "text/javascript; charset=utf-8"},
		{".json", "application/json"},
		{".txt", "text/plain; charset=utf-8"},
		{".csv", "text/csv; charset=utf-8"},
		{".xml", "application/xml; charset=utf-8"},
		{".ics", "text/calendar; charset=utf-8"},
		{".svg", "image/svg+xml"},
		{".png", "image/png"},
		{".jpg", "image/jpeg"},
		{".jpeg", "image/jpeg"},
		{".webp", "image/webp"},
		{".pdf", "application/pdf"},
		{".wasm", "application/wasm"},
		{"manifest", "text/plain; charset=utf-8"},
		{"checkpoint", "text/plain; charset=utf-8"},
	};
	size_t size = strlen(path);

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		size_t ending = strlen(types[i].ending);

		if (size >= ending && strcmp(path + size - ending, types[i].ending) == 0)
			return types[i].type;
	}
	return "application/octet-stream";
}
