// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "cli/commands.h"
#include "cli/digits.h"
#include "cli/engine.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/safe.h"
#include "cli/shares_load.h"
#include "desk/admit.h"
#include "desk/card.h"
#include "desk/in_step.h"
#include "desk/roster.h"

struct admit_options {
	struct engine_options engine;
	const char *roles;
	const char *owner;
	struct option_list shares;
	int digits_fd;
};

#define A struct admit_options
static const struct option_def defs[] = {
    OPTION(TEXT, A, roles, "roles", "LIST", "what the device may do, as intake,case,security"),
    OPTION(TEXT, A, owner, "owner", "NAME", "what staff call who works on it (the device's name)"),
    OPTION(LIST, A, shares, "share", "FILE", "a share of the identity key (twice)"),
    OPTION(FD, A, digits_fd, "digits-fd", "N", "read the digits of the other device from this descriptor"),
    DESK_OPTIONS(A, engine.desk),
    OPTION(FLAG, A, engine.json, "json", "", "print JSON objects: code, digits, then what came of it"),
    OPTIONS_END,
};
const struct option_table desk_admit_options = {defs, sizeof(A)};

static struct cairn_span
span_of(const char *text)
{
	return (struct cairn_span){text == NULL ? "" : text, text == NULL ? 0 : strlen(text)};
}

static int
admit_check(const A *o)
{
	if (o->roles == NULL || !roster_roles_ok(span_of(o->roles)))
		return fail(CAIRN_EXIT_USAGE, "--roles wants a list as intake,case,security: see docs/carry.md "
		    "for what each "
					      "of them sees");
	if (o->owner != NULL && !card_line_ok(o->owner, OP_ALIAS_MAX))
		return fail(CAIRN_EXIT_USAGE, "--owner wants 1 to 64 bytes of plain text");
	return CAIRN_EXIT_OK;
}

static int
code_show(const struct admitting *a, bool json)
{
	if (json)
		return print_json(json_pack("{s:s}", "code", a->code));
	printf("On the new device: 'cairn desk join', with this code, which holds for half an hour:\n\n    %s\n\n"
	       "Tell it face to face or by voice. Waiting for the device ...\n",
	    a->code);
	return fflush(stdout) == 0 ? CAIRN_EXIT_OK : CAIRN_EXIT_STORAGE;
}

static int
admitted_show(struct engine *e, const uint8_t id[OP_ID_BYTES], const A *o)
{
	char alias[OP_ALIAS_MAX + 1];

	device_name_of(e->carry, alias, id);
	if (o->engine.json)
		return print_json(json_pack("{s:s, s:o, s:s}", "device", alias, "id", json_hex(id, OP_ID_BYTES),
		    "roles", o->roles));
	printf("The device ");
	safe_inline(stdout, span_of(alias));
	printf(" is the desk's, with the roles %s. Take the shares off this machine.\n", o->roles);
	return CAIRN_EXIT_OK;
}

static int
admit(struct engine *e, const A *o, const struct share shares[SHARES_NEEDED])
{
	struct admit_as as = {span_of(o->roles), span_of(o->owner), &shares[0], &shares[1]};
	uint8_t id[OP_ID_BYTES];
	struct admitting *a;
	struct sync sync;
	int err = shares_try(e->s.desk, shares); /* before two people read codes and digits to each other */
	int code = CAIRN_EXIT_OK;

	if (err == CAIRN_OK)
		err = desk_sync(e->s.desk, &sync, 0, e->now, NULL, NULL);
	if (err == CAIRN_OK)
		err = admit_begin(&a, e->s.desk, desk_now());
	if (err != CAIRN_OK)
		return desk_fail(e->s.desk, err);
	code = code_show(a, o->engine.json);
	if (code == CAIRN_EXIT_OK && (err = admit_keys(a)) != CAIRN_OK)
		code = desk_fail(e->s.desk, err);
	if (code == CAIRN_EXIT_OK)
		code = digits_compare(a->join.sas, o->digits_fd, o->engine.json);
	memcpy(id, a->join.keys.device, sizeof(id)); /* the machine wipes itself at its end */
	if (code == CAIRN_EXIT_OK && (err = admit_finish(a, &as, desk_now())) != CAIRN_OK)
		code = desk_fail(e->s.desk, err);
	if (code == CAIRN_EXIT_OK)
		code = admitted_show(e, id, o);
	admit_end(a, code == CAIRN_EXIT_OK);
	return code;
}

int
cmd_desk_admit(const void *options, int argc, char **argv)
{
	const A *o = options;
	struct share *shares = NULL;
	struct engine e = {.reaches = false};
	int code = admit_check(o);

	(void)argc;
	(void)argv;
	if (code == CAIRN_EXIT_OK)
		code = shares_load(&shares, &o->shares);
	if (code == CAIRN_EXIT_OK)
		code = engine_begin(&e, &o->engine);
	if (code == CAIRN_EXIT_OK)
		code = admit(&e, o, shares);
	sodium_free(shares);
	engine_end(&e);
	return code;
}
