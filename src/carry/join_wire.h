// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_JOIN_WIRE_H
#define CAIRN_CARRY_JOIN_WIRE_H

#include "base/reader.h"
#include "base/writer.h"
#include "carry/join.h"

/* The bytes of the four messages, for join.c alone. */

/*
 * Seals message number of plain_bytes, which the caller has written at out + 24, where it lies: to nonce[24] ||
 * sealed, *ret_bytes in all.
 */
void join_seal(const struct join *join, uint8_t number, uint8_t *out, size_t plain_bytes, size_t *ret_bytes);

/* Opens message number into plain[bytes - JOIN_SEAL_BYTES]. CAIRN_ERR_CRYPTO when it does not, also by its length. */
CAIRN_NODISCARD int join_open(const struct join *join, uint8_t number, uint8_t plain[JOIN_MESSAGE_MAX],
    const uint8_t *message, size_t bytes);

void join_keys_write(struct writer *w, const struct join_keys *keys);
/* CAIRN_ERR_FORMAT: ill-formed, or keys that must not be used, or an alias that is no text. */
CAIRN_NODISCARD int join_keys_read(struct join_keys *keys, struct reader *r);
CAIRN_NODISCARD int join_keys_check(const struct join_keys *keys);

/* H over nonce and keys, behind a label: what message 1 is. */
void join_commitment(uint8_t out[CAIRN_HASH_BYTES], const uint8_t nonce[JOIN_NONCE_BYTES],
    const struct join_keys *keys);

/* Fills transcript and sas from all the rest of join. */
void join_transcript(struct join *join);

/* The welcome in the clear, signed: over the transcript and all before the signature. */
void join_welcome_write(struct writer *w, const struct join *join, const struct join_welcome *welcome,
    const uint8_t sign_secret[64]);
CAIRN_NODISCARD int join_welcome_read(struct join_welcome *welcome, const struct join *join, const uint8_t *plain,
    size_t bytes);

/* HPKE's info for the welcome; gives its length. */
size_t join_info(uint8_t info[128], const struct join *join, uint32_t day);

#endif
