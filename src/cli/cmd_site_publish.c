// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <stdlib.h>

#include <sodium.h>

#include "cli/claim_io.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/file.h"
#include "cli/output.h"
#include "site/log.h"
#include "site/manifest.h"

struct site_publish_options {
	const char *desk_id;
	const char *site_key;
	const char *log;
};

#define P struct site_publish_options
static const struct option_def defs[] = {
    OPTION(TEXT, P, desk_id, "desk-id", "ID", "the desk, 64 hex digits"),
    OPTION(TEXT, P, site_key, "site-key", "FILE", "the site's secret key, as 'cairn claim key' made it"),
    OPTION(TEXT, P, log, "log", "FOLDER", "the log of the site (OUT/log)"),
    OPTIONS_END,
};
const struct option_table site_publish_options = {defs, sizeof(P)};

struct publishing {
	uint8_t desk_id[CAIRN_HASH_BYTES];
	uint8_t public_key[32], secret[64];
	uint8_t *manifest;
	size_t manifest_bytes;
	struct site_log log;
};

static int
begin(struct publishing *p, const P *o, const char *out)
{
	uint8_t seed[32];
	char *path;
	int code = claim_hex_option(p->desk_id, sizeof(p->desk_id), o->desk_id, "desk-id");

	if (code == CAIRN_EXIT_OK && o->site_key == NULL)
		code = fail(CAIRN_EXIT_USAGE, "--site-key is wanted");
	if (code == CAIRN_EXIT_OK)
		code = claim_seed_read(seed, o->site_key);
	if (code != CAIRN_EXIT_OK)
		return code;
	crypto_sign_seed_keypair(p->public_key, p->secret, seed);
	sodium_memzero(seed, sizeof(seed));
	path = g_strconcat(out, "/" MANIFEST_FILE, NULL);
	code = file_load(path, MANIFEST_BYTES_MAX, &p->manifest, &p->manifest_bytes);
	g_free(path);
	return code;
}

/* Once for each manifest: the same one again is there already. */
static int
enter(struct publishing *p, const char *folder)
{
	uint8_t entry[SITE_ENTRY_BYTES];
	uint64_t index = 0;
	int err = site_log_open(&p->log, folder, p->desk_id, p->public_key);

	site_entry(entry, SITE_ENTRY_PAGES, p->manifest, p->manifest_bytes);
	if (err == CAIRN_OK && site_log_find(&p->log, &index, entry) != CAIRN_OK) {
		err = site_log_append(&p->log, &index, entry);
		if (err == CAIRN_OK)
			err = site_log_sign(&p->log, p->secret);
	}
	if (err != CAIRN_OK)
		return fail(exit_for(err), "the log in %s: %s", folder, cairn_strerror(err));
	printf("The manifest is entry %llu of a log of %u.\n", (unsigned long long)index, p->log.size);
	return CAIRN_EXIT_OK;
}

int
cmd_site_publish(const void *options, int argc, char **argv)
{
	const P *o = options;
	struct publishing *p = calloc(1, sizeof(*p));
	char *folder = o->log == NULL ? g_strconcat(argv[0], "/log", NULL) : g_strdup(o->log);
	int code;

	(void)argc;
	if (p == NULL) {
		g_free(folder);
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	}
	p->log.folder = -1;
	code = begin(p, o, argv[0]);
	if (code == CAIRN_EXIT_OK)
		code = enter(p, folder);
	site_log_close(&p->log);
	free(p->manifest);
	sodium_memzero(p, sizeof(*p));
	free(p);
	g_free(folder);
	return code;
}
