// SPDX-License-Identifier: GPL-3.0-or-later
#include <math.h>
#include <string.h>

#include "record/reliance_picture.h"

/* ELK's JSON: https://eclipse.dev/elk/documentation/tooldevelopers/graphdatastructure/jsonformat.html */
#define PLACE_MAX 200000.0

static json_t *
nodes_elk(const struct picture *picture)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < picture->node_count; i++)
		json_array_append_new(list, json_pack("{s:o,s:f,s:f}", "id", json_sprintf("n%u", i), "width",
		    picture->nodes[i].width, "height", picture->nodes[i].height));
	return list;
}

static json_t *
edges_elk(const struct picture *picture)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < picture->edge_count; i++)
		json_array_append_new(list, json_pack("{s:o,s:[o],s:[o]}", "id", json_sprintf("e%u", i), "sources",
		    json_sprintf("n%u", picture->edges[i].from), "targets",
		    json_sprintf("n%u", picture->edges[i].to)));
	return list;
}

json_t *
picture_elk(const struct picture *picture)
{
	return json_pack("{s:s,s:{s:s,s:s,s:s,s:s,s:s,s:s},s:o,s:o}", "id", "claim", "layoutOptions",
	    "elk.algorithm", "layered", "elk.direction", "DOWN", "elk.edgeRouting", "POLYLINE",
	    "elk.layered.spacing.nodeNodeBetweenLayers", "48", "elk.spacing.nodeNode", "22", "elk.padding",
	    "[top=16,left=16,bottom=16,right=16]", "children", nodes_elk(picture), "edges", edges_elk(picture));
}

/* ---- back ---- */

static bool
number_read(double *out, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_number(value))
		return false;
	*out = json_number_value(value);
	return isfinite(*out) && *out >= 0 && *out <= PLACE_MAX;
}

static bool
is_id(const json_t *object, char kind, uint32_t number)
{
	const char *id = json_string_value(json_object_get(object, "id"));
	char wanted[16];

	(void)snprintf(wanted, sizeof wanted, "%c%u", kind, number);
	return id != NULL && strcmp(id, wanted) == 0;
}

static bool
nodes_read(struct picture *picture, const json_t *list)
{
	if (!json_is_array(list) || json_array_size(list) != picture->node_count)
		return false;
	for (uint32_t i = 0; i < picture->node_count; i++) {
		const json_t *node = json_array_get(list, i);

		if (!is_id(node, 'n', i) || !number_read(&picture->nodes[i].x, node, "x") ||
		    !number_read(&picture->nodes[i].y, node, "y"))
			return false;
	}
	return true;
}

static bool
point_read(struct picture_edge *edge, const json_t *point)
{
	struct picture_point *p = &edge->points[edge->point_count];

	if (edge->point_count == PICTURE_POINTS_MAX || !number_read(&p->x, point, "x") ||
	    !number_read(&p->y, point, "y"))
		return false;
	edge->point_count++;
	return true;
}

static bool
edge_read(struct picture_edge *edge, const json_t *object)
{
	const json_t *section = json_array_get(json_object_get(object, "sections"), 0);
	const json_t *bends = json_object_get(section, "bendPoints");

	edge->point_count = 0;
	if (!point_read(edge, json_object_get(section, "startPoint")))
		return false;
	for (size_t i = 0; i < json_array_size(bends); i++)
		if (!point_read(edge, json_array_get(bends, i)))
			return false;
	return point_read(edge, json_object_get(section, "endPoint"));
}

int
picture_elk_read(struct picture *picture, const json_t *elk)
{
	const json_t *edges = json_object_get(elk, "edges");

	if (!number_read(&picture->width, elk, "width") || !number_read(&picture->height, elk, "height") ||
	    !nodes_read(picture, json_object_get(elk, "children")) || !json_is_array(edges) ||
	    json_array_size(edges) != picture->edge_count)
		return CAIRN_ERR_FORMAT;
	for (uint32_t i = 0; i < picture->edge_count; i++) {
		const json_t *edge = json_array_get(edges, i);

		if (!is_id(edge, 'e', i) || !edge_read(&picture->edges[i], edge))
			return CAIRN_ERR_FORMAT;
	}
	return CAIRN_OK;
}
