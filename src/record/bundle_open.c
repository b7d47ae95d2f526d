// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "cairn/hpke.h"
#include "cairn/note.h"
#include "record/bundle.h"

static const char sealed_head[] = "cairn/1 sealed bundle\n";
#define SEALED_HEAD_BYTES (sizeof(sealed_head) - 1)
#define SEALED_LEAST (SEALED_HEAD_BYTES + CAIRN_XWING_ENC_BYTES + CAIRN_HPKE_TAG_BYTES)

/* ---- the manifest ---- */

/* The value of the next line where it has that keyword; else the line stays, and the value is empty. */
static struct cairn_span
line_of(struct cairn_span *rest, const char *keyword)
{
	struct cairn_span after = *rest, line = span_cut(&after, '\n');
	size_t length = strlen(keyword);

	if (line.size <= length + 1 || memcmp(line.text, keyword, length) != 0 || line.text[length] != ' ')
		return (struct cairn_span){NULL, 0};
	*rest = after;
	return (struct cairn_span){line.text + length + 1, line.size - length - 1};
}

static bool
take_hex(struct cairn_span *rest, const char *keyword, uint8_t *out, size_t size)
{
	return text_hex(out, size, line_of(rest, keyword)) == CAIRN_OK;
}

int
record_manifest_read(struct record_manifest *m, struct cairn_span text)
{
	struct cairn_span rest = text, to;
	size_t bytes = 0;
	bool good;

	memset(m, 0, sizeof(*m));
	good = span_is(span_cut(&rest, '\n'), "cairn bundle 1") &&
	    take_hex(&rest, "desk", m->desk_id, sizeof(m->desk_id)) &&
	    text_base64(m->identity_key, sizeof(m->identity_key), &bytes, line_of(&rest, "identity")) == CAIRN_OK &&
	    bytes == sizeof(m->identity_key) && take_hex(&rest, "device", m->device_id, sizeof(m->device_id)) &&
	    text_number(&m->created, line_of(&rest, "created"), RECORD_AT_MAX) == CAIRN_OK &&
	    record_purpose_named(&m->purpose, line_of(&rest, "purpose"));
	if (!good)
		return CAIRN_ERR_FORMAT;
	m->partner = line_of(&rest, "partner");
	to = line_of(&rest, "to");
	if (to.text != NULL && text_hex(m->sealed_to, sizeof(m->sealed_to), to) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	m->files = rest;
	return CAIRN_OK;
}

/* "<sha256> <size> <name>", each file once. */
static const char *
check_file(const struct tar *tar, bool seen[TAR_FILES_MAX], struct cairn_span value)
{
	uint8_t want[CAIRN_SHA256_BYTES], have[CAIRN_SHA256_BYTES];
	struct cairn_span hash = span_cut(&value, ' '), number = span_cut(&value, ' ');
	uint64_t size;
	size_t i = 0;

	if (text_hex(want, sizeof(want), hash) != CAIRN_OK || text_number(&size, number, TAR_BYTES_MAX) != CAIRN_OK)
		return "its manifest names files in a form that is not known";
	while (i < tar->count && !span_is(value, tar->files[i].name))
		i++;
	if (i == tar->count || seen[i])
		return "a file that its manifest names is missing, or named twice";
	seen[i] = true;
	crypto_hash_sha256(have, tar->files[i].bytes, tar->files[i].size);
	if (tar->files[i].size != size || memcmp(want, have, sizeof(want)) != 0)
		return "a file was altered since it was signed";
	return NULL;
}

/* All but the manifest itself must be named. */
static const char *
check_files(const struct tar *tar, const struct record_manifest *m)
{
	bool seen[TAR_FILES_MAX] = {false};
	struct cairn_span rest = m->files;

	while (rest.size > 0) {
		struct cairn_span value = line_of(&rest, "file");
		const char *fault = value.text == NULL ? "its manifest has lines that are not known"
		                                       : check_file(tar, seen, value);

		if (fault != NULL)
			return fault;
	}
	for (size_t i = 0; i < tar->count; i++)
		if (seen[i] == (strcmp(tar->files[i].name, "manifest") == 0))
			return "it holds a file that its manifest does not name";
	return NULL;
}

/* ---- who signed ---- */

static int
check_device(const struct tar *tar, const struct record_manifest *m, struct cairn_device *device)
{
	const struct tar_file *identity = tar_find(tar, "identity"), *roster_file = tar_find(tar, "roster");
	struct cairn_identity_chain chain;
	struct cairn_roster roster;
	int err;

	if (roster_file == NULL)
		return CAIRN_ERR_CRYPTO;
	err = cairn_identity_read(&chain, identity == NULL ? (const void *)"" : identity->bytes,
	    identity == NULL ? 0 : identity->size, m->desk_id, NULL);
	if (err == CAIRN_OK)
		err = cairn_identity_is(&chain, m->desk_id, m->identity_key);
	if (err == CAIRN_OK)
		err = cairn_roster_open(
		    &roster, roster_file->bytes, roster_file->size, m->desk_id, m->identity_key, 0);
	if (err == CAIRN_OK)
		err = cairn_roster_find(device, &roster, m->device_id, desk_day(m->created));
	return err == CAIRN_OK ? CAIRN_OK : CAIRN_ERR_CRYPTO;
}

static int
check_signature(struct record_bundle *b, const struct tar_file *file)
{
	char name[CAIRN_KEY_NAME_BYTES];
	struct cairn_note_key key = {.type = CAIRN_KEY_ED25519};
	struct cairn_device device;
	struct cairn_note note;
	int err = cairn_note_read(&note, file->bytes, file->size);

	b->fault = "its manifest is none";
	if (err == CAIRN_OK)
		err = record_manifest_read(&b->manifest, note.text);
	if (err != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	b->fault = "its device stands in no roster of that desk";
	err = check_device(&b->tar, &b->manifest, &device);
	if (err != CAIRN_OK)
		return err;
	b->fault = "its signature does not hold";
	key.name = cairn_key_name(name, b->manifest.desk_id, "device");
	memcpy(key.key, device.sign_key, sizeof(key.key));
	return cairn_note_open(&note, file->bytes, file->size, &key) == CAIRN_OK ? CAIRN_OK : CAIRN_ERR_CRYPTO;
}

/* ---- opening ---- */

static int
check_all(struct record_bundle *b, const uint8_t sealed_to[CAIRN_SHA256_BYTES])
{
	const struct tar_file *file = tar_find(&b->tar, "manifest"), *json = tar_find(&b->tar, "record.json");
	int err;

	b->fault = "it has no manifest, or no record";
	if (file == NULL || json == NULL)
		return CAIRN_ERR_FORMAT;
	err = check_signature(b, file);
	if (err != CAIRN_OK)
		return err;
	/* Else whoever opened a sealed one could hand it on as if it had been sealed to somebody else. */
	b->fault = "it was made for another device than it is sealed to";
	if (memcmp(b->manifest.sealed_to, sealed_to, CAIRN_SHA256_BYTES) != 0)
		return CAIRN_ERR_CRYPTO;
	b->fault = check_files(&b->tar, &b->manifest);
	if (b->fault != NULL)
		return CAIRN_ERR_CRYPTO;
	err = record_json_read(&b->document, json->bytes, json->size);
	b->fault = err == CAIRN_OK ? NULL : b->document.fault;
	return err;
}

static int
open_tar(struct record_bundle *b, const void *bytes, size_t size, const uint8_t sealed_to[CAIRN_SHA256_BYTES])
{
	int err = tar_read(&b->tar, bytes, size);

	if (err == CAIRN_OK)
		return check_all(b, sealed_to);
	b->fault = err == CAIRN_ERR_RANGE ? "it is larger than 128 MiB"
					  : "it is no bundle: not a plain tar of plain files";
	return err;
}

static int
open_sealed(struct record_bundle *b, const uint8_t *bytes, size_t size, const uint8_t seed[CAIRN_XWING_SEED_BYTES])
{
	struct cairn_xwing_key key;
	uint8_t hash[CAIRN_SHA256_BYTES], *plain;
	size_t ct_size = size - SEALED_HEAD_BYTES - CAIRN_XWING_ENC_BYTES;
	int err;

	plain = malloc(ct_size);
	if (plain == NULL)
		return CAIRN_ERR_NOMEM;
	cairn_xwing_key_init(&key, seed);
	crypto_hash_sha256(hash, key.public_key, sizeof(key.public_key));
	b->fault = "it is sealed to another device, or was altered";
	err = cairn_hpke_open(plain, bytes + SEALED_HEAD_BYTES, bytes + SEALED_HEAD_BYTES + CAIRN_XWING_ENC_BYTES,
	    ct_size, &key, (const uint8_t *)sealed_head, SEALED_HEAD_BYTES - 1);
	cairn_xwing_key_clear(&key);
	if (err == CAIRN_OK)
		err = open_tar(b, plain, ct_size - CAIRN_HPKE_TAG_BYTES, hash);
	sodium_memzero(plain, ct_size);
	free(plain);
	return err;
}

int
record_bundle_open(
    struct record_bundle *b, const void *bytes, size_t size, const uint8_t seed[CAIRN_XWING_SEED_BYTES])
{
	static const uint8_t nobody[CAIRN_SHA256_BYTES];

	memset(b, 0, sizeof(*b));
	if (size > RECORD_BUNDLE_MAX + SEALED_LEAST) {
		b->fault = "it is larger than 128 MiB";
		return CAIRN_ERR_RANGE;
	}
	if (size >= SEALED_LEAST && memcmp(bytes, sealed_head, SEALED_HEAD_BYTES) == 0)
		return open_sealed(b, bytes, size, seed);
	return open_tar(b, bytes, size, nobody);
}

void
record_bundle_clear(struct record_bundle *b)
{
	record_document_clear(&b->document);
	tar_clear(&b->tar);
	b->fault = NULL;
}
