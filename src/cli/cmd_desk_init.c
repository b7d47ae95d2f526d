// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "cli/commands.h"
#include "cli/desk_session.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/vault_new.h"
#include "desk/found.h"
#include "desk/roster.h"

struct init_options {
	struct desk_options desk;
	const char *relay;
	const char *name;
	const char *shares;
	const char *device;
	const char *owner;
	const char *roles;
	struct option_list langs;
	struct option_list never;
	uint64_t card_days;
	uint64_t batch;
	uint64_t intake_days;
	uint64_t vault_mib;
	bool second;
	int beside_fd;
	bool json;
};

#define I struct init_options
static const struct option_def defs[] = {
    OPTION(TEXT, I, relay, "relay", "URL", "the relay's address, http://... or https://...; its key is the argument"),
    OPTION(TEXT, I, name, "name", "NAME", "what people shall read: the desk's public name"),
    OPTION(LIST, I, langs, "lang", "TAG", "a language the desk answers in, as en or ru (several times)"),
    OPTION(LIST, I, never, "never-asks", "TEXT", "what the desk never asks for, as \"your name\" (several times)"),
    DESK_DIR_OPTION(I, desk),
    OPTION(TEXT, I, shares, "shares", "DIR", "folder for the three shares of the identity key"),
    OPTION(TEXT, I, device, "device", "NAME", "what staff call this device (first)"),
    OPTION(TEXT, I, owner, "owner", "NAME", "what they call who works on it (the same)"),
    OPTION(TEXT, I, roles, "roles", "LIST", "its roles, as intake,case,security (" ROSTER_ROLES_DEFAULT ")"),
    OPTION(NUMBER, I, card_days, "card-days", "N", "days that the card holds, at most 100 (90)"),
    OPTION(NUMBER, I, batch, "batch", "N", "cells a batch, 1 to 64 (8)"),
    OPTION(NUMBER, I, intake_days, "intake-days", "N", "days of intake keys ahead, 2 to 7 (4)"),
    OPTION(NUMBER, I, vault_mib, "vault-size", "MIB", "size of the vault's file, for good (2048)"),
    OPTION(FLAG, I, second, "second", "", "use the other part of the vault that is there; what is in it is lost"),
    OPTION(FD, I, beside_fd, "beside-fd", "N", "with --second: read the passphrase of the part in use from here"),
    OPTION(FLAG, I, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table desk_init_options = {defs, sizeof(I)};

/* Before somebody chooses a passphrase, and a vault is filled. */
static int
init_wish(struct founding *f, const I *o, const char *folder, const uint8_t relay_key[32])
{
	char trouble[DESK_TROUBLE_MAX];

	if (o->relay == NULL || o->name == NULL || o->shares == NULL || o->langs.count == 0)
		return fail(CAIRN_EXIT_USAGE, "--relay, --name, --shares and at least one --lang are needed");
	if (strcmp(folder, o->shares) == 0)
		return fail(CAIRN_EXIT_USAGE, "the shares must not lie in the desk's own "
					      "folder: whoever gets that would have both");
	if (o->card_days > UINT32_MAX || o->batch > UINT32_MAX || o->intake_days > UINT32_MAX)
		return fail(CAIRN_EXIT_USAGE, "a number is too large");
	*f = (struct founding){
	    .shares_folder = o->shares,
	    .alias = o->device,
	    .owner = o->owner,
	    .roles = o->roles,
	    .batch_cells = (uint32_t)o->batch,
	    .intake_days = (uint32_t)o->intake_days,
	    .wish = {
		.name = o->name,
		.relay_url = o->relay,
		.relay_key = relay_key,
		.langs = o->langs.items,
		.lang_count = o->langs.count,
		.never_asks = o->never.items,
		.never_count = o->never.count,
		.days = (uint32_t)o->card_days,
	    },
	};
	return founding_check(f, trouble) == CAIRN_OK ? CAIRN_EXIT_OK : fail(CAIRN_EXIT_USAGE, "%s", trouble);
}

static void
show_text(const struct desk_self *self, char names[SHARES][SHARE_NAME_MAX], const I *o, const char *folder)
{
	char id[2 * CAIRN_HASH_BYTES + 1];
	char key[64];

	sodium_bin2hex(id, sizeof(id), self->desk_id, sizeof(self->desk_id));
	sodium_bin2base64(key, sizeof(key), self->identity_key, 32, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	printf("The desk is made.\n\n"
	       "desk_id\n  %s\n\n"
	       "For the operator of the relay\n  cairnd desk add %s\n\n"
	       "The address to give to people\n  %s/d/%s/#%s\n\n",
	    id, id, self->relay_url, id, key);
	printf("Shares of the identity key, in %s\n", o->shares);
	for (size_t i = 0; i < SHARES; i++)
		printf("  %s\n", names[i]);
	printf("Give each to another person and take it off this machine. Any two make the next "
	       "card; whoever has two is the desk.\n\n"
	       "All that the desk keeps is sealed in %s/vault. Its passphrase is asked when the desk opens.\n\n"
	       "Next: once the operator has added the desk, 'cairn desk open'.\n",
	    folder);
}

static int
show_json(const struct desk_self *self, char names[SHARES][SHARE_NAME_MAX], const I *o)
{
	char id[2 * CAIRN_HASH_BYTES + 1];
	char key[64];

	sodium_bin2hex(id, sizeof(id), self->desk_id, sizeof(self->desk_id));
	sodium_bin2base64(key, sizeof(key), self->identity_key, 32, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return print_json(json_pack("{s:s, s:o, s:o, s:s, s:[s,s,s]}", "desk_id", id, "operator",
	    json_sprintf("cairnd desk add %s", id), "address",
	    json_sprintf("%s/d/%s/#%s", self->relay_url, id, key), "shares_folder", o->shares, "shares", names[0],
	    names[1], names[2]));
}

/* In a vault that is made for it, or in the other part of one that stands. */
static int
init_within(struct desk_self *self, char names[SHARES][SHARE_NAME_MAX], struct founding *founding,
    struct vault *vault)
{
	char trouble[DESK_TROUBLE_MAX];
	int err = state_create(&founding->state, vault, &desk_rooms);

	if (err != CAIRN_OK)
		return fail(CAIRN_EXIT_STORAGE, "the vault cannot be written: %s", cairn_strerror(err));
	err = desk_found(self, names, founding, desk_now(), trouble);
	state_close(founding->state);
	if (err == CAIRN_OK)
		return CAIRN_EXIT_OK;
	return fail(err == CAIRN_ERR_RANGE ? CAIRN_EXIT_USAGE : CAIRN_EXIT_STORAGE, "%s", trouble);
}

static int
init_vault(struct desk_self *self, char names[SHARES][SHARE_NAME_MAX], struct founding *founding, const I *o,
    const char *folder)
{
	struct vault_new v;
	int code = o->second ? vault_new_second(&v, folder, o->desk.vault_fd, o->beside_fd)
			     : vault_new_begin(&v, folder, o->desk.vault_fd, o->vault_mib);

	if (code == CAIRN_EXIT_OK)
		code = init_within(self, names, founding, v.vault);
	vault_new_end(&v, code == CAIRN_EXIT_OK);
	return code;
}

int
cmd_desk_init(const void *options, int argc, char **argv)
{
	const I *o = options;
	const char *folder = desk_folder(&o->desk);
	char names[SHARES][SHARE_NAME_MAX];
	struct founding founding;
	struct desk_self *self;
	uint8_t relay_key[32];
	int code;

	(void)argc;
	if (folder == NULL)
		return CAIRN_EXIT_USAGE;
	if (!desk_relay_key(relay_key, argv[0]))
		return fail(CAIRN_EXIT_USAGE, "the argument must be the relay's key, as cairnd prints it");
	code = init_wish(&founding, o, folder, relay_key);
	if (code != CAIRN_EXIT_OK)
		return code;
	self = sodium_malloc(sizeof(*self));
	if (self == NULL)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	code = init_vault(self, names, &founding, o, folder);
	if (code == CAIRN_EXIT_OK && o->json)
		code = show_json(self, names, o);
	else if (code == CAIRN_EXIT_OK)
		show_text(self, names, o, folder);
	sodium_free(self);
	return code;
}
