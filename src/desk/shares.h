// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_SHARES_H
#define CAIRN_DESK_SHARES_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/hash.h"

/*
 * The identity key in three parts, of which any two give it back and any one tells nothing (Shamir
 * over GF(256), libgfshare). Each part is a text file that a person can read, print and type in
 * again.
 */
#define SHARES 3U
#define SHARES_NEEDED 2U
#define SHARE_SEED_BYTES 32U
#define SHARE_TEXT_MAX 2048U
#define SHARE_NAME_MAX 64U

/* Everything is secret but the number and the desk. */
struct share {
	uint8_t number; /* 1 to SHARES */
	uint8_t desk_id[CAIRN_HASH_BYTES];
	uint8_t bytes[SHARE_SEED_BYTES];
};

/* CAIRN_ERR_CRYPTO: two of them did not give the seed back, which is checked for every pair. */
CAIRN_NODISCARD int shares_split(struct share out[SHARES], const uint8_t seed[SHARE_SEED_BYTES],
    const uint8_t desk_id[CAIRN_HASH_BYTES]);

/*
 * The seed from two shares. CAIRN_ERR_RANGE: twice the same one. CAIRN_ERR_CONFLICT: of two desks.
 * CAIRN_ERR_CRYPTO: what comes out is not the seed of identity_key.
 */
CAIRN_NODISCARD int shares_join(uint8_t seed[SHARE_SEED_BYTES], const struct share *a, const struct share *b,
    const uint8_t identity_key[32]);

/* "cairn-desk-<first 8 digits of desk_id>-share-<n>-of-3.txt" */
void share_file_name(char out[SHARE_NAME_MAX], const struct share *share);

/* The file's text. name is the desk's, one line. CAIRN_ERR_SPACE when it does not fit. */
CAIRN_NODISCARD int share_write(char out[SHARE_TEXT_MAX], size_t *ret_bytes, const struct share *share,
    const char *name);

/* The same for the key of a backup. */
CAIRN_NODISCARD int share_write_backup(char out[SHARE_TEXT_MAX], size_t *ret_bytes, const struct share *share,
    const char *name);
void share_backup_name(char out[SHARE_NAME_MAX], const struct share *share);

/* CAIRN_ERR_FORMAT: not a share; CAIRN_ERR_CRYPTO: its check does not match, so that something was mistyped. */
CAIRN_NODISCARD int share_read(struct share *share, const char *text, size_t bytes);

#endif
