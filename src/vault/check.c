// SPDX-License-Identifier: GPL-3.0-or-later
#include "vault/inside.h"

#include <string.h>

#include <sodium.h>

/* One page after the other: what does not open was changed since it was written, and only that page is lost. */
static int
check_page(struct vault *vault, struct vault_damage *damage, uint32_t page)
{
	uint8_t slot[SLOT_BYTES];
	int err = container_read(&vault->container, slot, vault->region, page_slot(page), 1);

	if (err == CAIRN_OK && !slot_open(slot, vault->data_key, vault_slot(vault, SLOT_DATABASE, page))) {
		if (damage->count < VAULT_DAMAGED_MAX)
			damage->numbers[damage->count] = page;
		damage->count++;
	}
	damage->pages++;
	sodium_memzero(slot, sizeof(slot));
	return err;
}

/* Without page 1 nothing says how many there are: those up to the last that opens. */
static int
check_length(struct vault *vault, uint32_t *ret)
{
	uint8_t slot[SLOT_BYTES];
	int err = pages_count(vault, slot, ret);

	if (err == CAIRN_ERR_CRYPTO) {
		*ret = 1;
		err = CAIRN_OK;
		for (uint32_t page = pages_beside(vault, 0); page > 1 && err == CAIRN_OK; page--) {
			err = container_read(&vault->container, slot, vault->region, page_slot(page), 1);
			if (err == CAIRN_OK &&
			    slot_open(slot, vault->data_key, vault_slot(vault, SLOT_DATABASE, page))) {
				*ret = page;
				break;
			}
		}
	}
	sodium_memzero(slot, sizeof(slot));
	return err;
}

static int
check_pages(struct vault *vault, struct vault_damage *damage, container_progress progress, void *arg)
{
	uint32_t pages;
	int err = check_length(vault, &pages);

	for (uint32_t page = 1; page <= pages && err == CAIRN_OK; page++) {
		err = check_page(vault, damage, page);
		if (err == CAIRN_OK && progress != NULL && !progress(arg, page, pages))
			err = CAIRN_ERR_DENIED;
	}
	return err;
}

int
vault_check(struct vault *vault, struct vault_damage *damage, container_progress progress, void *arg)
{
	int err = container_lock(vault->container.fd, vault->region, LOCK_SHARED_BYTE, HOLD_READ, false);

	memset(damage, 0, sizeof(*damage));
	if (err != CAIRN_OK)
		return err;
	err = journal_there(vault, &damage->journal);
	if (err == CAIRN_OK)
		err = check_pages(vault, damage, progress, arg);
	if (container_lock(vault->container.fd, vault->region, LOCK_SHARED_BYTE, HOLD_NONE, false) != CAIRN_OK)
		err = CAIRN_ERR_IO;
	return err;
}
