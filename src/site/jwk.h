// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_JWK_H
#define CAIRN_SITE_JWK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "cairn/err.h"
#include "cairn/span.h"

/*
 * Public keys as issuers of tokens publish them (RFC 7517), and their signatures (RFC 7518, RFC 8037): RS256 with
 * 2048 to 8192 bits, ES256, EdDSA with Ed25519. There is no other algorithm here: none that is "none", and none with
 * a shared key.
 */
#define JWK_SIGNATURE_MAX 1024U

/* Is that key one for signatures of that algorithm, and of that name? kid NULL: of any. */
bool jwk_fits(const json_t *key, const char *alg, const char *kid);

/* The members that are public and used here; NULL: it is no key that is used here. The caller's. */
json_t *jwk_public(const json_t *key);

/* CAIRN_ERR_KEY: it is no such key; CAIRN_ERR_CRYPTO: the signature is not its own. */
CAIRN_NODISCARD int jwk_verify(const json_t *key, const char *alg, struct cairn_span signed_text,
    const uint8_t *signature, size_t bytes);

#endif
