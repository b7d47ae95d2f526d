// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/evidence_session.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "net/post.h"
#include "record/evidence_stamp.h"
#include "record/evidence_verify.h"

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
    OPTION(TEXT, S, tsa, "tsa", "URL", "the time-stamping authority (RFC 3161 over HTTP)"),
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

struct way {
	const S *o;
	struct evidence *ev;
};

static int
post(void *arg, const uint8_t *ask, size_t ask_bytes, uint8_t *answer, size_t room, size_t *ret_bytes)
{
	struct way *w = arg;
	const char *proxy = w->o->proxy != NULL ? w->o->proxy : getenv("CAIRN_PROXY");
	struct post p = {.url = w->o->tsa,
	    .proxy = proxy,
	    .type = "application/timestamp-query",
	    .accept = "application/timestamp-reply",
	    .body = ask,
	    .bytes = ask_bytes};
	char why[256];
	int err = post_do(&p, answer, room, ret_bytes, why);

	return err == CAIRN_OK
	    ? err
	    : evidence_trouble(w->ev, err == CAIRN_ERR_RANGE ? err : CAIRN_ERR_IO,
		  "the time-stamping authority: %s; what waits is asked again at the next tick", why);
}

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
run(struct evidence_session *s, const S *o)
{
	struct way way = {o, s->ev};
	struct evidence_tsa tsa = {.post = post, .arg = &way, .ca = o->tsa_ca, .pace_s = (uint32_t)o->pace};
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

int
cmd_evidence_stamp(const void *options, int argc, char **argv)
{
	const S *o = options;
	struct evidence_session s;
	int code;

	(void)argc;
	(void)argv;
	if (o->tsa == NULL || o->tsa_ca == NULL || o->pace > 86400)
		return fail(CAIRN_EXIT_USAGE, "give --tsa URL and --tsa-ca FILE; --pace is at most 86400");
	code = evidence_session_begin(&s, &o->desk);
	if (code == CAIRN_EXIT_OK)
		code = run(&s, o);
	evidence_session_end(&s);
	return code;
}
