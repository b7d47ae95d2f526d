// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/text.h"
#include "core/note.h"
#include "site/log_files.h"

#define CHECKPOINT "checkpoint"
#define BUNDLED_BYTES (2U + SITE_ENTRY_BYTES)
#define BUNDLE_BYTES (CAIRN_TILE_WIDTH * BUNDLED_BYTES)

void
site_entry(uint8_t out[SITE_ENTRY_BYTES], enum site_entry_kind kind, const void *bytes, size_t size)
{
	out[0] = (uint8_t)kind;
	crypto_hash_sha256(out + 1, bytes, size);
}

/* ---- the checkpoint ---- */

int
site_checkpoint_read(struct site_checkpoint *checkpoint, struct cairn_span text, struct cairn_span origin)
{
	struct cairn_span rest = text, name, size, root;

	memset(checkpoint, 0, sizeof *checkpoint);
	if (!note_take_line(&name, &rest) || !span_same(name, origin) || !note_take_line(&size, &rest) ||
	    text_number(&checkpoint->size, size, CAIRN_TREE_SIZE_MAX) != CAIRN_OK || !note_take_line(&root, &rest) ||
	    note_key(checkpoint->root, root) != CAIRN_OK || rest.size > 0) {
		memset(checkpoint, 0, sizeof *checkpoint);
		return CAIRN_ERR_FORMAT;
	}
	return CAIRN_OK;
}

int
site_checkpoint_open(struct site_checkpoint *checkpoint, uint64_t *signed_by, const void *bytes, size_t size,
    const struct cairn_note_key *keys, size_t count)
{
	struct cairn_note note;
	uint64_t found = 0;
	int err = cairn_note_read(&note, bytes, size);

	memset(checkpoint, 0, sizeof *checkpoint);
	*signed_by = 0;
	if (err == CAIRN_OK)
		err = cairn_note_verify(&found, NULL, &note, keys, count);
	if (err == CAIRN_OK && (found & 1) == 0)
		err = CAIRN_ERR_CRYPTO;
	if (err == CAIRN_OK)
		err = site_checkpoint_read(checkpoint, note.text, keys[0].name);
	if (err == CAIRN_OK)
		*signed_by = found;
	return err;
}

static int
checkpoint_sign(struct site_log *log, const uint8_t root[32], const uint8_t secret[64])
{
	char name[CAIRN_KEY_NAME_BYTES];
	struct cairn_span origin = cairn_key_name(name, log->desk_id, "site");
	struct writer w;

	writer_init(&w, log->checkpoint, sizeof log->checkpoint);
	write_bytes(&w, origin.text, origin.size);
	write_text(&w, "\n");
	write_decimal(&w, log->size);
	write_text(&w, "\n");
	write_base64(&w, root, 32);
	write_text(&w, "\n");
	return note_seal(&w, &log->checkpoint_bytes, origin, secret);
}

/* ---- hashes ---- */

/* Of the complete subtree of 2^level leaves from leaf index << level on. */
static int
subtree(void *arg, uint8_t out[32], unsigned level, uint64_t index)
{
	const struct site_log *log = arg;
	uint64_t first = index << level, count = UINT64_C(1) << level;
	struct cairn_tree tree;

	if (level >= 32 || first + count > log->size)
		return CAIRN_ERR_RANGE;
	cairn_tree_init(&tree);
	for (uint64_t i = first; i < first + count; i++) {
		int err = cairn_tree_append(&tree, log->leaves[i], 0);

		if (err != CAIRN_OK)
			return err;
	}
	cairn_tree_root(out, &tree);
	return CAIRN_OK;
}

static int
root_of(uint8_t out[32], const struct site_log *log, uint32_t size)
{
	struct cairn_tree tree;

	cairn_tree_init(&tree);
	for (uint32_t i = 0; i < size; i++) {
		int err = cairn_tree_append(&tree, log->leaves[i], 0);

		if (err != CAIRN_OK)
			return err;
	}
	cairn_tree_root(out, &tree);
	return CAIRN_OK;
}

/* ---- opening ---- */

static int
make_room(struct site_log *log, uint32_t size)
{
	uint32_t room = log->room < 64 ? 64 : log->room * 2;
	void *entries, *leaves;

	if (size > SITE_LOG_MAX)
		return CAIRN_ERR_RANGE;
	if (size <= log->room)
		return CAIRN_OK;
	room = room < size ? size : room;
	entries = reallocarray(log->entries, room, sizeof *log->entries);
	log->entries = entries != NULL ? entries : log->entries;
	leaves = reallocarray(log->leaves, room, sizeof *log->leaves);
	log->leaves = leaves != NULL ? leaves : log->leaves;
	if (entries == NULL || leaves == NULL)
		return CAIRN_ERR_NOMEM;
	log->room = room;
	return CAIRN_OK;
}

int
site_log_append(struct site_log *log, uint64_t *ret_index, const uint8_t entry[SITE_ENTRY_BYTES])
{
	int err = make_room(log, log->size + 1);

	if (err != CAIRN_OK)
		return err;
	memcpy(log->entries[log->size], entry, SITE_ENTRY_BYTES);
	cairn_tree_leaf(log->leaves[log->size], entry, SITE_ENTRY_BYTES);
	*ret_index = log->size++;
	return CAIRN_OK;
}

/* Takes the entries of bundle n as it was when the log had that size. */
static int
bundle_read(struct site_log *log, uint64_t n, uint64_t size)
{
	uint8_t bundle[BUNDLE_BYTES];
	char path[CAIRN_TILE_PATH_MAX];
	const uint8_t *at = bundle, *entry;
	size_t left = 0, bytes = 0;
	unsigned width = cairn_tile_width(size, CAIRN_TILE_ENTRIES, n);
	uint64_t index;
	int err;

	cairn_tile_path(path, CAIRN_TILE_ENTRIES, n, width);
	err = log_file_read(bundle, sizeof bundle, &left, log->folder, path);
	for (unsigned i = 0; i < width && err == CAIRN_OK; i++) {
		err = cairn_bundle_next(&entry, &bytes, &at, &left);
		if (err == CAIRN_OK && bytes != SITE_ENTRY_BYTES)
			err = CAIRN_ERR_FORMAT;
		if (err == CAIRN_OK)
			err = site_log_append(log, &index, entry);
	}
	if (err == CAIRN_ERR_UNKNOWN || (err == CAIRN_OK && left > 0))
		return CAIRN_ERR_FORMAT;
	return err;
}

static int
entries_read(struct site_log *log, const struct site_checkpoint *checkpoint)
{
	uint8_t root[32];
	int err = checkpoint->size > SITE_LOG_MAX ? CAIRN_ERR_RANGE : CAIRN_OK;

	for (uint64_t n = 0; n * CAIRN_TILE_WIDTH < checkpoint->size && err == CAIRN_OK; n++)
		err = bundle_read(log, n, checkpoint->size);
	if (err == CAIRN_OK)
		err = root_of(root, log, log->size);
	if (err == CAIRN_OK && memcmp(root, checkpoint->root, sizeof root) != 0)
		err = CAIRN_ERR_CRYPTO;
	log->signed_size = log->size;
	return err;
}

static int
log_read(struct site_log *log, const uint8_t site_key[32])
{
	char name[CAIRN_KEY_NAME_BYTES];
	struct cairn_note_key key = {.name = cairn_key_name(name, log->desk_id, "site"), .type = CAIRN_KEY_ED25519};
	struct site_checkpoint checkpoint;
	uint64_t signed_by;
	int err = log_file_read(log->checkpoint, sizeof log->checkpoint, &log->checkpoint_bytes, log->folder,
	    CHECKPOINT);

	if (err == CAIRN_ERR_UNKNOWN)
		return CAIRN_OK;
	memcpy(key.key, site_key, sizeof key.key);
	if (err == CAIRN_OK)
		err = site_checkpoint_open(&checkpoint, &signed_by, log->checkpoint, log->checkpoint_bytes, &key, 1);
	return err == CAIRN_OK ? entries_read(log, &checkpoint) : err;
}

int
site_log_open(struct site_log *log, const char *path, const uint8_t desk_id[CAIRN_HASH_BYTES],
    const uint8_t site_key[32])
{
	int err;

	memset(log, 0, sizeof *log);
	memcpy(log->desk_id, desk_id, sizeof log->desk_id);
	if (mkdir(path, 0755) != 0 && errno != EEXIST) {
		log->folder = -1;
		return CAIRN_ERR_IO;
	}
	log->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err = log->folder < 0 ? CAIRN_ERR_IO : log_read(log, site_key);
	if (err != CAIRN_OK)
		site_log_close(log);
	return err;
}

void
site_log_close(struct site_log *log)
{
	if (log->folder >= 0)
		close(log->folder);
	free(log->entries);
	free(log->leaves);
	memset(log, 0, sizeof *log);
	log->folder = -1;
}

/* ---- writing ---- */

/* A tile of hashes, or a bundle of entries. Returns its bytes; 0 when it cannot be made. */
static size_t
tile_make(uint8_t *out, const struct site_log *log, int level, uint64_t n, unsigned width)
{
	uint64_t first = n * CAIRN_TILE_WIDTH;

	for (unsigned i = 0; i < width; i++) {
		if (level == CAIRN_TILE_ENTRIES) {
			put_u16(out + i * BUNDLED_BYTES, SITE_ENTRY_BYTES);
			memcpy(out + i * BUNDLED_BYTES + 2, log->entries[first + i], SITE_ENTRY_BYTES);
		} else if (subtree((void *)(uintptr_t)log, out + i * 32U, (unsigned)level * 8,
		    first + i) != CAIRN_OK) {
			return 0;
		}
	}
	return width * (level == CAIRN_TILE_ENTRIES ? BUNDLED_BYTES : 32U);
}

/* Every tile of a level that grew since the size that was signed last. */
static int
level_write(const struct site_log *log, int level)
{
	unsigned shift = level == CAIRN_TILE_ENTRIES ? 0 : (unsigned)level * 8;
	uint64_t first = ((uint64_t)log->signed_size >> shift) / CAIRN_TILE_WIDTH;
	uint8_t tile[BUNDLE_BYTES];
	char path[CAIRN_TILE_PATH_MAX];
	int err = CAIRN_OK;

	for (uint64_t n = first; err == CAIRN_OK; n++) {
		unsigned width = cairn_tile_width(log->size, level, n);
		size_t bytes = width == 0 ? 0 : tile_make(tile, log, level, n, width);

		if (width == 0)
			break;
		cairn_tile_path(path, level, n, width);
		err = bytes == 0 ? CAIRN_ERR_STATE : log_file_replace(log->folder, path, tile, bytes);
	}
	return err;
}

int
site_log_sign(struct site_log *log, const uint8_t site_secret[64])
{
	uint8_t root[32];
	int err = root_of(root, log, log->size);

	for (int level = CAIRN_TILE_ENTRIES; level <= (int)CAIRN_TILE_LEVEL_MAX && err == CAIRN_OK; level++)
		err = level_write(log, level);
	if (err == CAIRN_OK)
		err = checkpoint_sign(log, root, site_secret);
	if (err == CAIRN_OK)
		err = log_file_replace(log->folder, CHECKPOINT, log->checkpoint, log->checkpoint_bytes);
	if (err == CAIRN_OK)
		log->signed_size = log->size;
	return err;
}

int
site_log_cosigned(struct site_log *log, const void *bytes, size_t size, const struct cairn_note_key *keys,
    size_t count)
{
	struct site_checkpoint checkpoint;
	struct cairn_note have, note;
	uint64_t signed_by;
	int err = site_checkpoint_open(&checkpoint, &signed_by, bytes, size, keys, count);

	if (err == CAIRN_OK)
		err = cairn_note_read(&note, bytes, size);
	if (err == CAIRN_OK)
		err = cairn_note_read(&have, log->checkpoint, log->checkpoint_bytes);
	if (err != CAIRN_OK)
		return err;
	if (!span_same(have.text, note.text) || size > sizeof log->checkpoint)
		return CAIRN_ERR_CONFLICT;
	err = log_file_replace(log->folder, CHECKPOINT, bytes, size);
	if (err == CAIRN_OK) {
		memcpy(log->checkpoint, bytes, size);
		log->checkpoint_bytes = size;
	}
	return err;
}

/* ---- proofs ---- */

int
site_log_prove(const struct site_log *log, uint8_t (*proof)[32], size_t *ret_count, uint64_t index)
{
	return cairn_tree_inclusion_prove(proof, ret_count, index, log->signed_size, subtree, (void *)(uintptr_t)log);
}

int
site_log_find(const struct site_log *log, uint64_t *ret_index, const uint8_t entry[SITE_ENTRY_BYTES])
{
	for (uint32_t i = 0; i < log->size; i++)
		if (memcmp(log->entries[i], entry, SITE_ENTRY_BYTES) == 0) {
			*ret_index = i;
			return CAIRN_OK;
		}
	return CAIRN_ERR_UNKNOWN;
}
