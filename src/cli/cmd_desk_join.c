// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/digits.h"
#include "cli/engine.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/vault_new.h"
#include "desk/card.h"
#include "desk/enter.h"
#include "record/evidence.h"
#include "record/together.h"
#include "site/petition.h"

#define CODE_LINE 64U

struct join_options {
	struct desk_options desk;
	const char *device;
	uint64_t vault_mib;
	int code_fd;
	int digits_fd;
	bool again;
	bool json;
};

#define J struct join_options
static const struct option_def defs[] = {
    OPTION(TEXT, J, device, "device", "NAME", "what staff will call this device"),
    OPTION(FD, J, code_fd, "code-fd", "N", "read the code from this descriptor"),
    OPTION(FD, J, digits_fd, "digits-fd", "N", "read the digits of the other device from this descriptor"),
    OPTION(NUMBER, J, vault_mib, "vault-size", "MIB", "size of the vault's file, for good (2048)"),
    OPTION(FLAG, J, again, "again", "", "this device is the desk's already, and was away for too long"),
    DESK_OPTIONS(J, desk),
    OPTION(FLAG, J, json, "json", "", "print JSON objects: digits, then what came of it"),
    OPTIONS_END,
};
const struct option_table desk_join_options = {defs, sizeof(J)};

/* The address as people have it, and the relay's key. base is what the relay's own address is cut out of. */
static int
desk_of(struct enter_desk *of, struct net_url *url, int argc, char **argv)
{
	char *at;

	if (argc != 2)
		return fail(CAIRN_EXIT_USAGE, "which desk? Give its address, as people have it, and the key of "
		    "its relay");
	if (net_url_read(url, argv[0]) != CAIRN_OK || !url->has_identity)
		return fail(CAIRN_EXIT_USAGE, "the first argument must be the desk's address with the key "
		    "behind the #, as "
					      "'cairn desk init' printed it");
	if (!desk_relay_key(of->relay_key, argv[1]))
		return fail(CAIRN_EXIT_USAGE, "the second argument must be the relay's key, as cairnd prints it");
	at = strstr(url->base, "/d/");
	if (at == NULL || (size_t)(at - url->base) > DESK_URL_MAX)
		return fail(CAIRN_EXIT_USAGE, "the relay's address is too long");
	*at = '\0';
	of->relay_url = url->base;
	memcpy(of->desk_id, url->desk_id, sizeof(of->desk_id));
	memcpy(of->identity_key, url->identity_key, sizeof(of->identity_key));
	return CAIRN_EXIT_OK;
}

static int
joined_show(const struct desk *desk, const J *o)
{
	if (o->json)
		return print_json(json_pack("{s:s, s:o}", "device", o->device, "id",
		    json_hex(desk->self.device_id, sizeof(desk->self.device_id))));
	printf("This device is one of the desk's. 'cairn desk devices' shows all of them, 'cairn desk open' "
	    "keeps it in "
	       "step.\n");
	return CAIRN_EXIT_OK;
}

static int
join_with(struct desk *desk, const J *o, const char *code_text, bool *ret_admitted)
{
	struct entering *e;
	int err = enter_begin(&e, desk, (struct cairn_span){code_text, strlen(code_text)},
	    (struct cairn_span){o->device, strlen(o->device)}, desk_now());
	int code;

	if (err != CAIRN_OK)
		return desk_fail(desk, err);
	code = digits_compare(e->join.sas, o->digits_fd, o->json);
	if (code == CAIRN_EXIT_OK && (err = enter_finish(e, desk_now)) != CAIRN_OK)
		code = desk_fail(desk, err);
	*ret_admitted = e->admitted;
	enter_end(e);
	return code == CAIRN_EXIT_OK ? joined_show(desk, o) : code;
}

/* With the code, which is asked for before anything else takes time. */
static int
join_reached(struct desk_session *s, const J *o, const char *code_text, bool *ret_admitted)
{
	int code = desk_session_wire(s, &o->desk);

	return code == CAIRN_EXIT_OK ? join_with(s->desk, o, code_text, ret_admitted) : code;
}

/* With the tables of all rooms whose sealed columns move on with the rest. */
static int
join_prepare(struct db *state, const struct enter_desk *of)
{
	int err = evidence_prepare(state);

	if (err == CAIRN_OK)
		err = petition_prepare(state);
	return err == CAIRN_OK ? enter_prepare(state, of, desk_now()) : err;
}

static int
join_new(const J *o, const struct enter_desk *of, const char *code_text)
{
	const char *folder = desk_folder(&o->desk);
	char trouble[DESK_TROUBLE_MAX];
	struct desk_session s = {.desk = NULL};
	struct vault_new v = {.made = false};
	struct db *state;
	bool admitted = false;
	int code = folder == NULL ? CAIRN_EXIT_USAGE : vault_new_begin(&v, folder, o->desk.vault_fd, o->vault_mib);
	int err = CAIRN_OK;

	if (code == CAIRN_EXIT_OK) {
		err = state_create(&state, v.vault, &desk_rooms);
		if (err == CAIRN_OK && (err = join_prepare(state, of)) != CAIRN_OK)
			state_close(state);
		if (err != CAIRN_OK)
			code = fail(CAIRN_EXIT_STORAGE, "the vault cannot be written: %s", cairn_strerror(err));
	}
	if (code == CAIRN_EXIT_OK && desk_open(&s.desk, state, trouble) != CAIRN_OK)
		code = fail(CAIRN_EXIT_STORAGE, "%s", trouble);
	if (s.desk != NULL)
		s.desk->room = &record_room;
	if (code == CAIRN_EXIT_OK)
		code = join_reached(&s, o, code_text, &admitted);
	desk_session_end(&s);
	if (folder != NULL)
		vault_new_end(&v, admitted);
	return code;
}

static int
join_again(const J *o, const char *code_text)
{
	struct desk_session s;
	bool admitted;
	int code = desk_session_reach(&s, &o->desk);

	if (code == CAIRN_EXIT_OK)
		code = join_with(s.desk, o, code_text, &admitted);
	desk_session_end(&s);
	return code;
}

int
cmd_desk_join(const void *options, int argc, char **argv)
{
	const J *o = options;
	char text[CODE_LINE] = "";
	struct enter_desk of;
	struct net_url url;
	int code = CAIRN_EXIT_OK;

	if (!o->again)
		code = desk_of(&of, &url, argc, argv);
	if (code == CAIRN_EXIT_OK && (o->device == NULL || !card_line_ok(o->device, OP_ALIAS_MAX)))
		code = fail(CAIRN_EXIT_USAGE, "--device wants the name of this device, 1 to 64 bytes of plain text");
	if (code == CAIRN_EXIT_OK)
		code = ask_line(o->code_fd, "the code that the desk's device shows", text, sizeof(text));
	if (code == CAIRN_EXIT_OK)
		code = o->again ? join_again(o, text) : join_new(o, &of, text);
	sodium_memzero(text, sizeof(text));
	return code;
}
