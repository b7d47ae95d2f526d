// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The tables of docs/carry.md, out of those of src/carry, as Markdown: carry_tables NAME. scripts/carry-doc holds the
 * document against them.
 */
#include <stdio.h>
#include <string.h>

#include "carry/box.h"
#include "carry/fields.h"
#include "carry/membership.h"
#include "carry/ops.h"
#include "carry/retention.h"

static const char *const kind_names[] = {
    [OP_u8] = "u8",
    [OP_u16] = "u16",
    [OP_u32] = "u32",
    [OP_u64] = "u64",
    [OP_id] = "id",
    [OP_hash] = "hash",
    [OP_key] = "key",
    [OP_text] = "text",
    [OP_bytes] = "bytes",
};

/* A name of C, as people read it. */
static void
print_name(const char *name)
{
	for (; *name != '\0'; name++)
		(void)putchar(*name == '_' ? '-' : *name);
}

static void
print_operations(void)
{
	printf("| type | name | in | what it says | body |\n|---|---|---|---|---|\n");
	for (size_t i = 0; i < op_count; i++) {
		const struct op_def *def = &op_table[i];

		printf("| 0x%04x | ", def->type);
		print_name(def->name);
		printf(" | %s | %s | ", def->scope == OP_SCOPE_DESK ? "desk" : "case", def->text);
		for (size_t j = 0; j < def->field_count; j++) {
			printf("%s%s ", j == 0 ? "" : ", ", kind_names[def->fields[j].kind]);
			print_name(def->fields[j].name);
			if (def->fields[j].kind == OP_text || def->fields[j].kind == OP_bytes)
				printf(" (%zu)", def->fields[j].most);
		}
		printf(" |\n");
	}
}

/* Choices with commas between. */
static void
print_choices(const char *choices)
{
	for (; *choices != '\0'; choices++)
		if (*choices == '|')
			printf(", ");
		else
			(void)putchar(*choices);
}

static void
print_type(const struct field_def *def)
{
	printf("%s", field_type_name(def->type));
	if (def->type == FIELD_text)
		printf(" (%zu)", def->most);
	if (def->type == FIELD_choice) {
		printf(": ");
		print_choices(def->choices);
	}
	for (const struct field_part *part = def->parts; part != NULL && part->name != NULL; part++) {
		printf("%s%s %s", part == def->parts ? ": " : "; ", field_type_name(part->type), part->name);
		if (part->choices != NULL) {
			printf(" (");
			print_choices(part->choices);
			printf(")");
		}
	}
}

static void
print_fields(void)
{
	printf("| number | compartment | field | | type | what it is |\n|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < field_count; i++) {
		const struct field_def *def = &field_table[i];

		printf("| 0x%04x | %s | %s | %s | ", def->number, kind_find((uint8_t)(def->number >> 8))->name,
		    def->name, def->shape == FIELD_REGISTER ? "register" : "set");
		print_type(def);
		printf(" | %s |\n", def->text);
	}
}

static void
print_kinds(void)
{
	printf("| kind | name | what it holds |");
	for (uint8_t role = 0; role < ROLE_COUNT; role++)
		printf(" %s |", role_find(role)->name);
	printf(" apart |\n|---|---|---|");
	for (uint8_t role = 0; role < ROLE_COUNT; role++)
		printf("---|");
	printf("---|\n");
	for (uint8_t kind = 0; kind < KIND_COUNT; kind++) {
		const struct kind_def *def = kind_find(kind);

		printf("| %u | %s | %s |", kind, def->name, def->text);
		for (uint8_t role = 0; role < ROLE_COUNT; role++)
			printf(" %.1s |", def->members[role] == '-' ? "" : def->members + role);
		printf(" %s |\n", def->apart ? "yes" : "");
	}
}

static void
print_roles(void)
{
	printf("| role | what it does |\n|---|---|\n");
	for (uint8_t role = 0; role < ROLE_COUNT; role++)
		printf("| %s | %s |\n", role_find(role)->name, role_find(role)->text);
}

static void
print_retention(void)
{
	printf("| compartment | mark | goes after | at least | in words |\n|---|---|---|---|---|\n");
	for (size_t i = 0; i < retention_count; i++) {
		const struct retention_row *row = &retention_table[i];

		printf("| %s | %s | %u h | %u h | %s |\n", kind_find(row->kind)->name, mark_name(row->mark),
		    row->hours, row->least, row->text);
	}
}

static void
print_marks(void)
{
#define PRINT_MARK(NAME, number, name, text) printf("| %u | %s | %s |\n", number, name, text);
	printf("| mark | name | what the officer says by it |\n|---|---|---|\n");
	MARKS(PRINT_MARK)
}

static void
print_states(void)
{
#define PRINT_STATE(NAME, number, name, stops, text) \
	printf("| %u | %s | %s | %s |\n", number, name, text, stops ? "yes" : "");
	printf("| state | name | what it says | stops the time |\n|---|---|---|---|\n");
	CASE_STATES(PRINT_STATE)
}

/* The fields of a row of BOX_GRANTS, as they stand there. */
#undef BOX_FIELD
#define BOX_FIELD(name) " " #name
static void
print_grants(void)
{
#define PRINT_GRANT(NAME, number, text, fields) printf("| %u | %s |%s secret[32] |\n", number, text, fields);
	printf("| what | grants | behind it |\n|---|---|---|\n");
	BOX_GRANTS(PRINT_GRANT)
}

static const struct {
	const char *name;
	void (*print)(void);
} tables[] = {
    {"fields", print_fields},
    {"grants", print_grants},
    {"kinds", print_kinds},
    {"marks", print_marks},
    {"operations", print_operations},
    {"retention", print_retention},
    {"roles", print_roles},
    {"states", print_states},
};

int
main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < sizeof(tables) / sizeof(tables[0]); i++)
		if (strcmp(tables[i].name, argv[1]) == 0) {
			tables[i].print();
			return 0;
		}
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		printf("%s\n", tables[i].name);
	return argc == 1 ? 0 : 1;
}
