// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/text.h"
#include "site/document.h"
#include "site/fault.h"
#include "site/gathering.h"
#include "site/letter.h"
#include "site/text.h"

#define GATHERINGS "gatherings.csv"
#define GATHERINGS_HEAD "id,title,country,city,place,begins,ends,zone,safety,link,checked\n"

/* Letters that were accepted, as the site's sources have them. */

/* A stranger's text without what could play tricks on who reads the sources; in one line where it must be. */
static char *
plain(struct cairn_span text, bool one_line)
{
	GString *out = g_string_new(NULL);

	while (text.size > 0) {
		const char *at = text.text;
		uint32_t code = text_next(&text);

		if (one_line && (code == '\n' || code == '\t'))
			g_string_append_c(out, ' ');
		else if (!text_is_trick(code))
			g_string_append_len(out, at, text.text - at);
	}
	return g_string_free(out, FALSE);
}

/* ---- a comment ---- */

static bool
entry_is_there(int source, struct cairn_span entry)
{
	GPtrArray *names = source_names(source, "entries", ".md");
	bool found = false;

	for (guint i = 0; i < names->len && !found; i++) {
		const char *name = names->pdata[i];

		found = strncmp(name, entry.text, entry.size) == 0 && name[entry.size] == '.';
	}
	g_ptr_array_free(names, TRUE);
	return found;
}

static json_t *
comment_json(const struct letter *letter, const struct letter_named *named)
{
	char day[11], *text = plain(letter->text, false), *name = plain(letter->name, true);
	json_t *comment;

	day_text(day, letter->day);
	comment = json_pack("{s:s, s:s}", "date", day, "text", text);
	if (named->name[0] != '\0') {
		json_object_set_new(comment, "named", json_string(named->name));
		json_object_set_new(comment, "named-by", json_string(named->by));
	} else if (name[0] != '\0')
		json_object_set_new(comment, "name", json_string(name));
	if (letter->proven) {
		json_object_set_new(comment, "proof", json_string("home page"));
		json_object_set_new(comment, "proof-address", json_stringn(letter->page.text, letter->page.size));
	}
	g_free(text);
	g_free(name);
	return comment;
}

/* The comments that the entry has; a fresh object where it has none. */
static json_t *
comments_load(int source, const char *file, int *ret_err, struct site_fault *fault)
{
	json_error_t error;
	size_t bytes;
	char *text = source_file(source, file, DOCUMENT_BYTES_MAX, &bytes, ret_err, fault);
	json_t *object = text == NULL ? NULL : json_loadb(text, bytes, JSON_REJECT_DUPLICATES, &error);

	free(text);
	if (*ret_err == CAIRN_ERR_UNKNOWN) {
		*ret_err = CAIRN_OK;
		return json_pack("{s:[]}", "comments");
	}
	if (*ret_err == CAIRN_OK && !json_is_array(json_object_get(object, "comments")))
		*ret_err = fault_set(fault, CAIRN_ERR_FORMAT, file, 0, "is not a list of comments");
	return object;
}

int
letter_comment_file(GString *file, GString *out, int source, const struct letter *letter,
    const struct letter_named *named, struct site_fault *fault)
{
	json_t *object;
	char *text = NULL;
	int err;

	g_string_printf(file, "comments/%.*s.json", (int)letter->entry.size, letter->entry.text);
	if (!entry_is_there(source, letter->entry))
		return fault_set(fault, CAIRN_ERR_UNKNOWN, file->str, 0, "there is no such entry in these sources");
	object = comments_load(source, file->str, &err, fault);
	if (err == CAIRN_OK) {
		json_array_append_new(json_object_get(object, "comments"), comment_json(letter, named));
		text = json_dumps(object, JSON_INDENT(1));
		err = text == NULL ? fault_set(fault, CAIRN_ERR_NOMEM, file->str, 0, "out of memory") : CAIRN_OK;
	}
	if (err == CAIRN_OK)
		g_string_printf(out, "%s\n", text);
	if (err == CAIRN_OK && out->len > DOCUMENT_BYTES_MAX)
		err = fault_set(fault, CAIRN_ERR_FORMAT, file->str, 0, "has no room for another");
	json_decref(object);
	free(text);
	return err;
}

/* ---- a gathering ---- */

static void
put_cell(GString *out, struct cairn_span text, char end)
{
	char *line = plain(text, true);

	g_string_append_c(out, '"');
	for (const char *c = line; *c != '\0'; c++) {
		if (*c == '"')
			g_string_append_c(out, '"');
		g_string_append_c(out, *c);
	}
	g_string_append_c(out, '"');
	g_string_append_c(out, end);
	g_free(line);
}

static void
put_row(GString *out, const struct letter *letter, const struct letter_gathering *said, uint32_t today)
{
	char day[11];
	struct cairn_span cells[] = {said->id, letter->title, letter->country, said->city, letter->place,
	    letter->when.begins, said->ends, letter->when.zone, said->safety, said->link, {day, 10}};

	day_text(day, today);
	for (size_t i = 0; i < G_N_ELEMENTS(cells); i++)
		put_cell(out, cells[i], i + 1 == G_N_ELEMENTS(cells) ? '\n' : ',');
}

int
letter_gathering_file(GString *out, int source, const struct letter *letter, const struct letter_gathering *said,
    uint32_t today, struct site_fault *fault)
{
	GPtrArray *list = NULL;
	size_t bytes;
	int err;
	char *text = source_file(source, GATHERINGS, DOCUMENT_BYTES_MAX, &bytes, &err, fault);

	if (err != CAIRN_OK && err != CAIRN_ERR_UNKNOWN)
		return err;
	g_string_truncate(out, 0);
	if (text == NULL)
		g_string_append(out, GATHERINGS_HEAD);
	else
		g_string_append_len(out, text, (gssize)bytes);
	free(text);
	if (out->len > 0 && out->str[out->len - 1] != '\n')
		g_string_append_c(out, '\n');
	put_row(out, letter, said, today);
	err = gatherings_read(&list, fault, GATHERINGS, (struct cairn_span){out->str, out->len});
	g_ptr_array_free(list, TRUE);
	return err;
}
