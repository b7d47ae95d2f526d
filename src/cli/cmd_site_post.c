// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/file.h"
#include "cli/output.h"
#include "cli/safe.h"
#include "cli/secret.h"
#include "site/posting.h"
#include "site/text.h"

#define SECRET_MAX 500U
#define ENTRIES "/entries/"

struct post_options {
	const char *to;
	const char *conf;
	const char *proxy;
	int secret_fd;
	bool remove;
	bool again;
	bool russia;
	bool json;
};

#define P struct post_options
static const struct option_def defs[] = {
    OPTION(TEXT, P, to, "to", "NAME", "the account, a block of posting.conf"),
    OPTION(FLAG, P, remove, "delete", "", "delete there what was posted of it; the entry itself need not be there"),
    OPTION(FLAG, P, again, "again", "", "go on although an earlier try may have got through"),
    OPTION(TEXT, P, conf, "conf", "FILE", "accounts, instead of posting.conf beside the sources"),
    OPTION(FD, P, secret_fd, "secret-fd", "N", "read the account's secret from this descriptor"),
    OPTION(TEXT, P, proxy, "proxy", "URL", "go through this, socks5h://127.0.0.1:9050 for Tor"),
    OPTION(FLAG, P, russia, "livejournal-is-in-russia-i-know", "",
	"post to LiveJournal, whose servers stand in Russia"),
    OPTION(FLAG, P, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table site_post_options = {defs, sizeof(P)};

struct job {
	const P *o;
	char *source; /* folder; owned */
	char *entry;  /* owned */
	int folder;
	struct posting_account account;
	char *secret; /* secret */
};

/* "SOURCE/entries/NAME.md" into its parts. */
static int
take_entry(struct job *j, const char *path)
{
	char *full = path[0] == '/' ? g_strdup(path) : g_strconcat("./", path, NULL);
	char *at = g_strrstr(full, ENTRIES);
	const char *name = at == NULL ? "" : at + strlen(ENTRIES);
	size_t size = strlen(name);
	int code = CAIRN_EXIT_OK;

	if (size <= 3 || strcmp(name + size - 3, ".md") != 0 ||
	    !posted_name_ok((struct cairn_span){name, size - 3}, POSTED_ENTRY_MAX))
		code = fail(
		    CAIRN_EXIT_USAGE, "the entry is named as SOURCE/entries/NAME.md, NAME of a-z, 0-9, - and .");
	else {
		j->entry = g_strndup(name, size - 3);
		j->source = at == full ? g_strdup("/") : g_strndup(full, (size_t)(at - full));
		j->folder = open(j->source, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (j->folder < 0)
			code = fail(CAIRN_EXIT_STORAGE, "%s: %s", j->source, strerror(errno));
	}
	g_free(full);
	return code;
}

static int
tell_fault(const struct site_fault *fault, int err)
{
	static const struct {
		int err, code;
	} codes[] = {
	    {CAIRN_ERR_FORMAT, CAIRN_EXIT_REFUSED},
	    {CAIRN_ERR_DENIED, CAIRN_EXIT_REFUSED},
	    {CAIRN_ERR_CONFLICT, CAIRN_EXIT_REFUSED},
	    {CAIRN_ERR_UNKNOWN, CAIRN_EXIT_REFUSED},
	    {CAIRN_ERR_BUSY, CAIRN_EXIT_BUSY},
	};
	int code = exit_for(err);

	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		if (codes[i].err == err)
			code = codes[i].code;
	/* A fault without a file is of the way there. */
	if (err == CAIRN_ERR_IO && fault->file[0] == '\0')
		code = CAIRN_EXIT_NETWORK;
	fputs("cairn: ", stderr);
	safe_inline(stderr, text_of(fault->file));
	if (fault->line > 0)
		fprintf(stderr, ":%u", fault->line);
	fputs(fault->file[0] == '\0' ? "" : ": ", stderr);
	safe_inline(stderr, text_of(fault->text));
	fputc('\n', stderr);
	return code;
}

static int
take_account(struct job *j)
{
	char *path = j->o->conf != NULL ? g_strdup(j->o->conf) : g_strconcat(j->source, "/" POSTING_CONF, NULL);
	struct site_fault fault = {0};
	uint8_t *text = NULL;
	size_t size = 0;
	int code = file_load(path, POSTING_CONF_BYTES_MAX, &text, &size), err;

	g_free(path);
	if (code != CAIRN_EXIT_OK)
		return code;
	err = posting_conf_read(&j->account, &fault, (struct cairn_span){(const char *)text, size}, j->o->to);
	free(text);
	return err == CAIRN_OK ? code : tell_fault(&fault, err);
}

/* The warning is said each time: who types a flag from a script's habit reads it still. */
static int
warn(const struct job *j)
{
	if (j->account.service != POSTING_LIVEJOURNAL)
		return CAIRN_EXIT_OK;
	if (!j->o->russia)
		return fail(CAIRN_EXIT_USAGE,
		    "LiveJournal's servers stand in Russia, under its law and its services: they see who posts, "
		    "who reads "
		    "and who comments. Post there with --livejournal-is-in-russia-i-know, or not at all");
	complain("LiveJournal's servers stand in Russia: ask nobody in danger to read or comment there");
	return CAIRN_EXIT_OK;
}

/* ---- the secret ---- */

/* Nobody else may be able to read it. */
static int
open_secret(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return fail(-1, "%s: %s", path, strerror(errno));
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() && (st.st_mode & 077) == 0)
		return fd;
	(void)close(fd);
	return fail(-1, "%s: a secret is in a file of its owner alone: chmod 600", path);
}

static int
read_secret(struct job *j, int fd)
{
	size_t size = 0;
	int code = ask_fd(fd, "the secret", j->secret, SECRET_MAX, &size);

	if (code != CAIRN_EXIT_OK)
		return code;
	if (size > 0 && j->secret[size - 1] == '\n')
		size--;
	j->secret[size] = '\0';
	/* It goes into a header: a line end would begin another. */
	for (size_t i = 0; i < size; i++)
		if ((unsigned char)j->secret[i] < ' ' || j->secret[i] == 0x7f)
			size = 0;
	return size > 0 ? CAIRN_EXIT_OK : fail(CAIRN_EXIT_USAGE, "the secret is one line, and not empty");
}

static int
take_secret(struct job *j)
{
	const char *path = j->account.values[POSTING_KEY_SECRET_FILE];
	bool wanted = j->account.service != POSTING_MAIL || j->account.values[POSTING_KEY_USER][0] != '\0';
	int fd = j->o->secret_fd, code;

	j->secret = secret_new(SECRET_MAX + 1);
	if (j->secret == NULL)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	if (!wanted)
		return CAIRN_EXIT_OK;
	if (fd < 0 && path[0] == '\0')
		return fail(CAIRN_EXIT_USAGE,
		    "--secret-fd, or secret-file in " POSTING_CONF ", wants the account's secret");
	if (fd < 0 && (fd = open_secret(path)) < 0)
		return CAIRN_EXIT_STORAGE;
	code = read_secret(j, fd);
	if (fd != j->o->secret_fd)
		(void)close(fd);
	return code;
}

/* ---- all of it ---- */

static int
tell(const struct posting_report *report, bool json)
{
	static const char *const words[] = {"unchanged", "posted", "changed", "deleted"};
	static const char *const sentences[] = {
	    "Nothing has changed since it was posted.", "Posted.", "Changed there.", "Deleted there."};

	if (json)
		return print_json(json_pack("{s:s,s:o}", "did", words[report->did], "url",
		    report->url[0] == '\0' ? json_null() : json_string(report->url)));
	printf("%s%s", sentences[report->did], report->url[0] == '\0' ? "" : " ");
	safe_inline(stdout, text_of(report->url));
	putchar('\n');
	return fflush(stdout) == 0 ? CAIRN_EXIT_OK : CAIRN_EXIT_STORAGE;
}

static int
run(struct job *j)
{
	const struct posting_options options = {.folder = j->folder,
	    .entry = j->entry,
	    .account = &j->account,
	    .secret = j->secret,
	    .proxy = j->o->proxy != NULL ? j->o->proxy : getenv("CAIRN_PROXY"),
	    .now_s = (uint64_t)time(NULL),
	    .remove = j->o->remove,
	    .again = j->o->again};
	struct posting_report report;
	struct site_fault fault;
	int err = posting_do(&report, &fault, &options);

	return err == CAIRN_OK ? tell(&report, j->o->json) : tell_fault(&fault, err);
}

int
cmd_site_post(const void *options, int argc, char **argv)
{
	const P *o = options;
	struct job j = {.o = o, .folder = -1};
	int code;

	(void)argc;
	if (o->to == NULL)
		return fail(CAIRN_EXIT_USAGE, "--to wants the name of an account in " POSTING_CONF);
	code = take_entry(&j, argv[0]);
	if (code == CAIRN_EXIT_OK)
		code = take_account(&j);
	if (code == CAIRN_EXIT_OK)
		code = warn(&j);
	if (code == CAIRN_EXIT_OK)
		code = take_secret(&j);
	if (code == CAIRN_EXIT_OK)
		code = run(&j);
	if (j.folder >= 0)
		(void)close(j.folder);
	secret_free(j.secret);
	g_free(j.source);
	g_free(j.entry);
	return code;
}
