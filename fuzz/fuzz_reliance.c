// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "fuzz.h"
#include "record/reliance_json.h"
#include "record/reliance_picture.h"

/* What is written from a graph is the graph; its figures hold what they must; it can be drawn, or is too large. */
static void
check_figures(const struct reliance *graph)
{
	const struct picture_options options = {.codes = true};
	uint32_t claim = reliance_first_claim(graph);
	struct independence found;
	struct picture picture;
	char *text = NULL;
	size_t size = 0;
	FILE *out;

	FUZZ_CHECK(independence_init(&found, graph, claim, INDEPENDENCE_CAUTIOUS, NULL, 0) == CAIRN_OK);
	FUZZ_CHECK(found.ways <= found.origins && found.origins <= found.reached);
	FUZZ_CHECK(found.baseless <= found.reports);
	if (picture_init(&picture, graph, &found, &options) == CAIRN_OK) {
		out = open_memstream(&text, &size);
		FUZZ_CHECK(out != NULL && picture_lay_out(&picture) == CAIRN_OK);
		picture_draw(&picture, out);
		FUZZ_CHECK(fclose(out) == 0);
		free(text);
		picture_release(&picture);
	}
	independence_release(&found);
}

static void
check_again(const struct reliance *graph)
{
	char fault[RELIANCE_FAULT_BYTES];
	struct reliance again;
	json_t *json = reliance_json(graph), *twice;
	char *text = json_dumps(json, 0);

	FUZZ_CHECK(text != NULL && reliance_json_read(&again, fault, text, strlen(text)) == CAIRN_OK);
	twice = reliance_json(&again);
	FUZZ_CHECK(json_equal(json, twice));
	json_decref(json);
	json_decref(twice);
	free(text);
	reliance_release(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char fault[RELIANCE_FAULT_BYTES];
	struct reliance graph;
	int err = reliance_json_read(&graph, fault, bytes, size);

	FUZZ_CHECK((err == CAIRN_OK) == (fault[0] == '\0'));
	if (err == CAIRN_OK) {
		check_again(&graph);
		check_figures(&graph);
	}
	reliance_release(&graph);
	return 0;
}
