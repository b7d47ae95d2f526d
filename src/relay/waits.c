// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/waits.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct waits {
	pthread_mutex_t lock;
	struct wait *first; /* the newest */
	size_t count;
	size_t most;
	bool ending;
};

int
waits_new(struct waits **ret, size_t most)
{
	struct waits *waits = calloc(1, sizeof *waits);

	*ret = NULL;
	if (waits == NULL)
		return CAIRN_ERR_NOMEM;
	pthread_mutex_init(&waits->lock, NULL);
	waits->most = most;
	*ret = waits;
	return CAIRN_OK;
}

void
waits_free(struct waits *waits)
{
	if (waits == NULL)
		return;
	pthread_mutex_destroy(&waits->lock);
	free(waits);
}

/* --- who is taken off the list --- */

struct which {
	const uint8_t *key; /* NULL: any */
	uint64_t now_ms;    /* 0: whatever the time */
};

static bool
is_meant(const struct wait *wait, const struct which *which)
{
	return (which->key == NULL || memcmp(wait->key, which->key, sizeof wait->key) == 0) &&
	    (which->now_ms == 0 || wait->until_ms <= which->now_ms);
}

static struct wait *
take(struct waits *waits, const struct which *which)
{
	struct wait **at = &waits->first;
	struct wait *taken = NULL;

	while (*at != NULL) {
		struct wait *wait = *at;

		if (!is_meant(wait, which)) {
			at = &wait->next;
			continue;
		}
		*at = wait->next;
		wait->next = taken;
		taken = wait;
		waits->count--;
	}
	return taken;
}

/* Whoever is woken is gone at once: next is read before. */
static void
wake(struct wait *wait)
{
	while (wait != NULL) {
		struct wait *next = wait->next;

		wait->wake(wait);
		wait = next;
	}
}

static void
take_and_wake(struct waits *waits, const struct which *which, bool ending)
{
	struct wait *taken;

	pthread_mutex_lock(&waits->lock);
	waits->ending |= ending;
	taken = take(waits, which);
	pthread_mutex_unlock(&waits->lock);
	wake(taken);
}

void
waits_wake(struct waits *waits, const uint8_t key[WAITS_KEY_BYTES])
{
	take_and_wake(waits, &(struct which){.key = key}, false);
}

void
waits_expire(struct waits *waits, uint64_t now_ms)
{
	take_and_wake(waits, &(struct which){.now_ms = now_ms}, false);
}

void
waits_end(struct waits *waits)
{
	if (waits != NULL)
		take_and_wake(waits, &(struct which){.key = NULL}, true);
}

/* --- adding --- */

/*
 * Counts who waits for the same, and takes the oldest of the same device off where it has as many as it may. *of_key
 * is without that one.
 */
static struct wait *
make_room(struct waits *waits, const struct wait *fresh, size_t *of_key)
{
	struct wait **oldest = NULL;
	struct wait *leaves;
	size_t same = 0;

	*of_key = 0;
	for (struct wait **at = &waits->first; *at != NULL; at = &(*at)->next) {
		if (memcmp((*at)->key, fresh->key, sizeof fresh->key) != 0)
			continue;
		(*of_key)++;
		if (memcmp((*at)->who, fresh->who, sizeof fresh->who) != 0)
			continue;
		same++;
		oldest = at;
	}
	if (same < WAITS_EACH_MAX)
		return NULL;
	leaves = *oldest;
	*oldest = leaves->next;
	leaves->next = NULL;
	waits->count--;
	(*of_key)--;
	return leaves;
}

int
waits_add(struct waits *waits, struct wait *wait)
{
	struct wait *leaves = NULL;
	size_t of_key = 0;
	bool room = false;

	pthread_mutex_lock(&waits->lock);
	if (!waits->ending) {
		leaves = make_room(waits, wait, &of_key);
		room = of_key < WAITS_KEY_MAX && waits->count < waits->most;
	}
	if (room) {
		wait->next = waits->first;
		waits->first = wait;
		waits->count++;
	}
	pthread_mutex_unlock(&waits->lock);
	wake(leaves);
	return room ? CAIRN_OK : CAIRN_ERR_BUSY;
}
