// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/routes.h"

#include <string.h>

#include "base/text.h"

#define NUMBER_MAX ((UINT64_C(1) << 53) - 1)

static bool
piece_fits(struct route_match *match, struct cairn_span pattern, struct cairn_span piece)
{
	if (span_is(pattern, "<door>"))
		return cairn_door_find(&match->door, piece) == CAIRN_OK;
	if (span_is(pattern, "<id>"))
		return text_hex(match->id, sizeof match->id, piece) == CAIRN_OK;
	if (span_is(pattern, "<number>"))
		return text_number(&match->number, piece, NUMBER_MAX) == CAIRN_OK;
	if (span_is(pattern, "<seconds>"))
		return text_number(&match->seconds, piece, NUMBER_MAX) == CAIRN_OK;
	if (span_is(pattern, "<slot>"))
		return text_hex(match->slot, sizeof match->slot, piece) == CAIRN_OK;
	if (span_is(pattern, "<part>"))
		return text_number(&match->number, piece, ROUTE_PARTS) == CAIRN_OK && match->number > 0;
	return span_same(pattern, piece);
}

/* name=value, with the value that the pattern wants. */
static bool
pair_fits(struct route_match *match, struct cairn_span pattern, struct cairn_span pair)
{
	return span_same(span_cut(&pattern, '='), span_cut(&pair, '=')) && pair.text != NULL &&
	    piece_fits(match, pattern, pair);
}

/* Both NULL, or the pairs that the pattern names. */
static bool
query_fits(struct route_match *match, struct cairn_span pattern, struct cairn_span query)
{
	while (pattern.text != NULL && query.text != NULL)
		if (!pair_fits(match, span_cut(&pattern, '&'), span_cut(&query, '&')))
			return false;
	return pattern.text == NULL && query.text == NULL;
}

static bool
path_fits(struct route_match *match, struct cairn_span pattern, struct cairn_span path)
{
	while (pattern.text != NULL && path.text != NULL) {
		struct cairn_span want = span_cut(&pattern, '/');

		if (span_is(want, "<rest>")) {
			match->rest = path;
			return true;
		}
		if (!piece_fits(match, want, span_cut(&path, '/')))
			return false;
	}
	return pattern.text == NULL && path.text == NULL;
}

/* Takes /d/<desk_id>/ off the front. */
static bool
cut_desk(struct route_match *match, struct cairn_span *path)
{
	return span_cut(path, '/').size == 0 && path->text != NULL && span_is(span_cut(path, '/'), "d") &&
	    text_hex(match->desk, sizeof match->desk, span_cut(path, '/')) == CAIRN_OK && path->text != NULL;
}

bool
route_fits(struct route_match *match, const char *pattern, struct cairn_span target)
{
	struct cairn_span want = {pattern, strlen(pattern)};
	struct cairn_span query = target;
	struct cairn_span path = span_cut(&query, '?');
	struct cairn_span want_path = span_cut(&want, '?');

	*match = (struct route_match){0};
	return cut_desk(match, &path) && query_fits(match, want, query) && path_fits(match, want_path, path);
}

const struct route *
route_find(const struct route *table, size_t count, struct route_match *match, bool *ret_other,
    struct cairn_span method, struct cairn_span target)
{
	bool head = span_is(method, "HEAD");

	*ret_other = false;
	for (size_t i = 0; i < count; i++) {
		const struct route *route = &table[i];

		if (!route_fits(match, route->pattern, target))
			continue;
		if (span_is(method, route->method) || (head && strcmp(route->method, "GET") == 0))
			return route;
		/* OPTIONS is answered for paths that are not there too. */
		if (strcmp(route->method, "OPTIONS") != 0)
			*ret_other = true;
	}
	return NULL;
}
