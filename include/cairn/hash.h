// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_HASH_H
#define CAIRN_HASH_H

#include <stddef.h>
#include <stdint.h>

/* The two hashes of the protocol (docs/protocol.md, head). They cannot fail. */

#define CAIRN_HASH_BYTES 32U
#define CAIRN_KEY_BYTES 32U
#define CAIRN_SHA256_BYTES 32U

/* Label and context together, the longest that derive is ever asked for. */
#define CAIRN_DERIVE_LABEL_MAX 16U
#define CAIRN_DERIVE_CONTEXT_MAX 64U

/* H: BLAKE2b with 32 bytes of output. */
void cairn_hash(uint8_t out[CAIRN_HASH_BYTES], const void *bytes, size_t size);

/*
 * derive(key, label, context): keyed BLAKE2b over "cairn/1 " || label || 0x00 || context.
 * key is secret, and so is out. A label or context over its maximum is a programming fault and
 * aborts. context may be NULL when context_bytes is 0.
 */
void cairn_derive(uint8_t out[CAIRN_HASH_BYTES], const uint8_t key[CAIRN_KEY_BYTES],
    const char *label, const void *context, size_t context_bytes);

#endif
