// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_OPTIONS_H
#define CAIRN_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Options as a table: reader, help, manual check and shell completion come from it. There are long options only.
 * Nothing that is secret may ever be an option's value: anyone on the machine can read a command line.
 */
enum option_kind {
	OPTION_FLAG,   /* bool */
	OPTION_TEXT,   /* const char *; NULL while not given */
	OPTION_NUMBER, /* uint64_t; 0 while not given */
	OPTION_FD,     /* int, an open file descriptor; -1 while not given */
	OPTION_LIST,   /* struct option_list: may be given many times */
};

#define OPTION_LIST_MAX 16U

struct option_list {
	size_t count;
	const char *items[OPTION_LIST_MAX];
};

struct option_def {
	const char *name; /* without the hyphens */
	enum option_kind kind;
	size_t offset;     /* of the member in the command's struct */
	const char *value; /* what the help calls the value; "" for flags */
	const char *help;
};

/* What a command takes: the table, ended by OPTIONS_END, and the size of its struct. */
struct option_table {
	const struct option_def *defs;
	size_t bytes;
};

/* OPTION(FLAG, struct look_options, json, "json", "", "print one JSON object") */
#define OPTION(kind, type, member, name, value, help) {name, OPTION_##kind, offsetof(type, member), value, help}
#define OPTIONS_END {NULL, OPTION_FLAG, 0, NULL, NULL}

/* Every command takes this one, beside its own. */
#define OPTIONS_HELP "help"

enum options_result {
	OPTIONS_READ,
	OPTIONS_HELP_ASKED,
	OPTIONS_WRONG, /* told on stderr */
};

/*
 * Fills in the struct at into, of table->bytes, which is zeroed first. *ret_first is the index in argv of the first
 * argument that is no option; those are moved behind the options.
 */
enum options_result options_read(const struct option_table *table, void *into, int argc, char **argv,
    int *ret_first);

/* The lines of the help. */
void options_help(const struct option_table *table);

#endif
