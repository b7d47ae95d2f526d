// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/housekeeper.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <time.h>

#include "relay/blobs.h"
#include "relay/board.h"
#include "relay/board_cache.h"
#include "relay/clock.h"
#include "relay/connections.h"
#include "relay/desks.h"
#include "relay/log.h"
#include "relay/mailbox.h"
#include "relay/store.h"
#include "relay/waits.h"

#define REST_MS 1000
#define BREATH_MS 2       /* between slices, so that writers come in between */
#define AGAIN_S 60U       /* after a fault */
#define GONE_MAX 64U      /* desks forgotten in one round */

struct housekeeper {
	struct relay *relay;
	pthread_mutex_t lock;
	pthread_cond_t come;
	bool ending;
	pthread_t thread;
};

/* false: it is over. */
static bool
rest(struct housekeeper *k, long ms)
{
	struct timespec until;
	bool go;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&k->lock);
	if (!k->ending)
		pthread_cond_timedwait(&k->come, &k->lock, &until);
	go = !k->ending;
	pthread_mutex_unlock(&k->lock);
	return go;
}

typedef int slice_of(struct store *store, uint32_t hour);

static int
turn_slice(struct store *store, uint32_t hour)
{
	return store_turn(store, hour);
}

static int
tidy_slice(struct store *store, uint32_t hour)
{
	(void)hour;
	return store_feed_tidy(store);
}

static int
expire_slice(struct store *store, uint32_t hour)
{
	return store_expire(store, hour);
}

/* Slices until there are no more. */
static int
run(struct housekeeper *k, slice_of *slice, uint32_t hour)
{
	int err;

	while ((err = slice(k->relay->store, hour)) == CAIRN_ERR_BUSY && rest(k, BREATH_MS))
		continue;
	return err == CAIRN_ERR_BUSY ? CAIRN_OK : err;
}

struct gone {
	struct desks *desks;
	uint8_t ids[GONE_MAX][CAIRN_HASH_BYTES];
	size_t count;
};

/* Only looks: the store may not be called from here. */
static bool
note_gone(void *arg, const uint8_t *desk)
{
	struct gone *gone = arg;

	if (!desks_known(gone->desks, desk))
		memcpy(gone->ids[gone->count++], desk, CAIRN_HASH_BYTES);
	return gone->count < GONE_MAX;
}

static int
forget_gone(struct housekeeper *k)
{
	struct relay *relay = k->relay;
	struct gone gone = {.desks = relay->desks};
	int err = CAIRN_OK;

	store_visit_desks(relay->store, note_gone, &gone);
	for (size_t i = 0; err == CAIRN_OK && i < gone.count; i++) {
		while ((err = store_forget(relay->store, gone.ids[i])) == CAIRN_ERR_BUSY && rest(k, BREATH_MS))
			continue;
		board_cache_forget(relay->cache, gone.ids[i]);
		err = err == CAIRN_ERR_BUSY ? CAIRN_OK : err;
	}
	return err;
}

/* Files of each desk. One desk's fault keeps no other waiting. */
static int
tidy_desks(struct housekeeper *k, uint32_t hour)
{
	struct relay *relay = k->relay;
	size_t room = desks_count(relay->desks);
	uint8_t (*ids)[CAIRN_HASH_BYTES] = calloc(room + 1, sizeof *ids);
	int first = CAIRN_OK;
	size_t count;

	if (ids == NULL)
		return CAIRN_ERR_NOMEM;
	count = desks_list(relay->desks, ids, room);
	for (size_t i = 0; i < count && rest(k, 0); i++) {
		int blobs = blobs_tidy(relay->blobs, ids[i], hour);

		if (first == CAIRN_OK)
			first = blobs;
	}
	free(ids);
	return first;
}

static int
hourly(struct housekeeper *k, uint32_t hour)
{
	int desks = tidy_desks(k, hour);
	int expired = run(k, expire_slice, hour);
	int gone = forget_gone(k);

	if (expired != CAIRN_OK)
		gone = expired;
	return desks != CAIRN_OK ? desks : gone;
}

static void *
work(void *arg)
{
	struct housekeeper *k = arg;
	uint64_t again = 0;   /* not before that second */
	uint32_t done = 0;    /* the hour that is tidied */

	do {
		uint32_t hour = clock_hour();
		int err;

		if (clock_monotonic_ms() / 1000 < again)
			continue;
		err = run(k, tidy_slice, hour);
		if (err == CAIRN_OK)
			err = run(k, turn_slice, hour);
		if (err == CAIRN_OK && done != hour && (err = hourly(k, hour)) == CAIRN_OK)
			done = hour;
		if (err != CAIRN_OK) {
			log_line(LOG_LEVEL_WARNING, "housekeeping: %s; it is tried again in a minute",
			    cairn_strerror(err));
			again = clock_monotonic_ms() / 1000 + AGAIN_S;
		}
	} while (rest(k, REST_MS));
	return NULL;
}

int
housekeeper_new(struct housekeeper **ret, struct relay *relay)
{
	struct housekeeper *k = calloc(1, sizeof *k);

	*ret = NULL;
	if (k == NULL)
		return CAIRN_ERR_NOMEM;
	k->relay = relay;
	pthread_mutex_init(&k->lock, NULL);
	pthread_cond_init(&k->come, NULL);
	if (pthread_create(&k->thread, NULL, work, k) != 0) {
		free(k);
		return CAIRN_ERR_NOMEM;
	}
	*ret = k;
	return CAIRN_OK;
}

void
housekeeper_free(struct housekeeper *k)
{
	if (k == NULL)
		return;
	pthread_mutex_lock(&k->lock);
	k->ending = true;
	pthread_cond_signal(&k->come);
	pthread_mutex_unlock(&k->lock);
	pthread_join(k->thread, NULL);
	pthread_cond_destroy(&k->come);
	pthread_mutex_destroy(&k->lock);
	free(k);
}

/* Said once when it begins and once when it ends. */
static void
look_at_disk(struct relay *relay)
{
	struct statvfs st;
	bool low;

	if (fstatvfs(relay->data, &st) != 0)
		return;
	low = (uint64_t)st.f_bavail * st.f_frsize < (uint64_t)relay->settings.reserve_mib << 20;
	if (low != relay->disk_low)
		log_line(LOG_LEVEL_WARNING, low ? "less than the reserve is free on the disk: nothing new is taken" :
		    "there is room on the disk again");
	relay->disk_low = low;
}

void
housekeeper_second(struct relay *relay)
{
	look_at_disk(relay);
	desks_refresh(relay->desks);
	connections_cut(relay->connections, clock_monotonic_ms());
	mailbox_expire(relay->mailbox, clock_monotonic_ms());
	waits_expire(relay->waits, clock_monotonic_ms());
}
