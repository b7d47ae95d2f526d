// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/writer.h"
#include "cairn/xwing.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/file.h"
#include "cli/output.h"

/*
 * A secret key in one file, its public half beside it: of the site, to sign its log, or of a court, to which
 * commitments are opened.
 */
struct key_options {
	bool court;
};

#define K struct key_options
static const struct option_def defs[] = {
    OPTION(FLAG, K, court, "court", "", "a court's key, to which a desk opens commitments; else a site's"),
    OPTIONS_END,
};
const struct option_table claim_key_options = {defs, sizeof(K)};

static int
write_seed(const char *path, const uint8_t seed[32])
{
	uint8_t text[65];
	struct writer w;
	int code;

	writer_init(&w, text, sizeof text);
	write_hex(&w, seed, 32);
	write_text(&w, "\n");
	code = writer_end(&w, NULL) == CAIRN_OK ? file_write_secret(path, text, sizeof text) : CAIRN_EXIT_INTERNAL;
	sodium_memzero(text, sizeof text);
	return code;
}

/* As a card has it; the court's as bytes, since it is long. */
static int
write_public(const char *path, const uint8_t seed[32], bool court)
{
	uint8_t key[32], secret[64], text[64];
	struct cairn_xwing_key xwing;
	struct writer w;
	size_t size = 0;
	int code;

	if (court) {
		cairn_xwing_key_init(&xwing, seed);
		code = file_write(path, xwing.public_key, sizeof xwing.public_key);
		cairn_xwing_key_clear(&xwing);
		return code;
	}
	crypto_sign_seed_keypair(key, secret, seed);
	sodium_memzero(secret, sizeof secret);
	writer_init(&w, text, sizeof text);
	write_base64(&w, key, sizeof key);
	write_text(&w, "\n");
	return writer_end(&w, &size) == CAIRN_OK ? file_write(path, text, size) : CAIRN_EXIT_INTERNAL;
}

int
cmd_claim_key(const void *options, int argc, char **argv)
{
	const K *o = options;
	char path[4096];
	uint8_t seed[32];
	int code;

	(void)argc;
	if ((size_t)snprintf(path, sizeof path, "%s.pub", argv[0]) >= sizeof path)
		return fail(CAIRN_EXIT_USAGE, "the name is too long");
	randombytes_buf(seed, sizeof seed);
	code = write_seed(argv[0], seed);
	if (code == CAIRN_EXIT_OK)
		code = write_public(path, seed, o->court);
	sodium_memzero(seed, sizeof seed);
	if (code == CAIRN_EXIT_OK)
		printf("The secret half is in %s, the public one in %s.\n", argv[0], path);
	return code;
}
