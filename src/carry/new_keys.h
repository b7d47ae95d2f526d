// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_NEW_KEYS_H
#define CAIRN_CARRY_NEW_KEYS_H

#include "carry/carry.h"

/*
 * Keys that this device has made for a record that the feed may or may not take: kept before it is sent, so that a
 * crash right after leaves the key with its maker. In the caller's transaction.
 */

/* Makes and keeps one, and gives it. Secret. */
CAIRN_NODISCARD int new_key_make(struct carry *carry, uint8_t key[CAIRN_KEY_BYTES], const uint8_t id[OP_ID_BYTES],
    uint32_t gen, uint32_t day);

/* Keeps one that another device has made, for later; it replaces another of that id. Secret. */
CAIRN_NODISCARD int new_key_keep(struct carry *carry, const uint8_t key[CAIRN_KEY_BYTES],
    const uint8_t id[OP_ID_BYTES], uint32_t gen, uint32_t day);
/* CAIRN_ERR_UNKNOWN: none of that generation. Secret. */
CAIRN_NODISCARD int new_key_get(struct carry *carry, uint8_t key[CAIRN_KEY_BYTES], uint32_t *ret_day,
    const uint8_t id[OP_ID_BYTES], uint32_t gen);

/* The feed has it: the key becomes the compartment's. Where it is not there any more (an old backup), nothing is. */
CAIRN_NODISCARD int new_key_take(struct carry *carry, const uint8_t id[OP_ID_BYTES], uint64_t c, uint32_t gen);

#endif
