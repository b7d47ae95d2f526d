// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/writer.h"
#include "cairn/hpke.h"
#include "cairn/note.h"
#include "record/bundle.h"
#include "record/csv.h"

#define MANIFEST_MAX 16384U

static const char sealed_head[] = "cairn/1 sealed bundle\n";
#define SEALED_HEAD_BYTES (sizeof(sealed_head) - 1)

/* ---- the files ---- */

static int
add_json(struct tar *tar, const struct record_selection *selection)
{
	json_t *json = record_json(selection->entities, selection->count);
	char *text = json == NULL ? NULL : json_dumps(json, JSON_INDENT(1));

	json_decref(json);
	if (text != NULL && strlen(text) > RECORD_JSON_MAX) {
		free(text);
		return CAIRN_ERR_RANGE;
	}
	return tar_add(tar, "record.json", (uint8_t *)text, text == NULL ? 0 : strlen(text));
}

static bool
has_kind(const struct record_selection *selection, const struct record_kind *kind)
{
	for (size_t i = 0; i < selection->count; i++)
		if (selection->entities[i].kind == kind)
			return true;
	return false;
}

static int
add_csv(struct tar *tar, const struct record_selection *selection, const struct record_kind *kind)
{
	char name[TAR_NAME_MAX], *text = NULL;
	size_t size = 0;
	FILE *out;
	int err;

	if (!has_kind(selection, kind))
		return CAIRN_OK;
	out = open_memstream(&text, &size);
	if (out == NULL)
		return CAIRN_ERR_NOMEM;
	err = record_csv_write(out, kind, selection->entities, selection->count);
	if (fclose(out) != 0 && err == CAIRN_OK)
		err = CAIRN_ERR_NOMEM;
	if (err != CAIRN_OK) {
		free(text);
		return err;
	}
	snprintf(name, sizeof(name), "csv/%s.csv", kind->name);
	return tar_add(tar, name, (uint8_t *)text, size);
}

static int
add_note(struct tar *tar, struct desk *desk, const char *name)
{
	uint8_t *bytes;
	size_t size;
	int err = state_note_get(desk->state, name, &bytes, &size, NULL);

	if (err == CAIRN_OK && bytes != NULL && size > 0)
		return tar_add(tar, name, bytes, size);
	free(bytes);
	return err;
}

/* Nobody could check what a device signs that stands in no roster. */
static int
check_roster(const struct tar *tar, const struct desk_self *self, uint64_t now)
{
	const struct tar_file *file = tar_find(tar, "roster");
	struct cairn_roster roster;
	struct cairn_device device;
	int err;

	if (file == NULL)
		return CAIRN_ERR_UNKNOWN;
	err = cairn_roster_open(&roster, file->bytes, file->size, self->desk_id, self->identity_key, 0);
	return err == CAIRN_OK ? cairn_roster_find(&device, &roster, self->device_id, desk_day(now)) : err;
}

/* ---- the manifest ---- */

static void
write_files(struct writer *w, const struct tar *tar)
{
	uint8_t hash[CAIRN_SHA256_BYTES];

	for (size_t i = 0; i < tar->count; i++) {
		crypto_hash_sha256(hash, tar->files[i].bytes, tar->files[i].size);
		write_text(w, "file ");
		write_hex(w, hash, sizeof(hash));
		write_text(w, " ");
		write_decimal(w, tar->files[i].size);
		write_text(w, " ");
		write_text(w, tar->files[i].name);
		write_text(w, "\n");
	}
}

static void
write_manifest(struct writer *w, const struct tar *tar, const struct desk_self *self, const struct record_wish *wish,
    const uint8_t *to, uint64_t now)
{
	uint8_t hash[CAIRN_SHA256_BYTES];

	write_text(w, "cairn bundle 1\ndesk ");
	write_hex(w, self->desk_id, sizeof(self->desk_id));
	write_text(w, "\nidentity ");
	write_base64(w, self->identity_key, sizeof(self->identity_key));
	write_text(w, "\ndevice ");
	write_hex(w, self->device_id, sizeof(self->device_id));
	write_text(w, "\ncreated ");
	write_decimal(w, now);
	write_text(w, "\npurpose ");
	write_text(w, record_purposes[wish->purpose].name);
	if (wish->partner.size > 0) {
		write_text(w, "\npartner ");
		write_bytes(w, wish->partner.text, wish->partner.size);
	}
	if (to != NULL) {
		crypto_hash_sha256(hash, to, CAIRN_XWING_PUBLIC_BYTES);
		write_text(w, "\nto ");
		write_hex(w, hash, sizeof(hash));
	}
	write_text(w, "\n");
	write_files(w, tar);
}

static int
add_manifest(struct tar *tar, const struct desk_self *self, const struct record_wish *wish, const uint8_t *to,
    uint64_t now)
{
	char text[MANIFEST_MAX], name[CAIRN_KEY_NAME_BYTES];
	uint8_t *note = malloc(2 * MANIFEST_MAX);
	struct writer w;
	size_t size = 0;
	int err;

	writer_init(&w, text, sizeof(text));
	write_manifest(&w, tar, self, wish, to, now);
	err = note == NULL ? CAIRN_ERR_NOMEM : writer_end(&w, &size);
	if (err == CAIRN_OK)
		err = cairn_note_sign(note, 2 * MANIFEST_MAX, &size, (struct cairn_span){text, size},
		    cairn_key_name(name, self->desk_id, "device"), self->sign_secret);
	if (err == CAIRN_OK)
		return tar_add(tar, "manifest", note, size);
	free(note);
	return err;
}

/* ---- sealing ---- */

static int
seal(uint8_t **bytes, size_t *size, const uint8_t to[CAIRN_XWING_PUBLIC_BYTES])
{
	size_t sealed_size = SEALED_HEAD_BYTES + CAIRN_XWING_ENC_BYTES + *size + CAIRN_HPKE_TAG_BYTES;
	uint8_t *sealed = malloc(sealed_size), eseed[CAIRN_XWING_ESEED_BYTES];
	int err = CAIRN_ERR_NOMEM;

	randombytes_buf(eseed, sizeof(eseed));
	if (sealed != NULL) {
		memcpy(sealed, sealed_head, SEALED_HEAD_BYTES);
		err = cairn_hpke_seal(sealed + SEALED_HEAD_BYTES, sealed + SEALED_HEAD_BYTES + CAIRN_XWING_ENC_BYTES,
		    *bytes, *size, to, (const uint8_t *)sealed_head, SEALED_HEAD_BYTES - 1, eseed);
	}
	sodium_memzero(eseed, sizeof(eseed));
	sodium_memzero(*bytes, *size);
	free(*bytes);
	*bytes = sealed;
	*size = sealed_size;
	if (err != CAIRN_OK) {
		free(sealed);
		*bytes = NULL;
		*size = 0;
	}
	return err;
}

int
record_bundle_make(uint8_t **ret, size_t *ret_size, struct desk *desk, const struct record_selection *selection,
    const struct record_wish *wish, const uint8_t to[CAIRN_XWING_PUBLIC_BYTES], uint64_t now)
{
	struct tar *tar = calloc(1, sizeof(*tar));
	int err = tar == NULL ? CAIRN_ERR_NOMEM : add_note(tar, desk, "identity");

	*ret = NULL;
	*ret_size = 0;
	if (err == CAIRN_OK)
		err = add_note(tar, desk, "roster");
	if (err == CAIRN_OK)
		err = check_roster(tar, &desk->self, now);
	if (err == CAIRN_OK)
		err = add_json(tar, selection);
	for (size_t k = 0; err == CAIRN_OK && k < RECORD_KIND_COUNT; k++)
		err = add_csv(tar, selection, &record_kinds[k]);
	if (err == CAIRN_OK)
		err = add_manifest(tar, &desk->self, wish, to, now);
	if (err == CAIRN_OK)
		err = tar_write(ret, ret_size, tar, now);
	if (tar != NULL)
		tar_clear(tar);
	free(tar);
	return err == CAIRN_OK && to != NULL ? seal(ret, ret_size, to) : err;
}
