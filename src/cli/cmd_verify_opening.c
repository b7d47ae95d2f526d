// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "cli/claim_io.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/file.h"
#include "cli/output.h"
#include "site/claim_opening.h"

struct opening_options {
	const char *claim;
	const char *key;
	struct option_list account;
	bool json;
};

#define O struct opening_options
static const struct option_def defs[] = {
    OPTION(TEXT, O, claim, "claim", "FILE", "the claim that it opens"),
    OPTION(TEXT, O, key, "key", "FILE", "the court's secret key"),
    OPTION(LIST, O, account, "account", "FILE", "an account as the desk handed it over; may be given many times"),
    OPTION(FLAG, O, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table verify_opening_options = {defs, sizeof(O)};

/* The SHA-256 of a file of any size. */
static int
file_hash(uint8_t out[CAIRN_SHA256_BYTES], const char *path)
{
	FILE *in = fopen(path, "rb");
	crypto_hash_sha256_state state;
	uint8_t piece[65536];
	size_t got;
	int bad;

	if (in == NULL)
		return fail(CAIRN_EXIT_STORAGE, "%s: %s", path, strerror(errno));
	crypto_hash_sha256_init(&state);
	while ((got = fread(piece, 1, sizeof piece, in)) > 0)
		crypto_hash_sha256_update(&state, piece, got);
	bad = ferror(in);
	(void)fclose(in);
	crypto_hash_sha256_final(&state, out);
	return bad ? fail(CAIRN_EXIT_STORAGE, "%s cannot be read", path) : CAIRN_EXIT_OK;
}

static int
accounts_check(const struct claim_opening *opening, const O *o)
{
	uint8_t hash[CAIRN_SHA256_BYTES];

	for (size_t i = 0; i < o->account.count; i++) {
		int code = file_hash(hash, o->account.items[i]);

		if (code != CAIRN_EXIT_OK)
			return code;
		if (claim_opening_find(opening, hash) == opening->count)
			return fail(CAIRN_EXIT_REFUSED, "%s is no account that was opened here", o->account.items[i]);
		if (!o->json)
			printf("  %s is one of them, unaltered since the claim was published\n", o->account.items[i]);
	}
	return CAIRN_EXIT_OK;
}

static int
show(const struct claim_opening *opening, const struct claim *claim, const O *o)
{
	json_t *list;

	if (!o->json) {
		printf("Opened: %zu accounts that stand behind this claim, each another one.\n\n", opening->count);
		claim_show(claim);
		for (size_t i = 0; i < opening->count; i++) {
			fputs("  account with SHA-256 ", stdout);
			print_hex(stdout, opening->items[i].account, CAIRN_SHA256_BYTES);
			puts("");
		}
		return accounts_check(opening, o);
	}
	list = json_array();
	for (size_t i = 0; i < opening->count; i++)
		json_array_append_new(list, json_hex(opening->items[i].account, CAIRN_SHA256_BYTES));
	if (accounts_check(opening, o) != CAIRN_EXIT_OK) {
		json_decref(list);
		return CAIRN_EXIT_REFUSED;
	}
	return print_json(json_pack("{s:b,s:o,s:o}", "ok", 1, "claim", json_hex(claim->id, CLAIM_ID_BYTES),
	    "accounts",
	    list));
}

static int
check(struct claim_opening *opening, const uint8_t *sealed, size_t size, const struct claim *claim, const O *o)
{
	struct cairn_xwing_key court;
	uint8_t seed[32];
	size_t bad = 0;
	int code = claim_seed_read(seed, o->key), err;

	if (code != CAIRN_EXIT_OK)
		return code;
	cairn_xwing_key_init(&court, seed);
	sodium_memzero(seed, sizeof seed);
	err = claim_opening_open(opening, sealed, size, &court);
	cairn_xwing_key_clear(&court);
	if (err != CAIRN_OK)
		return fail(CAIRN_EXIT_REFUSED, "it is not sealed to this key, or was altered");
	err = claim_opening_check(opening, claim, &bad);
	if (err == CAIRN_ERR_CRYPTO)
		return fail(CAIRN_EXIT_REFUSED, "number %zu does not follow from its account", bad + 1);
	if (err != CAIRN_OK)
		return fail(CAIRN_EXIT_REFUSED, "it opens another claim, or number %zu is not of this one", bad + 1);
	return show(opening, claim, o);
}

int
cmd_verify_opening(const void *options, int argc, char **argv)
{
	const O *o = options;
	struct claim_opening *opening = sodium_malloc(sizeof *opening);
	uint8_t *claim_bytes = NULL, *sealed = NULL;
	struct claim claim;
	size_t claim_size, size = 0;
	int code = CAIRN_EXIT_OK;

	(void)argc;
	if (opening == NULL)
		code = fail(CAIRN_EXIT_MEMORY, "out of memory");
	else if (o->claim == NULL || o->key == NULL)
		code = fail(CAIRN_EXIT_USAGE, "--claim and --key are wanted");
	if (code == CAIRN_EXIT_OK)
		code = claim_load(&claim, &claim_bytes, &claim_size, o->claim);
	if (code == CAIRN_EXIT_OK)
		code = file_load(argv[0], CLAIM_OPENING_MAX, &sealed, &size);
	if (code == CAIRN_EXIT_OK)
		code = check(opening, sealed, size, &claim, o);
	sodium_free(opening);
	free(claim_bytes);
	free(sealed);
	return code;
}
