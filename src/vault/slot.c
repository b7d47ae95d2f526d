// SPDX-License-Identifier: GPL-3.0-or-later
#include "vault/slot.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"

#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define AAD_BYTES 6U

_Static_assert(SLOT_RESERVED_BYTES == NONCE_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES, "nonce and tag");

static void
aad_of(uint8_t out[AAD_BYTES], struct slot_name name)
{
	out[0] = name.region;
	out[1] = name.file;
	put_u32(out + 2, name.number);
}

void
slot_seal(uint8_t out[SLOT_BYTES], const uint8_t *content, const uint8_t key[CAIRN_KEY_BYTES], struct slot_name name)
{
	uint8_t *nonce = out + SLOT_CONTENT_BYTES;
	uint8_t aad[AAD_BYTES];

	aad_of(aad, name);
	randombytes_buf(nonce, NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt_detached(out, nonce + NONCE_BYTES, NULL, content,
	    SLOT_CONTENT_BYTES, aad, sizeof(aad), NULL, nonce, key);
}

bool
slot_open(uint8_t slot[SLOT_BYTES], const uint8_t key[CAIRN_KEY_BYTES], struct slot_name name)
{
	uint8_t *nonce = slot + SLOT_CONTENT_BYTES;
	uint8_t aad[AAD_BYTES];

	aad_of(aad, name);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt_detached(slot, NULL, slot, SLOT_CONTENT_BYTES,
		nonce + NONCE_BYTES, aad, sizeof(aad), nonce, key) != 0)
		return false;
	memset(nonce, 0, SLOT_RESERVED_BYTES);
	return true;
}
