// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_DAY_KEYS_H
#define CAIRN_CARRY_DAY_KEYS_H

#include "carry/carry.h"

/*
 * Day keys (docs/protocol.md, section 8): X-Wing, one a device and day, to which boxes are sealed. Public halves of
 * all devices come through the feed; the seeds of one's own are erasable. In the caller's transaction.
 */
#define DAY_KEYS_AHEAD 14U
#define DAY_KEY_KEEP_DAYS 3U

CAIRN_NODISCARD int day_key_keep(struct carry *carry, uint64_t device, uint32_t day,
    const uint8_t public_key[CAIRN_XWING_PUBLIC_BYTES]);
/* CAIRN_ERR_UNKNOWN: that device has said none for that day. */
CAIRN_NODISCARD int day_key_of(struct carry *carry, uint8_t public_key[CAIRN_XWING_PUBLIC_BYTES], uint64_t device,
    uint32_t day);

/*
 * Makes those of count days from first on, keeps their seeds, and writes the public halves. A day whose key is there
 * already gives that one again.
 */
CAIRN_NODISCARD int day_keys_make(struct carry *carry, uint8_t (*publics)[CAIRN_XWING_PUBLIC_BYTES], uint32_t first,
    size_t count);

/* One's own for that day, spread out; to be cleared. CAIRN_ERR_UNKNOWN: erased, or never made. Secret. */
CAIRN_NODISCARD int day_key_mine(struct carry *carry, struct cairn_xwing_key *key, uint32_t day);
/* The same as a seed, for the welcome (join.h). Secret. */
CAIRN_NODISCARD int day_seed_mine(struct carry *carry, uint8_t seed[CAIRN_XWING_SEED_BYTES], uint32_t day);

/* Says those of the days ahead that are not out yet. *ret_said tells. */
CAIRN_NODISCARD int day_keys_say(struct carry *carry, bool *ret_said, uint64_t now);

/* Erases seeds and public halves of days before that. */
CAIRN_NODISCARD int day_keys_erase(struct carry *carry, uint32_t before);

#endif
