// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/head.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/reader.h"
#include "base/writer.h"
#include "relay/desks.h"
#include "relay/files.h"

#define MAGIC "cairn head 1\n"
#define MAGIC_BYTES (sizeof MAGIC - 1)
#define FIXED_BYTES (MAGIC_BYTES + 8 + 4 + 8 + CAIRN_SHA256_BYTES)

static int
read_fixed(struct head *head, struct reader *r)
{
	const uint8_t *magic = take_view(r, MAGIC_BYTES);

	take_u64(r, &head->size);
	take_u32(r, &head->hour);
	take_u64(r, &head->seen.serial);
	take_bytes(r, head->seen.text_hash, sizeof head->seen.text_hash);
	return magic == NULL || r->failed || memcmp(magic, MAGIC, MAGIC_BYTES) != 0 ? CAIRN_ERR_FORMAT : CAIRN_OK;
}

static void
take_part(struct reader *r, struct cairn_span *part)
{
	uint32_t bytes;

	take_u32(r, &bytes);
	part->text = (const char *)take_view(r, bytes);
	part->size = part->text == NULL ? 0 : bytes;
}

static int
parse(struct head *head, const uint8_t *bytes, size_t size)
{
	struct reader r;
	int err;

	reader_init(&r, bytes, size);
	if ((err = read_fixed(head, &r)) != CAIRN_OK)
		return err;
	take_part(&r, &head->checkpoint);
	take_part(&r, &head->card);
	take_part(&r, &head->identity);
	take_part(&r, &head->days);
	take_part(&r, &head->epochs);
	return reader_end(&r);
}

int
head_load(struct head *head, int data, const uint8_t desk[CAIRN_HASH_BYTES])
{
	char path[FILES_PATH_MAX];
	size_t bytes;
	int err;

	*head = (struct head){0};
	if ((err = desk_path(path, desk, "board/head")) != CAIRN_OK)
		return err;
	err = file_read(&head->file, &bytes, data, path, HEAD_BYTES_MAX);
	if (err != CAIRN_OK)
		return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
	if ((err = parse(head, head->file, bytes)) != CAIRN_OK)
		head_clear(head);
	return err;
}

void
head_clear(struct head *head)
{
	free(head->file);
	*head = (struct head){0};
}

int
head_size(uint64_t *ret_size, int data, const uint8_t desk[CAIRN_HASH_BYTES])
{
	char path[FILES_PATH_MAX];
	uint8_t fixed[FIXED_BYTES];
	struct head head = {0};
	struct reader r;
	ssize_t got;
	int err;
	int fd;

	*ret_size = 0;
	if ((err = desk_path(path, desk, "board/head")) != CAIRN_OK)
		return err;
	fd = openat(data, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return file_error() == CAIRN_ERR_UNKNOWN ? CAIRN_OK : file_error();
	got = pread(fd, fixed, sizeof fixed, 0);
	close(fd);
	if (got != (ssize_t)sizeof fixed)
		return CAIRN_ERR_IO;
	reader_init(&r, fixed, sizeof fixed);
	if ((err = read_fixed(&head, &r)) == CAIRN_OK)
		*ret_size = head.size;
	return err;
}

static void
put_part(struct writer *w, struct cairn_span part)
{
	write_u32(w, (uint32_t)part.size);
	write_bytes(w, part.text, part.size);
}

static int
compose(struct writer *w, const struct head *head, size_t *bytes)
{
	write_text(w, MAGIC);
	write_u64(w, head->size);
	write_u32(w, head->hour);
	write_u64(w, head->seen.serial);
	write_bytes(w, head->seen.text_hash, sizeof head->seen.text_hash);
	put_part(w, head->checkpoint);
	put_part(w, head->card);
	put_part(w, head->identity);
	put_part(w, head->days);
	put_part(w, head->epochs);
	return writer_end(w, bytes);
}

int
head_replace(const struct head *head, int data, const uint8_t desk[CAIRN_HASH_BYTES])
{
	char path[FILES_PATH_MAX];
	struct writer w;
	uint8_t *file;
	size_t bytes;
	int err = desk_path(path, desk, "board/head");

	if (err != CAIRN_OK)
		return err;
	file = malloc(HEAD_BYTES_MAX);
	if (file == NULL)
		return CAIRN_ERR_NOMEM;
	writer_init(&w, file, HEAD_BYTES_MAX);
	err = compose(&w, head, &bytes);
	if (err == CAIRN_OK)
		err = file_replace(data, path, file, bytes);
	free(file);
	return err;
}
