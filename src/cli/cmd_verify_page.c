// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/file.h"
#include "cli/output.h"
#include "cli/reach.h"
#include "net/drive.h"

#define PAGE_BYTES_MAX (8U << 20)

struct page_options {
	struct reach_options reach;
	bool json;
};

#define P struct page_options
static const struct option_def defs[] = {
    REACH_OPTIONS(P, reach),
    OPTION(FLAG, P, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table verify_page_options = {defs, sizeof(P)};
const struct option_table verify_give_options = {defs, sizeof(P)};

/* What is looked for on the card, and what it means to find it. */
struct listed {
	const char *keyword;
	const char *is;
	const char *is_not;
};
static const struct listed page = {"page", "is the desk's own page", "is not on the desk's card: do not use it"};
static const struct listed give = {"give", "has the desk's own ways to give",
    "is not on the desk's card: give nothing there"};

static bool
on_card(const struct cairn_card *card, const char *keyword, const uint8_t hash[CAIRN_SHA256_BYTES])
{
	uint8_t known[CAIRN_SHA256_BYTES];
	struct cairn_span value;

	for (size_t at = 0; cairn_card_next(card, keyword, &at, &value);)
		if (text_hex(known, sizeof(known), value) == CAIRN_OK && memcmp(known, hash, sizeof(known)) == 0)
			return true;
	return false;
}

static int
hash_file(uint8_t hash[CAIRN_SHA256_BYTES], const char *path)
{
	uint8_t *bytes = malloc(PAGE_BYTES_MAX);
	size_t size;
	int code;

	if (bytes == NULL)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	code = file_read(path, bytes, PAGE_BYTES_MAX, &size);
	if (code == CAIRN_EXIT_OK)
		crypto_hash_sha256(hash, bytes, size);
	free(bytes);
	return code;
}

static int
report(const struct cairn_card *card, const struct listed *what, const uint8_t hash[CAIRN_SHA256_BYTES],
    const char *path, bool json)
{
	bool ok = on_card(card, what->keyword, hash);

	if (json &&
	    print_json(json_pack("{s:b,s:o,s:I}", "ok", ok, "sha256", json_hex(hash, CAIRN_SHA256_BYTES),
		"serial", (json_int_t)card->serial)) != CAIRN_EXIT_OK)
		return CAIRN_EXIT_STORAGE;
	if (!ok)
		return fail(CAIRN_EXIT_REFUSED, "%s %s", path, what->is_not);
	if (!json)
		printf("%s %s: its hash stands on card %llu.\n", path, what->is, (unsigned long long)card->serial);
	return CAIRN_EXIT_OK;
}

static int
check(struct reach *r, const struct listed *what, const char *path, bool json)
{
	struct cairn_opening *opening = calloc(1, sizeof(*opening));
	struct cairn_memory *memory = calloc(1, sizeof(*memory));
	uint8_t hash[CAIRN_SHA256_BYTES];
	int code = opening == NULL || memory == NULL ? fail(CAIRN_EXIT_MEMORY, "out of memory")
						     : hash_file(hash, path);
	int err;

	if (code == CAIRN_EXIT_OK) {
		cairn_opening_init(opening, &r->client, memory);
		err = net_open(r->net, opening, NULL);
		code = err == CAIRN_OK ? report(&opening->card, what, hash, path, json) : reach_fail(r, opening, err);
	}
	free(opening);
	free(memory);
	return code;
}

static int
verify(const P *o, const struct listed *what, const char *path)
{
	struct reach r;
	int code = reach_begin(&r, &o->reach);

	if (code == CAIRN_EXIT_OK)
		code = check(&r, what, path, o->json);
	reach_end(&r);
	return code;
}

int
cmd_verify_page(const void *options, int argc, char **argv)
{
	(void)argc;
	return verify(options, &page, argv[0]);
}

int
cmd_verify_give(const void *options, int argc, char **argv)
{
	(void)argc;
	return verify(options, &give, argv[0]);
}
