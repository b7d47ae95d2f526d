// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/mailbox.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

struct message {
	uint8_t *bytes; /* NULL: none yet */
	size_t size;
};

struct slot {
	uint8_t desk[CAIRN_HASH_BYTES];
	uint8_t id[MAILBOX_SLOT_BYTES];
	uint64_t until_ms; /* 0: not open */
	struct message messages[MAILBOX_MESSAGES];
};

struct mailbox {
	pthread_mutex_t lock;
	struct slot slots[MAILBOX_SLOTS];
};

int
mailbox_new(struct mailbox **ret)
{
	struct mailbox *m = calloc(1, sizeof *m);

	*ret = NULL;
	if (m == NULL)
		return CAIRN_ERR_NOMEM;
	pthread_mutex_init(&m->lock, NULL);
	*ret = m;
	return CAIRN_OK;
}

static void
wipe(struct slot *slot)
{
	for (size_t i = 0; i < MAILBOX_MESSAGES; i++) {
		struct message *message = &slot->messages[i];

		if (message->bytes != NULL)
			sodium_memzero(message->bytes, message->size);
		free(message->bytes);
	}
	sodium_memzero(slot, sizeof *slot);
}

void
mailbox_free(struct mailbox *m)
{
	if (m == NULL)
		return;
	for (size_t i = 0; i < MAILBOX_SLOTS; i++)
		wipe(&m->slots[i]);
	pthread_mutex_destroy(&m->lock);
	free(m);
}

/* NULL: it is not open. Ids are compared in constant time: to know one is to be let in. */
static struct slot *
find(struct mailbox *m, const uint8_t *desk, const uint8_t *id, uint64_t now_ms)
{
	struct slot *found = NULL;

	for (size_t i = 0; i < MAILBOX_SLOTS; i++) {
		struct slot *slot = &m->slots[i];

		if (slot->until_ms > now_ms && memcmp(slot->desk, desk, sizeof slot->desk) == 0 &&
		    sodium_memcmp(slot->id, id, sizeof slot->id) == 0)
			found = slot;
	}
	return found;
}

static void
expire(struct mailbox *m, uint64_t now_ms)
{
	for (size_t i = 0; i < MAILBOX_SLOTS; i++)
		if (m->slots[i].until_ms != 0 && m->slots[i].until_ms <= now_ms)
			wipe(&m->slots[i]);
}

/* A place for one more of that desk, or NULL. */
static struct slot *
find_place(struct mailbox *m, const uint8_t *desk)
{
	struct slot *place = NULL;
	size_t open = 0;

	for (size_t i = 0; i < MAILBOX_SLOTS; i++) {
		if (m->slots[i].until_ms == 0)
			place = &m->slots[i];
		else if (memcmp(m->slots[i].desk, desk, CAIRN_HASH_BYTES) == 0)
			open++;
	}
	return open < MAILBOX_DESK_SLOTS ? place : NULL;
}

int
mailbox_open(struct mailbox *m, const uint8_t desk[CAIRN_HASH_BYTES], const uint8_t slot[MAILBOX_SLOT_BYTES],
    uint64_t now_ms)
{
	struct slot *place = NULL;
	bool there;

	pthread_mutex_lock(&m->lock);
	expire(m, now_ms);
	there = find(m, desk, slot, now_ms) != NULL;
	if (!there)
		place = find_place(m, desk);
	if (place != NULL) {
		memcpy(place->desk, desk, sizeof place->desk);
		memcpy(place->id, slot, sizeof place->id);
		place->until_ms = now_ms + MAILBOX_OPEN_MS;
	}
	pthread_mutex_unlock(&m->lock);
	return there || place != NULL ? CAIRN_OK : CAIRN_ERR_BUSY;
}

void
mailbox_close(struct mailbox *m, const uint8_t desk[CAIRN_HASH_BYTES], const uint8_t slot[MAILBOX_SLOT_BYTES])
{
	struct slot *open;

	pthread_mutex_lock(&m->lock);
	open = find(m, desk, slot, 0);
	if (open != NULL)
		wipe(open);
	pthread_mutex_unlock(&m->lock);
}

bool
mailbox_is_open(struct mailbox *m, const uint8_t desk[CAIRN_HASH_BYTES], const uint8_t slot[MAILBOX_SLOT_BYTES],
    uint64_t now_ms)
{
	bool open;

	pthread_mutex_lock(&m->lock);
	open = find(m, desk, slot, now_ms) != NULL;
	pthread_mutex_unlock(&m->lock);
	return open;
}

static int
put(struct slot *slot, unsigned n, const uint8_t *bytes, size_t size)
{
	struct message *message = &slot->messages[n - 1];

	if (message->bytes != NULL)
		return message->size == size && sodium_memcmp(message->bytes, bytes, size) == 0 ? CAIRN_OK :
		    CAIRN_ERR_CONFLICT;
	if (n > 1 && slot->messages[n - 2].bytes == NULL)
		return CAIRN_ERR_CONFLICT;
	message->bytes = malloc(size);
	if (message->bytes == NULL)
		return CAIRN_ERR_NOMEM;
	memcpy(message->bytes, bytes, size);
	message->size = size;
	return CAIRN_OK;
}

int
mailbox_put(struct mailbox *m, const uint8_t desk[CAIRN_HASH_BYTES], const uint8_t slot[MAILBOX_SLOT_BYTES],
    unsigned n, const uint8_t *bytes, size_t size, uint64_t now_ms)
{
	struct slot *open;
	int err;

	if (n < 1 || n > MAILBOX_MESSAGES || size < 1 || size > MAILBOX_MESSAGE_BYTES_MAX)
		return CAIRN_ERR_RANGE;
	pthread_mutex_lock(&m->lock);
	open = find(m, desk, slot, now_ms);
	err = open == NULL ? CAIRN_ERR_UNKNOWN : put(open, n, bytes, size);
	pthread_mutex_unlock(&m->lock);
	return err;
}

int
mailbox_get(struct mailbox *m, uint8_t out[MAILBOX_MESSAGE_BYTES_MAX], size_t *ret_size,
    const uint8_t desk[CAIRN_HASH_BYTES], const uint8_t slot[MAILBOX_SLOT_BYTES], unsigned n, uint64_t now_ms)
{
	const struct slot *open;
	int err = CAIRN_ERR_UNKNOWN;

	if (n < 1 || n > MAILBOX_MESSAGES)
		return CAIRN_ERR_RANGE;
	pthread_mutex_lock(&m->lock);
	open = find(m, desk, slot, now_ms);
	if (open != NULL)
		err = open->messages[n - 1].bytes == NULL ? CAIRN_ERR_STATE : CAIRN_OK;
	if (err == CAIRN_OK) {
		*ret_size = open->messages[n - 1].size;
		memcpy(out, open->messages[n - 1].bytes, *ret_size);
	}
	pthread_mutex_unlock(&m->lock);
	return err;
}

void
mailbox_expire(struct mailbox *m, uint64_t now_ms)
{
	pthread_mutex_lock(&m->lock);
	expire(m, now_ms);
	pthread_mutex_unlock(&m->lock);
}
