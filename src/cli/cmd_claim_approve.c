// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "cli/claim_io.h"
#include "cli/commands.h"
#include "cli/desk_session.h"
#include "cli/exit.h"
#include "cli/file.h"
#include "cli/output.h"

struct approve_options {
	struct desk_options desk;
	const char *desk_id;
	const char *device;
	const char *key;
	const char *out;
	const char *published;
};

#define A struct approve_options
static const struct option_def defs[] = {
    OPTION(TEXT, A, desk_id, "desk-id", "ID", "the desk, 64 hex digits"),
    OPTION(TEXT, A, device, "device", "ID", "this device, 32 hex digits as on the roster"),
    OPTION(TEXT, A, key, "key", "FILE", "not the key in the desk's vault, but the one in this file"),
    DESK_DIR_OPTION(A, desk),
    OPTION(TEXT, A, out, "out", "FILE", "where to write what this device agreed to"),
    OPTION(TEXT, A, published, "published", "FOLDER", "the claims that are public already"),
    OPTIONS_END,
};
const struct option_table claim_approve_options = {defs, sizeof(A)};

/* What this device is shown before it agrees. It knows neither the graph nor the accounts. */
static int
review(const struct claim *claim, const A *o)
{
	const struct claim_case c = {.claim = claim, .real = claim->accounts, .has_graph = true,
	    .graph_ways = UINT32_MAX, .has_record = true};
	bool refused = false;
	int code;

	puts("This would be public:\n");
	claim_show(claim);
	code = claim_review(&refused, &c, o->published);
	return code == CAIRN_EXIT_OK && refused ? fail(CAIRN_EXIT_REFUSED, "it is held back; nothing was signed") :
	    code;
}

/* Who agrees. Secret. */
struct approver {
	uint8_t desk_id[CAIRN_HASH_BYTES];
	uint8_t device[CAIRN_DEVICE_ID_BYTES];
	uint8_t secret[64];
};

static int
approver_of_options(struct approver *who, const A *o)
{
	uint8_t seed[32], key[32];
	int code = claim_hex_option(who->desk_id, sizeof who->desk_id, o->desk_id, "desk-id");

	if (code == CAIRN_EXIT_OK)
		code = claim_hex_option(who->device, sizeof who->device, o->device, "device");
	if (code == CAIRN_EXIT_OK)
		code = claim_seed_read(seed, o->key);
	if (code == CAIRN_EXIT_OK)
		crypto_sign_seed_keypair(key, who->secret, seed);
	sodium_memzero(seed, sizeof seed);
	return code;
}

static int
approver_of_desk(struct approver *who, const A *o)
{
	struct desk_session s;
	int code = desk_session_begin(&s, &o->desk);

	if (code == CAIRN_EXIT_OK) {
		memcpy(who->desk_id, s.desk->self.desk_id, sizeof who->desk_id);
		memcpy(who->device, s.desk->self.device_id, sizeof who->device);
		memcpy(who->secret, s.desk->self.sign_secret, sizeof who->secret);
	}
	desk_session_end(&s);
	return code;
}

static int
approve(uint8_t *file, size_t room, size_t size, const A *o)
{
	struct approver who;
	int code = o->key == NULL ? approver_of_desk(&who, o) : approver_of_options(&who, o), err = CAIRN_OK;

	if (code == CAIRN_EXIT_OK)
		err = claim_approve(file, room, &size, who.desk_id, who.device, who.secret);
	sodium_memzero(&who, sizeof who);
	if (code != CAIRN_EXIT_OK)
		return code;
	if (err == CAIRN_ERR_CONFLICT)
		return fail(CAIRN_EXIT_REFUSED, "it is another desk's, or this device has agreed already");
	if (err != CAIRN_OK)
		return fail(exit_for(err), "it cannot be signed: %s", cairn_strerror(err));
	return file_write(o->out, file, size);
}

int
cmd_claim_approve(const void *options, int argc, char **argv)
{
	const A *o = options;
	uint8_t *bytes = NULL, *file = malloc(CAIRN_NOTE_BYTES_MAX);
	struct claim claim;
	size_t size = 0;
	int code = CAIRN_EXIT_OK;

	(void)argc;
	if (file == NULL)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	if (o->out == NULL)
		code = fail(CAIRN_EXIT_USAGE, "--out is wanted");
	if (code == CAIRN_EXIT_OK)
		code = claim_load(&claim, &bytes, &size, argv[0]);
	if (code == CAIRN_EXIT_OK)
		code = review(&claim, o);
	if (code == CAIRN_EXIT_OK && size > CAIRN_NOTE_BYTES_MAX)
		code = fail(CAIRN_EXIT_REFUSED, "%s is published already", argv[0]);
	if (code == CAIRN_EXIT_OK) {
		memcpy(file, bytes, size);
		code = approve(file, CAIRN_NOTE_BYTES_MAX, size, o);
	}
	free(bytes);
	free(file);
	return code;
}
