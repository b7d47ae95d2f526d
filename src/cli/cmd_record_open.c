// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/file.h"
#include "cli/output.h"
#include "cli/record_take.h"
#include "cli/record_session.h"
#include "cli/safe.h"
#include "record/bundle.h"

struct open_options {
	struct desk_options desk;
	const char *from;
	bool import;
	bool json;
};

#define O struct open_options
static const struct option_def defs[] = {
    DESK_DIR_OPTION(O, desk),
    OPTION(TEXT, O, from, "from", "DESK-ID", "the desk that it must come from: 64 hex digits"),
    OPTION(FLAG, O, import, "import", "", "take what is in it into the record; needs --from"),
    OPTION(FLAG, O, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table record_open_options = {defs, sizeof(O)};

static int
check_from(const struct record_bundle *b, const char *from)
{
	uint8_t id[CAIRN_HASH_BYTES];

	if (from == NULL)
		return CAIRN_EXIT_OK;
	if (text_hex(id, sizeof(id), (struct cairn_span){from, strlen(from)}) != CAIRN_OK)
		return fail(CAIRN_EXIT_USAGE, "--from wants a desk's id: 64 hex digits, as in its address");
	if (memcmp(id, b->manifest.desk_id, sizeof(id)) != 0)
		return fail(CAIRN_EXIT_REFUSED, "it comes from another desk than that");
	return CAIRN_EXIT_OK;
}

static void
count_kinds(const struct record_bundle *b, size_t counts[RECORD_KIND_COUNT + 1])
{
	memset(counts, 0, (RECORD_KIND_COUNT + 1) * sizeof(counts[0]));
	for (size_t i = 0; i < b->document.count; i++)
		counts[b->document.entities[i].kind->number]++;
}

static void
show_text(const struct record_bundle *b)
{
	const struct record_manifest *m = &b->manifest;
	size_t counts[RECORD_KIND_COUNT + 1];
	char when[DESK_WHEN_BYTES];

	fputs("Signed by a device of the desk\n  ", stdout);
	print_hex(stdout, m->desk_id, sizeof(m->desk_id));
	printf("\nmade %s, for: %s ", desk_when(when, m->created), record_purposes[m->purpose].name);
	safe_inline(stdout, m->partner);
	printf("\n%s\n", sodium_is_zero(m->sealed_to, sizeof(m->sealed_to)) ? "not sealed" : "sealed to this device");
	count_kinds(b, counts);
	for (size_t i = 0; i < RECORD_KIND_COUNT; i++)
		if (counts[record_kinds[i].number] > 0)
			printf("  %-14s %zu\n", record_kinds[i].name, counts[record_kinds[i].number]);
}

static int
show_json(const struct record_bundle *b)
{
	const struct record_manifest *m = &b->manifest;
	size_t counts[RECORD_KIND_COUNT + 1];
	json_t *kinds = json_object();

	count_kinds(b, counts);
	for (size_t i = 0; i < RECORD_KIND_COUNT; i++)
		json_object_set_new(
		    kinds, record_kinds[i].name, json_integer((json_int_t)counts[record_kinds[i].number]));
	return print_json(
	    json_pack("{s:o, s:o, s:I, s:s, s:o, s:b, s:o}", "desk", json_hex(m->desk_id, sizeof(m->desk_id)),
		"device", json_hex(m->device_id, sizeof(m->device_id)), "created", (json_int_t)m->created,
		"purpose", record_purposes[m->purpose].name, "partner", json_span(m->partner), "sealed",
		!sodium_is_zero(m->sealed_to, sizeof(m->sealed_to)), "entities", kinds));
}

static int
take_in(struct record_session *s, struct record_bundle *b, const O *o)
{
	static const uint8_t own[RECORD_COMPARTMENT_BYTES];
	char hex[2 * CAIRN_HASH_BYTES + 1], from[128];

	if (o->from == NULL)
		return fail(
		    CAIRN_EXIT_USAGE, "say with --from which desk it must come from: anybody can found a desk");
	sodium_bin2hex(hex, sizeof(hex), b->manifest.desk_id, sizeof(b->manifest.desk_id));
	snprintf(from, sizeof(from), "a bundle of the desk %s", hex);
	return record_take_in(s, &b->document, own, from, false, o->json);
}

static int
open_it(struct record_session *s, struct record_bundle *b, const O *o, const char *path)
{
	uint8_t *bytes;
	size_t size;
	int code = file_load(path, RECORD_BUNDLE_MAX, &bytes, &size), err;

	if (code != CAIRN_EXIT_OK)
		return code;
	err = record_bundle_open(b, bytes, size, s->desk.desk->self.xwing_seed);
	free(bytes);
	if (err != CAIRN_OK)
		return fail(CAIRN_EXIT_REFUSED, "%s does not open: %s", path,
		    b->fault == NULL ? cairn_strerror(err) : b->fault);
	code = check_from(b, o->from);
	if (code == CAIRN_EXIT_OK && o->import)
		return take_in(s, b, o);
	if (code == CAIRN_EXIT_OK && o->json)
		return show_json(b);
	if (code == CAIRN_EXIT_OK)
		show_text(b);
	return code;
}

int
cmd_record_open(const void *options, int argc, char **argv)
{
	const O *o = options;
	struct record_bundle *bundle = calloc(1, sizeof(*bundle));
	struct record_session s;
	int code = record_begin(&s, &o->desk);

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = bundle == NULL ? fail(CAIRN_EXIT_MEMORY, "out of memory") : open_it(&s, bundle, o, argv[0]);
	if (bundle != NULL)
		record_bundle_clear(bundle);
	free(bundle);
	record_end(&s);
	return code;
}
