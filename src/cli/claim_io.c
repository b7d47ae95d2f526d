// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/claim_io.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sodium.h>

#include "base/text.h"
#include "cli/exit.h"
#include "cli/file.h"
#include "cli/output.h"
#include "cli/reach.h"
#include "cli/safe.h"
#include "site/claim_diff.h"

#define PUBLISHED_MAX 1000U

static struct cairn_span
span(const char *text)
{
	return (struct cairn_span){text, strlen(text)};
}

int
claim_hex_option(uint8_t *out, size_t size, const char *text, const char *name)
{
	if (text == NULL || text_hex(out, size, span(text)) != CAIRN_OK)
		return fail(CAIRN_EXIT_USAGE, "--%s wants %zu hex digits", name, 2 * size);
	return CAIRN_EXIT_OK;
}

int
claim_day_option(uint32_t *ret_day, const char *text)
{
	*ret_day = (uint32_t)(time(NULL) / 86400);
	if (text != NULL && !day_read(ret_day, span(text)))
		return fail(CAIRN_EXIT_USAGE, "--date wants a day as 2026-11-22");
	return CAIRN_EXIT_OK;
}

int
claim_seed_read(uint8_t seed[32], const char *path)
{
	uint8_t text[65];
	size_t size = 0;
	int code = file_read(path, text, sizeof text, &size);

	if (code == CAIRN_EXIT_OK && (size != 65 || text[64] != '\n' ||
	        text_hex(seed, 32, (struct cairn_span){(const char *)text, 64}) != CAIRN_OK))
		code = fail(CAIRN_EXIT_REFUSED, "%s is no secret key: a line of 64 hex digits", path);
	sodium_memzero(text, sizeof text);
	return code;
}

/* ---- the desk ---- */

static int
roster_open(struct claim_desk *desk, const char *path)
{
	size_t size = 0;
	int code = file_read(path, desk->roster_bytes, sizeof desk->roster_bytes, &size);
	int err;

	if (code != CAIRN_EXIT_OK)
		return code;
	err = cairn_roster_open(&desk->roster, desk->roster_bytes, size, desk->desk_id, desk->card.identity_key, 0);
	desk->has_roster = err == CAIRN_OK;
	return err == CAIRN_OK ? CAIRN_EXIT_OK :
	    fail(exit_for(err), "%s is no roster of that desk, signed by its identity key", path);
}

static int
card_open(struct claim_desk *desk, const char *path, size_t chain_size, uint32_t today)
{
	size_t size = 0;
	int code = file_read(path, desk->card_bytes, sizeof desk->card_bytes, &size);
	int err;

	if (code != CAIRN_EXIT_OK)
		return code;
	err = cairn_identity_read(&desk->chain, desk->chain_bytes, chain_size, desk->desk_id, NULL);
	if (err != CAIRN_OK)
		return fail(exit_for(err), "the chain of identity keys does not hold: %s", cairn_strerror(err));
	err = cairn_card_open(&desk->card, desk->card_bytes, size, desk->desk_id, &desk->chain, today, NULL);
	if (err == CAIRN_ERR_STALE)
		return fail(CAIRN_EXIT_REFUSED,
		    "the card is past its last day; --date checks as of a day when it held");
	return err == CAIRN_OK ? CAIRN_EXIT_OK :
	    fail(exit_for(err), "%s is no card of that desk: %s", path, cairn_strerror(err));
}

int
claim_desk_open(struct claim_desk *desk, const char *card, const char *identity, const char *roster, uint32_t today)
{
	size_t chain_size = 0;
	int code = CAIRN_EXIT_OK;

	if (card == NULL)
		return fail(CAIRN_EXIT_USAGE, "--card wants the file of the desk's card");
	if (identity != NULL)
		code = file_read(identity, desk->chain_bytes, sizeof desk->chain_bytes, &chain_size);
	if (code == CAIRN_EXIT_OK)
		code = card_open(desk, card, chain_size, today);
	return code == CAIRN_EXIT_OK && roster != NULL ? roster_open(desk, roster) : code;
}

/* ---- claims ---- */

/* The text of a claim in bytes that are one, its note, or what was published. */
static int
claim_find(struct claim *claim, const uint8_t *bytes, size_t size)
{
	struct cairn_span file = {(const char *)bytes, size}, note_bytes = file, proof;
	struct cairn_note note;

	if (claim_file_split(&note_bytes, &proof, file) != CAIRN_OK)
		note_bytes = file;
	if (cairn_note_read(&note, note_bytes.text, note_bytes.size) == CAIRN_OK)
		return claim_read(claim, note.text);
	return claim_read(claim, note_bytes);
}

int
claim_load(struct claim *claim, uint8_t **ret_bytes, size_t *ret_size, const char *path)
{
	int code = file_load(path, CLAIM_FILE_MAX, ret_bytes, ret_size);

	if (code != CAIRN_EXIT_OK)
		return code;
	if (claim_find(claim, *ret_bytes, *ret_size) == CAIRN_OK)
		return CAIRN_EXIT_OK;
	free(*ret_bytes);
	*ret_bytes = NULL;
	return fail(CAIRN_EXIT_REFUSED, "%s is no claim", path);
}

void
claim_show(const struct claim *claim)
{
	char when[WHEN_BYTES];

	printf("  at least %u accounts, from at least %u independent ways, before ", claim->accounts, claim->ways);
	safe_inline(stdout, claim->before);
	printf("\n  %s: ", claim_place_words[claim->place_level]);
	safe_inline(stdout, claim->place);
	puts("");
	for (size_t i = 0; i < claim->saying_count; i++) {
		printf("  %.*s: ", (int)claim->sayings[i].lang.size, claim->sayings[i].lang.text);
		safe_inline(stdout, claim->sayings[i].text);
		puts("");
	}
	printf("  written %s, with %u commitments, of which nobody can say how many are accounts\n",
	    when_day(when, claim->day), claim_commitments_of(claim->accounts));
}

/* ---- before publishing ---- */

struct published {
	size_t count;
	struct claim claims[PUBLISHED_MAX];
	uint8_t *bytes[PUBLISHED_MAX];
};

static int
published_read(struct published *p, const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int code = CAIRN_EXIT_OK;

	if (dir == NULL)
		return fail(CAIRN_EXIT_STORAGE, "%s: %s", folder, strerror(errno));
	while (code == CAIRN_EXIT_OK && (entry = readdir(dir)) != NULL) {
		char path[4096];
		size_t size;

		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		if (p->count == PUBLISHED_MAX)
			code = fail(CAIRN_EXIT_USAGE, "%s has more than %u claims", folder, PUBLISHED_MAX);
		else
			code = claim_load(&p->claims[p->count], &p->bytes[p->count], &size, path);
		p->count += code == CAIRN_EXIT_OK;
	}
	(void)closedir(dir);
	return code;
}

static int
show_diff(const struct claim *claim, const char *folder)
{
	struct published *p = calloc(1, sizeof *p);
	int code = CAIRN_EXIT_OK;

	if (p == NULL)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	if (folder != NULL)
		code = published_read(p, folder);
	if (code == CAIRN_EXIT_OK) {
		puts(folder == NULL ? "\nNew, since no published claims were given:" : "\nBeside what is public:");
		if (claim_diff(stdout, claim, p->claims, p->count) == 0)
			puts("nothing new");
	}
	for (size_t i = 0; i < p->count; i++)
		free(p->bytes[i]);
	free(p);
	return code;
}

int
claim_review(bool *ret_refused, const struct claim_case *c, const char *published)
{
	struct claim_finding findings[CLAIM_FINDINGS_MAX];
	size_t count = claim_rules_check(findings, ret_refused, c);

	puts(count > 0 ? "\nBefore it is published:" : "\nNo rule is broken. Rules do not know who reads.");
	for (size_t i = 0; i < count; i++) {
		printf("%s %s", findings[i].rule->weight == CLAIM_REFUSE ? "REFUSED:" : "warning:",
		    findings[i].rule->words);
		if (findings[i].detail[0] != '\0') {
			fputs(" (", stdout);
			safe_inline(stdout, span(findings[i].detail));
			putchar(')');
		}
		puts("");
	}
	return show_diff(c->claim, published);
}
