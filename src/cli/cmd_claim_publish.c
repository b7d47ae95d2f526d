// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "cli/claim_io.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/file.h"
#include "cli/output.h"
#include "core/note.h"

struct publish_options {
	const char *desk_id;
	const char *card;
	const char *identity;
	const char *roster;
	const char *site_key;
	const char *log;
	const char *cosigned;
	const char *out;
	const char *date;
};

#define P struct publish_options
static const struct option_def defs[] = {
    OPTION(TEXT, P, desk_id, "desk-id", "ID", "the desk, 64 hex digits"),
    OPTION(TEXT, P, card, "card", "FILE", "the desk's card, with the site's key on it"),
    OPTION(TEXT, P, identity, "identity", "FILE", "the chain of its identity keys, where it has had several"),
    OPTION(TEXT, P, roster, "roster", "FILE", "the desk's roster"),
    OPTION(TEXT, P, site_key, "site-key", "FILE", "the site's secret key"),
    OPTION(TEXT, P, log, "log", "FOLDER", "the log of the site; made where it is missing"),
    OPTION(TEXT, P, cosigned, "cosigned", "FILE", "the log's checkpoint, as witnesses signed it"),
    OPTION(TEXT, P, out, "out", "FILE", "where to write the claim with its proof"),
    OPTION(TEXT, P, date, "date", "DAY", "as of this day, YYYY-MM-DD"),
    OPTIONS_END,
};
const struct option_table claim_publish_options = {defs, sizeof(P)};

struct publishing {
	const P *options;
	struct claim_desk desk;
	struct site_log log;
	uint8_t site_key[32], site_secret[64];
	uint8_t note[CAIRN_NOTE_BYTES_MAX];
	size_t note_bytes;
	uint8_t file[CLAIM_FILE_MAX];
};

/* What is signed with a key that the card does not name nobody can check. */
static int
site_key_check(const struct publishing *p)
{
	struct cairn_span value;
	uint8_t key[32];

	for (size_t at = 0; cairn_card_next(&p->desk.card, "site-key", &at, &value);)
		if (note_key(key, value) == CAIRN_OK && memcmp(key, p->site_key, sizeof key) == 0)
			return CAIRN_EXIT_OK;
	return fail(CAIRN_EXIT_REFUSED, "the card does not name this site key");
}

static int
begin(struct publishing *p, const char *note)
{
	const P *o = p->options;
	uint8_t seed[32];
	uint32_t day = 0;
	int code = claim_hex_option(p->desk.desk_id, sizeof p->desk.desk_id, o->desk_id, "desk-id");

	if (code == CAIRN_EXIT_OK)
		code = claim_day_option(&day, o->date);
	if (code == CAIRN_EXIT_OK && (o->roster == NULL || o->site_key == NULL || o->log == NULL || o->out == NULL))
		code = fail(CAIRN_EXIT_USAGE, "--roster, --site-key, --log and --out are wanted");
	if (code == CAIRN_EXIT_OK)
		code = claim_desk_open(&p->desk, o->card, o->identity, o->roster, day);
	if (code == CAIRN_EXIT_OK)
		code = claim_seed_read(seed, o->site_key);
	if (code != CAIRN_EXIT_OK)
		return code;
	crypto_sign_seed_keypair(p->site_key, p->site_secret, seed);
	sodium_memzero(seed, sizeof seed);
	code = site_key_check(p);
	return code == CAIRN_EXIT_OK ? file_read(note, p->note, sizeof p->note, &p->note_bytes) : code;
}

static int
take_cosigned(struct publishing *p)
{
	char name[CAIRN_KEY_NAME_BYTES];
	struct cairn_note_key key = {
	    .name = cairn_key_name(name, p->desk.desk_id, "site"), .type = CAIRN_KEY_ED25519};
	uint8_t *bytes;
	size_t size;
	int code, err;

	if (p->options->cosigned == NULL)
		return CAIRN_EXIT_OK;
	code = file_load(p->options->cosigned, CAIRN_NOTE_BYTES_MAX, &bytes, &size);
	if (code != CAIRN_EXIT_OK)
		return code;
	memcpy(key.key, p->site_key, sizeof key.key);
	err = site_log_cosigned(&p->log, bytes, size, &key, 1);
	free(bytes);
	return err == CAIRN_OK ? CAIRN_EXIT_OK :
	    fail(exit_for(err), "%s is not the log's checkpoint as it is now", p->options->cosigned);
}

static int
explain(int err)
{
	switch (err) {
	case CAIRN_ERR_DENIED:
		return fail(CAIRN_EXIT_REFUSED,
		    "two devices of the roster must have agreed: one with the role publish, "
		    "and another of documentation or security");
	case CAIRN_ERR_CRYPTO:
		return fail(CAIRN_EXIT_REFUSED, "a device's signature below it is wrong");
	default:
		return fail(exit_for(err), "it cannot be published: %s", cairn_strerror(err));
	}
}

static int
publish(struct publishing *p)
{
	size_t size = 0;
	int err = site_log_open(&p->log, p->options->log, p->desk.desk_id, p->site_key), code;

	if (err != CAIRN_OK)
		return fail(exit_for(err), "the log in %s does not hold: %s", p->options->log, cairn_strerror(err));
	code = take_cosigned(p);
	if (code != CAIRN_EXIT_OK)
		return code;
	err = claim_publish(&p->log, p->note, p->note_bytes, &p->desk.roster, p->site_secret);
	if (err != CAIRN_OK)
		return explain(err);
	err = claim_file_make(p->file, sizeof p->file, &size, &p->log, p->note, p->note_bytes);
	if (err != CAIRN_OK)
		return fail(exit_for(err), "the proof cannot be made: %s", cairn_strerror(err));
	code = file_write(p->options->out, p->file, size);
	if (code == CAIRN_EXIT_OK)
		printf("Published in a log of %u entries. Check it as everybody can: cairn verify claim.\n",
		    p->log.size);
	return code;
}

int
cmd_claim_publish(const void *options, int argc, char **argv)
{
	struct publishing *p = calloc(1, sizeof *p);
	int code;

	(void)argc;
	if (p == NULL)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	p->options = options;
	p->log.folder = -1;
	code = begin(p, argv[0]);
	if (code == CAIRN_EXIT_OK)
		code = publish(p);
	site_log_close(&p->log);
	sodium_memzero(p, sizeof *p);
	free(p);
	return code;
}
