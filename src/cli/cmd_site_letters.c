// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <stdlib.h>

#include <sodium.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/petition_session.h"
#include "cli/safe.h"
#include "net/fetch.h"
#include "site/document.h"
#include "site/issuer.h"
#include "site/letter.h"

#define PAGE_BYTES_MAX (1U << 20)

/* Comments and gatherings from the public, each decided by a person: site letters, accept, refuse, prove. */

struct letter_options {
	struct desk_options desk;
	const char *proxy;
	const char *id;
	const char *city;
	const char *safety;
	const char *link;
	const char *ends;
	bool unnamed;
	bool json;
};

#define P struct letter_options
static const struct option_def letters_defs[] = {
    DESK_DIR_OPTION(P, desk),
    OPTION(FLAG, P, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
static const struct option_def accept_defs[] = {
    DESK_DIR_OPTION(P, desk),
    OPTION(TEXT, P, id, "id", "NAME", "a gathering's name in gatherings.csv"),
    OPTION(TEXT, P, city, "city", "CITY", "where it is"),
    OPTION(TEXT, P, safety, "safety", "TEXT", "what those who come should know"),
    OPTION(TEXT, P, link, "link", "URL", "its page, where it has one"),
    OPTION(TEXT, P, ends, "ends", "TIME", "when it ends, as 2017-05-12T20:00"),
    OPTION(FLAG, P, unnamed, "unnamed", "", "show a comment without the name that its token does not prove"),
    OPTIONS_END,
};
static const struct option_def refuse_defs[] = {DESK_DIR_OPTION(P, desk), OPTIONS_END};
static const struct option_def prove_defs[] = {
    DESK_DIR_OPTION(P, desk),
    OPTION(TEXT, P, proxy, "proxy", "URL", "go through this, socks5h://127.0.0.1:9050 for Tor"),
    OPTIONS_END,
};
const struct option_table site_letters_options = {letters_defs, sizeof(P)};
const struct option_table site_accept_options = {accept_defs, sizeof(P)};
const struct option_table site_refuse_options = {refuse_defs, sizeof(P)};
const struct option_table site_prove_options = {prove_defs, sizeof(P)};

/* A letter that staff name by its number. */
struct deciding {
	struct desk_session s;
	struct letter letter; /* of strangers, and nobody's to keep: wiped */
};

static int
deciding_begin(struct deciding **ret, const struct desk_options *options, const char *number)
{
	struct deciding *d = calloc(1, sizeof(*d));
	uint64_t n;
	int code, err;

	*ret = d;
	if (d == NULL)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	code = petition_begin(&d->s, options);
	if (code != CAIRN_EXIT_OK)
		return code;
	if (text_number(&n, (struct cairn_span){number, strlen(number)}, INT64_MAX) != CAIRN_OK)
		return fail(CAIRN_EXIT_USAGE, "name a letter by its number: 'cairn site letters' lists them");
	err = letter_get(d->s.desk->state, &d->letter, n);
	if (err == CAIRN_ERR_UNKNOWN)
		return fail(CAIRN_EXIT_USAGE, "no letter of that number waits: 'cairn site letters' lists them");
	return err == CAIRN_OK ? CAIRN_EXIT_OK : desk_fail(d->s.desk, desk_state_trouble(d->s.desk, err));
}

static void
deciding_end(struct deciding *d)
{
	if (d == NULL)
		return;
	desk_session_end(&d->s);
	sodium_memzero(d, sizeof(*d));
	free(d);
}

static int
decided(struct deciding *d, bool accepted)
{
	int err = letter_decided(d->s.desk->state, d->letter.n, accepted);

	return err == CAIRN_OK ? CAIRN_EXIT_OK : desk_fail(d->s.desk, desk_state_trouble(d->s.desk, err));
}

/* ---- letters ---- */

static void
put_line(const char *what, struct cairn_span text)
{
	if (text.size == 0)
		return;
	printf("  %s: ", what);
	safe_inline(stdout, text);
	putchar('\n');
}

static void
show(const struct letter *l)
{
	char day[WHEN_BYTES], code[LETTER_CODE_BYTES];

	printf("%llu  %s, %s\n", (unsigned long long)l->n, l->kind == LETTER_COMMENT ? "comment" : "gathering",
	    when_day(day, l->day));
	put_line("on", l->entry);
	put_line("title", l->title);
	put_line("place", l->place);
	put_line("country", l->country);
	if (l->kind == LETTER_GATHERING) {
		put_line("begins", l->when.begins);
		put_line("zone", l->when.zone);
	}
	put_line("name", l->name);
	put_line("home page", l->page);
	if (l->page.size > 0) {
		letter_code(code, l);
		printf("  %s %s\n", l->proven ? "it has the code" : "not checked; it must have the code", code);
	}
	if (l->token.size > 0)
		printf("  an issuer's token came with it: 'cairn site prove %llu SOURCE' looks whom it names\n",
		    (unsigned long long)l->n);
	safe_text(stdout, l->text, "  | ");
	putchar('\n');
}

static json_t *
letter_json(const struct letter *l)
{
	char code[LETTER_CODE_BYTES], day[WHEN_BYTES];
	bool gathering = l->kind == LETTER_GATHERING;
	const struct cairn_span none = {"", 0};

	letter_code(code, l);
	return json_pack("{s:I, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:b, s:b}", "number",
	    (json_int_t)l->n, "kind", gathering ? "gathering" : "comment", "day", when_day(day, l->day), "entry",
	    json_span(l->entry), "text", json_span(l->text), "name", json_span(l->name), "title", json_span(l->title),
	    "place", json_span(l->place), "country", json_span(l->country), "begins",
	    json_span(gathering ? l->when.begins : none), "zone", json_span(gathering ? l->when.zone : none),
	    "home_page",
	    json_span(l->page), "code", code, "proven", (int)l->proven, "openid", (int)(l->token.size > 0));
}

static int
list(struct desk_session *s, struct letter *letter, json_t *array)
{
	size_t count = 0;
	uint64_t n = 0;
	int err;

	while ((err = letter_next(s->desk->state, letter, n)) == CAIRN_OK && letter->n != 0) {
		n = letter->n;
		count++;
		if (array != NULL)
			json_array_append_new(array, letter_json(letter));
		else
			show(letter);
	}
	if (err != CAIRN_OK)
		return desk_fail(s->desk, desk_state_trouble(s->desk, err));
	if (array == NULL)
		printf("%zu wait: 'cairn site accept NUMBER SOURCE' or 'cairn site refuse NUMBER', each by hand.\n",
		    count);
	return CAIRN_EXIT_OK;
}

int
cmd_site_letters(const void *options, int argc, char **argv)
{
	const P *o = options;
	struct letter *letter = calloc(1, sizeof(*letter));
	json_t *array = o->json ? json_array() : NULL;
	struct desk_session s;
	int code = petition_begin(&s, &o->desk);

	(void)argc;
	(void)argv;
	if (code == CAIRN_EXIT_OK && letter == NULL)
		code = fail(CAIRN_EXIT_MEMORY, "out of memory");
	if (code == CAIRN_EXIT_OK)
		code = list(&s, letter, array);
	if (code == CAIRN_EXIT_OK && array != NULL)
		code = print_json(json_pack("{s:O}", "letters", array));
	if (letter != NULL)
		sodium_memzero(letter, sizeof(*letter));
	free(letter);
	json_decref(array);
	desk_session_end(&s);
	return code;
}

/* ---- accept, refuse ---- */

static struct cairn_span
said(const char *text)
{
	return text == NULL ? (struct cairn_span){"", 0} : (struct cairn_span){text, strlen(text)};
}

/* Whom its token names; none where it has none, or staff want none. An exit code. */
static int
name_of(struct letter_named *named, const struct letter *letter, const struct petition_source *source, bool unnamed)
{
	const struct document *site = source->site->pdata[0];
	struct site_fault fault = {.line = 0};
	GPtrArray *issuers = NULL;
	const char *why = "";
	int err, code = CAIRN_EXIT_OK;

	*named = (struct letter_named){.name = ""};
	if (letter->token.size == 0 || unnamed)
		return CAIRN_EXIT_OK;
	err = issuers_load(&issuers, source->folder, &site->head, &fault);
	if (err != CAIRN_OK)
		code = petition_fault(&fault, err);
	else if (letter_named(named, &why, letter, issuers) != CAIRN_OK)
		code = fail(CAIRN_EXIT_REFUSED, "its token names nobody: %s. Refuse it, or accept it with --unnamed",
		    why);
	g_ptr_array_free(issuers, TRUE);
	return code;
}

static int
accept(struct deciding *d, const P *o, int folder, const struct letter_named *named)
{
	const struct letter_gathering gathering = {said(o->id), said(o->city), said(o->safety), said(o->link),
	    said(o->ends)};
	GString *file = g_string_new("gatherings.csv"), *text = g_string_new(NULL);
	struct site_fault fault = {.line = 0};
	int err;

	if (d->letter.kind == LETTER_COMMENT)
		err = letter_comment_file(file, text, folder, &d->letter, named, &fault);
	else
		err = letter_gathering_file(text, folder, &d->letter, &gathering, (uint32_t)(desk_now() / 86400),
		    &fault);
	if (err == CAIRN_OK)
		err = source_put(folder, file->str, text, &fault);
	if (err == CAIRN_OK)
		printf("It is in %s.\n", file->str);
	g_string_free(file, TRUE);
	g_string_free(text, TRUE);
	return err == CAIRN_OK ? CAIRN_EXIT_OK : petition_fault(&fault, err);
}

int
cmd_site_accept(const void *options, int argc, char **argv)
{
	const P *o = options;
	struct petition_source source = {.folder = -1};
	struct letter_named named;
	struct deciding *d;
	int code = deciding_begin(&d, &o->desk, argv[0]);

	(void)argc;
	if (code == CAIRN_EXIT_OK && d->letter.kind == LETTER_GATHERING &&
	    (o->id == NULL || o->city == NULL || o->safety == NULL))
		code = fail(CAIRN_EXIT_USAGE, "a gathering wants --id, --city and --safety, by whoever looked it up");
	if (code == CAIRN_EXIT_OK)
		code = petition_sources(&source, argv[1]);
	if (code == CAIRN_EXIT_OK)
		code = name_of(&named, &d->letter, &source, o->unnamed);
	if (code == CAIRN_EXIT_OK)
		code = accept(d, o, source.folder, &named);
	if (code == CAIRN_EXIT_OK)
		code = decided(d, true);
	petition_source_end(&source);
	deciding_end(d);
	return code;
}

int
cmd_site_refuse(const void *options, int argc, char **argv)
{
	const P *o = options;
	struct deciding *d;
	int code = deciding_begin(&d, &o->desk, argv[0]);

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = decided(d, false);
	deciding_end(d);
	return code;
}

/* ---- prove ---- */

static int
look(struct deciding *d, const char *proxy)
{
	char url[4097], code[LETTER_CODE_BYTES], why[256];
	uint8_t *page = malloc(PAGE_BYTES_MAX);
	size_t bytes = 0;
	bool there;
	int err;

	if (page == NULL || d->letter.page.size >= sizeof(url)) {
		free(page);
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	}
	memcpy(url, d->letter.page.text, d->letter.page.size);
	url[d->letter.page.size] = '\0';
	letter_code(code, &d->letter);
	err = fetch_page(url, proxy, page, PAGE_BYTES_MAX, &bytes, why);
	there = err == CAIRN_OK && memmem(page, bytes, code, strlen(code)) != NULL;
	free(page);
	if (err == CAIRN_ERR_RANGE)
		return fail(CAIRN_EXIT_USAGE, "%s", why);
	if (err != CAIRN_OK)
		return fail(CAIRN_EXIT_NETWORK, "the home page: %s", why);
	return there ? CAIRN_EXIT_OK : fail(CAIRN_EXIT_REFUSED, "the home page does not have %s", code);
}

/* By the keys that were fetched: nobody is asked, and nothing is kept but what the letter has. */
static int
prove_token(const struct deciding *d, int argc, char **argv)
{
	struct petition_source source = {.folder = -1};
	struct letter_named named;
	int code;

	if (argc < 2)
		return fail(CAIRN_EXIT_USAGE, "name the folder of the site's sources, which lists the issuers");
	code = petition_sources(&source, argv[1]);
	if (code == CAIRN_EXIT_OK)
		code = name_of(&named, &d->letter, &source, false);
	petition_source_end(&source);
	if (code != CAIRN_EXIT_OK)
		return code;
	fputs("It is named ", stdout);
	safe_inline(stdout, said(named.name));
	fputs(" by ", stdout);
	safe_inline(stdout, said(named.by));
	puts(": so it is shown once it is accepted.");
	return CAIRN_EXIT_OK;
}

static int
prove_page(struct deciding *d, const char *proxy)
{
	int code;

	if (d->letter.page.size == 0)
		return fail(CAIRN_EXIT_USAGE, "that letter names no home page, and no token came with it");
	/* Whoever has the page would learn where the desk is. */
	if (proxy == NULL)
		return fail(CAIRN_EXIT_USAGE,
		    "a stranger's page is looked at through a proxy: --proxy socks5h://127.0.0.1:9050");
	code = look(d, proxy);
	if (code == CAIRN_EXIT_OK && letter_proven(d->s.desk->state, d->letter.n) != CAIRN_OK)
		code = fail(CAIRN_EXIT_STORAGE, "the vault could not be written");
	if (code == CAIRN_EXIT_OK)
		puts("The home page has the code: it stands beside the comment once that is accepted.");
	return code;
}

int
cmd_site_prove(const void *options, int argc, char **argv)
{
	const P *o = options;
	struct deciding *d;
	int code = deciding_begin(&d, &o->desk, argv[0]);

	if (code == CAIRN_EXIT_OK && d->letter.token.size > 0)
		code = prove_token(d, argc, argv);
	else if (code == CAIRN_EXIT_OK)
		code = prove_page(d, o->proxy != NULL ? o->proxy : getenv("CAIRN_PROXY"));
	deciding_end(d);
	return code;
}
