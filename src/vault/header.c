// SPDX-License-Identifier: GPL-3.0-or-later
#include "vault/header.h"

#include <string.h>

#include <sodium.h>

#include "base/reader.h"
#include "base/writer.h"

#define HEADER_VERSION 1U
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TOKEN_SECRET_BYTES 32U

void
header_key(uint8_t out[CAIRN_KEY_BYTES], const uint8_t master[CAIRN_KEY_BYTES], uint8_t region)
{
	cairn_derive(out, master, "region", &region, 1);
}

/* What the data key is boxed under: the passphrase, and the token's answer where there is one. */
static void
box_key(uint8_t out[CAIRN_KEY_BYTES], const uint8_t key[CAIRN_KEY_BYTES], const uint8_t *token_secret)
{
	cairn_derive(out, key, "data key", token_secret, token_secret == NULL ? 0 : TOKEN_SECRET_BYTES);
}

void
header_box_seal(struct header *header, const uint8_t data_key[CAIRN_KEY_BYTES],
    const uint8_t key[CAIRN_KEY_BYTES], const uint8_t *token_secret)
{
	uint8_t under[CAIRN_KEY_BYTES];

	box_key(under, key, token_secret);
	randombytes_buf(header->box, NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(header->box + NONCE_BYTES, NULL, data_key, CAIRN_KEY_BYTES, NULL,
	    0, NULL, header->box, under);
	sodium_memzero(under, sizeof(under));
}

bool
header_box_open(uint8_t data_key[CAIRN_KEY_BYTES], const struct header *header,
    const uint8_t key[CAIRN_KEY_BYTES], const uint8_t *token_secret)
{
	uint8_t under[CAIRN_KEY_BYTES];
	bool ok;

	box_key(under, key, token_secret);
	ok = crypto_aead_xchacha20poly1305_ietf_decrypt(data_key, NULL, NULL, header->box + NONCE_BYTES,
		 HEADER_BOX_BYTES - NONCE_BYTES, NULL, 0, header->box, under) == 0;
	if (!ok)
		sodium_memzero(data_key, CAIRN_KEY_BYTES);
	sodium_memzero(under, sizeof(under));
	return ok;
}

static struct slot_name
header_name(uint8_t region, unsigned copy)
{
	return (struct slot_name){region, SLOT_HEADER, copy};
}

void
header_write(uint8_t slot[SLOT_BYTES], const struct header *header, const uint8_t key[CAIRN_KEY_BYTES],
    uint8_t region, unsigned copy)
{
	struct writer w;

	memset(slot, 0, SLOT_BYTES);
	writer_init(&w, slot, SLOT_CONTENT_BYTES);
	write_u8(&w, HEADER_VERSION);
	write_u64(&w, header->generation);
	write_bytes(&w, header->box, sizeof(header->box));
	write_u8(&w, header->has_token);
	if (header->has_token) {
		write_bytes(&w, header->token.salt, sizeof(header->token.salt));
		write_u16(&w, header->token.credential_bytes);
		write_bytes(&w, header->token.credential, header->token.credential_bytes);
	}
	slot_seal(slot, slot, key, header_name(region, copy));
}

/* Everything behind the last field is zero. */
static int
header_parse(struct header *header, const uint8_t content[SLOT_CONTENT_BYTES])
{
	struct reader r;
	uint8_t version, has_token;
	int err = CAIRN_OK;

	reader_init(&r, content, SLOT_CONTENT_BYTES);
	take_u8(&r, &version);
	take_u64(&r, &header->generation);
	take_bytes(&r, header->box, sizeof(header->box));
	take_u8(&r, &has_token);
	header->has_token = has_token != 0;
	if (has_token == 1) {
		take_bytes(&r, header->token.salt, sizeof(header->token.salt));
		take_u16(&r, &header->token.credential_bytes);
		if (header->token.credential_bytes > HEADER_CREDENTIAL_MAX)
			return CAIRN_ERR_FORMAT;
		take_bytes(&r, header->token.credential, header->token.credential_bytes);
	}
	if (version != HEADER_VERSION || has_token > 1 || header->generation == 0 || r.failed ||
	    !sodium_is_zero(r.next, r.left))
		err = CAIRN_ERR_FORMAT;
	return err;
}

int
header_read(struct header *header, uint8_t slot[SLOT_BYTES], const uint8_t key[CAIRN_KEY_BYTES], uint8_t region,
    unsigned copy)
{
	int err;

	memset(header, 0, sizeof(*header));
	if (!slot_open(slot, key, header_name(region, copy)))
		return CAIRN_ERR_CRYPTO;
	err = header_parse(header, slot);
	if (err != CAIRN_OK)
		sodium_memzero(header, sizeof(*header));
	return err;
}
