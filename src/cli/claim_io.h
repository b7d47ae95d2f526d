// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_CLAIM_IO_H
#define CAIRN_CLI_CLAIM_IO_H

#include "site/claim_file.h"
#include "site/claim_rules.h"

/* What the commands around claims share. All return an enum cairn_exit and have told what was wrong. */

/* A text or a hex argument: 64 digits, 32 digits. name is the option's, for the complaint. */
int claim_hex_option(uint8_t *out, size_t size, const char *text, const char *name);
int claim_day_option(uint32_t *ret_day, const char *text); /* NULL: today */

/* A secret key in a file: a line of 64 hex digits. seed is to be wiped. */
int claim_seed_read(uint8_t seed[32], const char *path);

/* A desk's card as of a day, with what backs its views. Large: allocate it. */
struct claim_desk {
	uint8_t desk_id[CAIRN_HASH_BYTES];
	struct cairn_identity_chain chain;
	struct cairn_card card;
	struct cairn_roster roster;
	bool has_roster;
	uint8_t card_bytes[CAIRN_NOTE_BYTES_MAX];
	uint8_t chain_bytes[CAIRN_NOTE_BYTES_MAX];
	uint8_t roster_bytes[CAIRN_NOTE_BYTES_MAX];
};

/* identity and roster may be NULL. desk_id is set by the caller. */
int claim_desk_open(struct claim_desk *desk, const char *card, const char *identity, const char *roster,
    uint32_t today);

/* A file that is a claim: published, a note, or a text. *ret_bytes backs claim: free() it. */
int claim_load(struct claim *claim, uint8_t **ret_bytes, size_t *ret_size, const char *path);

/* Shows a claim in plain words, on stdout. */
void claim_show(const struct claim *claim);

/*
 * Shows what the rules say, and what is new beside the claims in a folder (NULL: none). *ret_refused says whether it
 * must not be published.
 */
int claim_review(bool *ret_refused, const struct claim_case *c, const char *published);

#endif
