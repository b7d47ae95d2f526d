// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/evidence_digest.h"

int
evidence_digest_begin(struct evidence_digest *d)
{
	d->sha256 = EVP_MD_CTX_new();
	if (d->sha256 == NULL || EVP_DigestInit_ex(d->sha256, EVP_sha256(), NULL) != 1) {
		EVP_MD_CTX_free(d->sha256);
		d->sha256 = NULL;
		return CAIRN_ERR_NOMEM;
	}
	(void)crypto_generichash_init(&d->blake2b, NULL, 0, 32);
	return CAIRN_OK;
}

void
evidence_digest_put(struct evidence_digest *d, const void *bytes, size_t size)
{
	/* Neither can fail once it is begun. */
	(void)EVP_DigestUpdate(d->sha256, bytes, size);
	(void)crypto_generichash_update(&d->blake2b, bytes, size);
}

void
evidence_digest_end(struct evidence_digest *d, uint8_t sha256[32], uint8_t blake2b[32])
{
	uint8_t out[EVP_MAX_MD_SIZE];

	if (d->sha256 == NULL)
		return;
	(void)EVP_DigestFinal_ex(d->sha256, sha256 == NULL ? out : sha256, NULL);
	(void)crypto_generichash_final(&d->blake2b, blake2b == NULL ? out : blake2b, 32);
	EVP_MD_CTX_free(d->sha256);
	d->sha256 = NULL;
}
