// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/reliance_json.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct reading {
	struct reliance *graph;
	struct reliance_index index;
	char *fault;
};

static int __attribute__((format(printf, 3, 4)))
refuse(struct reading *r, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(r->fault, RELIANCE_FAULT_BYTES, format, args);
	va_end(args);
	return err;
}

/* ---- fields ---- */

struct field {
	const char *key;
	bool needed;
};

static bool
is_field(const struct field *fields, size_t count, const char *key)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(fields[i].key, key) == 0)
			return true;
	return false;
}

/* An object of these fields and no other. Values are strings, when strings is set. */
static int
fields_check(struct reading *r, const char *what, json_t *object, const struct field *fields, size_t count,
    bool strings)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return refuse(r, CAIRN_ERR_FORMAT, "%s is not an object", what);
	for (size_t i = 0; i < count; i++)
		if (fields[i].needed && json_object_get(object, fields[i].key) == NULL)
			return refuse(r, CAIRN_ERR_FORMAT, "%s has no \"%s\"", what, fields[i].key);
	json_object_foreach(object, key, value) {
		if (!is_field(fields, count, key))
			return refuse(r, CAIRN_ERR_FORMAT, "%s has \"%.40s\", which is not known", what, key);
		if (strings && !json_is_string(value))
			return refuse(r, CAIRN_ERR_FORMAT, "\"%s\" of %s is not a text", key, what);
	}
	return CAIRN_OK;
}

static struct cairn_span
string_span(const json_t *value)
{
	return (struct cairn_span){json_string_value(value), json_string_length(value)};
}

/* A text with its zero, of fewer than room bytes; "" where it is absent. */
static bool
text_take(char *out, size_t room, const json_t *value)
{
	struct cairn_span text = string_span(value);

	memset(out, 0, room);
	if (value == NULL)
		return true;
	if (text.size >= room || memchr(text.text, '\0', text.size) != NULL)
		return false;
	memcpy(out, text.text, text.size);
	return true;
}

/* One letter between two, or 0 where it is absent. */
static bool
grade_take(char *out, const json_t *value, char first, char last)
{
	struct cairn_span text = string_span(value);

	*out = 0;
	if (value == NULL)
		return true;
	if (text.size != 1 || text.text[0] < first || text.text[0] > last)
		return false;
	*out = text.text[0];
	return true;
}

static bool
word_take(unsigned *out, const json_t *value, const char *const *words, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (strcmp(json_string_value(value), words[i]) == 0) {
			*out = i;
			return true;
		}
	return false;
}

/* NUL cannot be in it: jansson refuses \u0000. The graph makes a copy. */
static char *
label_take(const json_t *value)
{
	char *text = NULL;
	const char *from = json_string_value(value);

	memcpy(&text, &from, sizeof text);
	return text;
}

/* ---- vertices and remarks ---- */

static int
explain(struct reading *r, int err, const char *what, const char *code)
{
	switch (err) {
	case CAIRN_OK:
		return CAIRN_OK;
	case CAIRN_ERR_FORMAT:
		return refuse(r, err,
		    "%s \"%s\" has a code, date or grade that is none, or words where a code must do",
		    what, code);
	case CAIRN_ERR_RANGE:
		return refuse(r, err, "there are more of %s than this takes", what);
	default:
		return refuse(r, err, "out of memory");
	}
}

static int
vertex_read(struct reading *r, json_t *object)
{
	static const struct field fields[] = {{"code", true}, {"type", true}, {"label", false}, {"date", false},
		{"source_grade", false}, {"information_grade", false}};
	struct reliance_vertex v = {0};
	unsigned type = 0;
	int err = fields_check(r, "a vertex", object, fields, sizeof fields / sizeof fields[0], true);

	if (err != CAIRN_OK)
		return err;
	if (!text_take(v.code, sizeof v.code, json_object_get(object, "code")))
		return refuse(r, CAIRN_ERR_FORMAT, "a code has more than %u characters", RELIANCE_CODE_BYTES - 1);
	if (!word_take(&type, json_object_get(object, "type"), reliance_type_words, RELIANCE_TYPE_COUNT))
		return refuse(r, CAIRN_ERR_FORMAT, "\"%s\" is of a type that is not known", v.code);
	if (!text_take(v.date, sizeof v.date, json_object_get(object, "date")) ||
	    !grade_take(&v.source_grade, json_object_get(object, "source_grade"), 'A', 'F') ||
	    !grade_take(&v.information_grade, json_object_get(object, "information_grade"), '1', '6'))
		return explain(r, CAIRN_ERR_FORMAT, "vertex", v.code);
	v.type = (enum reliance_type)type;
	v.label = label_take(json_object_get(object, "label"));
	return explain(r, reliance_add(r->graph, &v), "vertex", v.code);
}

static int
code_find(struct reading *r, uint32_t *ret, const json_t *value)
{
	*ret = json_is_string(value) ? reliance_find(&r->index, string_span(value)) : RELIANCE_NONE;
	if (*ret == RELIANCE_NONE)
		return refuse(r, CAIRN_ERR_FORMAT, "nothing has the code \"%.40s\"",
		    json_is_string(value) ? json_string_value(value) : "");
	return CAIRN_OK;
}

static int
remark_read(struct reading *r, json_t *object)
{
	static const struct field fields[] = {{"code", true}, {"kind", true}, {"of", true}, {"coercion", true},
		{"label", false}, {"date", false}};
	struct reliance_remark remark = {0};
	unsigned kind = 0, coercion = 0;
	int err = fields_check(r, "a remark", object, fields, sizeof fields / sizeof fields[0], true);

	if (err == CAIRN_OK)
		err = code_find(r, &remark.of, json_object_get(object, "of"));
	if (err != CAIRN_OK)
		return err;
	if (!text_take(remark.code, sizeof remark.code, json_object_get(object, "code")) ||
	    !text_take(remark.date, sizeof remark.date, json_object_get(object, "date")) ||
	    !word_take(&kind, json_object_get(object, "kind"), reliance_remark_words, RELIANCE_REMARK_COUNT) ||
	    !word_take(&coercion, json_object_get(object, "coercion"), reliance_coercion_words,
	        RELIANCE_COERCION_COUNT))
		return refuse(r, CAIRN_ERR_FORMAT, "remark \"%s\" has a word or date that is not known", remark.code);
	remark.kind = (enum reliance_remark_kind)kind;
	remark.coercion = (enum reliance_coercion)coercion;
	remark.label = label_take(json_object_get(object, "label"));
	return explain(r, reliance_remark(r->graph, &remark), "remark", remark.code);
}

/* ---- pairs ---- */

static int
pair_read(struct reading *r, const json_t *pair, bool same)
{
	uint32_t a = 0, b = 0;
	int err;

	if (!json_is_array(pair) || json_array_size(pair) != 2)
		return refuse(r, CAIRN_ERR_FORMAT, "a pair of codes is not one");
	err = code_find(r, &a, json_array_get(pair, 0));
	if (err == CAIRN_OK)
		err = code_find(r, &b, json_array_get(pair, 1));
	if (err != CAIRN_OK)
		return err;
	err = same ? reliance_may_be_one(r->graph, a, b) : reliance_rely(r->graph, a, b);
	if (err == CAIRN_ERR_CONFLICT)
		return refuse(r, err, same ? "\"%s\" and \"%s\" are of kinds that cannot be one" :
		    "\"%s\" cannot rely on \"%s\": an origin relies on nothing, and nothing on itself",
		    r->graph->vertices[a].code, r->graph->vertices[b].code);
	return explain(r, err, "pair", "");
}

static int
rely_read(struct reading *r, json_t *pair)
{
	return pair_read(r, pair, false);
}

static int
same_read(struct reading *r, json_t *pair)
{
	return pair_read(r, pair, true);
}

/* ---- the whole ---- */

static int
list_read(struct reading *r, json_t *root, const char *key, int (*read)(struct reading *r, json_t *item))
{
	json_t *list = json_object_get(root, key), *item;
	int err = CAIRN_OK;
	size_t i;

	if (list != NULL && !json_is_array(list))
		return refuse(r, CAIRN_ERR_FORMAT, "\"%s\" is not a list", key);
	json_array_foreach(list, i, item) {
		err = read(r, item);
		if (err != CAIRN_OK)
			break;
	}
	return err;
}

static int
index_make(struct reading *r)
{
	uint32_t twice;
	int err = reliance_index_init(&r->index, r->graph, &twice);

	if (err == CAIRN_ERR_CONFLICT)
		return refuse(r, err, "the code \"%s\" is there twice", r->graph->vertices[twice].code);
	return err == CAIRN_OK ? err : refuse(r, err, "out of memory");
}

static int
root_read(struct reading *r, json_t *root)
{
	static const struct field fields[] = {{"cairn", true}, {"vertices", true}, {"reliances", true},
		{"may_be_one", false}, {"remarks", false}};
	const json_t *version;
	int err = fields_check(r, "the file", root, fields, sizeof fields / sizeof fields[0], false);

	if (err != CAIRN_OK)
		return err;
	version = json_object_get(root, "cairn");
	if (!json_is_string(version) || strcmp(json_string_value(version), "reliance 1") != 0)
		return refuse(r, CAIRN_ERR_FORMAT, "\"cairn\" is not \"reliance 1\"");
	err = list_read(r, root, "vertices", vertex_read);
	if (err == CAIRN_OK)
		err = index_make(r);
	if (err == CAIRN_OK)
		err = list_read(r, root, "reliances", rely_read);
	if (err == CAIRN_OK)
		err = list_read(r, root, "may_be_one", same_read);
	if (err == CAIRN_OK)
		err = list_read(r, root, "remarks", remark_read);
	if (err == CAIRN_OK && reliance_first_claim(r->graph) == RELIANCE_NONE)
		err = refuse(r, CAIRN_ERR_FORMAT, "there is no claim in it");
	return err;
}

int
reliance_json_read(struct reliance *graph, char fault[RELIANCE_FAULT_BYTES], const void *bytes, size_t size)
{
	struct reading r = {.graph = graph, .fault = fault};
	json_error_t error;
	json_t *root;
	int err;

	reliance_init(graph);
	fault[0] = '\0';
	if (size > RELIANCE_JSON_BYTES_MAX)
		return refuse(&r, CAIRN_ERR_RANGE, "longer than %u MiB", RELIANCE_JSON_BYTES_MAX >> 20);
	root = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &error);
	if (root == NULL)
		return refuse(&r, CAIRN_ERR_FORMAT, "line %d: %.100s", error.line, error.text);
	err = root_read(&r, root);
	reliance_index_release(&r.index);
	json_decref(root);
	if (err != CAIRN_OK)
		reliance_release(graph);
	return err;
}
