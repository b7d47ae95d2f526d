// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/page_template.h"
#include "cli/commands.h"
#include "cli/demo_process.h"
#include "cli/desk_session.h"
#include "cli/exit.h"
#include "cli/file.h"
#include "cli/output.h"
#include "desk/card.h"

/*
 * The person's page as one file (docs/page.md): for a USB stick, a mirror, a friend. It speaks to the
 * desk's relays, whose
 * addresses stand in it, and says which desk it is for. Its hash goes onto the card.
 */

#define TEMPLATE_BYTES_MAX (4U << 20)
#define FILLED_BYTES (8192U + 3U * PAGE_ASKS_MAX * PAGE_ASK_BYTES_MAX)

struct page_options {
	struct desk_options desk;
	const char *out;
	const char *template;
	const char *exit;
	bool all_languages;
	bool json;
};

#define P struct page_options
static const struct option_def defs[] = {
    OPTION(TEXT, P, out, "out", "FILE", "where to write the page"),
    OPTION(TEXT, P, exit, "exit", "URL", "where Leave goes: a dull site, https://..."),
    OPTION(FLAG, P, all_languages, "all-languages", "", "offer also languages that no native speaker has reviewed"),
    OPTION(TEXT, P, template, "template", "FILE", "the page to fill in, single.html as it was built"),
    OPTION(FLAG, P, json, "json", "", "print one JSON object"),
    DESK_DIR_OPTION(P, desk),
    OPTIONS_END,
};
const struct option_table desk_page_options = {defs, sizeof(P)};

struct pages {
	uint8_t template[TEMPLATE_BYTES_MAX];
	uint8_t filled[TEMPLATE_BYTES_MAX + FILLED_BYTES];
	size_t template_bytes;
	size_t filled_bytes;
	char relays[4096];
	char base[1024];
};

static struct cairn_span
span(const char *text)
{
	return (struct cairn_span){text, strlen(text)};
}

static bool
find_template(char *path, size_t room)
{
	char folder[4096];

	return demo_find_page(folder, sizeof(folder)) && snprintf(path, room, "%s/single.html", folder) < (int)room &&
	       access(path, R_OK) == 0;
}

/* Scheme, host and port of an address: what a page's policy goes by. */
static struct cairn_span
origin_of(struct cairn_span url)
{
	const char *host = memmem(url.text, url.size, "://", 3);
	size_t at = host == NULL ? url.size : (size_t)(host - url.text) + 3;

	while (at < url.size && url.text[at] != '/')
		at++;
	return (struct cairn_span){url.text, at};
}

/* The relays of the card: all of them for the policy, the first as the one that is asked. */
static int
list_relays(struct pages *pages, const struct desk *desk, const struct cairn_card *card)
{
	struct writer relays, base;
	struct cairn_card_key relay;
	struct cairn_span value;

	writer_init(&relays, pages->relays, sizeof(pages->relays) - 1);
	writer_init(&base, pages->base, sizeof(pages->base) - 1);
	for (size_t at = 0; cairn_card_next(card, "relay", &at, &value);) {
		struct cairn_span origin;

		if (cairn_card_key_read(&relay, value) != CAIRN_OK || !page_address_ok(relay.word))
			return fail(CAIRN_EXIT_REFUSED, "a relay's address on the card cannot stand in a page");
		origin = origin_of(relay.word);
		if (base.used == 0) {
			write_bytes(&base, relay.word.text, relay.word.size);
			write_text(&base, "/d/");
			write_hex(&base, desk->self.desk_id, CAIRN_HASH_BYTES);
			write_text(&base, "/");
		}
		write_text(&relays, relays.used == 0 ? "" : " ");
		write_bytes(&relays, origin.text, origin.size);
	}
	if (writer_end(&relays, NULL) != CAIRN_OK || writer_end(&base, NULL) != CAIRN_OK)
		return fail(CAIRN_EXIT_REFUSED, "the card names too many relays");
	return CAIRN_EXIT_OK;
}

static int
fill(struct pages *pages, const struct desk *desk, const struct cairn_card *card, const P *o)
{
	struct page_values values = {
	    .desk_id = desk->self.desk_id,
	    .identity_key = card->identity_key,
	    .all_languages = o->all_languages,
	    .name = card->name,
	    .exit = span(o->exit == NULL ? "https://www.wikipedia.org/" : o->exit),
	};
	struct cairn_span ask;
	struct writer w;
	int code = list_relays(pages, desk, card);

	if (code != CAIRN_EXIT_OK)
		return code;
	if (!page_address_ok(values.exit) || strncmp(values.exit.text, "https://", 8) != 0)
		return fail(CAIRN_EXIT_USAGE, "--exit wants a plain address that begins with https://");
	for (size_t at = 0; values.ask_count < PAGE_ASKS_MAX && cairn_card_next(card, "never-asks", &at, &ask);)
		values.asks[values.ask_count++] = ask;
	values.relays = span(pages->relays);
	values.base = span(pages->base);
	writer_init(&w, pages->filled, sizeof(pages->filled));
	page_template_fill(&w, (struct cairn_span){(const char *)pages->template, pages->template_bytes}, &values);
	if (writer_end(&w, &pages->filled_bytes) != CAIRN_OK)
		return fail(CAIRN_EXIT_REFUSED, "this template is not the page's");
	return CAIRN_EXIT_OK;
}

static int
load_template(struct pages *pages, const P *o)
{
	char path[4200];
	const char *from = o->template;

	if (from == NULL && !find_template(path, sizeof(path)))
		return fail(CAIRN_EXIT_USAGE,
		    "the page is not beside this program: 'make page' builds it, --template names it");
	return file_read(
	    from == NULL ? path : from, pages->template, sizeof(pages->template), &pages->template_bytes);
}

static int
report(const struct pages *pages, const P *o)
{
	uint8_t hash[CAIRN_SHA256_BYTES];
	char hex[2 * sizeof(hash) + 1];

	crypto_hash_sha256(hash, pages->filled, pages->filled_bytes);
	if (o->json)
		return print_json(json_pack("{s:s,s:o,s:I}", "file", o->out, "sha256",
		    json_hex(hash, sizeof(hash)), "bytes", (json_int_t)pages->filled_bytes));
	printf("%s is the desk's page, %zu bytes.\n\n  sha256  %s\n\n"
	       "Put it on the card, so that anybody can check the file with 'cairn verify page':\n"
	       "  cairn desk card --renew --share FILE --share FILE --page %s\n",
	    o->out, pages->filled_bytes, sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash)), hex);
	return CAIRN_EXIT_OK;
}

static int
make(struct desk *desk, struct pages *pages, const P *o)
{
	struct cairn_card card;
	uint8_t *bytes = NULL;
	size_t size;
	int code = load_template(pages, o);

	if (code != CAIRN_EXIT_OK)
		return code;
	if (card_read(desk, &card, &bytes, &size, desk_day(desk_now())) != CAIRN_OK)
		code = desk_fail(desk, CAIRN_ERR_STALE);
	else
		code = fill(pages, desk, &card, o);
	free(bytes);
	if (code == CAIRN_EXIT_OK)
		code = file_write(o->out, pages->filled, pages->filled_bytes);
	return code == CAIRN_EXIT_OK ? report(pages, o) : code;
}

int
cmd_desk_page(const void *options, int argc, char **argv)
{
	const P *o = options;
	struct desk_session s;
	struct pages *pages;
	int code;

	(void)argc;
	(void)argv;
	if (o->out == NULL)
		return fail(CAIRN_EXIT_USAGE, "--out wants the file to write");
	if ((pages = calloc(1, sizeof(*pages))) == NULL)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	code = desk_session_begin(&s, &o->desk);
	if (code == CAIRN_EXIT_OK)
		code = make(s.desk, pages, o);
	desk_session_end(&s);
	free(pages);
	return code;
}
