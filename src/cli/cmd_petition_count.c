// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>

#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/petition_session.h"
#include "cli/safe.h"
#include "site/campaign_take.h"

/* Signatures taken in and counted: petition take, list, show, close. */

struct petition_options {
	struct desk_options desk;
	bool names;
	bool json;
};

#define P struct petition_options
static const struct option_def take_defs[] = {
    DESK_DIR_OPTION(P, desk),
    OPTION(FLAG, P, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
static const struct option_def show_defs[] = {
    DESK_DIR_OPTION(P, desk),
    OPTION(FLAG, P, names, "names", "", "the names of those who gave one, for whom the petition is handed to"),
    OPTION(FLAG, P, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
static const struct option_def close_defs[] = {DESK_DIR_OPTION(P, desk), OPTIONS_END};
const struct option_table petition_take_options = {take_defs, sizeof(P)};
const struct option_table petition_list_options = {take_defs, sizeof(P)};
const struct option_table petition_show_options = {show_defs, sizeof(P)};
const struct option_table petition_close_options = {close_defs, sizeof(P)};

/* ---- take ---- */

static int
tell_taken(const struct campaign_tally *t, bool json)
{
	const size_t *s = t->signatures;

	if (json)
		return print_json(json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:b}", "counted",
		    (json_int_t)s[PETITION_COUNTED], "waiting", (json_int_t)s[PETITION_WAITS], "repeated",
		    (json_int_t)s[PETITION_REPEATED], "same_address", (json_int_t)s[PETITION_SAME], "late",
		    (json_int_t)s[PETITION_LATE], "withdrawn",
		    (json_int_t)t->withdrawn + (json_int_t)s[PETITION_WITHDRAWN], "letters", (json_int_t)t->letters,
		    "left", (json_int_t)t->left, "erased", (int)t->erased));
	printf("%zu signatures counted, %zu wait for their address to be confirmed.\n"
	       "%zu had signed before, %zu came after the end, %zu were taken back.\n",
	    s[PETITION_COUNTED], s[PETITION_WAITS], s[PETITION_REPEATED] + s[PETITION_SAME], s[PETITION_LATE],
	    t->withdrawn + s[PETITION_WITHDRAWN]);
	if (t->letters > 0)
		printf("%zu comments and gatherings came: 'cairn site letters' shows what waits.\n", t->letters);
	if (t->left > 0)
		printf("%zu stay where they are, other letters or of petitions that these sources do not have "
		       "('cairn desk read 0').\n",
		    t->left);
	return CAIRN_EXIT_OK;
}

int
cmd_petition_take(const void *options, int argc, char **argv)
{
	const P *o = options;
	struct petition_source source = {.folder = -1};
	struct campaign_tally tally;
	struct desk_session s;
	int code = petition_begin(&s, &o->desk);
	int err;

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = petition_sources(&source, argv[0]);
	if (code == CAIRN_EXIT_OK) {
		err = campaign_take(s.desk->state, &tally, &source.rules);
		code = tell_taken(&tally, o->json);
		if (err != CAIRN_OK)
			code = desk_fail(s.desk, desk_state_trouble(s.desk, err));
	}
	petition_source_end(&source);
	desk_session_end(&s);
	return code;
}

/* ---- list, show ---- */

static json_t *
count_json(const char *name, const struct petition_count *c)
{
	return json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I}", "petition", name, "counted", (json_int_t)c->counted,
	    "withdrawn", (json_int_t)c->withdrawn, "waiting", (json_int_t)c->waiting, "repeated",
	    (json_int_t)c->repeated, "same_address", (json_int_t)c->same, "closed", (json_int_t)c->closed);
}

static void
count_line(const char *name, const struct petition_count *c)
{
	printf("%-32s %9llu counted %8llu withdrawn %8llu wait %8llu again%s\n", name, (unsigned long long)c->counted,
	    (unsigned long long)c->withdrawn, (unsigned long long)c->waiting,
	    (unsigned long long)(c->repeated + c->same), c->closed != 0 ? "  closed" : "");
}

static int
list(struct desk_session *s, json_t *array)
{
	char name[CAIRN_SLUG_MAX + 1] = "";
	struct petition_count count;
	int err;

	while ((err = petition_next(s->desk->state, name)) == CAIRN_OK && name[0] != '\0') {
		err = petition_counted(s->desk->state, &count, (struct cairn_span){name, strlen(name)});
		if (err != CAIRN_OK)
			break;
		if (array != NULL)
			json_array_append_new(array, count_json(name, &count));
		else
			count_line(name, &count);
	}
	return err == CAIRN_OK ? CAIRN_EXIT_OK : petition_fail(s, name, err);
}

int
cmd_petition_list(const void *options, int argc, char **argv)
{
	const P *o = options;
	json_t *array = o->json ? json_array() : NULL;
	struct desk_session s;
	int code = petition_begin(&s, &o->desk);

	(void)argc;
	(void)argv;
	if (code == CAIRN_EXIT_OK)
		code = list(&s, array);
	if (code == CAIRN_EXIT_OK && array != NULL)
		code = print_json(json_pack("{s:O}", "petitions", array));
	json_decref(array);
	desk_session_end(&s);
	return code;
}

static void
on_name(void *arg, struct cairn_span name, struct cairn_span country)
{
	if (arg != NULL) {
		json_array_append_new(arg,
		    json_pack("{s:o, s:o}", "name", json_span(name), "country", json_span(country)));
		return;
	}
	printf("%-3.*s ", (int)country.size, country.text);
	safe_inline(stdout, name);
	putchar('\n');
}

static int
show(struct desk_session *s, const P *o, const char *name)
{
	struct cairn_span span = {name, strlen(name)};
	json_t *names = o->json && o->names ? json_array() : NULL, *object;
	struct petition_count count;
	int err = petition_counted(s->desk->state, &count, span);

	if (err == CAIRN_OK && !o->json)
		count_line(name, &count);
	if (err == CAIRN_OK && o->names)
		err = petition_names(s->desk->state, span, on_name, names);
	if (err != CAIRN_OK) {
		json_decref(names);
		return petition_fail(s, name, err);
	}
	if (!o->json)
		return CAIRN_EXIT_OK;
	object = count_json(name, &count);
	if (names != NULL)
		json_object_set_new(object, "names", names);
	return print_json(object);
}

int
cmd_petition_show(const void *options, int argc, char **argv)
{
	const P *o = options;
	struct desk_session s;
	int code = petition_begin(&s, &o->desk);

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = show(&s, o, argv[0]);
	desk_session_end(&s);
	return code;
}

int
cmd_petition_close(const void *options, int argc, char **argv)
{
	const P *o = options;
	struct desk_session s;
	int code = petition_begin(&s, &o->desk);
	int err;

	(void)argc;
	if (code == CAIRN_EXIT_OK) {
		err = petition_close(s.desk->state, (struct cairn_span){argv[0], strlen(argv[0])}, desk_now());
		code = err == CAIRN_OK ? CAIRN_EXIT_OK : petition_fail(&s, argv[0], err);
	}
	if (code == CAIRN_EXIT_OK)
		puts("It is closed: addresses, their fingerprints and the key of these are erased. "
		     "'cairn petition publish' once more, and the site says so.");
	desk_session_end(&s);
	return code;
}
