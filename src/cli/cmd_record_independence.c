// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/file.h"
#include "cli/independence_words.h"
#include "cli/output.h"
#include "record/reliance_json.h"
#include "record/reliance_picture.h"

#define ELK_BYTES_MAX (4U << 20)

struct independence_options {
	const char *claim;
	struct option_list without;
	const char *layout;
	bool svg;
	bool elk;
	bool codes;
	bool json;
};

#define I struct independence_options
static const struct option_def defs[] = {
    OPTION(TEXT, I, claim, "claim", "CODE", "the claim; the first of the file without it"),
    OPTION(LIST, I, without, "without", "CODE", "leave this source out, and whatever comes by it alone"),
    OPTION(FLAG, I, svg, "svg", "", "print a drawing (SVG)"),
    OPTION(TEXT, I, layout, "layout", "FILE", "draw with the places that ELK gave"),
    OPTION(FLAG, I, elk, "elk", "", "print what ELK is to lay out"),
    OPTION(FLAG, I, codes, "codes", "", "show codes in the drawing: for the desk's own eyes"),
    OPTION(FLAG, I, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table record_independence_options = {defs, sizeof(I)};

struct figures {
	struct reliance graph;
	uint32_t claim;
	size_t without_count;
	uint32_t without[OPTION_LIST_MAX];
	struct independence cautious;
	struct independence apart;
};

static int
graph_read(struct figures *f, const char *path)
{
	char fault[RELIANCE_FAULT_BYTES];
	uint8_t *bytes;
	size_t size;
	int code = file_load(path, RELIANCE_JSON_BYTES_MAX, &bytes, &size), err;

	if (code != CAIRN_EXIT_OK)
		return code;
	err = reliance_json_read(&f->graph, fault, bytes, size);
	free(bytes);
	return err == CAIRN_OK ? CAIRN_EXIT_OK : fail(exit_for(err), "%s: %s", path, fault);
}

static int
code_find(uint32_t *ret, const struct reliance_index *index, const char *code)
{
	*ret = reliance_find(index, (struct cairn_span){code, strlen(code)});
	return *ret == RELIANCE_NONE ? fail(CAIRN_EXIT_USAGE, "nothing in the file has the code %s", code) :
	    CAIRN_EXIT_OK;
}

static int
codes_find(struct figures *f, const I *o)
{
	struct reliance_index index;
	uint32_t twice;
	int code = CAIRN_EXIT_OK;

	if (reliance_index_init(&index, &f->graph, &twice) != CAIRN_OK)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	f->claim = reliance_first_claim(&f->graph);
	if (o->claim != NULL)
		code = code_find(&f->claim, &index, o->claim);
	for (size_t i = 0; i < o->without.count && code == CAIRN_EXIT_OK; i++)
		code = code_find(&f->without[f->without_count++], &index, o->without.items[i]);
	reliance_index_release(&index);
	return code;
}

static int
compute(struct figures *f)
{
	int err = independence_init(&f->cautious, &f->graph, f->claim, INDEPENDENCE_CAUTIOUS, f->without,
	    f->without_count);

	if (err == CAIRN_OK && f->graph.same_count > 0)
		err = independence_init(&f->apart, &f->graph, f->claim, INDEPENDENCE_APART, f->without,
		    f->without_count);
	if (err == CAIRN_ERR_CONFLICT)
		return fail(CAIRN_EXIT_USAGE, "%s is no claim, or was left out", f->graph.vertices[f->claim].code);
	return err == CAIRN_OK ? CAIRN_EXIT_OK : fail(exit_for(err), "%s", cairn_strerror(err));
}

/* ---- the drawing ---- */

static int
lay_out(struct picture *picture, const char *path)
{
	json_error_t error;
	json_t *elk;
	uint8_t *bytes;
	size_t size;
	int code, err;

	if (path == NULL)
		return picture_lay_out(picture) == CAIRN_OK ? CAIRN_EXIT_OK : fail(CAIRN_EXIT_MEMORY,
		    "out of memory");
	code = file_load(path, ELK_BYTES_MAX, &bytes, &size);
	if (code != CAIRN_EXIT_OK)
		return code;
	elk = json_loadb((const char *)bytes, size, 0, &error);
	err = elk == NULL ? CAIRN_ERR_FORMAT : picture_elk_read(picture, elk);
	json_decref(elk);
	free(bytes);
	return err == CAIRN_OK ? CAIRN_EXIT_OK : fail(exit_for(err), "%s is no layout of this graph", path);
}

static int
draw(const struct figures *f, const I *o)
{
	const struct picture_options options = {.codes = o->codes};
	struct picture picture;
	int err = picture_init(&picture, &f->graph, &f->cautious, &options);
	int code;

	if (err == CAIRN_ERR_RANGE)
		return fail(CAIRN_EXIT_USAGE,
		    "this is more than anybody could read in a drawing; the figures have to do");
	if (err != CAIRN_OK)
		return fail(exit_for(err), "%s", cairn_strerror(err));
	if (o->elk) {
		code = print_json(picture_elk(&picture));
	} else {
		code = lay_out(&picture, o->layout);
		if (code == CAIRN_EXIT_OK) {
			picture_draw(&picture, stdout);
			code = fflush(stdout) != 0 ? fail(CAIRN_EXIT_STORAGE, "the drawing could not be written") :
			    code;
		}
	}
	picture_release(&picture);
	return code;
}

static int
show(const struct figures *f, const I *o)
{
	const struct independence *apart = f->graph.same_count > 0 ? &f->apart : NULL;

	if (o->svg || o->elk)
		return draw(f, o);
	if (o->json)
		return print_json(independence_json(&f->graph, &f->cautious, apart, true));
	for (size_t i = 0; i < f->without_count; i++)
		printf("LEFT OUT: %s\n", f->graph.vertices[f->without[i]].code);
	independence_words(&f->graph, &f->cautious, apart);
	return CAIRN_EXIT_OK;
}

int
cmd_record_independence(const void *options, int argc, char **argv)
{
	const I *o = options;
	struct figures f = {0};
	int code;

	(void)argc;
	if (o->layout != NULL && !o->svg)
		return fail(CAIRN_EXIT_USAGE, "--layout is for --svg");
	code = graph_read(&f, argv[0]);
	if (code == CAIRN_EXIT_OK)
		code = codes_find(&f, o);
	if (code == CAIRN_EXIT_OK)
		code = compute(&f);
	if (code == CAIRN_EXIT_OK)
		code = show(&f, o);
	independence_release(&f.cautious);
	independence_release(&f.apart);
	reliance_release(&f.graph);
	return code;
}
