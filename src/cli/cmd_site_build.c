// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/place.h"
#include "cli/reach.h"
#include "cli/safe.h"
#include "site/site.h"

struct build_options {
	const char *cache;
	const char *assets;
	const char *base;
	const char *desk;
	const char *date;
	uint64_t threads;
	bool all_languages;
	bool no_pictures;
	bool json;
};

#define B struct build_options
static const struct option_def defs[] = {
    OPTION(TEXT, B, base, "base", "URL", "address of the site, instead of what site.md says"),
    OPTION(TEXT, B, desk, "desk", "URL", "address of the desk, instead of what site.md says"),
    OPTION(FLAG, B, all_languages, "all-languages", "", "translations too that nobody reviewed, marked"),
    OPTION(TEXT, B, date, "date", "DAY", "today's date, YYYY-MM-DD: which gatherings are over"),
    OPTION(FLAG, B, no_pictures, "no-pictures", "", "draw no pictures to share"),
    OPTION(TEXT, B, cache, "cache", "FILE", "what the last build knew (OUT.cache)"),
    OPTION(TEXT, B, assets, "assets", "DIR", "style and scripts, instead of those that came with this program"),
    OPTION(NUMBER, B, threads, "threads", "N", "as many threads (one for each processor)"),
    OPTION(FLAG, B, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table site_build_options = {defs, sizeof(B)};

/* Where the program was built or installed, the parts lie at a known place beside it. */
static int
find_parts(struct site_options *site, char assets[PLACE_MAX], char pictures[PLACE_MAX], const B *o)
{
	static const char *const asset_places[] = {"../../web/site", "../share/cairn/site"};
	static const char *const picture_places[] = {"../picture/cairn-picture", "../libexec/cairn/cairn-picture"};

	site->assets = o->assets;
	if (o->assets == NULL && place_beside(assets, PLACE_MAX, asset_places, 2))
		site->assets = assets;
	if (site->assets == NULL)
		return fail(CAIRN_EXIT_STORAGE,
		    "style and scripts of the site are not beside this program: make build, "
		    "or --assets");
	if (!o->no_pictures && place_beside(pictures, PLACE_MAX, picture_places, 2))
		site->pictures = pictures;
	return CAIRN_EXIT_OK;
}

static int
choose(struct site_options *site, const B *o, char **argv)
{
	*site = (struct site_options){.source = argv[0], .out = argv[1], .cache = o->cache, .base = o->base,
	    .desk = o->desk, .all_languages = o->all_languages, .day = (uint32_t)(time(NULL) / 86400),
	    .threads = (unsigned)o->threads};
	if (o->threads > 64)
		return fail(CAIRN_EXIT_USAGE, "--threads is at most 64");
	if (o->date != NULL && !day_read(&site->day, (struct cairn_span){o->date, strlen(o->date)}))
		return fail(CAIRN_EXIT_USAGE, "--date wants a day as 2026-11-22");
	return CAIRN_EXIT_OK;
}

static int
tell_fault(const struct site_fault *fault, int err)
{
	int code = err == CAIRN_ERR_FORMAT || err == CAIRN_ERR_CONFLICT ? CAIRN_EXIT_REFUSED : exit_for(err);
	struct cairn_span file = {fault->file, strlen(fault->file)}, text = {fault->text, strlen(fault->text)};

	fputs("cairn: ", stderr);
	if (file.size > 0) {
		safe_inline(stderr, file);
		if (fault->line > 0)
			fprintf(stderr, ":%u", fault->line);
		fputs(": ", stderr);
	}
	safe_inline(stderr, text);
	fputc('\n', stderr);
	return code;
}

static int
tell(const struct site_report *report, const char *out, bool json)
{
	if (json)
		return print_json(json_pack("{s:I,s:I,s:I,s:o}", "files", (json_int_t)report->pages, "written",
		    (json_int_t)report->written, "removed", (json_int_t)report->removed, "manifest",
		    json_hex(report->manifest, sizeof(report->manifest))));
	printf("%zu files in %s: %zu made anew, %zu removed.\nmanifest ", report->pages, out, report->written,
	    report->removed);
	print_hex(stdout, report->manifest, sizeof(report->manifest));
	putchar('\n');
	return CAIRN_EXIT_OK;
}

int
cmd_site_build(const void *options, int argc, char **argv)
{
	const B *o = options;
	char assets[PLACE_MAX], pictures[PLACE_MAX];
	struct site_options site;
	struct site_report report;
	struct site_fault fault;
	int code = choose(&site, o, argv);
	int err;

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = find_parts(&site, assets, pictures, o);
	if (code != CAIRN_EXIT_OK)
		return code;
	err = site_build(&site, &report, &fault);
	return err == CAIRN_OK ? tell(&report, argv[1], o->json) : tell_fault(&fault, err);
}
