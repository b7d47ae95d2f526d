// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "cli/commands.h"
#include "cli/evidence_session.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/safe.h"
#include "record/evidence_verify.h"

struct list_options {
	struct desk_options desk;
	bool json;
};

#define L struct list_options
static const struct option_def defs[] = {
    OPTION(FLAG, L, json, "json", "", "print one JSON object"),
    DESK_DIR_OPTION(L, desk),
    OPTIONS_END,
};
const struct option_table evidence_list_options = {defs, sizeof(L)};

struct listing {
	struct evidence *ev;
	json_t *items; /* NULL: words */
	size_t count;
};

static const char *
state_of(const struct evidence_item *item)
{
	if (item->erased)
		return "erased";
	if (!item->here)
		return "elsewhere";
	return item->derived ? "copy" : "original";
}

static void
list_json(json_t *items, const struct evidence_item *item, const char *name)
{
	json_t *one = json_pack("{s:o,s:s,s:I,s:s,s:I,s:o,s:s}", "item", json_hex(item->id, sizeof(item->id)),
	    "state", state_of(item), "added", (json_int_t)item->added, "media", item->media, "bytes",
	    (json_int_t)item->size, "sha256", json_hex(item->sha256, 32), "name", name);

	if (one != NULL && item->derived)
		json_object_set_new(one, "source", json_hex(item->source, sizeof(item->source)));
	json_array_append_new(items, one);
}

static int
list_one(void *arg, const struct evidence_item *item)
{
	struct listing *l = arg;
	char name[EVIDENCE_FILE_NAME_MAX + 1], when[EVIDENCE_WHEN_BYTES];
	int err = evidence_name(l->ev, item, name);

	if (err != CAIRN_OK)
		return err;
	l->count++;
	if (l->items != NULL) {
		list_json(l->items, item, name);
		return CAIRN_OK;
	}
	print_hex(stdout, item->id, 4);
	printf("  %s  %-9s %12llu  %s", evidence_when(when, item->added), state_of(item),
	    (unsigned long long)item->size, item->media);
	if (name[0] != '\0') {
		fputs("  ", stdout);
		safe_inline(stdout, (struct cairn_span){name, strlen(name)});
	}
	putchar('\n');
	return CAIRN_OK;
}

int
cmd_evidence_list(const void *options, int argc, char **argv)
{
	const L *o = options;
	struct evidence_session s;
	struct listing l = {0};
	int code = evidence_session_begin(&s, &o->desk), err;

	(void)argc;
	(void)argv;
	if (code == CAIRN_EXIT_OK) {
		l.ev = s.ev;
		l.items = o->json ? json_array() : NULL;
		err = evidence_list(s.ev, list_one, &l);
		if (err != CAIRN_OK) {
			json_decref(l.items);
			code = evidence_fail(s.ev, err);
		} else if (o->json) {
			code = print_json(json_pack("{s:o}", "items", l.items));
		} else if (l.count == 0) {
			remark("There is no evidence yet: 'cairn evidence add FILE' takes some in.");
		}
	}
	evidence_session_end(&s);
	return code;
}
