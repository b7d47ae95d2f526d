// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/petition_session.h"
#include "site/document.h"
#include "site/issuer.h"
#include "site/posting_conf.h"

/* site issuer: what an issuer of site.md says of itself and its keys, into the sources (OpenID Connect Discovery). */

struct issuer_options {
	const char *proxy;
};

#define P struct issuer_options
static const struct option_def defs[] = {
    OPTION(TEXT, P, proxy, "proxy", "URL", "go through this, socks5h://127.0.0.1:9050 for Tor"),
    OPTIONS_END,
};
const struct option_table site_issuer_options = {defs, sizeof(P)};

static int
fetch_and_put(const struct issuer *issuer, const char *proxy, int folder)
{
	struct site_fault fault = {.line = 0};
	char *file = g_strdup_printf("issuers/%s.json", issuer->name);
	GString *text = g_string_new(NULL);
	int err = issuer_fetch(text, issuer, proxy, (uint32_t)(desk_now() / 86400), &fault);

	if (err == CAIRN_OK)
		err = source_put(folder, file, text, &fault);
	if (err == CAIRN_OK)
		printf("%s has what %s says and its keys. Build the site anew if its addresses changed.\n", file,
		    issuer->title);
	g_string_free(text, TRUE);
	g_free(file);
	return err == CAIRN_OK ? CAIRN_EXIT_OK : petition_fault(&fault, err);
}

int
cmd_site_issuer(const void *options, int argc, char **argv)
{
	const P *o = options;
	const char *proxy = o->proxy != NULL ? o->proxy : getenv("CAIRN_PROXY");
	struct petition_source source = {.folder = -1};
	struct site_fault fault = {.line = 0};
	struct issuer *issuer = NULL;
	int code = petition_sources(&source, argv[1]), err;

	(void)argc;
	if (code == CAIRN_EXIT_OK) {
		err = issuer_line(&issuer, &((const struct document *)source.site->pdata[0])->head, argv[0], &fault);
		code = err == CAIRN_OK ? CAIRN_EXIT_OK : petition_fault(&fault, err);
	}
	if (code == CAIRN_EXIT_OK && proxy == NULL && !posting_is_here(issuer->address))
		code = fail(CAIRN_EXIT_USAGE,
		    "issuers would learn where the desk is: --proxy socks5h://127.0.0.1:9050");
	if (code == CAIRN_EXIT_OK)
		code = fetch_and_put(issuer, proxy, source.folder);
	issuer_free(issuer);
	petition_source_end(&source);
	return code;
}
