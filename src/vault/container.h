// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_VAULT_CONTAINER_H
#define CAIRN_VAULT_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "vault/header.h"

/*
 * The file that a vault lies in (docs/protocol.md, section 11): made once, in full size, of random bytes.
 *
 *	bytes 0 to 15           salt
 *	bytes 16 to 4095        random, of no use
 *	then two regions        each (size / 4096 - 1) / 2 slots of 4096 bytes, rounded down
 *
 * A region that is not in use is random. So nobody who lacks its passphrase can tell whether there is one.
 */
#define CONTAINER_SALT_BYTES 16U
#define CONTAINER_REGIONS 2U
#define CONTAINER_BYTES_LEAST ((uint64_t)1 << 20)
#define CONTAINER_BYTES_MOST ((uint64_t)1 << 40)

/* The slots of a region, by number: header copies, keys of erasure (two places, twice each), two unused, pages. */
#define REGION_HEADER 0U
#define REGION_ERASURE 2U
#define REGION_PAGES 8U

/* Bytes of random written so far; false stops, and the file is taken away again. */
typedef bool (*container_progress)(void *arg, uint64_t done, uint64_t total);

/*
 * Makes the file, 0600, of this size rounded down to whole slots, and flushes it. progress may be NULL.
 * CAIRN_ERR_CONFLICT: there is something already. CAIRN_ERR_RANGE: the size. CAIRN_ERR_DENIED: progress stopped it.
 * CAIRN_ERR_SPACE, CAIRN_ERR_IO.
 */
CAIRN_NODISCARD int container_create(const char *path, uint64_t bytes, container_progress progress, void *arg);

/* What the passphrase costs to try. The product knows one; tests may be quicker. */
struct container_cost {
	unsigned long long passes;
	size_t memory_bytes;
};
extern const struct container_cost container_cost;

/* An open file, and its form. */
struct container {
	int fd;
	uint32_t region_slots;
};

/* CAIRN_ERR_UNKNOWN: no file. CAIRN_ERR_FORMAT: too small for a container. CAIRN_ERR_IO. */
CAIRN_NODISCARD int container_open(struct container *container, const char *path);
void container_close(struct container *container);

/* master = Argon2id(passphrase, salt). Takes a while. Both secret. */
CAIRN_NODISCARD int container_master(uint8_t master[CAIRN_KEY_BYTES], const struct container *container,
    const void *passphrase, size_t bytes, const struct container_cost *cost);

/* Whole slots, by region and number. CAIRN_ERR_IO, or CAIRN_ERR_SPACE. Writing is durable after container_sync(). */
CAIRN_NODISCARD int container_read(const struct container *container, void *out, unsigned region, uint32_t slot,
    size_t count);
CAIRN_NODISCARD int container_write(const struct container *container, const void *bytes, unsigned region,
    uint32_t slot, size_t count);
CAIRN_NODISCARD int container_sync(const struct container *container);

/*
 * Tries the headers of both regions, always with the same reads and the same work. keys are those of both regions, by
 * header_key(). CAIRN_OK: *ret_region opened, *header is the newer of its copies, and *ret_whole tells whether both
 * are there and the same. CAIRN_ERR_CRYPTO: none opens. CAIRN_ERR_FORMAT: of a newer version.
 */
CAIRN_NODISCARD int container_try(const struct container *container, unsigned *ret_region, struct header *header,
    bool *ret_whole, uint8_t keys[CONTAINER_REGIONS][CAIRN_KEY_BYTES]);

/*
 * A lock that processes hold on a thing of a region, at an offset behind every container's end: the five of SQLite,
 * and those who change header or erasure keys. Each open file description counts by itself. wait: until it is free.
 */
enum container_lock {
	LOCK_SHARED_BYTE,
	LOCK_RESERVED_BYTE,
	LOCK_PENDING_BYTE,
	LOCK_HEADER_BYTE,
	LOCK_ERASURE_BYTE,
	LOCK_BYTES,
};
enum container_hold {
	HOLD_NONE,
	HOLD_READ,
	HOLD_WRITE,
};

/* CAIRN_ERR_BUSY: another holds it. */
CAIRN_NODISCARD int container_lock(int fd, unsigned region, enum container_lock what, enum container_hold how,
    bool wait);
/* Does another process hold it for writing? */
CAIRN_NODISCARD int container_locked(int fd, unsigned region, enum container_lock what, bool *ret);

#endif
