// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_KEYS_H
#define CAIRN_CARRY_KEYS_H

#include "carry/carry.h"

/*
 * Keys of compartments on this device (docs/carry.md): of one generation and one day only, moved on by the day, and
 * beside each the rest key under which the compartment's operations lie in the database. All erasable; all in the
 * caller's transaction. c is the compartment's row.
 */
#define CARRY_DESK 1U           /* the row of the desk's compartment */
#define KEY_STEP_DAYS_MAX 4000U /* a longer way is a broken clock, not a chain */

/* Keeps a key; a rest key is made where there is none, and else stays. Secret. */
CAIRN_NODISCARD int key_put(struct carry *carry, uint64_t c, uint32_t gen, uint32_t day,
    const uint8_t key[CAIRN_KEY_BYTES]);

/*
 * Only a rest key: for a compartment whose key this device does not hold, but what it said itself, or a threshold's.
 */
CAIRN_NODISCARD int key_put_rest(struct carry *carry, uint64_t c);

/* What is held. CAIRN_ERR_UNKNOWN: no key. */
CAIRN_NODISCARD int key_held(struct carry *carry, uint64_t c, uint32_t *ret_gen, uint32_t *ret_day);

/*
 * The key of that generation and day, which is not before the one held. CAIRN_ERR_UNKNOWN: none held, or of another
 * generation; CAIRN_ERR_STALE: that day's is gone; CAIRN_ERR_RANGE: too far ahead. key is then zeros. Secret.
 */
CAIRN_NODISCARD int key_of_day(struct carry *carry, uint8_t key[CAIRN_KEY_BYTES], uint64_t c, uint32_t gen,
    uint32_t day);

/* Takes a key from one day to a later one, in place. CAIRN_ERR_STALE and _RANGE as above; then zeros. Secret. */
CAIRN_NODISCARD int key_forward(uint8_t key[CAIRN_KEY_BYTES], uint32_t from, uint32_t to);

/* Moves the held key on to that day, so that earlier ones are gone with the next rotation of E. Not back. */
CAIRN_NODISCARD int key_move(struct carry *carry, uint64_t c, uint32_t day);

/* Moves all of them on to that day at least. *ret_moved counts. */
CAIRN_NODISCARD int keys_turn(struct carry *carry, uint32_t day, size_t *ret_moved);

CAIRN_NODISCARD int key_rest(struct carry *carry, uint8_t rest[CAIRN_KEY_BYTES], uint64_t c);
CAIRN_NODISCARD int key_erase(struct carry *carry, uint64_t c);

/*
 * Sealing under the rest key: nonce[24] || ciphertext with tag; out has KEY_REST_COST bytes more than plain. open
 * gives the size of plain in out, which has room for bytes. CAIRN_ERR_CRYPTO: it does not open. plain is secret.
 */
#define KEY_REST_COST 40U
CAIRN_NODISCARD int rest_seal(struct carry *carry, uint8_t *out, uint64_t c, const void *plain, size_t bytes);
CAIRN_NODISCARD int rest_open(struct carry *carry, uint8_t *out, size_t *ret_bytes, uint64_t c, const void *sealed,
    size_t bytes);

#endif
