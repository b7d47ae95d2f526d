// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <stdlib.h>

#include <sodium.h>

#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/file.h"
#include "cli/output.h"
#include "cli/petition_session.h"
#include "net/mailer.h"

#define MAILBOX_MAX (256U << 20)
#define MOST 1000U
#define REFUSED_AT_ONCE 20U

/* Addresses confirmed: petition write sends a code to each, petition confirm takes those that came back. */

struct confirm_options {
	struct desk_options desk;
	const char *smtp;
	const char *from;
	const char *user;
	const char *proxy;
	uint64_t most;
	int password_fd;
	bool json;
};

#define P struct confirm_options
static const struct option_def write_defs[] = {
    DESK_DIR_OPTION(P, desk),
    OPTION(TEXT, P, smtp, "smtp", "URL", "the mail server: smtps://host or smtp://host (STARTTLS)"),
    OPTION(TEXT, P, from, "from", "ADDRESS", "whom the letters are from, and answers go to"),
    OPTION(TEXT, P, user, "user", "NAME", "who logs in at the mail server"),
    OPTION(FD, P, password_fd, "password-fd", "N", "read that one's password from this descriptor"),
    OPTION(TEXT, P, proxy, "proxy", "URL", "go through this, socks5h://127.0.0.1:9050 for Tor"),
    OPTION(NUMBER, P, most, "most", "N", "at most so many letters now (1000)"),
    OPTIONS_END,
};
static const struct option_def confirm_defs[] = {
    DESK_DIR_OPTION(P, desk),
    OPTION(FLAG, P, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table petition_write_options = {write_defs, sizeof(P)};
const struct option_table petition_confirm_options = {confirm_defs, sizeof(P)};

/* ---- write ---- */

struct writing {
	struct desk_session s;
	struct mailer *mailer;
	struct petition_address to; /* secret */
	const char *name;
	uint64_t petition;
	size_t sent, refused;
	char why[256];
};

/* It is noted once the server has it: whoever is written to twice after a crash is not harmed. */
static int
write_one(struct writing *w)
{
	char subject[PETITION_CODE_MAX + 32], text[1024];
	int err, kept;

	snprintf(subject, sizeof(subject), "Your signature: %s", w->to.code);
	snprintf(text, sizeof(text),
	    "Somebody signed the petition \"%s\" and gave this address.\n\n"
	    "If it was you: answer this letter and leave its subject as it is, and you are counted.\n"
	    "If it was not you: do nothing.\n\n"
	    "Once you have answered, your address is erased.\n\n%s\n",
	    w->name, w->to.code);
	err = mailer_send(w->mailer, w->to.address, subject, text, w->why);
	w->sent += err == CAIRN_OK;
	w->refused += err == CAIRN_ERR_DENIED || err == CAIRN_ERR_FORMAT;
	if (err != CAIRN_OK && err != CAIRN_ERR_DENIED && err != CAIRN_ERR_FORMAT)
		return err;
	kept = db_begin(w->s.desk->state);
	if (kept == CAIRN_OK)
		kept = db_end(w->s.desk->state, petition_address_sent(w->s.desk->state, w->to.n));
	return kept;
}

static int
write_all(struct writing *w, uint64_t most)
{
	bool found = true;
	int err = petition_find(w->s.desk->state, &w->petition, (struct cairn_span){w->name, strlen(w->name)}, false);

	/* A server that refuses everybody would have all of them passed over. */
	while (err == CAIRN_OK && found && w->sent + w->refused < most &&
	    (w->sent > 0 || w->refused < REFUSED_AT_ONCE)) {
		err = petition_address_next(w->s.desk->state, &w->to, w->petition, w->to.n, &found);
		if (err == CAIRN_OK && found)
			err = write_one(w);
	}
	sodium_memzero(&w->to, sizeof(w->to));
	return err;
}

static int
write_begin(struct writing *w, struct mail *mail, const P *o, char password[256])
{
	size_t bytes = 0;
	int code, err;

	if (o->smtp == NULL || o->from == NULL)
		return fail(CAIRN_EXIT_USAGE, "--smtp and --from are wanted");
	*mail = (struct mail){.url = o->smtp,
	    .proxy = o->proxy != NULL ? o->proxy : getenv("CAIRN_PROXY"),
	    .user = o->user,
	    .password = password,
	    .from = o->from};
	if (o->user != NULL) {
		code = ask_text(o->password_fd, false, "the mail server's password", password, 255, &bytes);
		if (code != CAIRN_EXIT_OK)
			return code;
		password[bytes] = '\0';
	}
	err = mailer_new(&w->mailer, mail);
	if (err == CAIRN_ERR_RANGE)
		return fail(CAIRN_EXIT_USAGE, "--smtp wants smtps://host or smtp://host, and a proxy "
		    "socks5h://host:port");
	return err == CAIRN_OK ? CAIRN_EXIT_OK : fail(CAIRN_EXIT_MEMORY, "out of memory");
}

int
cmd_petition_write(const void *options, int argc, char **argv)
{
	const P *o = options;
	struct writing w = {.name = argv[0]};
	char password[256] = "";
	struct mail mail;
	int code = petition_begin(&w.s, &o->desk);
	int err;

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = write_begin(&w, &mail, o, password);
	if (code == CAIRN_EXIT_OK) {
		err = write_all(&w, o->most == 0 ? MOST : o->most);
		printf("%zu letters sent, %zu that the mail server does not take.\n", w.sent, w.refused);
		if (err != CAIRN_OK)
			code = w.why[0] != '\0' && err == CAIRN_ERR_IO
			    ? fail(CAIRN_EXIT_NETWORK, "the mail server: %s", w.why)
			    : petition_fail(&w.s, w.name, err);
	}
	mailer_free(w.mailer);
	sodium_memzero(password, sizeof(password));
	desk_session_end(&w.s);
	return code;
}

/* ---- confirm ---- */

static int
confirm(struct desk_session *s, const char *path, bool json)
{
	struct petition_confirmed done;
	uint8_t *text;
	size_t bytes;
	int code = file_load(path, MAILBOX_MAX, &text, &bytes);
	int err;

	if (code != CAIRN_EXIT_OK)
		return code;
	err = db_begin(s->desk->state);
	if (err == CAIRN_OK)
		err = db_end(s->desk->state,
		    petition_confirm(s->desk->state, &done, (struct cairn_span){(const char *)text, bytes}));
	if (err == CAIRN_OK)
		err = erasure_settle(erasure_of(s->desk->state));
	sodium_memzero(text, bytes);
	free(text);
	if (err != CAIRN_OK)
		return desk_fail(s->desk, desk_state_trouble(s->desk, err));
	if (json)
		return print_json(json_pack("{s:I, s:I, s:I}", "counted", (json_int_t)done.counted, "same_address",
		    (json_int_t)done.same, "unknown", (json_int_t)done.unknown));
	printf("%zu addresses are confirmed, and erased; %zu had signed "
	       "before.\n",
	    done.counted + done.same, done.same);
	return CAIRN_EXIT_OK;
}

int
cmd_petition_confirm(const void *options, int argc, char **argv)
{
	const P *o = options;
	struct desk_session s;
	int code = petition_begin(&s, &o->desk);

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = confirm(&s, argv[0], o->json);
	desk_session_end(&s);
	return code;
}
