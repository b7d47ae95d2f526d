// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CORE_HPKE_SCHEDULE_H
#define CAIRN_CORE_HPKE_SCHEDULE_H

#include <stddef.h>
#include <stdint.h>

/*
 * HPKE's labeled HKDF and its key schedule in base mode (RFC 9180, 4 and 5.1), with HKDF-SHA256 and
 * ChaCha20-Poly1305. The KEM's number is an argument so that the RFC's own vectors, which are for
 * another KEM, run through the very code that seals.
 */

#define HPKE_KEM_XWING 0x647aU
#define HPKE_KDF_HKDF_SHA256 0x0001U
#define HPKE_AEAD_CHACHA20POLY1305 0x0003U
#define HPKE_SUITE_BYTES 10U
#define HPKE_SECRET_BYTES 32U
#define HPKE_NONCE_BYTES 12U

struct hpke_context {
	uint8_t key[32];
	uint8_t base_nonce[HPKE_NONCE_BYTES];
	uint8_t exporter_secret[HPKE_SECRET_BYTES];
};

/* "HPKE" || kem || kdf || aead */
void hpke_suite(uint8_t suite[HPKE_SUITE_BYTES], uint16_t kem_id);

/* LabeledExtract; salt has HPKE_SECRET_BYTES or is NULL. suite is the suite_id of RFC 9180. */
void hpke_extract(uint8_t out[HPKE_SECRET_BYTES], const uint8_t *suite, size_t suite_bytes,
    const uint8_t *salt, const char *label, const void *ikm, size_t ikm_bytes);

/* LabeledExpand, size below 65536. */
void hpke_expand(uint8_t *out, size_t size, const uint8_t *suite, size_t suite_bytes,
    const uint8_t prk[HPKE_SECRET_BYTES], const char *label, const void *info, size_t info_bytes);

/* KeySchedule in base mode. shared and the context are secret; the caller wipes both. */
void hpke_schedule(struct hpke_context *context, uint16_t kem_id,
    const uint8_t shared[HPKE_SECRET_BYTES], const void *info, size_t info_bytes);

#endif
