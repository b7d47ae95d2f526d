// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/completion.h"

#include <stdbool.h>
#include <string.h>

#include "cli/command.h"

static const char head[] =
    "# SPDX-License-Identifier: GPL-3.0-or-later\n"
    "# Completion of cairn(1) for bash. Made by \"cairn help --completion\".\n"
    "\n"
    "_cairn_words()\n"
    "{\n"
    "\tcase \"$1\" in\n";

static const char tail[] =
    "\tesac\n"
    "}\n"
    "\n"
    "_cairn()\n"
    "{\n"
    "\tlocal word=${COMP_WORDS[COMP_CWORD]} known=\"\" options i\n"
    "\n"
    "\tfor ((i = 1; i < COMP_CWORD && i < 3; i++)); do\n"
    "\t\t[[ -n $(_cairn_words \"$known${known:+ }${COMP_WORDS[i]}\") ]] || break\n"
    "\t\tknown+=\"${known:+ }${COMP_WORDS[i]}\"\n"
    "\tdone\n"
    "\toptions=$(_cairn_words \"$known\")\n"
    "\tif [[ $options == --* && $word != -* ]]; then\n"
    "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
    "\telse\n"
    "\t\tmapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$word\")\n"
    "\tfi\n"
    "}\n"
    "\n"
    "complete -F _cairn cairn\n";

/* The first word of a name. */
static size_t
first_word(const char *name)
{
	return strcspn(name, " ");
}

static bool
same_first_word(const char *a, const char *b)
{
	return first_word(a) == first_word(b) && memcmp(a, b, first_word(a)) == 0;
}

/* Has an earlier line of the table the same first word? */
static bool
repeated(const struct command *command)
{
	for (const struct command *c = commands; c != command; c++)
		if (same_first_word(c->name, command->name))
			return true;
	return false;
}

static void
print_first_words(FILE *out)
{
	fputs("\t\"\") echo \"", out);
	for (const struct command *c = commands; c->name != NULL; c++)
		if (!repeated(c))
			fprintf(out, "%.*s ", (int)first_word(c->name), c->name);
	fputs("help\" ;;\n", out);
}

/* The second words of a group. */
static void
print_group(FILE *out, const struct command *group)
{
	const char *space = "";

	if (strchr(group->name, ' ') == NULL || repeated(group))
		return;
	fprintf(out, "\t\"%.*s\") echo \"", (int)first_word(group->name), group->name);
	for (const struct command *c = group; c->name != NULL; c++) {
		if (!same_first_word(c->name, group->name))
			continue;
		fprintf(out, "%s%s", space, c->name + first_word(c->name) + 1);
		space = " ";
	}
	fputs("\" ;;\n", out);
}

static void
print_options(FILE *out, const struct command *command)
{
	fprintf(out, "\t\"%s\") echo \"", command->name);
	for (const struct option_def *def = command->options->defs; def->name != NULL; def++)
		fprintf(out, "--%s ", def->name);
	fputs("--" OPTIONS_HELP "\" ;;\n", out);
}

int
completion_print(FILE *out)
{
	fputs(head, out);
	print_first_words(out);
	for (const struct command *c = commands; c->name != NULL; c++) {
		print_group(out, c);
		print_options(out, c);
	}
	fputs(tail, out);
	return fflush(out) == 0 ? CAIRN_EXIT_OK : CAIRN_EXIT_STORAGE;
}
