// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "cli/claim_io.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/file.h"
#include "cli/output.h"
#include "site/claim_opening.h"

struct open_options {
	const char *secrets;
	const char *court;
	struct option_list code;
	const char *out;
};

#define O struct open_options
static const struct option_def defs[] = {
    OPTION(TEXT, O, secrets, "secrets", "FILE", "what opens the commitments of this claim"),
    OPTION(TEXT, O, court, "court", "FILE", "the court's public key"),
    OPTION(LIST, O, code, "code", "CODE", "an account that is to be opened; may be given many times"),
    OPTION(TEXT, O, out, "out", "FILE", "where to write what is for the court alone"),
    OPTIONS_END,
};
const struct option_table claim_open_options = {defs, sizeof(O)};

struct opening {
	struct claim_secrets secrets;
	uint8_t court[CAIRN_XWING_PUBLIC_BYTES];
	uint8_t eseed[CAIRN_XWING_ESEED_BYTES];
	uint8_t text[CLAIM_SECRETS_TEXT_MAX];
	uint8_t sealed[CLAIM_OPENING_MAX];
};

static int
inputs_read(struct opening *x, const struct claim *claim, const O *o)
{
	size_t size = 0;
	int code = file_read(o->secrets, x->text, sizeof x->text, &size);

	if (code == CAIRN_EXIT_OK &&
	    (claim_secrets_read(&x->secrets, (struct cairn_span){(const char *)x->text, size}) != CAIRN_OK ||
	        claim_secrets_match(&x->secrets, claim) != CAIRN_OK))
		code = fail(CAIRN_EXIT_REFUSED, "%s does not open this claim", o->secrets);
	if (code == CAIRN_EXIT_OK)
		code = file_read(o->court, x->court, sizeof x->court, &size);
	if (code == CAIRN_EXIT_OK && size != sizeof x->court)
		code = fail(CAIRN_EXIT_REFUSED, "%s is no court's key", o->court);
	return code;
}

static int
seal(struct opening *x, const O *o)
{
	size_t size = 0, missing = 0;
	int err;

	randombytes_buf(x->eseed, sizeof x->eseed);
	err = claim_opening_seal(x->sealed, sizeof x->sealed, &size, &missing, &x->secrets, o->code.items,
	    o->code.count,
	    x->court, x->eseed);
	if (err == CAIRN_ERR_UNKNOWN || err == CAIRN_ERR_CONFLICT)
		return fail(CAIRN_EXIT_USAGE, "%s is no account of this claim, or is named twice",
		    o->code.items[missing]);
	if (err == CAIRN_ERR_RANGE)
		return fail(CAIRN_EXIT_USAGE, "--code says which accounts are to be opened");
	if (err != CAIRN_OK)
		return fail(exit_for(err), "it cannot be sealed: %s", cairn_strerror(err));
	return file_write(o->out, x->sealed, size);
}

int
cmd_claim_open(const void *options, int argc, char **argv)
{
	const O *o = options;
	struct opening *x = sodium_malloc(sizeof *x);
	struct claim claim;
	uint8_t *bytes = NULL;
	size_t size;
	int code = CAIRN_EXIT_OK;

	(void)argc;
	if (x == NULL)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	if (o->secrets == NULL || o->court == NULL || o->out == NULL)
		code = fail(CAIRN_EXIT_USAGE, "--secrets, --court and --out are wanted");
	if (code == CAIRN_EXIT_OK)
		code = claim_load(&claim, &bytes, &size, argv[0]);
	if (code == CAIRN_EXIT_OK)
		code = inputs_read(x, &claim, o);
	if (code == CAIRN_EXIT_OK)
		code = seal(x, o);
	if (code == CAIRN_EXIT_OK)
		printf("Sealed to the court's key, %zu of the accounts. Nobody else can open it, this desk "
		    "neither.\n",
		    o->code.count);
	sodium_free(x);
	free(bytes);
	return code;
}
