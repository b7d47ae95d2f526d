// SPDX-License-Identifier: GPL-3.0-or-later
#include "vault/erasure.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <sodium.h>

/* Where E lies when there is no vault: a small file, or memory. Not sealed: for tests of the rooms above. */
struct plain_slot {
	uint64_t generation; /* 0: holds none */
	uint8_t key[ERASURE_KEY_BYTES];
};

struct plain {
	int fd; /* -1: in memory */
	struct {
		uint8_t binding_key[ERASURE_KEY_BYTES];
		struct plain_slot slots[2];
	} image;
};

static bool
plain_load(struct plain *p)
{
	return p->fd < 0 || pread(p->fd, &p->image, sizeof(p->image), 0) == (ssize_t)sizeof(p->image);
}

static int
plain_store(struct plain *p)
{
	if (p->fd < 0)
		return CAIRN_OK;
	if (pwrite(p->fd, &p->image, sizeof(p->image), 0) != (ssize_t)sizeof(p->image) || fdatasync(p->fd) != 0)
		return errno == ENOSPC ? CAIRN_ERR_SPACE : CAIRN_ERR_IO;
	return CAIRN_OK;
}

static int
plain_read(void *arg, unsigned slot, uint64_t *ret_generation, uint8_t key[ERASURE_KEY_BYTES])
{
	struct plain *p = arg;

	if (!plain_load(p))
		return CAIRN_ERR_IO;
	if (p->image.slots[slot].generation == 0)
		return CAIRN_ERR_UNKNOWN;
	*ret_generation = p->image.slots[slot].generation;
	memcpy(key, p->image.slots[slot].key, ERASURE_KEY_BYTES);
	return CAIRN_OK;
}

static int
plain_write(void *arg, unsigned slot, uint64_t generation, const uint8_t key[ERASURE_KEY_BYTES])
{
	struct plain *p = arg;

	p->image.slots[slot].generation = generation;
	memcpy(p->image.slots[slot].key, key, ERASURE_KEY_BYTES);
	return plain_store(p);
}

static int
plain_wipe(void *arg, unsigned slot)
{
	struct plain *p = arg;

	sodium_memzero(&p->image.slots[slot], sizeof(p->image.slots[slot]));
	return plain_store(p);
}

static int
plain_lock(void *arg)
{
	struct plain *p = arg;

	return p->fd < 0 || flock(p->fd, LOCK_EX) == 0 ? CAIRN_OK : CAIRN_ERR_IO;
}

static void
plain_unlock(void *arg)
{
	struct plain *p = arg;

	if (p->fd >= 0)
		flock(p->fd, LOCK_UN);
}

static void
plain_free(void *arg)
{
	struct plain *p = arg;

	if (p->fd >= 0)
		close(p->fd);
	sodium_free(p);
}

static const struct erasure_place plain_place = {
    plain_read,
    plain_write,
    plain_wipe,
    plain_lock,
    plain_unlock,
    plain_free,
};

static struct plain *
plain_new(void)
{
	struct plain *p = sodium_malloc(sizeof(*p));

	if (p == NULL)
		return NULL;
	memset(p, 0, sizeof(*p));
	p->fd = -1;
	randombytes_buf(p->image.binding_key, sizeof(p->image.binding_key));
	return p;
}

/* Opens or makes the file; what is there already counts. */
static int
plain_open_file(struct plain *p, const char *path)
{
	int err;

	p->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (p->fd < 0 || flock(p->fd, LOCK_EX) != 0)
		return CAIRN_ERR_IO;
	if (lseek(p->fd, 0, SEEK_END) == 0)
		err = plain_store(p);
	else
		err = plain_load(p) ? CAIRN_OK : CAIRN_ERR_FORMAT;
	flock(p->fd, LOCK_UN);
	return err;
}

int
erasure_new_file(struct erasure **ret, struct db *db, const struct erasure_column *columns, const char *path)
{
	struct plain *p = plain_new();
	int err;

	*ret = NULL;
	if (p == NULL)
		return CAIRN_ERR_NOMEM;
	err = plain_open_file(p, path);
	if (err != CAIRN_OK) {
		plain_free(p);
		return err;
	}
	return erasure_new(ret, db, columns, &plain_place, p, p->image.binding_key);
}

int
erasure_new_memory(struct erasure **ret, struct db *db, const struct erasure_column *columns)
{
	struct plain *p = plain_new();

	*ret = NULL;
	if (p == NULL)
		return CAIRN_ERR_NOMEM;
	return erasure_new(ret, db, columns, &plain_place, p, p->image.binding_key);
}
