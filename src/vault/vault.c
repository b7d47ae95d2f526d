// SPDX-License-Identifier: GPL-3.0-or-later
#include "vault/inside.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

static int
vault_begin(struct vault **ret, const char *path)
{
	struct vault *vault = sodium_malloc(sizeof(*vault));
	int err;

	if (vault == NULL)
		return CAIRN_ERR_NOMEM;
	memset(vault, 0, sizeof(*vault));
	vault->container.fd = -1;
	*ret = vault;
	err = container_open(&vault->container, path);
	if (err != CAIRN_OK)
		return err;
	/* Each database in it opens the file again, wherever the process stands then. */
	vault->path = realpath(path, NULL);
	return vault->path == NULL ? CAIRN_ERR_NOMEM : CAIRN_OK;
}

void
vault_close(struct vault *vault)
{
	if (vault == NULL)
		return;
	vfs_unregister(vault);
	container_close(&vault->container);
	free(vault->path);
	sodium_free(vault);
}

int
vault_done(struct vault **ret, struct vault *vault, int err)
{
	if (err == CAIRN_OK)
		err = vfs_register(vault);
	if (err != CAIRN_OK) {
		vault_close(vault);
		vault = NULL;
	}
	*ret = vault;
	return err;
}

static void
keys_of(uint8_t keys[CONTAINER_REGIONS][CAIRN_KEY_BYTES], const uint8_t master[CAIRN_KEY_BYTES])
{
	for (unsigned r = 0; r < CONTAINER_REGIONS; r++)
		header_key(keys[r], master, (uint8_t)r);
}

/* One copy after the other, each durable before the next: one that can be read is always there. */
static int
header_put(const struct vault *vault, const uint8_t key[CAIRN_KEY_BYTES])
{
	uint8_t slot[SLOT_BYTES];
	int err = CAIRN_OK;

	for (unsigned copy = HEADER_COPIES; copy-- > 0 && err == CAIRN_OK;) {
		header_write(slot, &vault->header, key, vault->region, copy);
		err = container_write(&vault->container, slot, vault->region, REGION_HEADER + copy, 1);
		if (err == CAIRN_OK)
			err = container_sync(&vault->container);
	}
	return err;
}

static void
header_fill(struct vault *vault, const uint8_t key[CAIRN_KEY_BYTES], const struct vault_enrolled *enrolled)
{
	vault->header.generation++;
	vault->header.has_token = enrolled != NULL;
	if (enrolled == NULL)
		sodium_memzero(&vault->enrolled, sizeof(vault->enrolled));
	else if (enrolled != &vault->enrolled)
		vault->enrolled = *enrolled;
	vault->header.token = vault->enrolled.token;
	header_box_seal(&vault->header, vault->data_key, key, enrolled == NULL ? NULL : enrolled->secret);
}

/* The header comes last: until then the region is not in use. */
int
vault_found(struct vault *vault, const uint8_t master[CAIRN_KEY_BYTES], const struct vault_enrolled *enrolled)
{
	uint8_t key[CAIRN_KEY_BYTES];
	int err = journal_cut(vault);

	if (err == CAIRN_OK)
		err = container_sync(&vault->container);
	if (err != CAIRN_OK)
		return err;
	header_key(key, master, vault->region);
	header_fill(vault, key, enrolled);
	err = header_put(vault, key);
	sodium_memzero(key, sizeof(key));
	return err;
}

/* A key that opens the other region too would hide one of them for ever. */
static int
other_check(const struct vault *vault, uint8_t keys[CONTAINER_REGIONS][CAIRN_KEY_BYTES])
{
	uint8_t others[CONTAINER_REGIONS][CAIRN_KEY_BYTES];
	struct header header;
	unsigned region;
	bool whole;
	int err;

	memcpy(others, keys, sizeof(others));
	randombytes_buf(others[vault->region], CAIRN_KEY_BYTES);
	err = container_try(&vault->container, &region, &header, &whole, others);
	sodium_memzero(others, sizeof(others));
	sodium_memzero(&header, sizeof(header));
	if (err == CAIRN_ERR_CRYPTO)
		return CAIRN_OK;
	return err == CAIRN_OK || err == CAIRN_ERR_FORMAT ? CAIRN_ERR_CONFLICT : err;
}

int
vault_prepare(struct vault **ret, const char *path, unsigned region, const uint8_t master[CAIRN_KEY_BYTES],
    const uint8_t data_key[CAIRN_KEY_BYTES])
{
	uint8_t keys[CONTAINER_REGIONS][CAIRN_KEY_BYTES];
	int err = region < CONTAINER_REGIONS ? vault_begin(ret, path) : CAIRN_ERR_RANGE;

	if (err != CAIRN_OK)
		return err;
	(*ret)->region = (uint8_t)region;
	memcpy((*ret)->data_key, data_key, CAIRN_KEY_BYTES);
	keys_of(keys, master);
	err = other_check(*ret, keys);
	sodium_memzero(keys, sizeof(keys));
	return err;
}

int
vault_make(struct vault **ret, const char *path, unsigned region, const uint8_t master[CAIRN_KEY_BYTES],
    const struct vault_enrolled *enrolled)
{
	uint8_t data_key[CAIRN_KEY_BYTES];
	struct vault *vault = NULL;
	int err;

	randombytes_buf(data_key, sizeof(data_key));
	err = vault_prepare(&vault, path, region, master, data_key);
	sodium_memzero(data_key, sizeof(data_key));
	if (err == CAIRN_OK)
		err = pages_make_empty(vault);
	if (err == CAIRN_OK)
		err = vault_found(vault, master, enrolled);
	return vault_done(ret, vault, err);
}

static int
open_box(struct vault *vault, const uint8_t key[CAIRN_KEY_BYTES], const struct vault_factor *factor)
{
	uint8_t secret[32] = {0};
	bool token = vault->header.has_token;
	int err = CAIRN_OK;

	if (token && factor == NULL)
		return CAIRN_ERR_STATE;
	if (token)
		err = factor->answer(factor->arg, &vault->header.token, secret);
	if (err == CAIRN_OK && !header_box_open(vault->data_key, &vault->header, key, token ? secret : NULL))
		err = CAIRN_ERR_CRYPTO;
	if (err == CAIRN_OK && token) {
		vault->enrolled.token = vault->header.token;
		memcpy(vault->enrolled.secret, secret, sizeof(secret));
	}
	sodium_memzero(secret, sizeof(secret));
	return err;
}

/*
 * A copy that does not open, or is older, was torn when the passphrase was changed, or rotted: the other takes its
 * place. Looked at again under the lock, as somebody may be changing it just now.
 */
static int
header_mend(struct vault *vault, uint8_t keys[CONTAINER_REGIONS][CAIRN_KEY_BYTES])
{
	struct header header;
	unsigned region;
	bool whole;
	int err = container_lock(vault->container.fd, vault->region, LOCK_HEADER_BYTE, HOLD_WRITE, true);

	if (err != CAIRN_OK)
		return err;
	err = container_try(&vault->container, &region, &header, &whole, keys);
	if (err == CAIRN_OK && region == vault->region && !whole) {
		vault->header = header;
		err = header_put(vault, keys[region]);
	}
	if (container_lock(vault->container.fd, vault->region, LOCK_HEADER_BYTE, HOLD_NONE, false) != CAIRN_OK)
		err = CAIRN_ERR_IO;
	sodium_memzero(&header, sizeof(header));
	return err == CAIRN_ERR_CRYPTO ? CAIRN_OK : err;
}

int
vault_open(struct vault **ret, const char *path, const uint8_t master[CAIRN_KEY_BYTES],
    const struct vault_factor *factor)
{
	uint8_t keys[CONTAINER_REGIONS][CAIRN_KEY_BYTES];
	struct vault *vault = NULL;
	unsigned region = 0;
	bool whole = true;
	int err = vault_begin(&vault, path);

	keys_of(keys, master);
	if (err == CAIRN_OK)
		err = container_try(&vault->container, &region, &vault->header, &whole, keys);
	if (err == CAIRN_OK) {
		vault->region = (uint8_t)region;
		err = open_box(vault, keys[region], factor);
	}
	if (err == CAIRN_OK && !whole)
		err = header_mend(vault, keys);
	sodium_memzero(keys, sizeof(keys));
	return vault_done(ret, vault, err);
}

void
vault_grant(const struct vault *vault, struct vault_grant *grant)
{
	grant->region = vault->region;
	memcpy(grant->data_key, vault->data_key, sizeof(grant->data_key));
}

int
vault_open_granted(struct vault **ret, const char *path, const struct vault_grant *grant)
{
	struct vault *vault = NULL;
	int err = grant->region < CONTAINER_REGIONS ? vault_begin(&vault, path) : CAIRN_ERR_RANGE;

	if (err == CAIRN_OK) {
		vault->region = grant->region;
		vault->granted = true;
		memcpy(vault->data_key, grant->data_key, sizeof(vault->data_key));
	}
	return vault_done(ret, vault, err);
}

int
vault_rekey(struct vault *vault, const uint8_t master[CAIRN_KEY_BYTES], const struct vault_enrolled *enrolled)
{
	uint8_t keys[CONTAINER_REGIONS][CAIRN_KEY_BYTES];
	int err = vault->granted ? CAIRN_ERR_STATE : CAIRN_OK;

	if (err == CAIRN_OK)
		err = container_lock(vault->container.fd, vault->region, LOCK_HEADER_BYTE, HOLD_WRITE, true);
	if (err != CAIRN_OK)
		return err;
	keys_of(keys, master);
	err = other_check(vault, keys);
	if (err == CAIRN_OK) {
		header_fill(vault, keys[vault->region], enrolled);
		err = header_put(vault, keys[vault->region]);
	}
	sodium_memzero(keys, sizeof(keys));
	if (container_lock(vault->container.fd, vault->region, LOCK_HEADER_BYTE, HOLD_NONE, false) != CAIRN_OK)
		err = CAIRN_ERR_IO;
	return err;
}

unsigned
vault_region(const struct vault *vault)
{
	return vault->region;
}

const struct vault_enrolled *
vault_enrolled(const struct vault *vault)
{
	return vault->header.has_token ? &vault->enrolled : NULL;
}

const char *
vault_vfs(const struct vault *vault)
{
	return vault->vfs_name;
}

int
vault_room(struct vault *vault, uint32_t *ret_used, uint32_t *ret_pages)
{
	uint8_t first[SLOT_BYTES];
	int err = pages_count(vault, first, ret_used);

	*ret_pages = pages_beside(vault, journal_reserve(vault));
	sodium_memzero(first, sizeof(first));
	return err;
}
