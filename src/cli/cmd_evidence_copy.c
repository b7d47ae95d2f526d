// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/evidence_session.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "record/evidence_copy.h"

/* Working copies, and copies with regions gone. */

struct copy_options {
	struct desk_options desk;
	struct option_list boxes;
	struct option_list spans;
	bool keep_lengths;
	const char *note;
};

#define C struct copy_options
static const struct option_def copy_defs[] = {
    OPTION(TEXT, C, note, "note", "TEXT", "what for"),
    DESK_DIR_OPTION(C, desk),
    OPTIONS_END,
};
const struct option_table evidence_copy_options = {copy_defs, sizeof(C)};

static const struct option_def redact_defs[] = {
    OPTION(LIST, C, boxes, "box", "BOX", "LEFT,TOP,WIDTH,HEIGHT[@PAGE]: pixels of a picture, points of a PDF's page"),
    OPTION(LIST, C, spans, "span", "SPAN", "FROM-TO of a text: characters, the first is 1, both go"),
    OPTION(FLAG, C, keep_lengths, "keep-lengths", "", "one mark for each character of a span: shows how long it was"),
    OPTION(TEXT, C, note, "note", "TEXT", "what for"),
    DESK_DIR_OPTION(C, desk),
    OPTIONS_END,
};
const struct option_table evidence_redact_options = {redact_defs, sizeof(C)};

static bool
number(uint32_t *out, struct cairn_span text)
{
	uint64_t n;

	if (text.text == NULL || text_number(&n, text, UINT32_MAX) != CAIRN_OK)
		return false;
	*out = (uint32_t)n;
	return true;
}

static bool
box_read(struct evidence_box *box, const char *text)
{
	struct cairn_span rest = {text, strlen(text)}, sizes = span_cut(&rest, '@');
	uint32_t *const parts[] = {&box->left, &box->top, &box->width, &box->height};
	uint32_t page = 1;

	memset(box, 0, sizeof(*box));
	if (rest.text != NULL && (!number(&page, rest) || page == 0))
		return false;
	box->page = page - 1;
	for (size_t i = 0; i < 4; i++)
		if (!number(parts[i], span_cut(&sizes, ',')))
			return false;
	return sizes.text == NULL && box->width > 0 && box->height > 0;
}

static bool
span_read(struct evidence_box *box, const char *text)
{
	struct cairn_span rest = {text, strlen(text)};
	uint32_t from, to;

	memset(box, 0, sizeof(*box));
	if (!number(&from, span_cut(&rest, '-')) || !number(&to, rest) || from == 0 || to < from)
		return false;
	box->left = from - 1;
	box->width = to - from + 1;
	box->height = 1;
	return true;
}

static int
regions_read(struct evidence_box boxes[2 * OPTION_LIST_MAX], size_t *ret_count, const C *o)
{
	*ret_count = 0;
	for (size_t i = 0; i < o->boxes.count; i++)
		if (!box_read(&boxes[(*ret_count)++], o->boxes.items[i]))
			return fail(CAIRN_EXIT_USAGE,
			    "--box wants LEFT,TOP,WIDTH,HEIGHT, and @PAGE behind it where it is not page 1");
	for (size_t i = 0; i < o->spans.count; i++)
		if (!span_read(&boxes[(*ret_count)++], o->spans.items[i]))
			return fail(
			    CAIRN_EXIT_USAGE, "--span wants FROM-TO, the numbers of its first and last character");
	if (*ret_count == 0)
		return fail(CAIRN_EXIT_USAGE, "say with --box or --span what is to go");
	return CAIRN_EXIT_OK;
}

static int
make(const C *o, const char *id, const struct evidence_box *boxes, size_t count)
{
	struct evidence_session s;
	struct evidence_item item;
	uint8_t made[EVIDENCE_ITEM_BYTES];
	int code = evidence_session_begin(&s, &o->desk), err;

	if (code == CAIRN_EXIT_OK)
		code = evidence_session_item(&s, &item, id);
	if (code == CAIRN_EXIT_OK) {
		err = count == 0
		    ? evidence_copy(s.ev, &item, o->note, desk_now(), made)
		    : evidence_redact(s.ev, &item, boxes, count, o->keep_lengths, o->note, desk_now(), made);
		if (err == CAIRN_OK)
			evidence_print_id(made);
		else
			code = evidence_fail(s.ev, err);
	}
	evidence_session_end(&s);
	return code;
}

int
cmd_evidence_copy(const void *options, int argc, char **argv)
{
	int code = make(options, argv[0], NULL, 0);

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		remark("What a picture shows may tell as much as its metadata: look at it before it goes anywhere.");
	return code;
}

int
cmd_evidence_redact(const void *options, int argc, char **argv)
{
	struct evidence_box boxes[2 * OPTION_LIST_MAX];
	size_t count;
	int code = regions_read(boxes, &count, options);

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = make(options, argv[0], boxes, count);
	if (code == CAIRN_EXIT_OK)
		remark("Look at the copy before it goes anywhere: 'cairn evidence open'.");
	return code;
}
