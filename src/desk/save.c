// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/files.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <sodium.h>

/* Handing a kept file out of the state, to a path that staff name. */

struct saved {
	uint64_t id;
	enum file_state state;
	uint8_t record[203];
	struct cairn_manifest manifest;
	uint8_t piece[CAIRN_BLOB_PIECE_BYTES];
};

static int
saved_find(struct desk *desk, struct saved *s, uint64_t conv, uint64_t n)
{
	struct query q = query(desk->state, SQL_FILE_OF);
	struct cairn_span record = {NULL, 0};
	bool found = false;
	int err;

	bind_int(&q, conv);
	for (uint64_t i = 0; i < n && query_row(&q); i++) {
		s->id = query_int(&q, 0);
		s->state = (enum file_state)query_int(&q, 4);
		record = query_span(&q, 2);
		found = i + 1 == n;
		if (found && record.size <= sizeof(s->record))
			memcpy(s->record, record.text, record.size);
	}
	err = query_end(&q);
	if (err == CAIRN_OK && !found)
		return desk_trouble(desk, CAIRN_ERR_UNKNOWN, "there is no file %llu in this conversation",
		    (unsigned long long)n);
	if (err == CAIRN_OK)
		err = cairn_manifest_read(&s->manifest, s->record, record.size);
	if (err == CAIRN_OK && s->state != FILE_FETCHED && s->state != FILE_KEPT)
		return desk_trouble(desk, CAIRN_ERR_UNKNOWN, "this file cannot be handed out: %s",
		    file_state_name(s->state));
	return desk_state_trouble(desk, err);
}

static int
saved_write(struct desk *desk, struct saved *s, int fd)
{
	crypto_hash_sha256_state sha;
	uint8_t hash[CAIRN_SHA256_BYTES];

	crypto_hash_sha256_init(&sha);
	for (uint32_t i = 0; i < s->manifest.count; i++) {
		size_t bytes = cairn_file_piece_bytes(s->manifest.size, i);
		int err = files_piece(desk->state, s->id, i, s->piece, bytes);

		if (err != CAIRN_OK)
			return desk_state_trouble(desk, err);
		crypto_hash_sha256_update(&sha, s->piece, bytes);
		if (write(fd, s->piece, bytes) != (ssize_t)bytes)
			return desk_trouble(desk, CAIRN_ERR_IO, "the file could not be written: %s", strerror(errno));
	}
	crypto_hash_sha256_final(&sha, hash);
	if (memcmp(hash, s->manifest.sha256, sizeof(hash)) != 0)
		return desk_trouble(desk, CAIRN_ERR_CRYPTO, "the kept file is damaged: its hash is not the sender's");
	if (fsync(fd) != 0)
		return desk_trouble(desk, CAIRN_ERR_IO, "the file could not be written: %s", strerror(errno));
	return CAIRN_OK;
}

int
files_save(struct desk *desk, uint64_t conv, uint64_t n, const char *path)
{
	struct saved *s = malloc(sizeof(*s));
	int fd, err;

	if (s == NULL)
		return desk_state_trouble(desk, CAIRN_ERR_NOMEM);
	err = saved_find(desk, s, conv, n);
	if (err != CAIRN_OK)
		goto out;
	fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) {
		err = desk_trouble(desk, CAIRN_ERR_IO, "%s cannot be made: %s", path, strerror(errno));
		goto out;
	}
	err = saved_write(desk, s, fd);
	if (close(fd) != 0 && err == CAIRN_OK)
		err = desk_trouble(desk, CAIRN_ERR_IO, "the file could not be written: %s", strerror(errno));
	if (err != CAIRN_OK)
		unlink(path);
out:
	sodium_memzero(s, sizeof(*s));
	free(s);
	return err;
}
