// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/reliance_json.h"
#include "record/reliance_picture.h"

#define HEAD "{'cairn': 'reliance 1', 'vertices': ["
#define CLAIM "{'code': 'C', 'type': 'claim', 'label': 'It happened'}"
#define ALSO(vertex) HEAD CLAIM ", " vertex "], 'reliances': []}"
#define TWO HEAD CLAIM ", {'code': 'O', 'type': 'origin'}], 'reliances': [['C', 'O']]"

static struct reliance graph;
static char fault[RELIANCE_FAULT_BYTES];

static int
tear_down(void **state)
{
	(void)state;
	reliance_release(&graph);
	return 0;
}

/* JSON in which ' stands for the quotation mark, so that it can be read here. */
static int
read_text(const char *text)
{
	static char json[16384];
	size_t size = strlen(text);

	assert_true(size < sizeof json);
	memcpy(json, text, size);
	for (char *at = memchr(json, '\'', size); at != NULL; at = memchr(at, '\'', size - (size_t)(at - json)))
		*at = '"';
	reliance_release(&graph);
	return reliance_json_read(&graph, fault, json, size);
}

static void
a_graph_is_read(void **state)
{
	(void)state;
	assert_ok(read_text(HEAD CLAIM ", {'code': 'R.1', 'type': 'report', 'label': 'A \\u00e9', 'date': "
	    "'2016-02-29',"
				       " 'source_grade': 'B', 'information_grade': '3'}, {'code': 'O', 'type': "
				    "'origin'}],"
				       " 'reliances': [['C', 'R.1'], ['R.1', 'O']], 'remarks': [{'code': 'X', "
				    "'kind': 'retraction',"
				       " 'of': 'O', 'coercion': 'likely', 'date': '2017'}]}"));
	assert_int_equal(graph.count, 3);
	assert_string_equal(graph.vertices[1].code, "R.1");
	assert_string_equal(graph.vertices[1].label, "A \xc3\xa9");
	assert_string_equal(graph.vertices[1].date, "2016-02-29");
	assert_int_equal(graph.vertices[1].source_grade, 'B');
	assert_int_equal(graph.vertices[1].information_grade, '3');
	assert_int_equal(graph.edge_count, 2);
	assert_int_equal(graph.edges[1].to, 2);
	assert_int_equal(graph.remarks[0].coercion, RELIANCE_COERCION_LIKELY);
	assert_int_equal(graph.remarks[0].of, 2);
}

static void
what_is_not_strictly_one_refuses(void **state)
{
	static const struct {
		const char *text;
		int err;
	} rows[] = {
	    {"", CAIRN_ERR_FORMAT},
	    {"[]", CAIRN_ERR_FORMAT},
	    {"{}", CAIRN_ERR_FORMAT},
	    {TWO, CAIRN_ERR_FORMAT},
	    {TWO "} x", CAIRN_ERR_FORMAT},
	    {TWO ", 'more': 1}", CAIRN_ERR_FORMAT},
	    {TWO ", 'reliances': []}", CAIRN_ERR_FORMAT},
	    {TWO ", 'may_be_one': {}}", CAIRN_ERR_FORMAT},
	    {TWO ", 'may_be_one': [['C', 'O']]}", CAIRN_ERR_CONFLICT},
	    {TWO ", 'remarks': [{'code': 'X', 'kind': 'denial', 'of': 'O'}]}", CAIRN_ERR_FORMAT},
	    {TWO ", 'remarks': [{'code': 'X', 'kind': 'doubt', 'of': 'O', 'coercion': 'likely'}]}", CAIRN_ERR_FORMAT},
	    {TWO ", 'remarks': [{'code': 'X', 'kind': 'denial', 'of': 'Q', 'coercion': 'likely'}]}",
	    CAIRN_ERR_FORMAT},
	    {"{'cairn': 'reliance 2', 'vertices': [" CLAIM "], 'reliances': []}", CAIRN_ERR_FORMAT},
	    {HEAD "], 'reliances': []}", CAIRN_ERR_FORMAT},
	    {HEAD CLAIM "], 'reliances': [['C', 'Q']]}", CAIRN_ERR_FORMAT},
	    {HEAD CLAIM "], 'reliances': [['C']]}", CAIRN_ERR_FORMAT},
	    {HEAD CLAIM "], 'reliances': [['C', 'C']]}", CAIRN_ERR_CONFLICT},
	    {HEAD CLAIM "], 'reliances': [['C', 1]]}", CAIRN_ERR_FORMAT},
	    {ALSO("" CLAIM ""), CAIRN_ERR_CONFLICT},
	    {ALSO("{'code': 'O', 'type': 'origin', 'label': 'Ivan'}"), CAIRN_ERR_FORMAT},
	    {ALSO("{'code': 'a b', 'type': 'origin'}"), CAIRN_ERR_FORMAT},
	    {ALSO("{'code': '', 'type': 'origin'}"), CAIRN_ERR_FORMAT},
	    {ALSO("{'code': 'a', 'type': 'witness'}"), CAIRN_ERR_FORMAT},
	    {ALSO("{'code': 'a', 'type': 'report', 'name': 'b'}"), CAIRN_ERR_FORMAT},
	    {ALSO("{'code': 'a', 'type': 'report', 'source_grade': 'G'}"), CAIRN_ERR_FORMAT},
	    {ALSO("{'code': 'a', 'type': 'report', 'source_grade': ''}"), CAIRN_ERR_FORMAT},
	    {ALSO("{'code': 'a', 'type': 'report', 'information_grade': '0'}"), CAIRN_ERR_FORMAT},
	    {ALSO("{'code': 'a', 'type': 'report', 'date': '2017-02-29'}"), CAIRN_ERR_FORMAT},
	    {ALSO("{'code': 'a', 'type': 'report', 'date': '2017-13'}"), CAIRN_ERR_FORMAT},
	    {ALSO("{'code': 'a', 'type': 'report', 'date': 'April'}"), CAIRN_ERR_FORMAT},
	    {ALSO("{'code': 'a', 'type': 'report', 'label': ''}"), CAIRN_ERR_FORMAT},
	    {ALSO("{'code': 'a', 'type': 'report', 'label': 'a\\nb'}"), CAIRN_ERR_FORMAT},
	    {ALSO("{'code': 'a', 'type': 'report', 'label': 3}"), CAIRN_ERR_FORMAT},
	    {HEAD CLAIM ", {'code': 'O', 'type': 'origin'}], 'reliances': [['O', 'C']]}", CAIRN_ERR_CONFLICT},
	    {HEAD "{'code': 'C', 'code': 'D', 'type': 'claim'}], 'reliances': []}", CAIRN_ERR_FORMAT},
	};

	(void)state;
	assert_ok(read_text(TWO "}"));
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int err = read_text(rows[i].text);

		if (err != rows[i].err)
			fail_msg("row %zu: %d", i, err);
		assert_true(fault[0] != '\0');
		assert_int_equal(graph.count, 0);
	}
}

static void
a_graph_that_is_written_is_read_as_it_was(void **state)
{
	char *first, *second;
	json_t *json;

	(void)state;
	assert_ok(read_text(HEAD CLAIM ", {'code': 'a', 'type': 'outlet', 'date': '2017-04'}, {'code': 'b', 'type': "
	    "'cell'},"
				       " {'code': 'd', 'type': 'cell', 'source_grade': 'F'}], 'reliances': [['C', "
				    "'a'], ['a', 'b']],"
				       " 'may_be_one': [['b', 'd']], 'remarks': [{'code': 'X', 'kind': 'denial', "
				    "'of': 'C',"
				       " 'coercion': 'none-known', 'label': 'No'}]}"));
	json = reliance_json(&graph);
	first = json_dumps(json, JSON_SORT_KEYS);
	json_decref(json);
	assert_ok(read_text(first));
	json = reliance_json(&graph);
	second = json_dumps(json, JSON_SORT_KEYS);
	json_decref(json);
	assert_string_equal(first, second);
	assert_non_null(strstr(first, "\"may_be_one\": [[\"b\", \"d\"]]"));
	free(first);
	free(second);
}

/* ---- the drawing ---- */

static char *
drawn(bool codes, int wanted)
{
	const struct picture_options options = {.codes = codes};
	struct independence found;
	struct picture picture;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_ok(independence_init(&found, &graph, 0, INDEPENDENCE_CAUTIOUS, NULL, 0));
	assert_err(picture_init(&picture, &graph, &found, &options), wanted);
	if (wanted == CAIRN_OK) {
		assert_ok(picture_lay_out(&picture));
		for (uint32_t i = 0; i < picture.node_count; i++)
			assert_true(picture.nodes[i].x >= 0 && picture.nodes[i].y >= 0 &&
			    picture.nodes[i].x + picture.nodes[i].width <= picture.width &&
			    picture.nodes[i].y + picture.nodes[i].height <= picture.height);
		picture_draw(&picture, out);
	}
	picture_release(&picture);
	independence_release(&found);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void
nobodys_code_is_drawn_unless_it_is_asked_for(void **state)
{
	char *text;

	(void)state;
	assert_ok(read_text(HEAD CLAIM ", {'code': 'M-17', 'type': 'origin'}, {'code': 'K-9', 'type': 'cell'},"
				       " {'code': 'I-3', 'type': 'informant'}], 'reliances': [['C', 'I-3'], ['I-3', "
				    "'K-9'], ['K-9', 'M-17']]}"));
	text = drawn(false, CAIRN_OK);
	assert_null(strstr(text, "M-17"));
	assert_null(strstr(text, "K-9"));
	assert_null(strstr(text, "I-3"));
	assert_non_null(strstr(text, "It happened"));
	free(text);
	text = drawn(true, CAIRN_OK);
	assert_non_null(strstr(text, "M-17"));
	free(text);
}

static void
words_in_a_drawing_are_escaped(void **state)
{
	char *text;

	(void)state;
	assert_ok(read_text(HEAD "{'code': 'C', 'type': 'claim', 'label': '</text><script>alert(\\'&\\')</script>'}],"
				 " 'reliances': [], 'remarks': [{'code': 'X', 'kind': 'denial', 'of': 'C', "
				    "'coercion': 'likely',"
				 " 'label': '<b>'}]}"));
	text = drawn(false, CAIRN_OK);
	assert_null(strstr(text, "<script"));
	assert_null(strstr(text, "<b>"));
	assert_non_null(strstr(text, "&lt;script&gt;"));
	free(text);
}

/* Twenty men of one cell are one box that says how many. */
static void
many_origins_behind_one_are_one_box(void **state)
{
	char big[8192];
	int size = snprintf(big, sizeof big, HEAD CLAIM ", {'code': 'K', 'type': 'cell'}");
	char *text;

	(void)state;
	for (int i = 0; i < 20; i++)
		size += snprintf(big + size, sizeof big - (size_t)size, ", {'code': 'O%d', 'type': 'origin'}", i);
	size += snprintf(big + size, sizeof big - (size_t)size, "], 'reliances': [['C', 'K']");
	for (int i = 0; i < 20; i++)
		size += snprintf(big + size, sizeof big - (size_t)size, ", ['K', 'O%d']", i);
	(void)snprintf(big + size, sizeof big - (size_t)size, "]}");
	assert_ok(read_text(big));
	text = drawn(false, CAIRN_OK);
	assert_non_null(strstr(text, ">20 first-hand origins<"));
	free(text);
}

static void
more_than_anybody_can_read_is_not_drawn(void **state)
{
	(void)state;
	assert_ok(read_text(HEAD CLAIM "], 'reliances': []}"));
	for (uint32_t i = 0; i < PICTURE_NODES_MAX; i++) {
		struct reliance_vertex v = {.type = RELIANCE_REPORT};

		(void)snprintf(v.code, sizeof v.code, "R%u", i);
		assert_ok(reliance_add(&graph, &v));
		assert_ok(reliance_rely(&graph, 0, i + 1));
	}
	free(drawn(false, CAIRN_ERR_RANGE));
}

static void
reports_in_a_circle_are_drawn(void **state)
{
	char *text;

	(void)state;
	assert_ok(read_text(HEAD CLAIM ", {'code': 'a', 'type': 'report'}, {'code': 'b', 'type': 'report'}],"
				       " 'reliances': [['C', 'a'], ['a', 'b'], ['b', 'a'], ['b', 'C']]}"));
	text = drawn(false, CAIRN_OK);
	assert_non_null(strstr(text, "</svg>"));
	free(text);
}

static void
long_words_are_cut_at_spaces_and_to_the_end(void **state)
{
	char lines[3][PICTURE_LINE_BYTES];

	(void)state;
	assert_int_equal(picture_wrap(lines, 3, "one two three", 8), 2);
	assert_string_equal(lines[0], "one two");
	assert_string_equal(lines[1], "three");
	assert_int_equal(picture_wrap(lines, 2, "one two three four", 8), 2);
	assert_string_equal(lines[1], "three...");
	assert_int_equal(picture_wrap(lines, 3, "abcdefghij", 4), 3);
	assert_string_equal(lines[0], "abcd");
	assert_string_equal(lines[2], "ij");
	assert_int_equal(picture_wrap(lines, 3, "", 4), 0);
	/* A letter of several bytes is never cut in two. */
	assert_int_equal(picture_wrap(lines, 3, "\xd1\x8f\xd1\x8f\xd1\x8f\xd1\x8f", 3), 2);
	assert_string_equal(lines[0], "\xd1\x8f\xd1\x8f\xd1\x8f");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(a_graph_is_read, tear_down),
	    cmocka_unit_test_teardown(what_is_not_strictly_one_refuses, tear_down),
	    cmocka_unit_test_teardown(a_graph_that_is_written_is_read_as_it_was, tear_down),
	    cmocka_unit_test_teardown(nobodys_code_is_drawn_unless_it_is_asked_for, tear_down),
	    cmocka_unit_test_teardown(words_in_a_drawing_are_escaped, tear_down),
	    cmocka_unit_test_teardown(many_origins_behind_one_are_one_box, tear_down),
	    cmocka_unit_test_teardown(more_than_anybody_can_read_is_not_drawn, tear_down),
	    cmocka_unit_test_teardown(reports_in_a_circle_are_drawn, tear_down),
	    cmocka_unit_test_teardown(long_words_are_cut_at_spaces_and_to_the_end, tear_down),
	};

	return RUN_TESTS(tests);
}
