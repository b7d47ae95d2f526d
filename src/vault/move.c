// SPDX-License-Identifier: GPL-3.0-or-later
#include "vault/inside.h"

#include <string.h>

#include <sodium.h>

/* A region moves slot by slot: each is opened in its old place and sealed in the new one. The data key stays. */
#define ERASURE_SLOTS 4U

static int
move_slot(struct vault *to, const struct vault *from, enum slot_file file, uint32_t number, uint32_t slot)
{
	uint8_t bytes[SLOT_BYTES];
	int err = container_read(&from->container, bytes, from->region, slot, 1);

	if (err == CAIRN_OK && !slot_open(bytes, from->data_key, vault_slot(from, file, number)))
		err = CAIRN_ERR_CRYPTO;
	if (err == CAIRN_OK) {
		slot_seal(bytes, bytes, to->data_key, vault_slot(to, file, number));
		err = container_write(&to->container, bytes, to->region, slot, 1);
	}
	sodium_memzero(bytes, sizeof(bytes));
	return err;
}

static int
wipe_slots(const struct vault *vault, uint32_t slot, uint32_t count)
{
	uint8_t bytes[SLOT_BYTES];
	int err = CAIRN_OK;

	for (uint32_t i = 0; i < count && err == CAIRN_OK; i++) {
		randombytes_buf(bytes, sizeof(bytes));
		err = container_write(&vault->container, bytes, vault->region, slot + i, 1);
	}
	return err;
}

/* A place that holds no key is random here as it was there. */
static int
move_erasure(struct vault *to, const struct vault *from)
{
	int err = wipe_slots(to, REGION_ERASURE, ERASURE_SLOTS);

	for (uint32_t slot = REGION_ERASURE; slot < REGION_ERASURE + ERASURE_SLOTS && err == CAIRN_OK; slot++) {
		err = move_slot(to, from, SLOT_ERASURE, slot, slot);
		if (err == CAIRN_ERR_CRYPTO)
			err = CAIRN_OK;
	}
	return err;
}

static int
move_pages(struct vault *to, const struct vault *from, container_progress progress, void *arg)
{
	uint8_t first[SLOT_BYTES];
	uint32_t pages;
	bool journal;
	int err = journal_there(from, &journal);

	if (err == CAIRN_OK && journal)
		err = CAIRN_ERR_BUSY;
	if (err == CAIRN_OK)
		err = pages_count(from, first, &pages);
	sodium_memzero(first, sizeof(first));
	if (err == CAIRN_OK && pages > pages_beside(to, journal_reserve(to)))
		err = CAIRN_ERR_SPACE;
	if (err == CAIRN_OK && pages == 0)
		return pages_make_empty(to);
	for (uint32_t page = 1; err == CAIRN_OK && page <= pages; page++) {
		err = move_slot(to, from, SLOT_DATABASE, page, page_slot(page));
		if (err == CAIRN_OK && progress != NULL && !progress(arg, page, pages))
			err = CAIRN_ERR_DENIED;
	}
	return err;
}

static int
hold(const struct vault *vault, enum container_lock what, enum container_hold how)
{
	return container_lock(vault->container.fd, vault->region, what, how, false);
}

/* With the lock of readers, and that of who rotates: what is copied is of one moment. */
static int
move_locked(struct vault *to, struct vault *from, container_progress progress, void *arg)
{
	int err = hold(from, LOCK_ERASURE_BYTE, HOLD_WRITE);

	if (err != CAIRN_OK)
		return err;
	err = hold(from, LOCK_SHARED_BYTE, HOLD_READ);
	if (err == CAIRN_OK)
		err = move_erasure(to, from);
	if (err == CAIRN_OK)
		err = move_pages(to, from, progress, arg);
	if (hold(from, LOCK_SHARED_BYTE, HOLD_NONE) != CAIRN_OK ||
	    hold(from, LOCK_ERASURE_BYTE, HOLD_NONE) != CAIRN_OK)
		err = CAIRN_ERR_IO;
	return err;
}

int
vault_move(struct vault **ret, struct vault *from, const char *path, unsigned region,
    const uint8_t master[CAIRN_KEY_BYTES], const struct vault_enrolled *enrolled, container_progress progress,
    void *arg)
{
	struct vault *vault = NULL;
	int err = vault_prepare(&vault, path, region, master, from->data_key);

	if (err == CAIRN_OK)
		err = move_locked(vault, from, progress, arg);
	if (err == CAIRN_OK)
		err = vault_found(vault, master, enrolled);
	return vault_done(ret, vault, err);
}

int
vault_forget(struct vault *vault)
{
	int err = wipe_slots(vault, REGION_HEADER, REGION_PAGES - REGION_HEADER);

	return err == CAIRN_OK ? container_sync(&vault->container) : err;
}
