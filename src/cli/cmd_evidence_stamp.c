// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/evidence_session.h"
#include "cli/exit.h"
#include "cli/file.h"
#include "cli/output.h"
#include "record/evidence_verify.h"
#include "record/stamping.h"

struct stamp_options {
	struct desk_options desk;
	const char *tsa;
	const char *tsa_ca;
	const char *proxy;
	uint64_t pace;
	bool stay;
	bool json;
};

#define S struct stamp_options
static const struct option_def defs[] = {
    OPTION(TEXT, S, tsa, "tsa", "URL",
	"the time-stamping authority (RFC 3161 over HTTP), if not the one that is kept"),
    OPTION(TEXT, S, tsa_ca, "tsa-ca", "FILE",
	"its root certificates, PEM: an answer that does not lead there is not kept"),
    OPTION(TEXT, S, proxy, "proxy", "URL", "go through this, socks5h://127.0.0.1:9050 for Tor"),
    OPTION(NUMBER, S, pace, "pace", "SECONDS", "one request in each so many seconds, always (3600)"),
    OPTION(FLAG, S, stay, "stay", "", "stay, and send one whenever it is due"),
    OPTION(FLAG, S, json, "json", "", "print one JSON object for each"),
    DESK_DIR_OPTION(S, desk),
    OPTIONS_END,
};
const struct option_table evidence_stamp_options = {defs, sizeof(S)};

static int
tell(const S *o, const struct evidence_tick *tick)
{
	char next[EVIDENCE_WHEN_BYTES];

	if (o->json)
		return print_json(json_pack("{s:b,s:I,s:I,s:I}", "due", (int)tick->due, "stamped",
		    (json_int_t)tick->stamped, "waiting", (json_int_t)tick->waiting, "next", (json_int_t)tick->next));
	if (!tick->due)
		printf("Not due yet.");
	else
		printf("Stamped: %zu line%s.", tick->stamped, tick->stamped == 1 ? "" : "s");
	printf(" Waiting: %llu. The next is due at %s.\n", (unsigned long long)tick->waiting,
	    evidence_when(next, tick->next));
	return fflush(stdout) == 0 ? CAIRN_EXIT_OK : CAIRN_EXIT_STORAGE;
}

static int
run(struct evidence_session *s, const S *o, const struct stamping *by)
{
	struct stamping_way way = {s->ev, by->url, o->proxy != NULL ? o->proxy : getenv("CAIRN_PROXY")};
	struct evidence_tsa tsa = {.post = stamping_post, .arg = &way, .ca = by->ca, .pace_s = by->pace_s};
	struct evidence_tick tick;
	int code;

	do {
		int err = evidence_stamp_tick(s->ev, &tsa, desk_now(), &tick);

		code = err == CAIRN_OK ? tell(o, &tick) : evidence_fail(s->ev, err);
		if (err == CAIRN_ERR_IO)
			code = CAIRN_EXIT_NETWORK;
		while (o->stay && desk_now() < tick.next)
			(void)sleep(1);
	} while (o->stay && (code == CAIRN_EXIT_OK || code == CAIRN_EXIT_NETWORK));
	return code;
}

/* The authority that was named, or else the one that is kept. */
static int
choose(struct evidence_session *s, const S *o, struct stamping *by)
{
	uint8_t *ca;
	size_t bytes;
	int err = stamping_get(s->desk.desk->state, by), code;

	if (err != CAIRN_OK)
		return desk_fail(s->desk.desk, desk_state_trouble(s->desk.desk, err));
	if (o->tsa != NULL) {
		stamping_clear(by);
		code = file_load(o->tsa_ca, STAMPING_CA_MAX, &ca, &bytes);
		if (code != CAIRN_EXIT_OK)
			return code;
		(void)snprintf(by->url, sizeof(by->url), "%s", o->tsa);
		by->ca = (struct cairn_span){(const char *)ca, bytes};
	}
	if (by->url[0] == '\0')
		return fail(CAIRN_EXIT_USAGE, "which authority? Give --tsa URL and --tsa-ca FILE, or keep one with "
					      "'cairn evidence authority'");
	if (o->pace != 0)
		by->pace_s = (uint32_t)o->pace;
	return CAIRN_EXIT_OK;
}

int
cmd_evidence_stamp(const void *options, int argc, char **argv)
{
	const S *o = options;
	struct evidence_session s;
	struct stamping by = {.pace_s = 0};
	int code;

	(void)argc;
	(void)argv;
	if ((o->tsa == NULL) != (o->tsa_ca == NULL) || o->pace > STAMPING_PACE_MAX_S ||
	    (o->tsa != NULL && strlen(o->tsa) > STAMPING_URL_MAX))
		return fail(CAIRN_EXIT_USAGE,
		    "--tsa URL, of at most %u bytes, and --tsa-ca FILE belong together; --pace is at most %u",
		    STAMPING_URL_MAX, STAMPING_PACE_MAX_S);
	code = evidence_session_begin(&s, &o->desk);
	if (code == CAIRN_EXIT_OK)
		code = choose(&s, o, &by);
	if (code == CAIRN_EXIT_OK)
		code = run(&s, o, &by);
	stamping_clear(&by);
	evidence_session_end(&s);
	return code;
}
