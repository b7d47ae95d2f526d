// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "lib/recorded.h"
#include "record/csv.h"
#include "record/import.h"
#include "record/select.h"

static const struct record_wish everything = {.purpose = RECORD_PURPOSE_INTERNAL};

/* Whether consent lets something out is not the question here. */
static bool
rests_on_consent(const struct record_change *change)
{
	return change->kind->number == RECORD_account ||
	    record_change_find(change, RECORD_any_accounts, RECORD_ADD) != NULL;
}

static struct recorded *
random_record(struct dice *d, size_t entities)
{
	struct recorded *r = recorded_new();
	struct record_sink sink = recorded_sink(r);

	assert_ok(db_begin(r->db));
	for (size_t i = 0; i < entities;) {
		struct record_change change;

		dice_change(d, &change, true);
		if (!rests_on_consent(&change)) {
			assert_ok(record_emit(r->db, &sink, &change));
			i++;
		}
		record_change_clear(&change);
	}
	assert_ok(db_end(r->db, CAIRN_OK));
	return r;
}

static char *
json_of(struct recorded *r)
{
	struct record_selection selection;
	json_t *json;
	char *text;

	assert_ok(record_select(r->db, &everything, NULL, &selection));
	json = record_json(selection.entities, selection.count);
	text = json_dumps(json, JSON_INDENT(1));
	assert_non_null(text);
	json_decref(json);
	record_selection_clear(&selection);
	return text;
}

static void
take_in(struct recorded *r, struct record_document *document, struct record_imported *did)
{
	struct record_import import = {.compartment = NULL};
	struct record_sink sink = recorded_sink(r);

	assert_ok(record_import(r->db, &sink, &import, document, did));
	record_document_clear(document);
}

static void
json_there_and_back_loses_nothing(void **state)
{
	struct dice d = {.state = 1};

	(void)state;
	for (int round = 0; round < 30; round++) {
		struct recorded *from = random_record(&d, 20), *to = recorded_new();
		struct record_imported did;
		struct record_document document;
		char *text = json_of(from), *again;

		assert_ok(record_json_read(&document, text, strlen(text)));
		take_in(to, &document, &did);
		assert_int_equal(did.changed + did.same, 0);
		again = json_of(to);
		assert_string_equal(text, again);
		free(again);
		/* Once more: nothing is new. */
		assert_ok(record_json_read(&document, text, strlen(text)));
		take_in(to, &document, &did);
		assert_int_equal(did.fresh + did.changed, 0);
		free(text);
		recorded_free(from);
		recorded_free(to);
	}
}

static void
csv_of_one_kind(struct recorded *from, struct recorded *to, const struct record_kind *kind)
{
	struct record_document document;
	struct record_selection selection;
	struct record_imported did;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_ok(record_select(from->db, &everything, NULL, &selection));
	assert_ok(record_csv_write(out, kind, selection.entities, selection.count));
	fclose(out);
	record_selection_clear(&selection);
	if (record_csv_read(&document, kind, text, size) != CAIRN_OK)
		fail_msg("%s: %s", kind->name, document.fault);
	take_in(to, &document, &did);
	free(text);
}

static void
csv_there_and_back_loses_nothing(void **state)
{
	struct dice d = {.state = 2};

	(void)state;
	for (int round = 0; round < 20; round++) {
		struct recorded *from = random_record(&d, 15), *to = recorded_new();
		char *text, *again;

		for (size_t k = 0; k < RECORD_KIND_COUNT; k++)
			csv_of_one_kind(from, to, &record_kinds[k]);
		text = json_of(from);
		again = json_of(to);
		assert_string_equal(text, again);
		free(text);
		free(again);
		recorded_free(from);
		recorded_free(to);
	}
}

static void
no_cell_begins_with_what_a_spreadsheet_runs(void **state)
{
	static const char *const texts[] = {"=1+1", "+1", "-1", "@a", "\tx", "\nx", "'=1", "'x", "", "x=1", "\"=1"};
	struct record_csv_reader r;
	char *text = NULL;
	size_t size, i = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		record_csv_cell(out, (struct cairn_span){texts[i], strlen(texts[i])}, i == 0);
	fputs("\r\n", out);
	fclose(out);
	record_csv_init(&r, text, size);
	assert_true(record_csv_next(&r));
	for (i = 0; i < r.columns; i++) {
		struct cairn_span back = record_csv_unescaped(r.cells[i]);

		assert_true(r.cells[i].size == 0 || strchr("=+-@\t\r\n", r.cells[i].text[0]) == NULL);
		assert_int_equal(back.size, strlen(texts[i]));
		assert_true(back.size == 0 || memcmp(back.text, texts[i], back.size) == 0);
	}
	record_csv_release(&r);
	free(text);
}

static void
csv_that_is_not_rfc_4180_is_refused(void **state)
{
	static const char *const bad[] = {
	    "", "id\n\"", "id\n\"a\"b\n", "id\na\"b\n", "id,title\n1\n", "id\na\rb\n", "id\n\xff\n", "title\nx\n",
	    "id,id\na,b\n", "id,nothing\na,b\n", "id,title\n00000000000000000000000000000000,\n",
	    "id,title\n0000000000000000000000000000000g,x\n", "id,begin\n00000000000000000000000000000000,2017-13\n",
	    "id,comments\n00000000000000000000000000000000,x\n", "id,levels\n00000000000000000000000000000000,[1]\n",
	    "id,places\n00000000000000000000000000000000,\"a\na\"\n"};
	struct record_document document;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_err(record_csv_read(&document, record_kind(RECORD_event), bad[i], strlen(bad[i])),
		    CAIRN_ERR_FORMAT);
		assert_int_not_equal(document.fault[0], '\0');
		record_document_clear(&document);
	}
}

static void
json_that_is_no_record_is_refused_and_told_where(void **state)
{
#define DOC(entity) "{\"format\":\"cairn-record\",\"version\":1,\"entities\":[" entity "]}"
#define ID "\"id\":\"00000000000000000000000000000001\""
	static const char *const rows[][2] = {
	    {"[]", "no record"},
	    {"{\"format\":\"x\"}", "no record"},
	    {"{\"format\":\"cairn-record\",\"version\":2,\"entities\":[]}", "another version"},
	    {"{\"format\":\"cairn-record\",\"format\":\"cairn-record\"}", "no JSON"},
	    {DOC("1"), "entity 1"},
	    {DOC("{\"kind\":\"thing\"," ID ",\"fields\":{}}"), "no known kind"},
	    {DOC("{\"kind\":\"event\",\"id\":\"1\",\"fields\":{}}"), "32 hex"},
	    {DOC("{\"kind\":\"event\"," ID ",\"fields\":{\"title\":1}}"), "title must be a text"},
	    {DOC("{\"kind\":\"event\"," ID ",\"fields\":{\"begin\":\"soon\"}}"), "begin is no date"},
	    {DOC("{\"kind\":\"event\"," ID ",\"fields\":{\"victim\":\"x\"}}"), "does not have"},
	    {DOC("{\"kind\":\"event\"," ID ",\"fields\":{\"places\":[\"a\",\"a\"]}}"), "twice"},
	    {DOC("{\"kind\":\"event\"," ID ",\"fields\":{\"places\":\"a\"}}"), "list"},
	    {DOC("{\"kind\":\"event\"," ID ",\"fields\":{\"title\":\"a\\u0000b\"}}"), "no JSON"},
	    {DOC("{\"kind\":\"event\"," ID ",\"fields\":{\"title\":\"a\\u0007b\"}}"), "one line"},
	    {DOC("{\"kind\":\"event\"," ID ",\"fields\":{}}"), "says nothing"},
	    {DOC("{\"kind\":\"event\"," ID ",\"fields\":{},\"levels\":{\"title\":\"all\"}}"), "levels"},
	    {DOC("{\"kind\":\"event\"," ID ",\"fields\":{\"title\":\"a\"},\"more\":1}"), "is not {kind"},
	    {DOC("{\"kind\":\"act\"," ID ",\"fields\":{\"age\":-1}}"), "number"},
	    {DOC("{\"kind\":\"act\"," ID ",\"fields\":{\"age\":131}}"), "age is no number"},
	};
	struct record_document document;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_err(record_json_read(&document, rows[i][0], strlen(rows[i][0])), CAIRN_ERR_FORMAT);
		if (strstr(document.fault, rows[i][1]) == NULL)
			fail_msg("row %zu: \"%s\" lacks \"%s\"", i, document.fault, rows[i][1]);
		record_document_clear(&document);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(json_there_and_back_loses_nothing),
	    cmocka_unit_test(csv_there_and_back_loses_nothing),
	    cmocka_unit_test(no_cell_begins_with_what_a_spreadsheet_runs),
	    cmocka_unit_test(csv_that_is_not_rfc_4180_is_refused),
	    cmocka_unit_test(json_that_is_no_record_is_refused_and_told_where),
	};

	if (sodium_init() < 0)
		return 1;
	return RUN_TESTS(tests);
}
