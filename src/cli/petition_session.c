// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/petition_session.h"

#include "cli/exit.h"
#include "cli/output.h"
#include "cli/safe.h"
#include "desk/tell.h"

int
petition_begin(struct desk_session *s, const struct desk_options *options)
{
	int code = desk_session_begin(s, options);

	if (code != CAIRN_EXIT_OK)
		return code;
	if (!self_has_role(s->desk, "publish"))
		return fail(CAIRN_EXIT_REFUSED,
		    "only a device with the role publish holds what comes to the campaign door");
	return CAIRN_EXIT_OK;
}

int
petition_fault(const struct site_fault *fault, int err)
{
	int code = err == CAIRN_ERR_FORMAT || err == CAIRN_ERR_UNKNOWN ? CAIRN_EXIT_REFUSED : exit_for(err);

	fputs("cairn: ", stderr);
	safe_inline(stderr, (struct cairn_span){fault->file, strlen(fault->file)});
	if (fault->line > 0)
		fprintf(stderr, ":%u", fault->line);
	fputs(": ", stderr);
	safe_inline(stderr, (struct cairn_span){fault->text, strlen(fault->text)});
	fputc('\n', stderr);
	return code;
}

int
petition_sources(struct petition_source *source, const char *path)
{
	struct site_fault fault = {.line = 0};
	int err = petition_source_begin(source, path, &fault);

	return err == CAIRN_OK ? CAIRN_EXIT_OK : petition_fault(&fault, err);
}

int
petition_fail(const struct desk_session *s, const char *name, int err)
{
	if (err == CAIRN_ERR_UNKNOWN)
		return fail(CAIRN_EXIT_USAGE,
		    "nobody has signed a petition \"%s\" here: 'cairn petition take', then 'cairn petition "
		    "list'",
		    name);
	if (err == CAIRN_ERR_CONFLICT)
		return fail(CAIRN_EXIT_REFUSED, "it is closed already");
	return desk_fail(s->desk, desk_state_trouble(s->desk, err));
}
