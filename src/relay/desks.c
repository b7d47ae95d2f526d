// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/desks.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sodium.h>

#include "base/text.h"
#include "relay/head.h"
#include "relay/suspended.h"

struct desks {
	pthread_mutex_t lock;
	int data;
	struct timespec changed; /* of the folder, when it was read */
	size_t count;
	uint8_t (*ids)[CAIRN_HASH_BYTES]; /* sorted */
};

int
desk_path(char out[FILES_PATH_MAX], const uint8_t desk[CAIRN_HASH_BYTES], const char *format, ...)
{
	char hex[2 * CAIRN_HASH_BYTES + 1];
	va_list args;
	int head, rest;

	sodium_bin2hex(hex, sizeof hex, desk, CAIRN_HASH_BYTES);
	head = snprintf(out, FILES_PATH_MAX, "desks/%s/", hex);
	if (head < 0 || (size_t)head >= FILES_PATH_MAX)
		return CAIRN_ERR_RANGE;
	va_start(args, format);
	rest = vsnprintf(out + head, FILES_PATH_MAX - (size_t)head, format, args);
	va_end(args);
	return rest < 0 || (size_t)rest >= FILES_PATH_MAX - (size_t)head ? CAIRN_ERR_RANGE : CAIRN_OK;
}

static int
by_id(const void *a, const void *b)
{
	return memcmp(a, b, CAIRN_HASH_BYTES);
}

/* Reads the names anew. On failure what was known stays known. */
static int
read_names(struct desks *desks)
{
	struct file_names names;
	uint8_t (*ids)[CAIRN_HASH_BYTES];
	size_t count = 0;
	int err = file_names(&names, desks->data, "desks");

	if (err != CAIRN_OK)
		return err;
	ids = calloc(names.count + 1, sizeof *ids);
	if (ids == NULL) {
		file_names_clear(&names);
		return CAIRN_ERR_NOMEM;
	}
	for (size_t i = 0; i < names.count; i++)
		if (text_hex(ids[count], sizeof *ids, (struct cairn_span){names.names[i],
		        strlen(names.names[i])}) == CAIRN_OK)
			count++;
	file_names_clear(&names);
	qsort(ids, count, sizeof *ids, by_id);
	free(desks->ids);
	desks->ids = ids;
	desks->count = count;
	return CAIRN_OK;
}

static void
refresh(struct desks *desks)
{
	struct stat st;

	if (fstatat(desks->data, "desks", &st, 0) != 0)
		return;
	if (st.st_mtim.tv_sec == desks->changed.tv_sec && st.st_mtim.tv_nsec == desks->changed.tv_nsec)
		return;
	if (read_names(desks) == CAIRN_OK)
		desks->changed = st.st_mtim;
}

int
desks_new(struct desks **ret, int data)
{
	struct desks *desks;
	int err = file_folders(data, "desks/");

	*ret = NULL;
	if (err != CAIRN_OK)
		return err;
	desks = calloc(1, sizeof *desks);
	if (desks == NULL)
		return CAIRN_ERR_NOMEM;
	pthread_mutex_init(&desks->lock, NULL);
	desks->data = data;
	refresh(desks);
	*ret = desks;
	return CAIRN_OK;
}

void
desks_free(struct desks *desks)
{
	if (desks == NULL)
		return;
	pthread_mutex_destroy(&desks->lock);
	free(desks->ids);
	free(desks);
}

void
desks_refresh(struct desks *desks)
{
	pthread_mutex_lock(&desks->lock);
	refresh(desks);
	pthread_mutex_unlock(&desks->lock);
}

static bool
has(const struct desks *desks, const uint8_t *desk)
{
	return desks->count > 0 && bsearch(desk, desks->ids, desks->count, sizeof *desks->ids, by_id) != NULL;
}

bool
desks_known(struct desks *desks, const uint8_t desk[CAIRN_HASH_BYTES])
{
	bool known;

	pthread_mutex_lock(&desks->lock);
	known = has(desks, desk);
	if (!known) {
		refresh(desks);
		known = has(desks, desk);
	}
	pthread_mutex_unlock(&desks->lock);
	return known;
}

size_t
desks_count(struct desks *desks)
{
	size_t count;

	pthread_mutex_lock(&desks->lock);
	count = desks->count;
	pthread_mutex_unlock(&desks->lock);
	return count;
}

size_t
desks_list(struct desks *desks, uint8_t (*ids)[CAIRN_HASH_BYTES], size_t room)
{
	size_t count;

	pthread_mutex_lock(&desks->lock);
	count = desks->count < room ? desks->count : room;
	if (count > 0)
		memcpy(ids, desks->ids, count * sizeof *ids);
	pthread_mutex_unlock(&desks->lock);
	return count;
}

/*
 * The file is the key that the roster was checked with, then the note: checked again at each use, so that a
 * damaged file lets nobody in.
 */
int
desk_roster(struct cairn_roster *roster, uint8_t **ret_bytes, int data, const uint8_t desk[CAIRN_HASH_BYTES])
{
	char path[FILES_PATH_MAX];
	size_t bytes;
	int err;

	*ret_bytes = NULL;
	if ((err = desk_path(path, desk, "roster")) != CAIRN_OK ||
	    (err = file_read(ret_bytes, &bytes, data, path, 32 + CAIRN_NOTE_BYTES_MAX)) != CAIRN_OK)
		return err;
	err = bytes < 32 ? CAIRN_ERR_FORMAT :
	    cairn_roster_open(roster, *ret_bytes + 32, bytes - 32, desk, *ret_bytes, 0);
	if (err != CAIRN_OK) {
		free(*ret_bytes);
		*ret_bytes = NULL;
	}
	return err;
}

/* Is key the one in force, as far as this relay knows? */
static int
check_identity(int data, const uint8_t *desk, const uint8_t *key)
{
	struct cairn_identity_chain chain;
	struct head head;
	int err = head_load(&head, data, desk);

	if (err == CAIRN_OK)
		err = cairn_identity_read(&chain, head.identity.text, head.identity.size, desk, NULL);
	if (err == CAIRN_OK)
		err = cairn_identity_is(&chain, desk, key);
	head_clear(&head);
	return err;
}

/* CAIRN_OK: newer than what is there, or the very same (*ret_same). */
static int
compare(bool *ret_same, int data, const uint8_t *desk, const struct cairn_roster *fresh)
{
	struct cairn_roster old;
	uint8_t *bytes;
	int err = desk_roster(&old, &bytes, data, desk);

	*ret_same = false;
	if (err != CAIRN_OK)
		return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
	*ret_same = fresh->serial == old.serial && span_same(fresh->lines, old.lines);
	if (fresh->serial < old.serial)
		err = CAIRN_ERR_STALE;
	else if (fresh->serial == old.serial && !*ret_same)
		err = CAIRN_ERR_CONFLICT;
	free(bytes);
	return err;
}

int
desk_roster_put(int data, const uint8_t desk[CAIRN_HASH_BYTES], const uint8_t key[32], const uint8_t *note,
    size_t bytes)
{
	char path[FILES_PATH_MAX];
	struct cairn_roster roster;
	uint8_t *file;
	bool same;
	int err;

	if ((err = check_identity(data, desk, key)) != CAIRN_OK ||
	    (err = cairn_roster_open(&roster, note, bytes, desk, key, 0)) != CAIRN_OK ||
	    (err = compare(&same, data, desk, &roster)) != CAIRN_OK || same)
		return err;
	file = malloc(32 + bytes);
	if (file == NULL)
		return CAIRN_ERR_NOMEM;
	memcpy(file, key, 32);
	memcpy(file + 32, note, bytes);
	err = desk_path(path, desk, "roster");
	if (err == CAIRN_OK)
		err = file_replace(data, path, file, 32 + bytes);
	free(file);
	/* They hold for their own roster alone: one that could not be removed says nothing any more. */
	if (err == CAIRN_OK)
		(void)!suspended_drop(data, desk);
	return err;
}
