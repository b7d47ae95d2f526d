// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CORE_HKDF_H
#define CAIRN_CORE_HKDF_H

#include <stddef.h>
#include <stdint.h>

/*
 * HKDF-SHA256 (RFC 5869) on libsodium's HMAC. Inputs come in pieces, as HPKE makes them, so that
 * nobody joins secrets in a buffer first.
 */

#define HKDF_BYTES 32U
#define HKDF_EXPAND_MAX (255U * HKDF_BYTES)

struct hkdf_piece {
	const void *bytes;
	size_t size;
};

/* salt of any size, also none. The pieces are secret, and so is prk. */
void hkdf_extract(uint8_t prk[HKDF_BYTES], const void *salt, size_t salt_bytes,
    const struct hkdf_piece *pieces, size_t count);

/* size is at most HKDF_EXPAND_MAX; more is a programming fault and aborts. */
void hkdf_expand(uint8_t *out, size_t size, const uint8_t prk[HKDF_BYTES],
    const struct hkdf_piece *info, size_t count);

#endif
