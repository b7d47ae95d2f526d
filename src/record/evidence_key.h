// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_EVIDENCE_KEY_H
#define CAIRN_RECORD_EVIDENCE_KEY_H

#include "record/evidence.h"

/* The key of an item: a row sealed under the erasure key, and what is sealed under it beside the file. */

/* In a transaction that writes. */
CAIRN_NODISCARD int evidence_key_put(
    struct evidence *ev, const uint8_t item[EVIDENCE_ITEM_BYTES], const uint8_t key[CAIRN_KEY_BYTES]);
/* CAIRN_ERR_UNKNOWN: erased, or never here. key is secret; zeros on failure. */
CAIRN_NODISCARD int evidence_key_get(
    struct evidence *ev, const uint8_t item[EVIDENCE_ITEM_BYTES], uint8_t key[CAIRN_KEY_BYTES]);

/* A file name, padded so that its length does not show. *ret_bytes of out[1064]; too long a name is cut. */
void evidence_name_seal(uint8_t *out, size_t *ret_bytes, const char *name, const uint8_t key[CAIRN_KEY_BYTES],
    const uint8_t item[EVIDENCE_ITEM_BYTES]);
/* out[EVIDENCE_FILE_NAME_MAX + 1]. CAIRN_ERR_CRYPTO. */
CAIRN_NODISCARD int evidence_name_open(char *out, const uint8_t *sealed, size_t bytes,
    const uint8_t key[CAIRN_KEY_BYTES], const uint8_t item[EVIDENCE_ITEM_BYTES]);

#endif
