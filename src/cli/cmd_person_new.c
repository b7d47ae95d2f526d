// SPDX-License-Identifier: GPL-3.0-or-later
#include <sodium.h>

#include "cairn/passphrase.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/lists.h"
#include "cli/output.h"

struct new_options {
	const char *list;
	bool json;
};

static const struct option_def defs[] = {
    OPTION(TEXT, struct new_options, list, "list", "NAME", "english, russian or digits"),
    OPTION(FLAG, struct new_options, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table person_new_options = {defs, sizeof(struct new_options)};

static int
show(const char *text, bool json)
{
	if (json)
		return print_json(json_pack("{s:s}", "passphrase", text));
	return puts(text) < 0 ? CAIRN_EXIT_STORAGE : CAIRN_EXIT_OK;
}

int
cmd_person_new(const void *options, int argc, char **argv)
{
	const struct new_options *o = options;
	const struct cairn_wordlist *list;
	struct cairn_passphrase pass;
	char text[CAIRN_PASSPHRASE_TEXT_MAX];
	uint8_t entropy[32];
	int err;

	(void)argc;
	(void)argv;
	if (!list_choose(&list, o->list))
		return fail(CAIRN_EXIT_USAGE, "--list is english, russian or digits");
	randombytes_buf(entropy, sizeof(entropy));
	cairn_passphrase_new(&pass, list, entropy);
	err = cairn_passphrase_write(text, sizeof(text), &pass);
	err = err == CAIRN_OK ? show(text, o->json) : fail(CAIRN_EXIT_INTERNAL, "%s", cairn_strerror(err));
	sodium_memzero(entropy, sizeof(entropy));
	sodium_memzero(text, sizeof(text));
	cairn_passphrase_clear(&pass);
	return err;
}
