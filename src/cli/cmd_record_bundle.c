// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/file.h"
#include "cli/output.h"
#include "cli/record_session.h"
#include "record/bundle.h"

#define KEY_FILE_MAX 4096U

struct bundle_options {
	struct desk_options desk;
	struct record_out out;
	const char *to;
	bool open_to_all;
	const char *path;
	bool json;
};

#define B struct bundle_options
static const struct option_def bundle_defs[] = {
    DESK_DIR_OPTION(B, desk),
    RECORD_OUT_OPTIONS(B, out),
    OPTION(TEXT, B, to, "to", "FILE", "seal it to the device whose key this file has (\"cairn record key\")"),
    OPTION(FLAG, B, open_to_all, "not-sealed", "", "do not seal it: whoever gets the file reads it"),
    OPTION(TEXT, B, path, "out", "FILE", "write this new file; - is standard output"),
    OPTION(FLAG, B, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table record_bundle_options = {bundle_defs, sizeof(B)};

static const struct option_def key_defs[] = {
    DESK_DIR_OPTION(B, desk),
    OPTION(FLAG, B, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table record_key_options = {key_defs, sizeof(B)};

/* ---- keys ---- */

int
cmd_record_key(const void *options, int argc, char **argv)
{
	char text[sodium_base64_ENCODED_LEN(CAIRN_XWING_PUBLIC_BYTES, sodium_base64_VARIANT_ORIGINAL)];
	const B *o = options;
	struct cairn_xwing_key key;
	uint8_t hash[CAIRN_SHA256_BYTES];
	struct record_session s;
	int code = record_begin(&s, &o->desk);

	(void)argc;
	(void)argv;
	if (code == CAIRN_EXIT_OK) {
		cairn_xwing_key_init(&key, s.desk.desk->self.xwing_seed);
		sodium_bin2base64(text, sizeof(text), key.public_key, sizeof(key.public_key),
		    sodium_base64_VARIANT_ORIGINAL);
		crypto_hash_sha256(hash, key.public_key, sizeof(key.public_key));
		cairn_xwing_key_clear(&key);
		if (o->json)
			code = print_json(json_pack("{s:s, s:o}", "key", text, "hash", json_hex(hash, sizeof(hash))));
		else
			code = puts(text) < 0 ? CAIRN_EXIT_STORAGE : CAIRN_EXIT_OK;
	}
	record_end(&s);
	return code;
}

static int
read_key(uint8_t key[CAIRN_XWING_PUBLIC_BYTES], const char *path)
{
	char text[KEY_FILE_MAX];
	size_t bytes, key_bytes;
	int code = file_read(path, (uint8_t *)text, sizeof(text), &bytes);

	if (code != CAIRN_EXIT_OK)
		return code;
	while (bytes > 0 && (text[bytes - 1] == '\n' || text[bytes - 1] == '\r'))
		bytes--;
	if (text_base64(key, CAIRN_XWING_PUBLIC_BYTES, &key_bytes, (struct cairn_span){text, bytes}) != CAIRN_OK ||
	    key_bytes != CAIRN_XWING_PUBLIC_BYTES || cairn_xwing_public_check(key) != CAIRN_OK)
		return fail(CAIRN_EXIT_USAGE, "%s is no device's key: 'cairn record key' prints one", path);
	return CAIRN_EXIT_OK;
}

/* ---- the bundle ---- */

static int
make_fail(const struct record_session *s, int err)
{
	switch (err) {
	case CAIRN_ERR_UNKNOWN:
	case CAIRN_ERR_STALE:
		return fail(CAIRN_EXIT_REFUSED,
		    "the roster does not name this device, so that nobody could check what it "
		    "signs: 'cairn desk card --roster'");
	case CAIRN_ERR_RANGE:
		return fail(
		    CAIRN_EXIT_REFUSED, "this is larger than a bundle may be (128 MiB): export less with --only");
	default:
		return record_fail(s, err);
	}
}

static int
make(const struct record_session *s, const struct record_chosen *chosen, const B *o, const uint8_t *to)
{
	uint8_t *bytes;
	size_t size;
	int code,
	    err = record_bundle_make(&bytes, &size, s->desk.desk, &chosen->selection, &chosen->wish, to, s->now);

	if (err != CAIRN_OK)
		return make_fail(s, err);
	code = record_write(o->path, bytes, size);
	sodium_memzero(bytes, size);
	free(bytes);
	if (code == CAIRN_EXIT_OK)
		record_remark(chosen);
	if (code == CAIRN_EXIT_OK && o->json && strcmp(o->path, "-") != 0)
		return print_json(json_pack("{s:s, s:I, s:I, s:I, s:b}", "file", o->path, "bytes", (json_int_t)size,
		    "entities", (json_int_t)chosen->selection.count, "held_back",
		    (json_int_t)chosen->selection.without_consent + (json_int_t)chosen->selection.inside, "sealed",
		    to != NULL));
	return code;
}

int
cmd_record_bundle(const void *options, int argc, char **argv)
{
	const B *o = options;
	struct record_chosen chosen = {.partner = ""};
	uint8_t to[CAIRN_XWING_PUBLIC_BYTES];
	struct record_session s;
	int code = record_begin(&s, &o->desk);

	(void)argc;
	(void)argv;
	if (code == CAIRN_EXIT_OK && (o->to != NULL) == o->open_to_all)
		code = fail(CAIRN_EXIT_USAGE,
		    "say who may open it with --to FILE; or that everybody may, with --not-sealed");
	if (code == CAIRN_EXIT_OK && o->path == NULL)
		code = fail(CAIRN_EXIT_USAGE, "--out must name a new file, or - for standard output");
	if (code == CAIRN_EXIT_OK && o->to != NULL)
		code = read_key(to, o->to);
	if (code == CAIRN_EXIT_OK)
		code = record_choose(&s, &chosen, &o->out);
	if (code == CAIRN_EXIT_OK)
		code = make(&s, &chosen, o, o->to == NULL ? NULL : to);
	record_chosen_end(&chosen);
	record_end(&s);
	return code;
}
