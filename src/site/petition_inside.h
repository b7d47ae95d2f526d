// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_PETITION_INSIDE_H
#define CAIRN_SITE_PETITION_INSIDE_H

#include "site/erasable.h"
#include "site/petition.h"

/* What the files of petition.h share. */
#define PETITION_PRINT_BYTES 16U

enum mark_state {
	MARK_COUNTED,
	MARK_WITHDRAWN,
	MARK_AHEAD, /* withdrawn without having been counted */
	MARK_WAITS,
	MARK_SAME,
	MARK_UNCONFIRMED, /* it waited when the petition closed */
};

enum petition_key {
	PETITION_KEY_PRINTS,
	PETITION_KEY_NAMES,
};

/* CAIRN_ERR_UNKNOWN: it was erased. Secret: wipe it. */
CAIRN_NODISCARD int petition_key_open(struct db *db, uint8_t key[ERASURE_KEY_BYTES], uint64_t petition,
    enum petition_key which);

/* Whose an address or a name is. */
struct erasable petition_who(char room[ERASABLE_WHO_MAX], const char *what, uint64_t petition, const uint8_t *mark);

CAIRN_NODISCARD int mark_state_get(struct db *db, uint64_t petition, const uint8_t mark[PETITION_MARK_BYTES],
    enum mark_state *ret, bool *ret_found);
CAIRN_NODISCARD int mark_state_put(struct db *db, uint64_t petition, const uint8_t mark[PETITION_MARK_BYTES],
    enum mark_state state);
CAIRN_NODISCARD int petition_print_count(struct db *db, uint64_t petition, const uint8_t print[PETITION_PRINT_BYTES],
    bool waiting, uint64_t *ret);

#endif
