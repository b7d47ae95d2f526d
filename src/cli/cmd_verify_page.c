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

static bool
on_card(const struct cairn_card *card, const uint8_t hash[CAIRN_SHA256_BYTES])
{
	uint8_t known[CAIRN_SHA256_BYTES];
	struct cairn_span value;

	for (size_t at = 0; cairn_card_next(card, "page", &at, &value);)
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
report(const struct cairn_card *card, const uint8_t hash[CAIRN_SHA256_BYTES], const char *path, bool json)
{
	bool ok = on_card(card, hash);

	if (json &&
	    print_json(json_pack("{s:b,s:o,s:I}", "ok", ok, "sha256", json_hex(hash, CAIRN_SHA256_BYTES),
		"serial", (json_int_t)card->serial)) != CAIRN_EXIT_OK)
		return CAIRN_EXIT_STORAGE;
	if (!ok)
		return fail(CAIRN_EXIT_REFUSED, "%s is not on the desk's card: do not use it", path);
	if (!json)
		printf("%s is the desk's own page: its hash stands on card %llu.\n", path,
		    (unsigned long long)card->serial);
	return CAIRN_EXIT_OK;
}

static int
check(struct reach *r, const char *path, bool json)
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
		code = err == CAIRN_OK ? report(&opening->card, hash, path, json) : reach_fail(r, opening, err);
	}
	free(opening);
	free(memory);
	return code;
}

int
cmd_verify_page(const void *options, int argc, char **argv)
{
	const P *o = options;
	struct reach r;
	int code = reach_begin(&r, &o->reach);

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = check(&r, argv[0], o->json);
	reach_end(&r);
	return code;
}
