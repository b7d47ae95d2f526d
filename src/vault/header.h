// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_VAULT_HEADER_H
#define CAIRN_VAULT_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "vault/slot.h"

/*
 * The header of a region (docs/protocol.md, section 11): which key the region's data is sealed with, in a box that
 * needs the passphrase and, where one was added, the second factor. It lies in two slots, so that a torn write or a
 * flipped bit leaves one; the higher generation counts.
 */
#define HEADER_COPIES 2U
#define HEADER_CREDENTIAL_MAX 1024U
#define HEADER_TOKEN_SALT_BYTES 32U
#define HEADER_BOX_BYTES 72U /* nonce[24] || XChaCha20-Poly1305(data key)[48] */

/* What asks a FIDO2 token: its credential, and the salt of hmac-secret. Not secret, but only in a header. */
struct header_token {
	uint16_t credential_bytes;
	uint8_t credential[HEADER_CREDENTIAL_MAX];
	uint8_t salt[HEADER_TOKEN_SALT_BYTES];
};

struct header {
	uint64_t generation; /* from 1 */
	bool has_token;
	struct header_token token;
	uint8_t box[HEADER_BOX_BYTES];
};

/* derive(master, "region", u8 region): what a header's slots are sealed with. Secret. */
void header_key(uint8_t out[CAIRN_KEY_BYTES], const uint8_t master[CAIRN_KEY_BYTES], uint8_t region);

/* Puts the data key into header->box. token_secret is what the token answered, NULL where there is none. */
void header_box_seal(struct header *header, const uint8_t data_key[CAIRN_KEY_BYTES],
    const uint8_t key[CAIRN_KEY_BYTES], const uint8_t *token_secret);
/* False, and data_key zeroed, where the token's answer is not the one. */
CAIRN_NODISCARD bool header_box_open(uint8_t data_key[CAIRN_KEY_BYTES], const struct header *header,
    const uint8_t key[CAIRN_KEY_BYTES], const uint8_t *token_secret);

void header_write(uint8_t slot[SLOT_BYTES], const struct header *header, const uint8_t key[CAIRN_KEY_BYTES],
    uint8_t region, unsigned copy);
/*
 * Opens the slot in place. CAIRN_ERR_CRYPTO: another passphrase, or random bytes. CAIRN_ERR_FORMAT: a newer
 * version.
 */
CAIRN_NODISCARD int header_read(struct header *header, uint8_t slot[SLOT_BYTES],
    const uint8_t key[CAIRN_KEY_BYTES], uint8_t region, unsigned copy);

#endif
