// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/digraph.h"
#include "record/dominators.h"
#include "record/flow.h"
#include "record/independence.h"
#include "record/reliance_json.h"

/* ---- graphs written as text ---- */

/* "c>a c>b a>x": a vertex is a letter; c is the claim, x y z w are origins, k l are cells, all others reports. */
static struct reliance graph;
static struct independence found;
static uint32_t at_letter[128];

static uint32_t
vertex(char letter)
{
	struct reliance_vertex v = {.type = RELIANCE_REPORT};

	if (at_letter[(int)letter] != RELIANCE_NONE)
		return at_letter[(int)letter];
	v.code[0] = letter;
	if (letter == 'c')
		v.type = RELIANCE_CLAIM;
	else if (strchr("xyzw", letter) != NULL)
		v.type = RELIANCE_ORIGIN;
	else if (strchr("kl", letter) != NULL)
		v.type = RELIANCE_CELL;
	assert_ok(reliance_add(&graph, &v));
	return at_letter[(int)letter] = graph.count - 1;
}

static void
draw(const char *text)
{
	reliance_release(&graph);
	independence_release(&found);
	memset(at_letter, 0xff, sizeof at_letter);
	vertex('c');
	for (; *text != '\0'; text += text[3] == ' ' ? 4 : 3)
		assert_ok(reliance_rely(&graph, vertex(text[0]), vertex(text[2])));
}

static void
figures(uint32_t origins, uint32_t ways)
{
	independence_release(&found);
	assert_ok(independence_init(&found, &graph, 0, INDEPENDENCE_CAUTIOUS, NULL, 0));
	assert_int_equal(found.origins, origins);
	assert_int_equal(found.ways, ways);
}

static int
tear_down(void **state)
{
	(void)state;
	reliance_release(&graph);
	independence_release(&found);
	return 0;
}

/* ---- by hand ---- */

static void
a_claim_without_sources_has_no_way(void **state)
{
	(void)state;
	draw("");
	figures(0, 0);
	assert_null(found.cut);
	draw("c>a");
	figures(0, 0);
	assert_int_equal(found.reports, 1);
	assert_int_equal(found.baseless, 1);
}

static void
ten_reports_of_one_origin_are_one_way(void **state)
{
	(void)state;
	draw("c>a c>b c>d c>e a>x b>x d>x e>x");
	figures(1, 1);
	assert_int_equal(found.reports, 4);
	assert_int_equal(found.cut[0], at_letter['x']);
}

static void
men_who_shared_a_cell_are_several_origins_and_one_way(void **state)
{
	(void)state;
	draw("c>a c>b a>k b>k k>x k>y k>z");
	figures(3, 1);
	assert_int_equal(found.cut[0], at_letter['k']);
	assert_int_equal(found.falls_below[at_letter['k']], 3);
	assert_int_equal(found.falls_above[at_letter['k']], 2);
}

/* c>a>x and c>b>y would be two, yet a alone knows y: only flow that is taken back finds both. */
static void
a_way_is_taken_back_where_that_makes_two(void **state)
{
	(void)state;
	draw("c>a c>b a>x a>y b>x");
	figures(2, 2);
}

static void
reports_that_rely_on_each_other_add_nothing(void **state)
{
	(void)state;
	draw("c>a c>b a>b b>a");
	figures(0, 0);
	assert_int_equal(found.baseless, 2);
	draw("c>a c>b a>b b>a b>x");
	figures(1, 1);
	draw("c>a a>c a>x");
	figures(1, 1);
}

static void
the_claim_itself_may_rest_on_an_origin(void **state)
{
	(void)state;
	draw("c>x c>y c>a a>y");
	figures(2, 2);
}

static void
a_reliance_named_twice_is_one(void **state)
{
	(void)state;
	draw("c>a c>a a>x a>x a>y");
	figures(2, 1);
}

static void
those_that_may_be_one_are_counted_once(void **state)
{
	struct independence apart;

	(void)state;
	draw("c>a c>b a>x b>y");
	assert_ok(reliance_may_be_one(&graph, at_letter['x'], at_letter['y']));
	figures(1, 1);
	assert_int_equal(found.stands_for[at_letter['y']], at_letter['x']);
	assert_ok(independence_init(&apart, &graph, 0, INDEPENDENCE_APART, NULL, 0));
	assert_int_equal(apart.origins, 2);
	assert_int_equal(apart.ways, 2);
	independence_release(&apart);
}

static void
what_is_left_out_is_so_only_when_asked(void **state)
{
	uint32_t without;

	(void)state;
	draw("c>a c>b a>x b>y");
	figures(2, 2);
	independence_release(&found);
	without = at_letter['a'];
	assert_ok(independence_init(&found, &graph, 0, INDEPENDENCE_CAUTIOUS, &without, 1));
	assert_int_equal(found.origins, 1);
	assert_int_equal(found.ways, 1);
	independence_release(&found);
	without = 0;
	assert_err(independence_init(&found, &graph, 0, INDEPENDENCE_CAUTIOUS, &without, 1), CAIRN_ERR_CONFLICT);
	assert_err(independence_init(&found, &graph, at_letter['a'], INDEPENDENCE_CAUTIOUS, NULL, 0),
	    CAIRN_ERR_CONFLICT);
	without = 99;
	assert_err(independence_init(&found, &graph, 0, INDEPENDENCE_CAUTIOUS, &without, 1), CAIRN_ERR_RANGE);
}

static void
denials_and_retractions_change_no_figure(void **state)
{
	struct reliance_remark remark = {.kind = RELIANCE_REMARK_RETRACTION, .coercion = RELIANCE_COERCION_LIKELY,
		.code = "R1", .date = "2017-04"};

	(void)state;
	draw("c>a c>b a>x b>y");
	remark.of = at_letter['x'];
	assert_ok(reliance_remark(&graph, &remark));
	remark.kind = RELIANCE_REMARK_DENIAL;
	remark.of = 0;
	assert_ok(reliance_remark(&graph, &remark));
	figures(2, 2);
}

static void
many_weak_sources_stay_weak(void **state)
{
	(void)state;
	draw("c>a a>x a>y a>z");
	for (uint32_t i = 0; i < graph.count; i++)
		if (graph.vertices[i].type == RELIANCE_ORIGIN) {
			graph.vertices[i].source_grade = 'E';
			graph.vertices[i].information_grade = '4';
		}
	graph.vertices[at_letter['a']].source_grade = 'A';
	figures(3, 1);
	assert_int_equal(found.of_origins.source_best, 'E');
	assert_int_equal(found.of_origins.source[4], 3);
	assert_int_equal(found.of_origins.information_best, '4');
	assert_int_equal(found.of_origins.information[3], 3);
	/* What a good newspaper repeats is no better for it. */
	assert_int_equal(found.of_others.source_best, 'A');
	assert_int_equal(found.of_others.information_best, 0);
	assert_int_equal(found.of_others.information_ungraded, 1);
}

static void
an_origin_relies_on_nothing(void **state)
{
	(void)state;
	draw("c>x c>a");
	assert_err(reliance_rely(&graph, at_letter['x'], at_letter['a']), CAIRN_ERR_CONFLICT);
	assert_err(reliance_rely(&graph, at_letter['a'], at_letter['a']), CAIRN_ERR_CONFLICT);
	assert_err(reliance_rely(&graph, 99, at_letter['a']), CAIRN_ERR_RANGE);
}

static void
people_and_cells_have_no_words(void **state)
{
	static const enum reliance_type types[] = {RELIANCE_INFORMANT, RELIANCE_CELL, RELIANCE_ORIGIN};
	struct reliance_vertex v = {.code = "N", .label = (char[]){"Ivan"}};

	(void)state;
	draw("");
	for (size_t i = 0; i < 3; i++) {
		v.type = types[i];
		assert_err(reliance_add(&graph, &v), CAIRN_ERR_FORMAT);
	}
	v.type = RELIANCE_OUTLET;
	assert_ok(reliance_add(&graph, &v));
}

/* ---- the worked example ---- */

static uint32_t
code(const char *text)
{
	for (uint32_t i = 0; i < graph.count; i++)
		if (strcmp(graph.vertices[i].code, text) == 0)
			return i;
	fail_msg("no %s", text);
	return 0;
}

static void
read_example(void)
{
	char fault[RELIANCE_FAULT_BYTES];
	FILE *in = fopen(EXAMPLE, "rb");
	static char bytes[65536];
	size_t size;

	assert_non_null(in);
	size = fread(bytes, 1, sizeof bytes, in);
	assert_int_equal(fclose(in), 0);
	assert_ok(tear_down(NULL));
	assert_ok(reliance_json_read(&graph, fault, bytes, size));
	assert_string_equal(fault, "");
}

/*
 * Worked by hand, from examples/chechnya-2017/reliance.json.
 *
 * Reports under the claim "roundup": NG1 RLN1 NYT1 HRW1 RLN2 WK1 MED1 OUT1 BLOG1, nine. ICG1 and CPR1 are of others.
 *
 * First-hand origins in reach: NG-S (by NG), RLN-C and RLN-I (by RLN), NYT-M (by NYT1), HRW-I (by HRW-K): five. HRW-I
 * and RLN-I may share people, so they count as one: four.
 *
 * Ways. NG-S is behind NG alone: one way at most through the newspaper, however many repeat it. What the Network
 * heard is behind RLN alone: one way, for RLN-C and RLN-I together. HRW1 > HRW-K > HRW-I passes neither. NYT1 > NYT-M
 * neither. These four share nothing:
 *	NG1 > NG > NG-S		RLN1 > RLN > RLN-C	HRW1 > HRW-K > HRW-I	NYT1 > NYT-M
 * More cannot be: {NG, RLN, HRW-K, NYT-M} is four vertices, and each way ends in NG-S (through NG), RLN-C (through
 * RLN), RLN-I = HRW-I (through RLN or HRW-K) or NYT-M. So four, both cautious and apart, where nine seemed to speak.
 */
static void
the_example_is_nine_reports_four_origins_four_ways(void **state)
{
	struct independence apart;

	(void)state;
	read_example();
	assert_ok(independence_init(&found, &graph, code("roundup"), INDEPENDENCE_CAUTIOUS, NULL, 0));
	assert_int_equal(found.reports, 9);
	assert_int_equal(found.baseless, 0);
	assert_int_equal(found.origins, 4);
	assert_int_equal(found.ways, 4);
	/* 9 reports, NG, RLN, HRW-K, 4 origins */
	assert_int_equal(found.reached, 16);
	assert_ok(independence_init(&apart, &graph, code("roundup"), INDEPENDENCE_APART, NULL, 0));
	assert_int_equal(apart.origins, 5);
	assert_int_equal(apart.ways, 4);
	independence_release(&apart);
}

/*
 * With NG falls NG1, which has nothing else; MED1, OUT1 and WK1 stand on RLN1 as well, HRW1 and RLN2 on RLN. NG-S is
 * heard through NG alone. With RLN falls RLN1, and RLN-C is heard through it alone; RLN-I is the same as HRW-I,
 * perhaps, which is heard through HRW-K too. With NYT-M falls NYT1. With HRW-I nothing but its cell: HRW1 has NG and
 * RLN.
 */
static void
what_falls_in_the_example(void **state)
{
	static const struct {
		const char *code;
		uint32_t above, below;
	} rows[] = {
		{"NG", 1, 1}, {"NG-S", 2, 0}, {"RLN", 1, 1}, {"RLN-C", 0, 0}, {"NYT-M", 1, 0}, {"NYT1", 0, 1},
		    {"HRW-K", 0, 0},
		{"HRW-I", 1, 0}, {"HRW1", 0, 0}, {"WK1", 0, 0}, {"BLOG1", 0, 0}, {"MED1", 0, 0},
	};

	(void)state;
	read_example();
	assert_ok(independence_init(&found, &graph, code("roundup"), INDEPENDENCE_CAUTIOUS, NULL, 0));
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint32_t v = code(rows[i].code);

		if (found.falls_above[v] != rows[i].above || found.falls_below[v] != rows[i].below)
			fail_msg("%s: %u %u", rows[i].code, found.falls_above[v], found.falls_below[v]);
	}
	assert_int_equal(found.heard_through[code("NG-S")], code("NG"));
	assert_int_equal(found.heard_through[code("NG")], code("roundup"));
	assert_int_equal(found.rests_on[code("NG1")], code("NG"));
	assert_int_equal(found.rests_on[code("roundup")], RELIANCE_NONE);
	/* Apart, RLN-I too is heard through the Network alone. */
	independence_release(&found);
	assert_ok(independence_init(&found, &graph, code("roundup"), INDEPENDENCE_APART, NULL, 0));
	assert_int_equal(found.falls_below[code("RLN")], 2);
	assert_int_equal(found.falls_below[code("HRW-K")], 1);
}

/* The wave of 2019 came from one organisation: one way, and the whole claim stands on it. */
static void
the_second_wave_stands_on_one_source(void **state)
{
	(void)state;
	read_example();
	assert_ok(independence_init(&found, &graph, code("wave2019"), INDEPENDENCE_CAUTIOUS, NULL, 0));
	assert_int_equal(found.origins, 1);
	assert_int_equal(found.ways, 1);
	assert_true(independence_falls(found.rests_on, code("wave2019"), code("RLN19")));
	assert_false(independence_falls(found.rests_on, code("roundup"), code("RLN19")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_claim_without_sources_has_no_way, tear_down),
		cmocka_unit_test_teardown(ten_reports_of_one_origin_are_one_way, tear_down),
		cmocka_unit_test_teardown(men_who_shared_a_cell_are_several_origins_and_one_way, tear_down),
		cmocka_unit_test_teardown(a_way_is_taken_back_where_that_makes_two, tear_down),
		cmocka_unit_test_teardown(reports_that_rely_on_each_other_add_nothing, tear_down),
		cmocka_unit_test_teardown(the_claim_itself_may_rest_on_an_origin, tear_down),
		cmocka_unit_test_teardown(a_reliance_named_twice_is_one, tear_down),
		cmocka_unit_test_teardown(those_that_may_be_one_are_counted_once, tear_down),
		cmocka_unit_test_teardown(what_is_left_out_is_so_only_when_asked, tear_down),
		cmocka_unit_test_teardown(denials_and_retractions_change_no_figure, tear_down),
		cmocka_unit_test_teardown(many_weak_sources_stay_weak, tear_down),
		cmocka_unit_test_teardown(an_origin_relies_on_nothing, tear_down),
		cmocka_unit_test_teardown(people_and_cells_have_no_words, tear_down),
		cmocka_unit_test_teardown(the_example_is_nine_reports_four_origins_four_ways, tear_down),
		cmocka_unit_test_teardown(what_falls_in_the_example, tear_down),
		cmocka_unit_test_teardown(the_second_wave_stands_on_one_source, tear_down),
	};

	return RUN_TESTS(tests);
}
