// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz.h"
#include "record/reliance_picture.h"

/* Places from outside, for a small graph: what is taken can be drawn. */
static void
make_graph(struct reliance *graph)
{
	struct reliance_vertex c = {.type = RELIANCE_CLAIM, .code = "C"}, r = {.type = RELIANCE_REPORT, .code = "R"};
	struct reliance_vertex o = {.type = RELIANCE_ORIGIN, .code = "O"};

	reliance_init(graph);
	FUZZ_CHECK(reliance_add(graph, &c) == CAIRN_OK && reliance_add(graph, &r) == CAIRN_OK &&
	    reliance_add(graph, &o) == CAIRN_OK && reliance_rely(graph, 0, 1) == CAIRN_OK &&
	    reliance_rely(graph, 1, 2) == CAIRN_OK);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const struct picture_options options = {0};
	struct reliance graph;
	struct independence found;
	struct picture picture;
	json_error_t error;
	json_t *elk = json_loadb((const char *)bytes, size, 0, &error);
	FILE *out = fopen("/dev/null", "w");

	make_graph(&graph);
	FUZZ_CHECK(out != NULL && independence_init(&found, &graph, 0, INDEPENDENCE_CAUTIOUS, NULL, 0) == CAIRN_OK);
	FUZZ_CHECK(picture_init(&picture, &graph, &found, &options) == CAIRN_OK);
	if (elk != NULL && picture_elk_read(&picture, elk) == CAIRN_OK) {
		for (uint32_t i = 0; i < picture.edge_count; i++)
			FUZZ_CHECK(picture.edges[i].point_count >= 2 &&
			    picture.edges[i].point_count <= PICTURE_POINTS_MAX);
		picture_draw(&picture, out);
	}
	json_decref(elk);
	picture_release(&picture);
	independence_release(&found);
	reliance_release(&graph);
	(void)fclose(out);
	return 0;
}
