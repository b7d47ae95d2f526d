// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "site/fault.h"
#include "site/manifest.h"
#include "site/output.h"
#include "site/text.h"
#include "site/view.h"

#define FILE_BYTES_MAX (64U << 20)

/* Files that go into the site as they are: style and scripts, and what the source has in files/. */

static const char *const assets[] = {"site.css", "site.js", "search.js", "campaign.js", "core.wasm", "icon.svg"};

/* What may be shown beside an entry. Anything else could run, or be taken for a page. */
static const char *const endings[] = {".jpg", ".jpeg", ".png", ".webp", ".pdf", ".csv", ".json", ".txt"};

static int
copy(GString *out, const char *folder, const char *file)
{
	int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct site_fault fault;
	size_t bytes;
	int err;
	char *text;

	if (at < 0)
		return CAIRN_ERR_IO;
	text = source_file(at, file, FILE_BYTES_MAX, &bytes, &err, &fault);
	close(at);
	if (err == CAIRN_OK)
		g_string_append_len(out, text, (gssize)bytes);
	free(text);
	return err;
}

static int
render_asset(GString *out, const struct site *site, const struct page *page)
{
	return copy(out, site->options->assets, page->path);
}

static int
render_file(GString *out, const struct site *site, const struct page *page)
{
	return copy(out, site->options->source, page->path);
}

static int
add_file(struct pages *pages, const char *folder, const char *path, page_render *render)
{
	uint64_t stamp[3];
	char *whole = g_strdup_printf("%s/%s", folder, path);
	int err = output_stamp(stamp, AT_FDCWD, whole);
	struct key key;

	if (err != CAIRN_OK)
		err = fault_set(pages->site->fault, err, whole, 0, "is not there, or is no plain file");
	g_free(whole);
	if (err != CAIRN_OK)
		return err;
	key_begin(&key, "file");
	key_bytes(&key, stamp, sizeof stamp);
	(void)pages_add(pages, &key, render, NULL, NULL, "%s", path);
	return CAIRN_OK;
}

static bool
taken(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(endings); i++)
		if (g_str_has_suffix(name, endings[i]))
			return manifest_path_ok(text_of(name));
	return false;
}

int
plan_files(struct pages *pages)
{
	const struct site_options *options = pages->site->options;
	GPtrArray *names = source_names(pages->site->source, "files", "");
	int err = CAIRN_OK;

	for (size_t i = 0; err == CAIRN_OK && i < G_N_ELEMENTS(assets); i++)
		err = add_file(pages, options->assets, assets[i], render_asset);
	if (err == CAIRN_OK && pages->site->issuers->len > 0)
		err = add_file(pages, options->assets, "named.js", render_asset);
	for (guint i = 0; err == CAIRN_OK && i < names->len; i++) {
		char *path = g_strdup_printf("files/%s", (char *)names->pdata[i]);

		err = taken(names->pdata[i]) ? add_file(pages, options->source, path, render_file) :
		    fault_set(pages->site->fault, CAIRN_ERR_FORMAT, path, 0,
			"files are .jpg, .png, .webp, .pdf, .csv, .json or .txt, named by letters, digits, - and _");
		g_free(path);
	}
	g_ptr_array_free(names, TRUE);
	return err;
}
