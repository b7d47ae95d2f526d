// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_HPKE_H
#define CAIRN_HPKE_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/xwing.h"

/*
 * HPKE (RFC 9180), base mode, one message each: KEM X-Wing 0x647a, KDF HKDF-SHA256 0x0001, AEAD
 * ChaCha20-Poly1305 0x0003, empty aad.
 */

#define CAIRN_HPKE_TAG_BYTES 16U
#define CAIRN_HPKE_INFO_MAX 128U /* the longest info of the protocol is well below */

/*
 * Seals plain[plain_bytes] into ct[plain_bytes + CAIRN_HPKE_TAG_BYTES]; ct and plain must not overlap.
 * eseed must be fresh; it and plain are secret. CAIRN_ERR_KEY: a public key that must not be used;
 * CAIRN_ERR_RANGE: info is over its maximum. enc and ct are then zeros.
 */
CAIRN_NODISCARD int cairn_hpke_seal(uint8_t enc[CAIRN_XWING_ENC_BYTES], uint8_t *ct,
    const uint8_t *plain, size_t plain_bytes, const uint8_t public_key[CAIRN_XWING_PUBLIC_BYTES],
    const uint8_t *info, size_t info_bytes, const uint8_t eseed[CAIRN_XWING_ESEED_BYTES]);

/*
 * Opens ct[ct_bytes] into plain[ct_bytes - CAIRN_HPKE_TAG_BYTES]. CAIRN_ERR_CRYPTO when it does not
 * open, for whatever reason; plain is then zeros.
 */
CAIRN_NODISCARD int cairn_hpke_open(uint8_t *plain, const uint8_t enc[CAIRN_XWING_ENC_BYTES],
    const uint8_t *ct, size_t ct_bytes, const struct cairn_xwing_key *key, const uint8_t *info,
    size_t info_bytes);

#endif
