// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/figures.h"

#include <stdlib.h>
#include <string.h>

#include "record/reliance_json.h"
#include "record/reliance_picture.h"
#include "site/fault.h"
#include "site/svg.h"
#include "site/text.h"

#define GRAPH_BYTES_MAX (16U << 20)

struct graph {
	struct reliance reliance;
	struct reliance_index index;
	uint8_t hash[KEY_BYTES];
};

/* ---- figures ---- */

/* What has no words of its own is somebody, or somewhere, of whom only the kind is said. */
static const char *
words_of_vertex(const struct reliance_vertex *v)
{
	static const char *const kinds[] = {[RELIANCE_INFORMANT] = "somebody who passes on what others lived through",
	    [RELIANCE_CELL] = "people who were held together",
	    [RELIANCE_ORIGIN] = "somebody who was there"};

	return v->label == NULL && v->type < G_N_ELEMENTS(kinds) ? kinds[v->type] : v->label;
}

static void
put_cut(struct item *item, const struct reliance *graph, const struct independence *found)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < found->ways; i++) {
		const char *words = words_of_vertex(&graph->vertices[found->cut[i]]);

		if (words != NULL)
			json_array_append_new(list, json_string(words));
	}
	json_object_set_new(item->json, "rests-on", list);
}

/* "denial (likely forced): words": what stands beside the claim, with whether it was forced. */
static json_t *
remark_said(const struct reliance_remark *r)
{
	const char *forced = picture_english[PICTURE_WORD_NOT_ASSESSED + r->coercion];
	bool told = r->coercion != RELIANCE_COERCION_NONE_KNOWN && r->kind != RELIANCE_REMARK_STATEMENT;

	return json_pack("{s:s,s:o}", "date", r->date[0] == '\0' ? "-" : r->date, "text",
	    json_sprintf("%s%s%s%s", r->label, told ? " (" : "", told ? forced : "", told ? ")" : ""));
}

static void
put_remarks(struct item *item, const struct reliance *graph, const struct independence *found)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < graph->remark_count; i++)
		if (graph->remarks[i].label != NULL && independence_concerns(found, &graph->remarks[i]))
			json_array_append_new(list, remark_said(&graph->remarks[i]));
	json_object_set_new(item->json, "contradicted", list);
}

/* ---- the drawing ---- */

static char *
drawn(const struct picture *picture)
{
	GString *clean = g_string_new(NULL);
	char *text = NULL;
	size_t bytes = 0;
	FILE *out = open_memstream(&text, &bytes);
	bool good = out != NULL;

	if (good) {
		picture_draw(picture, out);
		good = ferror(out) == 0;
		good = fclose(out) == 0 && good;
	}
	good = good && svg_clean(clean, (struct cairn_span){text, bytes}) == CAIRN_OK;
	free(text);
	return g_string_free(clean, !good);
}

/* More than anybody could read is not drawn, and the figures have to do. */
static int
draw(struct item *item, const struct reliance *graph, const struct independence *found)
{
	const struct picture_options options = {0};
	struct picture picture;
	int err = picture_init(&picture, graph, found, &options);

	if (err == CAIRN_ERR_RANGE)
		return CAIRN_OK;
	if (err == CAIRN_OK)
		err = picture_lay_out(&picture);
	if (err == CAIRN_OK)
		item->picture = drawn(&picture);
	picture_release(&picture);
	return err;
}

/* ---- items ---- */

static int
fill(struct item *item, const struct graph *graph, uint32_t claim, struct site_fault *fault)
{
	struct independence found;
	int err = independence_init(&found, &graph->reliance, claim, INDEPENDENCE_CAUTIOUS, NULL, 0);

	if (err == CAIRN_ERR_CONFLICT)
		return fault_set(fault, CAIRN_ERR_FORMAT, item->file, 0, "what \"graph\" names is no claim");
	if (err != CAIRN_OK)
		return fault_set(fault, err, item->file, 0, "%s", cairn_strerror(err));
	json_object_set_new(item->json, "origins", json_integer(found.origins));
	json_object_set_new(item->json, "ways", json_integer(found.ways));
	if (json_object_get(item->json, "rests-on") == NULL)
		put_cut(item, &graph->reliance, &found);
	if (json_object_get(item->json, "contradicted") == NULL)
		put_remarks(item, &graph->reliance, &found);
	if (item->picture == NULL)
		err = draw(item, &graph->reliance, &found);
	independence_release(&found);
	return err == CAIRN_OK ? err : fault_set(fault, err, item->file, 0, "%s", cairn_strerror(err));
}

static int
join(struct item *item, const struct graph *graph, struct site_fault *fault)
{
	struct cairn_span code = json_said(item->json, "graph");
	uint32_t claim = reliance_find(&graph->index, code);
	struct key key;

	if (claim == RELIANCE_NONE)
		return fault_set(fault, CAIRN_ERR_FORMAT, item->file, 0, FIGURES_GRAPH " has no claim \"%.*s\"",
		    (int)code.size, code.text);
	if (json_object_get(item->json, "origins") != NULL || json_object_get(item->json, "ways") != NULL)
		return fault_set(fault, CAIRN_ERR_FORMAT, item->file, 0,
		    "\"origins\" and \"ways\" are computed where there is a \"graph\"");
	key_begin(&key, "graph");
	key_bytes(&key, item->hash, sizeof item->hash);
	key_bytes(&key, graph->hash, sizeof graph->hash);
	key_end(&key, item->hash);
	return fill(item, graph, claim, fault);
}

static int
open_graph(struct graph *graph, struct site *site)
{
	char fault[RELIANCE_FAULT_BYTES] = "";
	uint32_t twice;
	size_t bytes;
	int err;
	char *text = source_file(site->source, FIGURES_GRAPH, GRAPH_BYTES_MAX, &bytes, &err, site->fault);

	if (err != CAIRN_OK)
		return fault_set(site->fault, CAIRN_ERR_FORMAT, FIGURES_GRAPH, 0,
		    "is not there or cannot be read, and a \"graph\" is named");
	crypto_generichash(graph->hash, sizeof graph->hash, (const uint8_t *)text, bytes, NULL, 0);
	err = reliance_json_read(&graph->reliance, fault, text, bytes);
	free(text);
	if (err == CAIRN_OK)
		err = reliance_index_init(&graph->index, &graph->reliance, &twice);
	return err == CAIRN_OK ? err : fault_set(site->fault, CAIRN_ERR_FORMAT, FIGURES_GRAPH, 0, "%s", fault);
}

int
figures_load(struct site *site)
{
	GPtrArray *const lists[] = {site->claims, site->events};
	struct graph graph = {0};
	bool opened = false;
	int err = CAIRN_OK;

	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
		for (guint j = 0; err == CAIRN_OK && j < lists[i]->len; j++) {
			struct item *item = lists[i]->pdata[j];

			if (json_said(item->json, "graph").size == 0)
				continue;
			if (!opened)
				err = open_graph(&graph, site);
			opened = true;
			if (err == CAIRN_OK)
				err = join(item, &graph, site->fault);
		}
	reliance_index_release(&graph.index);
	reliance_release(&graph.reliance);
	return err;
}
