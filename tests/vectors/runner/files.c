// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/bytes.h"
#include "run.h"

struct content {
	struct cairn_manifest manifest;
	uint8_t *bytes; /* with room for a whole last piece, which is zeros */
};

static struct content
field_content(struct run *r, const json_t *row)
{
	const struct cairn_span type = field_text(r, row, "media_type");
	const size_t size = (size_t)field_number(r, row, "size", CAIRN_FILE_SIZE_MAX);
	struct content content;

	expect(r, size > 0, "a file that is not empty");
	content.bytes = row_alloc(r, size + CAIRN_BLOB_PIECE_BYTES);
	randombytes_buf_deterministic(content.bytes, size, field_hex_of(r, row, "content_seed", 32));
	content.manifest = (struct cairn_manifest){
		.count = cairn_file_blobs(size),
		.size = size,
		.media_type = type,
	};
	memcpy(content.manifest.fk, field_hex_of(r, row, "fk", CAIRN_KEY_BYTES), CAIRN_KEY_BYTES);
	crypto_hash_sha256(content.manifest.sha256, content.bytes, size);
	return content;
}

static void
check_manifest(struct run *r, const json_t *row, const struct cairn_manifest *want)
{
	const struct bytes record = field_hex(r, row, "manifest");
	uint8_t value[203];
	size_t size = 0;
	struct cairn_manifest read;

	expect_ok(r, cairn_manifest_write(value, &size, want), "a manifest that can be written");
	expect(r, record.size > 4 && get_u16(record.at) == CAIRN_TLV_file &&
	    get_u16(record.at + 2) == record.size - 4, "a file record");
	expect_bytes(r, "manifest", value, size, (struct bytes){record.at + 4, record.size - 4});
	expect_ok(r, cairn_manifest_read(&read, record.at + 4, record.size - 4), "a manifest");
	expect(r, read.count == want->count && read.size == want->size, "count and size");
	expect_bytes(r, "fk", read.fk, CAIRN_KEY_BYTES, (struct bytes){want->fk, CAIRN_KEY_BYTES});
	expect_bytes(r, "media type", read.media_type.text, read.media_type.size, text_bytes(want->media_type));
}

static void
check_blob(struct run *r, const json_t *row, const struct content *content, uint32_t i)
{
	const size_t size = cairn_file_piece_bytes(content->manifest.size, i);
	const uint8_t *piece = content->bytes + (size_t)i * CAIRN_BLOB_PIECE_BYTES;
	uint8_t *blob = row_alloc(r, CAIRN_BLOB_BYTES);
	uint8_t *opened = row_alloc(r, CAIRN_BLOB_PIECE_BYTES);
	uint8_t id[CAIRN_BLOB_ID_BYTES], hash[CAIRN_SHA256_BYTES];

	cairn_blob_id(id, content->manifest.fk, i);
	expect_bytes(r, "id", id, sizeof(id), field_hex(r, row, "id"));
	cairn_blob_seal(blob, piece, size, content->manifest.fk, i);
	expect_bytes(r, "first64", blob, 64, field_hex(r, row, "first64"));
	crypto_hash_sha256(hash, blob, CAIRN_BLOB_BYTES);
	expect_bytes(r, "sha256", hash, sizeof(hash), field_hex(r, row, "sha256"));
	expect_ok(r, cairn_blob_open(opened, blob, &content->manifest, i), "a blob that opens");
	expect(r, memcmp(opened, piece, size) == 0, "the content of blob %u", i);
}

static void
file_ok(struct run *r, const json_t *row)
{
	const struct content content = field_content(r, row);
	const json_t *blobs = field(r, row, "blobs");

	check_manifest(r, row, &content.manifest);
	expect(r, json_array_size(blobs) == content.manifest.count, "%u blobs", content.manifest.count);
	for (uint32_t i = 0; i < content.manifest.count; i++)
		check_blob(r, json_array_get(blobs, i), &content, i);
}

static void
flip(struct run *r, const json_t *row, const char *key, uint8_t *bytes, size_t size)
{
	if (!field_null(r, row, key))
		bytes[field_number(r, row, key, size - 1)] ^= 1;
}

static void
file_refuse(struct run *r, const json_t *row)
{
	const json_t *ok = file_member(r, "files", "ok");
	const struct content content = field_content(r, json_array_get(ok,
	    (size_t)field_number(r, row, "file", json_array_size(ok) - 1)));
	uint8_t *blob = row_alloc(r, CAIRN_BLOB_BYTES);
	uint8_t *piece = row_alloc(r, CAIRN_BLOB_PIECE_BYTES);
	uint8_t hash[CAIRN_SHA256_BYTES];

	expect(r, content.manifest.count == 1, "a file of one blob");
	flip(r, row, "flip_piece", content.bytes, CAIRN_BLOB_PIECE_BYTES);
	cairn_blob_seal(blob, content.bytes, CAIRN_BLOB_PIECE_BYTES, content.manifest.fk, 0);
	flip(r, row, "flip_sealed", blob, CAIRN_BLOB_BYTES);
	crypto_hash_sha256(hash, blob, CAIRN_BLOB_BYTES);
	expect_bytes(r, "sha256", hash, sizeof(hash), field_hex(r, row, "sha256"));
	if (cairn_blob_open(piece, blob, &content.manifest, 0) != CAIRN_OK)
		return;
	crypto_hash_sha256(hash, piece, (size_t)content.manifest.size);
	expect(r, memcmp(hash, content.manifest.sha256, sizeof(hash)) != 0, "refused");
}

static const struct member files[] = {
	{"ok", MEMBER_ROWS, file_ok}, {"refuse", MEMBER_ROWS, file_refuse},
};
const struct section section_files = SECTION("files", files);
