// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/desk_session.h"
#include "cli/exit.h"
#include "cli/file.h"
#include "cli/output.h"
#include "record/stamping.h"

struct authority_options {
	struct desk_options desk;
	const char *tsa;
	const char *tsa_ca;
	uint64_t pace;
	bool none;
	bool json;
};

#define A struct authority_options
static const struct option_def defs[] = {
    OPTION(TEXT, A, tsa, "tsa", "URL", "from now on the open desk asks this authority (RFC 3161 over HTTP)"),
    OPTION(TEXT, A, tsa_ca, "tsa-ca", "FILE",
	"its root certificates, PEM: an answer that does not lead there is not kept"),
    OPTION(NUMBER, A, pace, "pace", "SECONDS", "one request in each so many seconds, always (3600)"),
    OPTION(FLAG, A, none, "none", "", "the open desk asks nobody"),
    OPTION(FLAG, A, json, "json", "", "print one JSON object"),
    DESK_DIR_OPTION(A, desk),
    OPTIONS_END,
};
const struct option_table evidence_authority_options = {defs, sizeof(A)};

static int
keep(struct desk *desk, const A *o)
{
	struct stamping s = {.pace_s = o->pace == 0 ? EVIDENCE_TICK_S : (uint32_t)o->pace};
	uint8_t *ca = NULL;
	size_t bytes = 0;
	int code = file_load(o->tsa_ca, STAMPING_CA_MAX, &ca, &bytes), err;

	if (code != CAIRN_EXIT_OK)
		return code;
	(void)snprintf(s.url, sizeof(s.url), "%s", o->tsa);
	s.ca = (struct cairn_span){(const char *)ca, bytes};
	err = stamping_keep(desk->state, &s);
	free(ca);
	if (err == CAIRN_ERR_FORMAT)
		return fail(CAIRN_EXIT_USAGE, "--tsa wants an http or https URL, --tsa-ca a file with a certificate "
		    "(PEM)");
	return err == CAIRN_OK ? CAIRN_EXIT_OK : desk_fail(desk, desk_state_trouble(desk, err));
}

static int
forget(struct desk *desk)
{
	const struct stamping none = {.pace_s = 0};
	int err = stamping_keep(desk->state, &none);

	return err == CAIRN_OK ? CAIRN_EXIT_OK : desk_fail(desk, desk_state_trouble(desk, err));
}

static int
show(struct desk *desk, const A *o)
{
	struct stamping s;
	int err = stamping_get(desk->state, &s), code = CAIRN_EXIT_OK;

	if (err != CAIRN_OK)
		return desk_fail(desk, desk_state_trouble(desk, err));
	if (o->json)
		code = print_json(json_pack("{s:s, s:I}", "tsa", s.url, "pace", (json_int_t)s.pace_s));
	else if (s.url[0] == '\0')
		puts("Nobody is asked for time stamps.");
	else
		printf("While the desk is open, %s is asked every %u seconds.\n", s.url, s.pace_s);
	stamping_clear(&s);
	return code;
}

static int
check_options(const A *o)
{
	if ((o->tsa == NULL) != (o->tsa_ca == NULL) || (o->none && o->tsa != NULL))
		return fail(CAIRN_EXIT_USAGE, "give --tsa URL and --tsa-ca FILE, or --none, or nothing of these");
	if (o->tsa != NULL && strlen(o->tsa) > STAMPING_URL_MAX)
		return fail(CAIRN_EXIT_USAGE, "the URL is too long");
	if (o->pace != 0 && (o->tsa == NULL || o->pace < STAMPING_PACE_MIN_S || o->pace > STAMPING_PACE_MAX_S))
		return fail(CAIRN_EXIT_USAGE, "--pace goes with --tsa, and is %u to %u seconds", STAMPING_PACE_MIN_S,
		    STAMPING_PACE_MAX_S);
	return CAIRN_EXIT_OK;
}

int
cmd_evidence_authority(const void *options, int argc, char **argv)
{
	const A *o = options;
	struct desk_session s = {.vault = NULL};
	int code = check_options(o);

	(void)argc;
	(void)argv;
	if (code != CAIRN_EXIT_OK)
		return code;
	code = desk_session_begin(&s, &o->desk);
	if (code == CAIRN_EXIT_OK && o->none)
		code = forget(s.desk);
	if (code == CAIRN_EXIT_OK && o->tsa != NULL)
		code = keep(s.desk, o);
	if (code == CAIRN_EXIT_OK)
		code = show(s.desk, o);
	desk_session_end(&s);
	return code;
}
