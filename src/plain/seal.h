// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_PLAIN_SEAL_H
#define CAIRN_PLAIN_SEAL_H

#include "cairn/err.h"
#include "plain/state.h"

/*
 * The sealed hidden field: base64url of nonce and XChaCha20-Poly1305, under a key that lives in this process alone
 * and is never stored, bound to the desk. Its length tells one of three sizes, and nothing else.
 */
#define SEAL_KEY_BYTES 32U
#define SEAL_LIFE_S 3600U
#define SEAL_PLAIN_MAX 30720U
#define SEAL_TEXT_MAX 41100U

/* Writes a zero at the end. CAIRN_ERR_SPACE: more than the largest size holds. */
CAIRN_NODISCARD int seal_state(char out[SEAL_TEXT_MAX], const struct state *state,
    const uint8_t key[SEAL_KEY_BYTES], const uint8_t desk_id[CAIRN_HASH_BYTES], uint64_t now);

/*
 * CAIRN_ERR_CRYPTO: not sealed by this process for this desk; CAIRN_ERR_STALE: an hour old or more. The
 * state is empty
 * then.
 */
CAIRN_NODISCARD int seal_open(struct state *state, struct cairn_span text, const uint8_t key[SEAL_KEY_BYTES],
    const uint8_t desk_id[CAIRN_HASH_BYTES], uint64_t now);

#endif
