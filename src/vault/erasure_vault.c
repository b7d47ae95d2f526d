// SPDX-License-Identifier: GPL-3.0-or-later
#include "vault/inside.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"

/*
 * E in the region's own slots (docs/protocol.md, section 11): two places, each written twice, so that a flipped bit
 * does not cost every erasable key. To forget one is to overwrite all of both slots.
 *
 *	u8 version, u64 generation, E[32], zeros        sealed under the region's data key
 */
#define PLACE_VERSION 1U
#define PLACE_COPIES 2U

static int
place_write(void *arg, unsigned place, uint64_t generation, const uint8_t key[ERASURE_KEY_BYTES])
{
	const struct vault *vault = arg;
	uint8_t slots[PLACE_COPIES][SLOT_BYTES];
	uint32_t first = REGION_ERASURE + place * PLACE_COPIES;
	int err;

	memset(slots, 0, sizeof(slots));
	for (uint32_t copy = 0; copy < PLACE_COPIES; copy++) {
		slots[copy][0] = PLACE_VERSION;
		put_u64(slots[copy] + 1, generation);
		memcpy(slots[copy] + 9, key, ERASURE_KEY_BYTES);
		slot_seal(slots[copy], slots[copy], vault->data_key, vault_slot(vault, SLOT_ERASURE, first + copy));
	}
	err = container_write(&vault->container, slots, vault->region, first, PLACE_COPIES);
	return err == CAIRN_OK ? container_sync(&vault->container) : err;
}

static int
place_wipe(void *arg, unsigned place)
{
	const struct vault *vault = arg;
	uint8_t slots[PLACE_COPIES][SLOT_BYTES];
	int err;

	randombytes_buf(slots, sizeof(slots));
	err = container_write(&vault->container, slots, vault->region, REGION_ERASURE + place * PLACE_COPIES,
	    PLACE_COPIES);
	return err == CAIRN_OK ? container_sync(&vault->container) : err;
}

static int
place_read(void *arg, unsigned place, uint64_t *ret_generation, uint8_t key[ERASURE_KEY_BYTES])
{
	const struct vault *vault = arg;
	uint8_t slots[PLACE_COPIES][SLOT_BYTES];
	uint32_t first = REGION_ERASURE + place * PLACE_COPIES;
	int err = container_read(&vault->container, slots, vault->region, first, PLACE_COPIES);
	bool found = false;

	for (uint32_t copy = 0; copy < PLACE_COPIES && err == CAIRN_OK && !found; copy++) {
		found = slot_open(slots[copy], vault->data_key, vault_slot(vault, SLOT_ERASURE, first + copy)) &&
		    slots[copy][0] == PLACE_VERSION;
		if (found) {
			*ret_generation = get_u64(slots[copy] + 1);
			memcpy(key, slots[copy] + 9, ERASURE_KEY_BYTES);
		}
	}
	sodium_memzero(slots, sizeof(slots));
	if (err != CAIRN_OK)
		return err;
	return found ? CAIRN_OK : CAIRN_ERR_UNKNOWN;
}

static int
place_lock(void *arg)
{
	const struct vault *vault = arg;

	return container_lock(vault->container.fd, vault->region, LOCK_ERASURE_BYTE, HOLD_WRITE, true);
}

/* That it is still held would only show when the file is closed: nothing to do about it here. */
static void
place_unlock(void *arg)
{
	const struct vault *vault = arg;
	int err = container_lock(vault->container.fd, vault->region, LOCK_ERASURE_BYTE, HOLD_NONE, false);

	(void)err;
}

static void
place_free(void *arg)
{
	(void)arg; /* the vault is its owner's */
}

static const struct erasure_place vault_place = {
    place_read,
    place_write,
    place_wipe,
    place_lock,
    place_unlock,
    place_free,
};

int
erasure_new_vault(struct erasure **ret, struct db *db, const struct erasure_column *columns, struct vault *vault)
{
	uint8_t binding_key[ERASURE_KEY_BYTES];
	int err;

	cairn_derive(binding_key, vault->data_key, "erasable", NULL, 0);
	err = erasure_new(ret, db, columns, &vault_place, vault, binding_key);
	sodium_memzero(binding_key, sizeof(binding_key));
	return err;
}
