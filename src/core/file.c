// SPDX-License-Identifier: GPL-3.0-or-later
#include "cairn/file.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/reader.h"
#include "base/writer.h"
#include "core/ct.h"
#include "core/tlv.h"

#define MEDIA_TYPE_MIN 3U

_Static_assert(CAIRN_BLOB_PIECE_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES == CAIRN_BLOB_BYTES,
    "a blob is a piece and its tag");

uint32_t
cairn_file_blobs(uint64_t size)
{
	uint64_t count = size / CAIRN_BLOB_PIECE_BYTES + (size % CAIRN_BLOB_PIECE_BYTES != 0);

	return count > UINT32_MAX ? 0 : (uint32_t)count;
}

size_t
cairn_file_piece_bytes(uint64_t size, uint32_t i)
{
	uint64_t before = (uint64_t)i * CAIRN_BLOB_PIECE_BYTES;

	if (before >= size)
		return 0;
	return size - before < CAIRN_BLOB_PIECE_BYTES ? (size_t)(size - before) : CAIRN_BLOB_PIECE_BYTES;
}

static void
blob_derive(uint8_t out[32], const uint8_t fk[CAIRN_KEY_BYTES], const char *label, uint32_t i)
{
	uint8_t context[4];

	put_u32(context, i);
	cairn_derive(out, fk, label, context, sizeof context);
}

void
cairn_blob_id(uint8_t id[CAIRN_BLOB_ID_BYTES], const uint8_t fk[CAIRN_KEY_BYTES], uint32_t i)
{
	blob_derive(id, fk, "blob id", i);
}

/* Every blob has a key of its own, so that one nonce serves all. */
static const uint8_t nonce_zero[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES];

void
cairn_blob_seal(uint8_t blob[CAIRN_BLOB_BYTES], const uint8_t *piece, size_t piece_bytes,
    const uint8_t fk[CAIRN_KEY_BYTES], uint32_t i)
{
	uint8_t key[32];

	memcpy(blob, piece, piece_bytes);
	memset(blob + piece_bytes, 0, CAIRN_BLOB_BYTES - piece_bytes);
	blob_derive(key, fk, "blob", i);
	crypto_aead_xchacha20poly1305_ietf_encrypt(blob, NULL, blob, CAIRN_BLOB_PIECE_BYTES, NULL, 0, NULL,
	    nonce_zero, key);
	sodium_memzero(key, sizeof key);
}

int
cairn_blob_open(uint8_t piece[CAIRN_BLOB_PIECE_BYTES], const uint8_t blob[CAIRN_BLOB_BYTES],
    const struct cairn_manifest *manifest, uint32_t i)
{
	size_t content = cairn_file_piece_bytes(manifest->size, i);
	uint8_t key[32];
	int err = CAIRN_OK, failed, clean;

	blob_derive(key, manifest->fk, "blob", i);
	failed = crypto_aead_xchacha20poly1305_ietf_decrypt(piece, NULL, NULL, blob, CAIRN_BLOB_BYTES, NULL, 0,
	    nonce_zero, key);
	clean = sodium_is_zero(piece + content, CAIRN_BLOB_PIECE_BYTES - content);
	/* Whether it opened, and to what it should, is what the caller is told. */
	CT_PUBLIC(&failed, sizeof failed);
	CT_PUBLIC(&clean, sizeof clean);
	if (failed != 0)
		err = CAIRN_ERR_CRYPTO;
	else if (!clean)
		err = CAIRN_ERR_FORMAT;
	if (err != CAIRN_OK)
		sodium_memzero(piece, CAIRN_BLOB_PIECE_BYTES);
	sodium_memzero(key, sizeof key);
	return err;
}

static int
manifest_check(const struct cairn_manifest *manifest)
{
	if (manifest->size == 0 || manifest->count == 0 || manifest->count != cairn_file_blobs(manifest->size))
		return CAIRN_ERR_FORMAT;
	if (manifest->media_type.size < MEDIA_TYPE_MIN || manifest->media_type.size > CAIRN_MEDIA_TYPE_MAX)
		return CAIRN_ERR_FORMAT;
	return tlv_text_check((const uint8_t *)manifest->media_type.text, manifest->media_type.size);
}

int
cairn_manifest_write(uint8_t out[203], size_t *ret_bytes, const struct cairn_manifest *manifest)
{
	struct writer w;

	if (manifest_check(manifest) != CAIRN_OK)
		return CAIRN_ERR_RANGE;
	writer_init(&w, out, 203);
	write_bytes(&w, manifest->fk, sizeof manifest->fk);
	write_u32(&w, manifest->count);
	write_u64(&w, manifest->size);
	write_bytes(&w, manifest->sha256, sizeof manifest->sha256);
	write_bytes(&w, manifest->media_type.text, manifest->media_type.size);
	return writer_end(&w, ret_bytes);
}

int
cairn_manifest_read(struct cairn_manifest *manifest, const uint8_t *value, size_t value_bytes)
{
	struct cairn_manifest read;
	struct reader r;
	int err;

	reader_init(&r, value, value_bytes);
	take_bytes(&r, read.fk, sizeof read.fk);
	take_u32(&r, &read.count);
	take_u64(&r, &read.size);
	take_bytes(&r, read.sha256, sizeof read.sha256);
	read.media_type.size = r.left;
	read.media_type.text = (const char *)take_view(&r, r.left);
	err = reader_end(&r);
	if (err == CAIRN_OK)
		err = manifest_check(&read);
	if (err == CAIRN_OK)
		*manifest = read;
	sodium_memzero(&read, sizeof read);
	return err;
}
