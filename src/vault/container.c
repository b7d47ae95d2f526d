// SPDX-License-Identifier: GPL-3.0-or-later
#include "vault/container.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#define FILL_BYTES ((size_t)1 << 20)
#define LOCK_BASE ((off_t)1 << 50)

const struct container_cost container_cost = {3, (size_t)256 << 20};

static int
io_err(void)
{
	return errno == ENOSPC || errno == EDQUOT ? CAIRN_ERR_SPACE : CAIRN_ERR_IO;
}

static int
write_all(int fd, const uint8_t *bytes, size_t size, off_t at)
{
	while (size > 0) {
		ssize_t n = pwrite(fd, bytes, size, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return io_err();
		bytes += n;
		size -= (size_t)n;
		at += n;
	}
	return CAIRN_OK;
}

static int
read_all(int fd, uint8_t *out, size_t size, off_t at)
{
	while (size > 0) {
		ssize_t n = pread(fd, out, size, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return CAIRN_ERR_IO;
		out += n;
		size -= (size_t)n;
		at += n;
	}
	return CAIRN_OK;
}

/* A stream under a key that is thrown away: as random as the system's own, and many times quicker. */
static int
fill(int fd, uint64_t bytes, container_progress progress, void *arg)
{
	uint8_t *block = malloc(FILL_BYTES);
	uint8_t key[crypto_stream_chacha20_KEYBYTES];
	uint8_t nonce[crypto_stream_chacha20_NONCEBYTES] = {0};
	int err = block == NULL ? CAIRN_ERR_NOMEM : CAIRN_OK;

	randombytes_buf(key, sizeof(key));
	for (uint64_t at = 0; at < bytes && err == CAIRN_OK; at += FILL_BYTES) {
		size_t n = bytes - at < FILL_BYTES ? (size_t)(bytes - at) : FILL_BYTES;

		crypto_stream_chacha20(block, FILL_BYTES, nonce, key);
		sodium_increment(nonce, sizeof(nonce));
		err = write_all(fd, block, n, (off_t)at);
		if (err == CAIRN_OK && progress != NULL && !progress(arg, at + n, bytes))
			err = CAIRN_ERR_DENIED;
	}
	sodium_memzero(key, sizeof(key));
	free(block);
	return err;
}

/* The file's name must be as durable as what is in it. */
static int
sync_folder_of(const char *path)
{
	char *copy = strdup(path);
	char *slash = copy == NULL ? NULL : strrchr(copy, '/');
	int fd, err = CAIRN_OK;

	if (copy == NULL)
		return CAIRN_ERR_NOMEM;
	if (slash != NULL)
		slash[slash == copy ? 1 : 0] = '\0';
	fd = open(slash == NULL ? "." : copy, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) != 0)
		err = CAIRN_ERR_IO;
	if (fd >= 0)
		close(fd);
	free(copy);
	return err;
}

int
container_create(const char *path, uint64_t bytes, container_progress progress, void *arg)
{
	int fd, err;

	if (bytes < CONTAINER_BYTES_LEAST || bytes > CONTAINER_BYTES_MOST)
		return CAIRN_ERR_RANGE;
	fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno == EEXIST ? CAIRN_ERR_CONFLICT : io_err();
	err = fill(fd, bytes - bytes % SLOT_BYTES, progress, arg);
	if (err == CAIRN_OK && fsync(fd) != 0)
		err = io_err();
	if (close(fd) != 0 && err == CAIRN_OK)
		err = io_err();
	if (err == CAIRN_OK)
		err = sync_folder_of(path);
	if (err != CAIRN_OK)
		unlink(path);
	return err;
}

int
container_open(struct container *container, const char *path)
{
	struct stat st;

	container->region_slots = 0;
	container->fd = open(path, O_RDWR | O_CLOEXEC);
	if (container->fd < 0)
		return errno == ENOENT ? CAIRN_ERR_UNKNOWN : CAIRN_ERR_IO;
	if (fstat(container->fd, &st) != 0 || !S_ISREG(st.st_mode) || (uint64_t)st.st_size < CONTAINER_BYTES_LEAST ||
	    (uint64_t)st.st_size > CONTAINER_BYTES_MOST) {
		container_close(container);
		return CAIRN_ERR_FORMAT;
	}
	container->region_slots = (uint32_t)((st.st_size / SLOT_BYTES - 1) / CONTAINER_REGIONS);
	return CAIRN_OK;
}

void
container_close(struct container *container)
{
	if (container->fd >= 0)
		close(container->fd);
	container->fd = -1;
}

int
container_master(uint8_t master[CAIRN_KEY_BYTES], const struct container *container, const void *passphrase,
    size_t bytes, const struct container_cost *cost)
{
	uint8_t salt[CONTAINER_SALT_BYTES];

	_Static_assert(CONTAINER_SALT_BYTES == crypto_pwhash_argon2id_SALTBYTES, "salt");
	if (read_all(container->fd, salt, sizeof(salt), 0) != CAIRN_OK)
		return CAIRN_ERR_IO;
	return crypto_pwhash_argon2id(master, CAIRN_KEY_BYTES, passphrase, bytes, salt, cost->passes,
		   cost->memory_bytes, crypto_pwhash_argon2id_ALG_ARGON2ID13) == 0
	    ? CAIRN_OK
	    : CAIRN_ERR_NOMEM;
}

static off_t
offset_of(const struct container *container, unsigned region, uint32_t slot)
{
	return (off_t)SLOT_BYTES * (off_t)(1 + (uint64_t)region * container->region_slots + slot);
}

int
container_read(const struct container *container, void *out, unsigned region, uint32_t slot, size_t count)
{
	return read_all(container->fd, out, count * SLOT_BYTES, offset_of(container, region, slot));
}

int
container_write(const struct container *container, const void *bytes, unsigned region, uint32_t slot, size_t count)
{
	return write_all(container->fd, bytes, count * SLOT_BYTES, offset_of(container, region, slot));
}

int
container_sync(const struct container *container)
{
	return fdatasync(container->fd) == 0 ? CAIRN_OK : io_err();
}

/* Both copies of one region, whatever the first one gave. */
static int
try_region(struct header *header, bool *ret_whole, uint8_t slots[HEADER_COPIES][SLOT_BYTES],
    const uint8_t key[CAIRN_KEY_BYTES], uint8_t region)
{
	struct header other;
	int err = header_read(header, slots[0], key, region, 0);
	int err_other = header_read(&other, slots[1], key, region, 1);

	*ret_whole = err == CAIRN_OK && err_other == CAIRN_OK && header->generation == other.generation;
	if (err_other == CAIRN_OK && (err != CAIRN_OK || other.generation > header->generation)) {
		*header = other;
		err = CAIRN_OK;
	}
	sodium_memzero(&other, sizeof(other));
	return err;
}

int
container_try(const struct container *container, unsigned *ret_region, struct header *header, bool *ret_whole,
    uint8_t keys[CONTAINER_REGIONS][CAIRN_KEY_BYTES])
{
	uint8_t slots[CONTAINER_REGIONS][HEADER_COPIES][SLOT_BYTES];
	struct header found[CONTAINER_REGIONS];
	bool whole[CONTAINER_REGIONS];
	int errs[CONTAINER_REGIONS];
	int err = CAIRN_OK;

	for (unsigned r = 0; r < CONTAINER_REGIONS && err == CAIRN_OK; r++)
		err = container_read(container, slots[r], r, REGION_HEADER, HEADER_COPIES);
	if (err != CAIRN_OK)
		return err;
	for (unsigned r = 0; r < CONTAINER_REGIONS; r++)
		errs[r] = try_region(&found[r], &whole[r], slots[r], keys[r], (uint8_t)r);
	err = CAIRN_ERR_CRYPTO;
	for (unsigned r = CONTAINER_REGIONS; r-- > 0;) {
		if (errs[r] == CAIRN_OK) {
			*ret_region = r;
			*header = found[r];
			*ret_whole = whole[r];
		}
		if (errs[r] == CAIRN_OK || (errs[r] == CAIRN_ERR_FORMAT && err != CAIRN_OK))
			err = errs[r];
	}
	sodium_memzero(slots, sizeof(slots));
	sodium_memzero(found, sizeof(found));
	return err;
}

static struct flock
lock_at(unsigned region, enum container_lock what, enum container_hold how)
{
	static const short types[] = {F_UNLCK, F_RDLCK, F_WRLCK};

	return (struct flock){
	    .l_type = types[how],
	    .l_whence = SEEK_SET,
	    .l_start = LOCK_BASE + (off_t)region * LOCK_BYTES + (off_t)what,
	    .l_len = 1,
	};
}

int
container_lock(int fd, unsigned region, enum container_lock what, enum container_hold how, bool wait)
{
	struct flock lock = lock_at(region, what, how);
	int rc;

	do
		rc = fcntl(fd, wait ? F_OFD_SETLKW : F_OFD_SETLK, &lock);
	while (rc != 0 && errno == EINTR);
	if (rc == 0)
		return CAIRN_OK;
	return errno == EAGAIN || errno == EACCES ? CAIRN_ERR_BUSY : CAIRN_ERR_IO;
}

int
container_locked(int fd, unsigned region, enum container_lock what, bool *ret)
{
	struct flock lock = lock_at(region, what, HOLD_WRITE);

	if (fcntl(fd, F_OFD_GETLK, &lock) != 0)
		return CAIRN_ERR_IO;
	*ret = lock.l_type != F_UNLCK;
	return CAIRN_OK;
}
