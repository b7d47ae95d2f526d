// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/evidence_key.h"

#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "record/evidence_sql.h"

#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES
#define NAME_STEP 64U
#define AAD_BYTES (13U + EVIDENCE_ITEM_BYTES)

static void
key_aad(uint8_t out[AAD_BYTES], const uint8_t *item)
{
	memcpy(out, "evidence key ", 13);
	memcpy(out + 13, item, EVIDENCE_ITEM_BYTES);
}

int
evidence_key_put(struct evidence *ev, const uint8_t item[EVIDENCE_ITEM_BYTES], const uint8_t key[CAIRN_KEY_BYTES])
{
	struct query q = evidence_query(ev->options.db, EVIDENCE_SQL_KEY_ADD);
	uint8_t sealed[ERASURE_SEALED_BYTES], aad[AAD_BYTES];
	int err;

	key_aad(aad, item);
	err = erasure_seal(ev->options.erasure, sealed, key, aad, sizeof(aad));
	if (q.err == CAIRN_OK)
		q.err = err;
	bind_bytes(&q, item, EVIDENCE_ITEM_BYTES);
	bind_bytes(&q, sealed, sizeof(sealed));
	return query_run(&q);
}

int
evidence_key_get(struct evidence *ev, const uint8_t item[EVIDENCE_ITEM_BYTES], uint8_t key[CAIRN_KEY_BYTES])
{
	struct query q = evidence_query(ev->options.db, EVIDENCE_SQL_KEY_GET);
	uint8_t sealed[ERASURE_SEALED_BYTES], aad[AAD_BYTES];
	int err = CAIRN_ERR_UNKNOWN, end;

	memset(key, 0, CAIRN_KEY_BYTES);
	key_aad(aad, item);
	bind_bytes(&q, item, EVIDENCE_ITEM_BYTES);
	if (query_row(&q)) {
		query_bytes(&q, 0, sealed, sizeof(sealed));
		/* Before the end of the query: another process may rotate the erasure key right after. */
		err = q.err == CAIRN_OK ? erasure_open(ev->options.erasure, key, sealed, aad, sizeof(aad)) : q.err;
	}
	end = query_end(&q);
	if (end != CAIRN_OK)
		sodium_memzero(key, CAIRN_KEY_BYTES);
	return end != CAIRN_OK ? end : err;
}

static void
name_key(uint8_t out[CAIRN_KEY_BYTES], const uint8_t *key, const uint8_t *item)
{
	cairn_derive(out, key, "evidence name", item, EVIDENCE_ITEM_BYTES);
}

/* How much of a name fits, in whole characters. */
static size_t
name_size(const char *name)
{
	size_t size = strlen(name);

	if (size > EVIDENCE_FILE_NAME_MAX)
		size = EVIDENCE_FILE_NAME_MAX;
	while (size > 0 && !text_is_utf8((const uint8_t *)name, size) && size + 4 > EVIDENCE_FILE_NAME_MAX)
		size--;
	return size;
}

void
evidence_name_seal(uint8_t *out, size_t *ret_bytes, const char *name, const uint8_t key[CAIRN_KEY_BYTES],
    const uint8_t item[EVIDENCE_ITEM_BYTES])
{
	uint8_t plain[EVIDENCE_FILE_NAME_MAX + NAME_STEP] = {0}, own[CAIRN_KEY_BYTES];
	size_t size = name_size(name), padded = (size / NAME_STEP + 1) * NAME_STEP;

	memcpy(plain, name, size);
	name_key(own, key, item);
	randombytes_buf(out, NONCE_BYTES);
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(
	    out + NONCE_BYTES, NULL, plain, padded, NULL, 0, NULL, out, own);
	*ret_bytes = NONCE_BYTES + padded + TAG_BYTES;
	sodium_memzero(own, sizeof(own));
	sodium_memzero(plain, sizeof(plain));
}

int
evidence_name_open(char *out, const uint8_t *sealed, size_t bytes, const uint8_t key[CAIRN_KEY_BYTES],
    const uint8_t item[EVIDENCE_ITEM_BYTES])
{
	uint8_t plain[EVIDENCE_FILE_NAME_MAX + NAME_STEP], own[CAIRN_KEY_BYTES];
	size_t size = bytes - NONCE_BYTES - TAG_BYTES;
	int err = CAIRN_ERR_CRYPTO;
	size_t name;

	out[0] = '\0';
	if (bytes <= NONCE_BYTES + TAG_BYTES || size > sizeof(plain))
		return err;
	name_key(own, key, item);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(
		plain, NULL, NULL, sealed + NONCE_BYTES, bytes - NONCE_BYTES, NULL, 0, sealed, own) == 0) {
		name = strnlen((const char *)plain, size < EVIDENCE_FILE_NAME_MAX ? size : EVIDENCE_FILE_NAME_MAX);
		memcpy(out, plain, name);
		out[name] = '\0';
		err = CAIRN_OK;
	}
	sodium_memzero(own, sizeof(own));
	sodium_memzero(plain, sizeof(plain));
	return err;
}
