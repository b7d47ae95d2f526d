// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "cli/desk_session.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/unlock.h"

#define PAGES_A_MIB 256U

struct vault_options {
	struct desk_options desk;
	bool check;
	bool json;
};

#define V struct vault_options
static const struct option_def defs[] = {
    DESK_DIR_OPTION(V, desk),
    OPTION(FLAG, V, check, "check", "", "try every page, and name those that are damaged"),
    OPTION(FLAG, V, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table desk_vault_options = {defs, sizeof(V)};

static bool
on_page(void *arg, uint64_t done, uint64_t total)
{
	struct progress *p = arg;

	p->total = total;
	progress_at(p, done);
	return true;
}

static json_t *
damage_json(const struct vault_damage *damage)
{
	json_t *pages = json_array();

	for (uint32_t i = 0; i < damage->count && i < VAULT_DAMAGED_MAX; i++)
		json_array_append_new(pages, json_integer(damage->numbers[i]));
	return pages;
}

static void
damage_text(const struct vault_damage *damage)
{
	printf("%u pages tried, %u damaged%s", damage->pages, damage->count, damage->count > 0 ? ":" : ".\n");
	for (uint32_t i = 0; i < damage->count && i < VAULT_DAMAGED_MAX; i++)
		printf(" %u", damage->numbers[i]);
	if (damage->count > VAULT_DAMAGED_MAX)
		printf(" and more");
	if (damage->count > 0)
		puts("\nCopy the vault to another disk before anything else. Each page costs only what was in it:\n"
		     "restore a backup if there is one ('cairn desk restore'), and see what else reads.");
	if (damage->journal)
		puts("A change was broken off. Opening the desk undoes it; that is no damage.");
}

static int
check(struct vault *vault, const V *o)
{
	struct vault_damage damage;
	struct progress p;
	int err, code = CAIRN_EXIT_OK;

	progress_begin(&p, "trying pages", 0);
	err = vault_check(vault, &damage, on_page, &p);
	progress_end(&p);
	if (err != CAIRN_OK)
		return unlock_fail(err, "the vault");
	if (o->json)
		code = print_json(json_pack("{s:I, s:I, s:o, s:b}", "pages", (json_int_t)damage.pages, "damaged",
		    (json_int_t)damage.count, "numbers", damage_json(&damage), "broken_off", (int)damage.journal));
	else
		damage_text(&damage);
	return code == CAIRN_EXIT_OK && damage.count > 0 ? CAIRN_EXIT_REFUSED : code;
}

static int
tell(struct vault *vault, const V *o)
{
	uint32_t used, pages;
	int err = vault_room(vault, &used, &pages);

	if (err != CAIRN_OK)
		return fail(CAIRN_EXIT_REFUSED,
		    "the first page is damaged: 'cairn desk vault --check' names all that are");
	if (o->json)
		return print_json(
		    json_pack("{s:I, s:I}", "used_pages", (json_int_t)used, "pages", (json_int_t)pages));
	printf("%u of %u MiB are used: %u %%.\n", used / PAGES_A_MIB, pages / PAGES_A_MIB,
	    (unsigned)((uint64_t)used * 100 / pages));
	if (used > pages / 4 * 3)
		puts("It fills up. 'cairn desk grow' moves the desk to a larger vault.");
	return CAIRN_EXIT_OK;
}

int
cmd_desk_vault(const void *options, int argc, char **argv)
{
	const V *o = options;
	const char *folder = desk_folder(&o->desk);
	struct vault *vault;
	int code;

	(void)argc;
	(void)argv;
	if (folder == NULL)
		return CAIRN_EXIT_USAGE;
	code = unlock_vault(&vault, folder, o->desk.vault_fd);
	if (code == CAIRN_EXIT_OK)
		code = o->check ? check(vault, o) : tell(vault, o);
	vault_close(vault);
	return code;
}
