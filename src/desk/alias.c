// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/alias.h"

#include <ctype.h>

#include <sodium.h>

#include "base/text.h"
#include "cairn/conversation.h"

/* Plain words that sound unlike each other on a bad line, and that may stand for anybody. */
static const char *const alias_first[ALIAS_WORDS] = {"amber", "ancient", "april", "autumn", "azure", "blue",
    "bright", "bronze", "calm", "cedar", "clear", "copper", "coral", "crystal", "dawn", "deep", "distant", "early",
    "east", "emerald", "evening", "fair", "fresh", "gentle", "golden", "granite", "green", "harbour", "hazel",
    "high", "honey", "indigo", "ivory", "jade", "july", "kind", "late", "lemon", "level", "light", "lilac",
    "linen", "lunar", "maple", "marble", "misty", "morning", "noble", "north", "ocean", "olive", "opal", "pearl",
    "quiet", "river", "rose", "ruby", "silver", "south", "spring", "steady", "velvet", "warm", "winter"};

static const char *const alias_second[ALIAS_WORDS] = {"acorn", "anchor", "arch", "aspen", "basin", "bay", "beacon",
    "birch", "bridge", "brook", "canyon", "castle", "cloud", "clover", "comet", "compass", "cottage", "cove",
    "crane", "delta", "dune", "elm", "falcon", "fern", "field", "fjord", "forest", "fountain", "garden", "glacier",
    "grove", "heron", "hill", "island", "ivy", "juniper", "lagoon", "lake", "lantern", "lark", "lighthouse", "lily",
    "meadow", "mill", "moon", "mountain", "orchard", "otter", "palm", "path", "pebble", "pine", "plover", "prairie",
    "reef", "ridge", "robin", "shore", "sparrow", "summit", "swan", "tower", "valley", "willow"};

uint32_t
alias_draw(void)
{
	return randombytes_uniform(ALIAS_WORDS * ALIAS_WORDS);
}

void
alias_write(char out[ALIAS_MAX], uint64_t conv, uint32_t words)
{
	snprintf(out, ALIAS_MAX, "%llu-%s-%s", (unsigned long long)conv,
	    alias_first[words / ALIAS_WORDS % ALIAS_WORDS], alias_second[words % ALIAS_WORDS]);
}

static int
alias_by_id(struct db *state, uint64_t *ret_conv, const uint8_t id[CAIRN_CONV_ID_BYTES])
{
	struct query q = query(state, SQL_CONV_BY_ID);
	bool found;
	int err;

	bind_bytes(&q, id, CAIRN_CONV_ID_BYTES);
	found = query_row(&q);
	if (found)
		*ret_conv = query_int(&q, 0);
	err = query_end(&q);
	return err == CAIRN_OK && !found ? CAIRN_ERR_UNKNOWN : err;
}

/* Lower case, and one hyphen for whatever people put between the pieces. */
static int
alias_fold(char out[ALIAS_MAX], const char *text)
{
	size_t used = 0;

	for (; *text != '\0'; text++) {
		char c = *text == ' ' || *text == '_' ? '-' : (char)tolower((unsigned char)*text);

		if (c == '-' && (used == 0 || out[used - 1] == '-'))
			continue;
		if (used + 1 == ALIAS_MAX)
			return CAIRN_ERR_FORMAT;
		out[used++] = c;
	}
	out[used] = '\0';
	return CAIRN_OK;
}

static int
alias_by_number(struct db *state, uint64_t *ret_conv, uint64_t number, const char *folded, bool words_given)
{
	struct query q = query(state, SQL_CONV_BY_NUMBER);
	char alias[ALIAS_MAX] = "";
	bool found;
	int err;

	bind_int(&q, number);
	found = query_row(&q);
	if (found) {
		*ret_conv = query_int(&q, 0);
		alias_write(alias, number, (uint32_t)query_int(&q, 1));
	}
	err = query_end(&q);
	if (err == CAIRN_OK && !found)
		return CAIRN_ERR_UNKNOWN;
	if (err == CAIRN_OK && words_given && strcmp(alias, folded) != 0)
		return CAIRN_ERR_CONFLICT;
	return err;
}

int
alias_find(struct db *state, uint64_t *ret_conv, const char *text)
{
	uint8_t id[CAIRN_CONV_ID_BYTES];
	char folded[ALIAS_MAX];
	struct cairn_span rest;
	uint64_t number;

	if (text_hex(id, sizeof(id), (struct cairn_span){text, strlen(text)}) == CAIRN_OK)
		return alias_by_id(state, ret_conv, id);
	if (alias_fold(folded, text) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	rest = (struct cairn_span){folded, strlen(folded)};
	if (text_number(&number, span_cut(&rest, '-'), INT64_MAX) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	return alias_by_number(state, ret_conv, number, folded, rest.text != NULL);
}
