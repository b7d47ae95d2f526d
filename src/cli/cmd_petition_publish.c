// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>

#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/petition_session.h"
#include "site/fault.h"

struct petition_publish_options {
	struct desk_options desk;
};

#define P struct petition_publish_options
static const struct option_def defs[] = {DESK_DIR_OPTION(P, desk), OPTIONS_END};
const struct option_table petition_publish_options = {defs, sizeof(P)};

/* The marks first: a count without its marks is found to be wrong, marks above the count are not. */
static int
publish(struct desk_session *s, const struct petition_source *source, const char *name)
{
	struct cairn_span span = {name, strlen(name)};
	GString *marks = g_string_new(NULL), *count = g_string_new(NULL);
	char *marks_file = g_strdup_printf("petitions/%s.marks", name);
	char *count_file = g_strdup_printf("petitions/%s.json", name);
	struct site_fault fault = {.line = 0};
	int code = CAIRN_EXIT_OK;
	/* One moment for both, whatever else goes on. */
	int err = db_begin(s->desk->state);

	if (err == CAIRN_OK) {
		err = petition_write_marks(s->desk->state, marks, span);
		if (err == CAIRN_OK)
			err = petition_write_count(s->desk->state, count, span, desk_now());
		err = db_end(s->desk->state, err);
	}
	if (err != CAIRN_OK) {
		code = petition_fail(s, name, err);
	} else {
		err = source_put(source->folder, marks_file, marks, &fault);
		if (err == CAIRN_OK)
			err = source_put(source->folder, count_file, count, &fault);
		code = err == CAIRN_OK ? CAIRN_EXIT_OK : petition_fault(&fault, err);
	}
	if (code == CAIRN_EXIT_OK)
		printf("%zu marks are in %s. 'cairn site build' puts them into the "
		       "site.\n",
		    marks->len / 33, marks_file);
	g_string_free(marks, TRUE);
	g_string_free(count, TRUE);
	g_free(marks_file);
	g_free(count_file);
	return code;
}

int
cmd_petition_publish(const void *options, int argc, char **argv)
{
	const P *o = options;
	struct petition_source source = {.folder = -1};
	struct desk_session s;
	int code = petition_begin(&s, &o->desk);

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = petition_sources(&source, argv[1]);
	if (code == CAIRN_EXIT_OK)
		code = publish(&s, &source, argv[0]);
	petition_source_end(&source);
	desk_session_end(&s);
	return code;
}
