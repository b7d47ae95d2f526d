// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sodium.h>

#include "cairn/hash.h"
#include "cli/demo.h"
#include "cli/demo_process.h"
#include "cli/demo_screen.h"
#include "cli/exit.h"
#include "cli/file.h"
#include "cli/output.h"

/*
 * A claim in public: two people, each on a device of his own, agree that the desk says how much there is, and a
 * visitor of the site checks it. What would be accounts is invented, and says so.
 */

#define NAME "round-up-2017"
#define ACCOUNTS 24
#define CLAIMED 20
#define WAYS 4

/* Files of this run that only these steps need. */
struct files {
	char key[DEMO_PATH + 64], card[DEMO_PATH + 64], roster[DEMO_PATH + 64], accounts[DEMO_PATH + 64];
	char draft[DEMO_PATH + 64], text[DEMO_PATH + 64], secrets[DEMO_PATH + 64], one[DEMO_PATH + 64];
	char two[DEMO_PATH + 64], log[DEMO_PATH + 64], claim[DEMO_PATH + 64], graph[DEMO_PATH + 64];
};

static void
name_files(struct files *f, const struct demo *d)
{
	const struct {
		char *path;
		const char *folder, *name;
	} names[] = {
	    {f->key, d->folder, "site.key"},
	    {f->card, d->source, "desk.card"},
	    {f->roster, d->folder, "roster"},
	    {f->accounts, d->folder, "accounts"},
	    {f->draft, d->folder, "draft.json"},
	    {f->text, d->folder, "claim.text"},
	    {f->secrets, d->folder, "claim.secrets"},
	    {f->one, d->folder, "claim.one"},
	    {f->two, d->folder, "claim.two"},
	    {f->log, d->site, "log"},
	    {f->claim, d->source, "claims/" NAME ".claim"},
	    {f->graph, d->source, "reliance.json"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)snprintf(names[i].path, sizeof(f->key), "%s/%s", names[i].folder, names[i].name);
}

/* ---- the second device ---- */

/* What two people do who sit beside each other: one tells the code, and both compare six digits. */
static bool
join(struct demo *d, struct demo_talk *admin, struct demo_talk *device)
{
	const struct demo_call admit = {{d->self, "desk", "admit", "--json", "--roles", "documentation",
					    "--owner", "Lena",
					    "--share", d->share[0], "--share", d->share[1], "--digits-fd",
					    "3", DEMO_AT_DESK(d)},
	    {demo_later, d->vault}};
	const struct demo_call join = {{d->self, "desk", "join", "--json", "--device", "second", "--code-fd", "3",
					   "--digits-fd", "5", "--vault-size", DEMO_VAULT_MIB, DEMO_AT_SECOND(d),
					   d->address, d->relay_key},
	    {demo_later, d->second_vault, demo_later}};
	char code[256], ours[64], theirs[64];

	return demo_talk_begin(admin, &admit, d->desk_log) && demo_talk_hear(admin, code, sizeof(code), "code") &&
	    demo_talk_begin(device, &join, d->desk_log) && demo_talk_tell(device, 0, code) &&
	    demo_talk_hear(device, theirs, sizeof(theirs), "digits") &&
	    demo_talk_hear(admin, ours, sizeof(ours), "digits") && demo_talk_tell(admin, 0, theirs) &&
	    demo_talk_tell(device, 2, ours);
}

int
demo_admit_second(struct demo *d)
{
	const struct demo_call new = {{d->self, "person", "new"}, {0}};
	struct demo_talk admin = {.pid = -1, .later = {-1, -1, -1}}, device = admin;
	int code = CAIRN_EXIT_OK;
	bool good;

	if (d->example[0] == '\0')
		return CAIRN_EXIT_OK;
	screen_heading("A second person joins the desk, on a device of her own");
	screen_say("One tells the code to the other, both compare six digits, and two shares sign the new list of");
	screen_say("devices. Her device keeps what was said; the first one may publish. Neither does both.");
	screen_command("cairn desk admit --dir %s --roles documentation --owner Lena --share ... --share ...",
	    screen_path(d->desk));
	screen_command("cairn desk join --dir %s --device second ADDRESS RELAY-KEY", screen_path(d->second));
	if ((code = demo_run(d, &new)) != CAIRN_EXIT_OK)
		return code;
	demo_take_line(d->second_vault, sizeof(d->second_vault), d);
	good = join(d, &admin, &device);
	good = demo_talk_end(&device, good) && good;
	good = demo_talk_end(&admin, good) && good;
	if (!good)
		return fail(CAIRN_EXIT_INTERNAL, "the device was not admitted: %s says why", d->desk_log);
	screen_good("Admitted.");
	return CAIRN_EXIT_OK;
}

/* ---- the card ---- */

static int
hash_of(char hex[2 * CAIRN_SHA256_BYTES + 1], const char *folder, const char *name)
{
	char path[DEMO_PATH + 64];
	uint8_t *bytes, hash[CAIRN_SHA256_BYTES];
	size_t size;
	int code;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	code = file_load(path, 1U << 20, &bytes, &size);
	if (code != CAIRN_EXIT_OK)
		return code;
	crypto_hash_sha256(hash, bytes, size);
	sodium_bin2hex(hex, 2 * CAIRN_SHA256_BYTES + 1, hash, sizeof(hash));
	free(bytes);
	return CAIRN_EXIT_OK;
}

static int
make_site_key(struct demo *d, const struct files *f)
{
	const struct demo_call make = {{d->self, "claim", "key", f->key}, {0}};
	char path[DEMO_PATH + 80];
	size_t size = 0;
	int code = demo_run(d, &make);

	(void)snprintf(path, sizeof(path), "%s.pub", f->key);
	if (code == CAIRN_EXIT_OK)
		code = file_read(path, (uint8_t *)d->site_key, sizeof(d->site_key) - 1, &size);
	d->site_key[size] = '\0';
	d->site_key[strcspn(d->site_key, "\n")] = '\0';
	return code;
}

int
demo_name_keys(struct demo *d)
{
	char give[2 * CAIRN_SHA256_BYTES + 1];
	struct files f;
	const struct demo_call renew = {{d->self, "desk", "card", "--renew", "--site-key", d->site_key,
					    "--give", give, "--share",
					    d->share[0], "--share", d->share[1], "--out", f.card, DEMO_AT_DESK(d)},
	    {NULL, d->vault}};
	const struct demo_call roster = {{d->self, "desk", "card", "--roster", "--out", f.roster, DEMO_AT_DESK(d)},
	    {NULL, d->vault}};
	int code;

	if (d->example[0] == '\0')
		return CAIRN_EXIT_OK;
	name_files(&f, d);
	screen_heading("The desk's card names the site's key, and the accounts that take gifts");
	screen_say("Whoever forges the site has not that key, and who changes an account number on it is found out:");
	screen_say("the card is signed by the identity key, by two people.");
	if ((code = make_site_key(d, &f)) != CAIRN_EXIT_OK ||
	    (code = hash_of(give, d->site, "give/main.txt")) != CAIRN_EXIT_OK)
		return code;
	screen_command("cairn desk card --renew --site-key %s \\\n       --give %s \\\n"
		       "       --share ... --share ... --out %s",
	    d->site_key, give, screen_path(f.card));
	if ((code = demo_run(d, &renew)) != CAIRN_EXIT_OK || (code = demo_run(d, &roster)) != CAIRN_EXIT_OK)
		return code;
	return demo_tick(d);
}

/* ---- the claim ---- */

/* An account of nobody, and a hash that nobody can guess. */
static int
write_account(const struct files *f, json_t *sealed, unsigned number)
{
	char path[DEMO_PATH + 96], text[256], code[16], hex[2 * CAIRN_SHA256_BYTES + 1];
	uint8_t hash[CAIRN_SHA256_BYTES], dice[16];
	size_t size;

	randombytes_buf(dice, sizeof(dice));
	sodium_bin2hex(hex, sizeof(hex), dice, sizeof(dice));
	(void)snprintf(code, sizeof(code), "T-DEMO-%04u", number);
	(void)snprintf(path, sizeof(path), "%s/%s", f->accounts, code);
	size = (size_t)snprintf(text, sizeof(text), "Invented account %u of the demonstration. Nobody gave it. %s\n",
	    number, hex);
	crypto_hash_sha256(hash, (const uint8_t *)text, size);
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	json_array_append_new(sealed, json_pack("{s:s,s:s}", "code", code, "sha256", hex));
	return file_write(path, (const uint8_t *)text, size);
}

static int
write_draft(const struct files *f)
{
	json_t *sealed = json_array();
	json_t *draft = json_pack("{s:s,s:i,s:i,s:s,s:{s:s,s:s},s:{s:s},s:o}", "cairn", "claim draft 1", "accounts",
	    CLAIMED, "ways", WAYS, "before", "2017-08", "place", "level", "region", "name", "Chechnya", "says", "en",
	    "An example, with invented accounts behind it: men taken to be gay were held in secret and tortured",
	    "sealed", sealed);
	int code = CAIRN_EXIT_OK;

	if (mkdir(f->accounts, 0700) != 0)
		code = fail(CAIRN_EXIT_STORAGE, "%s: %s", f->accounts, strerror(errno));
	for (unsigned i = 1; i <= ACCOUNTS && code == CAIRN_EXIT_OK; i++)
		code = write_account(f, sealed, i);
	if (code == CAIRN_EXIT_OK && json_dump_file(draft, f->draft, JSON_INDENT(1)) != 0)
		code = fail(CAIRN_EXIT_STORAGE, "%s could not be written", f->draft);
	json_decref(draft);
	return code;
}

int
demo_draft_claim(struct demo *d)
{
	struct files f;
	const struct demo_call draft = {{d->self, "claim", "draft", "--desk-id", d->desk_id, "--graph", f.graph,
					    "--graph-claim", "roundup", "--out", f.text, "--secrets",
					    f.secrets, f.draft},
	    {0}};
	int code;

	if (d->example[0] == '\0')
		return CAIRN_EXIT_OK;
	name_files(&f, d);
	screen_heading("What can be said in public, and whose account it is nobody can tell");
	screen_say("%d accounts lie with the desk; here they are invented. The draft says \"at least %d\", the",
	    ACCOUNTS, CLAIMED);
	screen_say("ways are computed, and what could single somebody out is held back or pointed out.");
	if ((code = write_draft(&f)) != CAIRN_EXIT_OK)
		return code;
	screen_command("cairn claim draft --desk-id ... --graph %s \\\n       --out %s --secrets %s %s",
	    screen_path(f.graph), screen_path(f.text), screen_path(f.secrets), screen_path(f.draft));
	return demo_show(d, &draft);
}

int
demo_publish_claim(struct demo *d)
{
	struct files f;
	const struct demo_call one = {{d->self, "claim", "approve", DEMO_AT_DESK(d), "--out", f.one, f.text},
	    {NULL, d->vault}};
	const struct demo_call two = {{d->self, "claim", "approve", DEMO_AT_SECOND(d), "--out", f.two, f.one},
	    {NULL, d->second_vault}};
	const struct demo_call publish = {{d->self, "claim", "publish", "--desk-id", d->desk_id, "--card", f.card,
					      "--roster", f.roster, "--site-key", f.key, "--log", f.log, "--out",
					      f.claim, f.two},
	    {0}};
	int code;

	if (d->example[0] == '\0')
		return CAIRN_EXIT_OK;
	name_files(&f, d);
	screen_heading("Two people agree, each on a device of their own, and it is published");
	screen_command("cairn claim approve --dir %s --out %s %s", screen_path(d->desk), screen_path(f.one),
	    screen_path(f.text));
	if ((code = demo_run(d, &one)) != CAIRN_EXIT_OK)
		return code;
	screen_command("cairn claim approve --dir %s --out %s %s", screen_path(d->second), screen_path(f.two),
	    screen_path(f.one));
	if ((code = demo_run(d, &two)) != CAIRN_EXIT_OK)
		return code;
	screen_command("cairn claim publish --log %s --out %s ...", screen_path(f.log), screen_path(f.claim));
	return demo_show(d, &publish);
}

/* The files that the claim's page links to, and the command that stands there. */
int
demo_check_claim(struct demo *d)
{
	char card[DEMO_PATH + 64], claim[DEMO_PATH + 64];
	const struct demo_call verify = {{d->self, "verify", "claim", "--card", card, "--desk-id",
					     d->desk_id, claim},
	    {0}};

	if (d->example[0] == '\0')
		return CAIRN_EXIT_OK;
	(void)snprintf(card, sizeof(card), "%s/desk-card.txt", d->site);
	(void)snprintf(claim, sizeof(claim), "%s/claims/" NAME ".claim.txt", d->site);
	screen_heading("Whoever reads the claim checks it");
	screen_say("Its page links to two files and has the command. It takes no network, and no trust in the site.");
	screen_command("cairn verify claim --card %s \\\n       --desk-id %s \\\n       %s", screen_path(card),
	    d->desk_id,
	    screen_path(claim));
	return demo_show(d, &verify);
}
