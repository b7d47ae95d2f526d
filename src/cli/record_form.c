// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/record_form.h"

#include <string.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/secret.h"
#include "record/form.h"

/* What may be written, for whoever sits there. */
static void
tell_fields(const struct record_kind *kind)
{
	remark("%s: %s.\nA line for each field, \"name: value\"; further lines of a text begin with a space.\n"
	       "'cairn record fields %s' explains them, 'cairn record vocab' lists terms.\n",
	    kind->name, kind->help, kind->name);
	for (size_t i = 0; i < kind->count; i++)
		if (kind->fields[i].number >= 100)
			remark("  %-26s %s%s", kind->fields[i].name, kind->fields[i].help,
			    (kind->fields[i].flags & RECORD_REQUIRED) != 0 ? " (needed)" : "");
}

static int
form_read(const struct record_session *s, struct record_change *change, const struct record_head *head,
    struct cairn_span form)
{
	char fault[RECORD_FORM_FAULT_MAX];
	int err = record_form_read(change, s->db, head, form, s->now, fault);

	if (err == CAIRN_ERR_RANGE)
		return fail(CAIRN_EXIT_USAGE, "%s", fault);
	if (err == CAIRN_ERR_NOMEM)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	return err == CAIRN_OK ? CAIRN_EXIT_OK : record_fail(s, err);
}

int
form_ask(const struct record_session *s, struct record_change *change, const struct record_head *head, int fd)
{
	char *text = secret_new(RECORD_FORM_MAX);
	size_t bytes = 0;
	int code;

	if (text == NULL)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	if (fd < 0 && isatty(STDIN_FILENO) != 0)
		tell_fields(change->kind);
	code = ask_text(fd, true, "the form", text, RECORD_FORM_MAX, &bytes);
	if (code == CAIRN_EXIT_OK)
		code = form_read(s, change, head, (struct cairn_span){text, bytes});
	secret_free(text);
	return code;
}
