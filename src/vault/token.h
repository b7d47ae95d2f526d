// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_VAULT_TOKEN_H
#define CAIRN_VAULT_TOKEN_H

#include <fido.h>

#include "vault/vault.h"

/*
 * A FIDO2 token as the second factor of a vault: its extension hmac-secret makes 32 bytes out of a salt, which only
 * this token makes. The credential is not kept on the token; it stands in the vault's header, which the passphrase
 * opens first. device is open, and stays the caller's. pin is NULL where the token has none; secret.
 *
 * CAIRN_ERR_UNKNOWN: this token has no such credential, or cannot do hmac-secret. CAIRN_ERR_DENIED: the PIN is wrong
 * or wanted, or nobody touched it. CAIRN_ERR_IO: it does not answer.
 */

/* Makes a new credential, and asks for what it makes of a new salt: two touches. */
CAIRN_NODISCARD int token_enroll(struct vault_enrolled *enrolled, fido_dev_t *device, const char *pin);

/* One touch. secret is zeroed on failure. */
CAIRN_NODISCARD int token_answer(uint8_t secret[32], fido_dev_t *device, const char *pin,
    const struct header_token *token);

#endif
