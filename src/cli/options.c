// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/options.h"

#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/output.h"

#define OPTIONS_MAX 40U
#define OPTION_CODE_HELP 1000

static void *
member(const struct option_def *def, void *into)
{
	return (char *)into + def->offset;
}

static bool
set_number(uint64_t *out, const struct option_def *def, const char *value, uint64_t max)
{
	if (text_number(out, (struct cairn_span){value, strlen(value)}, max) == CAIRN_OK)
		return true;
	complain("--%s wants a number, not \"%s\"", def->name, value);
	return false;
}

static bool
set_fd(int *out, const struct option_def *def, const char *value)
{
	uint64_t n;

	if (!set_number(&n, def, value, INT_MAX))
		return false;
	if (fcntl((int)n, F_GETFD) < 0) {
		complain("--%s: no file is open as number %s", def->name, value);
		return false;
	}
	*out = (int)n;
	return true;
}

static bool
set_list(struct option_list *list, const struct option_def *def, const char *value)
{
	if (list->count == OPTION_LIST_MAX) {
		complain("--%s can be given %u times at most", def->name, OPTION_LIST_MAX);
		return false;
	}
	list->items[list->count++] = value;
	return true;
}

static bool
set(const struct option_def *def, void *into, const char *value)
{
	switch (def->kind) {
	case OPTION_FLAG:
		*(bool *)member(def, into) = true;
		return true;
	case OPTION_TEXT:
		*(const char **)member(def, into) = value;
		return true;
	case OPTION_NUMBER:
		return set_number(member(def, into), def, value, INT64_MAX);
	case OPTION_FD:
		return set_fd(member(def, into), def, value);
	case OPTION_LIST:
		return set_list(member(def, into), def, value);
	}
	return false;
}

/* The table as getopt_long() wants it; val is the index. */
static void
as_getopt(struct option *out, const struct option_def *defs, void *into)
{
	size_t n = 0;

	for (; defs[n].name != NULL && n < OPTIONS_MAX; n++) {
		out[n] = (struct option){defs[n].name,
		    defs[n].kind == OPTION_FLAG ? no_argument : required_argument, NULL, (int)n};
		if (defs[n].kind == OPTION_FD)
			*(int *)member(&defs[n], into) = -1;
	}
	out[n] = (struct option){OPTIONS_HELP, no_argument, NULL, OPTION_CODE_HELP};
	out[n + 1] = (struct option){NULL, 0, NULL, 0};
}

static enum options_result
wrong(int code, char **argv)
{
	if (code == ':')
		complain("%s wants a value", argv[optind - 1]);
	else
		complain("there is no option %s", argv[optind - 1]);
	return OPTIONS_WRONG;
}

enum options_result
options_read(const struct option_table *table, void *into, int argc, char **argv, int *ret_first)
{
	struct option known[OPTIONS_MAX + 2];
	int code;

	memset(into, 0, table->bytes);
	as_getopt(known, table->defs, into);
	opterr = 0;
	optind = 0;
	while ((code = getopt_long(argc, argv, ":", known, NULL)) != -1) {
		if (code == OPTION_CODE_HELP)
			return OPTIONS_HELP_ASKED;
		if (code == ':' || code == '?')
			return wrong(code, argv);
		if (!set(&table->defs[code], into, optarg))
			return OPTIONS_WRONG;
	}
	*ret_first = optind;
	return OPTIONS_READ;
}

void
options_help(const struct option_table *table)
{
	char left[64];

	for (const struct option_def *def = table->defs; def->name != NULL; def++) {
		(void)snprintf(left, sizeof(left), "--%s%s%s", def->name, *def->value ? " " : "",
		    def->value);
		printf("  %-26s %s\n", left, def->help);
	}
}
