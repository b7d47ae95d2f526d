// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_RELAY_KEY_H
#define CAIRN_RELAY_RELAY_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "cairn/admission.h"
#include "cairn/drop.h"
#include "cairn/err.h"

/* The relay's only key: it signs receipts, and challenges come from it. Lives in sodium_malloc memory. */
#define RELAY_KEY_FILE "relay.key" /* the 32-byte seed, mode 0600 */

struct relay_key {
	uint8_t secret[64]; /* Ed25519, as libsodium has it */
	uint8_t public_key[32];
	uint8_t challenges[32];
};

/* Reads it from the data folder, or makes it there: *ret_fresh. CAIRN_ERR_RANGE: the file is not a key. */
CAIRN_NODISCARD int relay_key_load(struct relay_key **ret, bool *ret_fresh, int data);
void relay_key_free(struct relay_key *key);

/* What a door asks work for in that hour: nobody can tell it before. */
void relay_key_challenge(uint8_t out[CAIRN_CHALLENGE_BYTES], const struct relay_key *key,
    const uint8_t desk[CAIRN_HASH_BYTES], enum cairn_door door, uint32_t hour);

#endif
