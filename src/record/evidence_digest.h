// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_EVIDENCE_DIGEST_H
#define CAIRN_RECORD_EVIDENCE_DIGEST_H

#include <openssl/evp.h>
#include <sodium.h>

#include "cairn/err.h"

/*
 * The two hashes of evidence over one stream: SHA-256, which everybody can compute, and BLAKE2b-256, so that a
 * break of one is not a break of both.
 */
struct evidence_digest {
	EVP_MD_CTX *sha256; /* OpenSSL's, which uses the processor's own instructions */
	crypto_generichash_state blake2b;
};

/* CAIRN_ERR_NOMEM. */
CAIRN_NODISCARD int evidence_digest_begin(struct evidence_digest *d);
void evidence_digest_put(struct evidence_digest *d, const void *bytes, size_t size);
/* Frees it, too; the outputs may be NULL. */
void evidence_digest_end(struct evidence_digest *d, uint8_t sha256[32], uint8_t blake2b[32]);

#endif
