// SPDX-License-Identifier: GPL-3.0-or-later
#include "board.h"
#include "run.h"

static const struct section *const sections[] = {
    &section_desk,
    &section_hash,
    &section_derive,
    &section_passphrases,
    &section_conversation,
    &section_hello,
    &section_drop,
    &section_receipts,
    &section_files,
    &section_reply_cells,
    &section_board,
    &section_tree,
    &section_tiles,
    &section_checkpoints,
    &section_looks,
    &section_identity,
    &section_card,
    &section_epochs,
    &section_roster,
    &section_requests,
    &section_doors,
    &section_work,
};

static void
missing(struct run *r, const json_t *row)
{
	(void)row;
	row_fail(r, "it to stand in the file");
}

static void
unknown(struct run *r, const json_t *row)
{
	(void)row;
	row_fail(r, "nothing of that name: no row of it was run");
}

static void
run_member(struct run *r, const struct member *member, const json_t *value)
{
	switch (member->kind) {
	case MEMBER_ROWS:
		run_rows(r, member->name, value, member->fn);
		break;
	case MEMBER_ONE:
		run_one(r, member->name, 0, value, member->fn);
		break;
	case MEMBER_GROUP:
		r->list = member->name;
		member->fn(r, value);
		break;
	case MEMBER_DATA:
		break;
	}
}

static const struct member *
find_member(const struct section *section, const char *name)
{
	for (size_t i = 0; i < section->count; i++)
		if (section->members[i].name != NULL && strcmp(section->members[i].name, name) == 0)
			return &section->members[i];
	return NULL;
}

static void
run_section(struct run *r, const struct section *section)
{
	const json_t *value = json_object_get(r->file, section->name);
	const char *key;
	json_t *ignored;

	r->section = section->name;
	if (value == NULL) {
		run_one(r, NULL, 0, NULL, missing);
		return;
	}
	for (size_t i = 0; i < section->count; i++) {
		const struct member *member = &section->members[i];
		const json_t *part = member->name == NULL ? value : json_object_get(value, member->name);

		if (part == NULL)
			run_one(r, member->name, 0, NULL, missing);
		else
			run_member(r, member, part);
	}
	if (section->members[0].name == NULL)
		return;
	json_object_foreach((json_t *)(uintptr_t)value, key, ignored)
		if (find_member(section, key) == NULL)
			run_one(r, key, 0, NULL, unknown);
}

static bool
is_section(const char *name)
{
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		if (strcmp(sections[i]->name, name) == 0)
			return true;
	return strcmp(name, "format") == 0;
}

static void
run_unknown_sections(struct run *r)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)r->file, key, value) {
		r->section = key;
		if (!is_section(key))
			run_one(r, NULL, 0, NULL, unknown);
	}
}

static void
load_key(struct run *r, const char *seed, uint8_t key[32], uint8_t secret[64])
{
	const json_t *desk = json_object_get(r->file, "desk");

	crypto_sign_seed_keypair(key, secret, field_hex_of(r, desk, seed, 32));
}

/* What all sections stand on: keys and id of the desk, and the person. */
static void
load_world(struct run *r, const json_t *file)
{
	load_key(r, "identity_seed", r->desk.identity_key, r->desk.identity_secret);
	load_key(r, "board_seed", r->desk.board_key, r->desk.board_secret);
	load_key(r, "relay_seed", r->desk.relay_key, r->desk.relay_secret);
	memcpy(r->desk.id, field_hex_of(r, field(r, file, "desk"), "desk_id", CAIRN_HASH_BYTES),
	    sizeof(r->desk.id));
	cairn_conversation_init(&r->person,
	    field_hex_of(r, field(r, file, "conversation"), "root", CAIRN_KEY_BYTES));
}

bool
run_all(struct run *r, const json_t *file)
{
	const char *format = json_string_value(json_object_get(file, "format"));

	r->file = file;
	if (format == NULL || strcmp(format, "cairn vectors 3") != 0) {
		fprintf(stderr, "not a file of the format \"cairn vectors 3\"\n");
		printf("0 passed, 1 failed\n");
		return false;
	}
	r->section = "desk or conversation";
	run_one(r, NULL, 0, file, load_world);
	r->passed = 0;
	if (r->failed == 0) {
		for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
			run_section(r, sections[i]);
		run_unknown_sections(r);
	}
	board_free(r->board);
	printf("%zu passed, %zu failed\n", r->passed, r->failed);
	return r->failed == 0;
}
