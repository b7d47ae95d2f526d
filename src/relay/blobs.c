// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/blobs.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/text.h"
#include "relay/counts.h"
#include "relay/desks.h"
#include "relay/files.h"
#include "relay/store.h"

#define KEPT "kept"
#define NAME_MAX_BYTES 80U

struct blobs {
	pthread_mutex_t lock;
	int data;
	struct store *store;
	struct counts counts;
};

/* --- names --- */

static void
name_of(char out[NAME_MAX_BYTES], enum cairn_door door, const uint8_t *id)
{
	char hex[2 * CAIRN_BLOB_ID_BYTES + 1];

	sodium_bin2hex(hex, sizeof hex, id, CAIRN_BLOB_ID_BYTES);
	snprintf(out, NAME_MAX_BYTES, "%s-%s", cairn_door_name(door), hex);
}

static int
name_read(enum cairn_door *door, uint8_t id[CAIRN_BLOB_ID_BYTES], const char *name)
{
	struct cairn_span rest = {name, strlen(name)};

	if (cairn_door_find(door, span_cut(&rest, '-')) != CAIRN_OK || rest.text == NULL)
		return CAIRN_ERR_FORMAT;
	return text_hex(id, CAIRN_BLOB_ID_BYTES, rest);
}

/* now-<hour>, at-<hour>: which, and the hour. */
static int
folder_read(bool *now, uint32_t *hour, const char *folder)
{
	struct cairn_span rest = {folder, strlen(folder)};
	struct cairn_span word = span_cut(&rest, '-');
	uint64_t v;

	*now = span_is(word, "now");
	if ((!*now && !span_is(word, "at")) || rest.text == NULL ||
	    text_number(&v, rest, UINT32_MAX) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	*hour = (uint32_t)v;
	return CAIRN_OK;
}

static int
folders(struct file_names *names, const struct blobs *blobs, const uint8_t *desk)
{
	char path[FILES_PATH_MAX];
	int err = desk_path(path, desk, "blob");

	*names = (struct file_names){0};
	return err != CAIRN_OK ? err : file_names(names, blobs->data, path);
}

/* CAIRN_ERR_UNKNOWN: in no folder. There are at most some 75. */
static int
find(char path[FILES_PATH_MAX], const struct blobs *blobs, const uint8_t *desk, enum cairn_door door,
    const uint8_t *id)
{
	char name[NAME_MAX_BYTES];
	struct file_names names;
	int err = folders(&names, blobs, desk);
	bool there = false;

	name_of(name, door, id);
	for (size_t i = 0; err == CAIRN_OK && !there && i < names.count; i++) {
		err = desk_path(path, desk, "blob/%s/%s", names.names[i], name);
		there = err == CAIRN_OK && file_exists(blobs->data, path);
	}
	file_names_clear(&names);
	if (err == CAIRN_OK && !there)
		err = CAIRN_ERR_UNKNOWN;
	return err;
}

/* --- counting --- */

static int
count_folder(struct blobs *blobs, const uint8_t *desk, const char *folder)
{
	char path[FILES_PATH_MAX];
	struct file_names names;
	uint8_t id[CAIRN_BLOB_ID_BYTES];
	enum cairn_door door;
	int err = desk_path(path, desk, "blob/%s", folder);

	if (err != CAIRN_OK || (err = file_names(&names, blobs->data, path)) != CAIRN_OK)
		return err;
	for (size_t i = 0; err == CAIRN_OK && i < names.count; i++)
		if (name_read(&door, id, names.names[i]) == CAIRN_OK)
			err = counts_add(&blobs->counts, desk, door, 1);
	file_names_clear(&names);
	return err;
}

static int
count_desk(struct blobs *blobs, const uint8_t *desk)
{
	struct file_names names;
	int err = folders(&names, blobs, desk);

	for (size_t i = 0; err == CAIRN_OK && i < names.count; i++)
		err = count_folder(blobs, desk, names.names[i]);
	file_names_clear(&names);
	return err;
}

static int
count_all(struct blobs *blobs)
{
	struct file_names names;
	uint8_t desk[CAIRN_HASH_BYTES];
	int err = file_names(&names, blobs->data, "desks");

	for (size_t i = 0; err == CAIRN_OK && i < names.count; i++)
		if (text_hex(desk, sizeof desk, (struct cairn_span){names.names[i],
		        strlen(names.names[i])}) == CAIRN_OK)
			err = count_desk(blobs, desk);
	file_names_clear(&names);
	return err;
}

int
blobs_new(struct blobs **ret, int data, struct store *store)
{
	struct blobs *blobs = calloc(1, sizeof *blobs);
	int err;

	*ret = NULL;
	if (blobs == NULL)
		return CAIRN_ERR_NOMEM;
	pthread_mutex_init(&blobs->lock, NULL);
	blobs->data = data;
	blobs->store = store;
	if ((err = count_all(blobs)) != CAIRN_OK) {
		blobs_free(blobs);
		return err;
	}
	*ret = blobs;
	return CAIRN_OK;
}

void
blobs_free(struct blobs *blobs)
{
	if (blobs == NULL)
		return;
	counts_clear(&blobs->counts);
	pthread_mutex_destroy(&blobs->lock);
	free(blobs);
}

bool
blobs_room(struct blobs *blobs, const uint8_t *desk, enum cairn_door door, uint64_t quota)
{
	const struct count *count;
	bool room;

	pthread_mutex_lock(&blobs->lock);
	count = counts_at(&blobs->counts, desk, door);
	room = count != NULL && count->cells < quota;
	pthread_mutex_unlock(&blobs->lock);
	return room;
}

/* --- one blob --- */

static int
put(struct blobs *blobs, const uint8_t *desk, enum cairn_door door, const uint8_t *id, const char *temp,
    uint32_t hour)
{
	char path[FILES_PATH_MAX];
	char name[NAME_MAX_BYTES];
	int err = find(path, blobs, desk, door, id);

	if (err != CAIRN_ERR_UNKNOWN)
		return err;
	name_of(name, door, id);
	if ((err = desk_path(path, desk, "blob/now-%u/%s", (unsigned)hour, name)) != CAIRN_OK ||
	    (err = file_folders(blobs->data, path)) != CAIRN_OK)
		return err;
	if (renameat(blobs->data, temp, blobs->data, path) != 0)
		return file_error() == CAIRN_ERR_UNKNOWN ? CAIRN_ERR_IO : file_error();
	if ((err = counts_add(&blobs->counts, desk, door, 1)) != CAIRN_OK)
		return err;
	return file_sync_folder(blobs->data, path);
}

int
blobs_put(struct blobs *blobs, const uint8_t *desk, enum cairn_door door, const uint8_t *id, const char *temp,
    int fd, uint32_t hour)
{
	int err;

	if (fsync(fd) != 0)
		return file_error();
	pthread_mutex_lock(&blobs->lock);
	err = put(blobs, desk, door, id, temp, hour);
	pthread_mutex_unlock(&blobs->lock);
	return err;
}

int
blobs_open(struct blobs *blobs, int *ret_fd, const uint8_t *desk, enum cairn_door door, const uint8_t *id)
{
	char path[FILES_PATH_MAX];
	int err;

	*ret_fd = -1;
	pthread_mutex_lock(&blobs->lock);
	err = find(path, blobs, desk, door, id);
	if (err == CAIRN_OK) {
		/* Not to leave on disk when it was read. */
		*ret_fd = openat(blobs->data, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOATIME);
		err = *ret_fd < 0 ? file_error() : CAIRN_OK;
	}
	pthread_mutex_unlock(&blobs->lock);
	return err;
}

/* A fault when the hour ended may have left it in two places. */
static int
remove_one(struct blobs *blobs, const uint8_t *desk, enum cairn_door door, const uint8_t *id)
{
	char path[FILES_PATH_MAX];
	bool there = false;
	int err;

	while ((err = find(path, blobs, desk, door, id)) == CAIRN_OK) {
		there = true;
		if ((err = file_erase(blobs->data, path)) != CAIRN_OK)
			return err;
	}
	if (there && err == CAIRN_ERR_UNKNOWN)
		counts_less(&blobs->counts, desk, door, 1);
	return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
}

int
blobs_remove(struct blobs *blobs, const uint8_t *desk, enum cairn_door door, const uint8_t *id)
{
	int err;

	pthread_mutex_lock(&blobs->lock);
	err = remove_one(blobs, desk, door, id);
	pthread_mutex_unlock(&blobs->lock);
	return err;
}

/* --- the hour ends --- */

static int
copy_bytes(int to, int from)
{
	uint8_t piece[4096];
	ssize_t got;
	int err;

	while ((got = read(from, piece, sizeof piece)) > 0)
		if ((err = file_write_all(to, piece, (size_t)got)) != CAIRN_OK)
			return err;
	return got < 0 ? file_error() : CAIRN_OK;
}

/* The new file has the hour for its times; when it was made on disk, the order of ids. */
static int
copy_file(int data, const char *to, const char *from, uint32_t hour)
{
	struct timespec times[2] = {{.tv_sec = (time_t)hour * 3600}, {.tv_sec = (time_t)hour * 3600}};
	int in = openat(data, from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	int out;
	int err;

	if (in < 0)
		return file_error();
	out = openat(data, to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (out < 0) {
		err = file_error();
		close(in);
		return err;
	}
	err = copy_bytes(out, in);
	if (err == CAIRN_OK && (futimens(out, times) != 0 || fsync(out) != 0))
		err = file_error();
	close(out);
	close(in);
	return err;
}

/* Under the lock, so that nobody deletes what is being written anew. */
static int
settle_one(struct blobs *blobs, const uint8_t *desk, const char *name, uint32_t hour)
{
	char from[FILES_PATH_MAX], to[FILES_PATH_MAX], fresh[FILES_PATH_MAX];
	int err;

	if ((err = desk_path(from, desk, "blob/now-%u/%s", (unsigned)hour, name)) != CAIRN_OK ||
	    (err = desk_path(to, desk, "blob/at-%u/%s", (unsigned)hour, name)) != CAIRN_OK ||
	    (err = desk_path(fresh, desk, "blob/at-%u/.new", (unsigned)hour)) != CAIRN_OK ||
	    (err = file_folders(blobs->data, to)) != CAIRN_OK)
		return err;
	if (!file_exists(blobs->data, from))
		return CAIRN_OK;
	/* What is there under that name is whole; the old one may be half overwritten after a fault. */
	if (!file_exists(blobs->data, to)) {
		if ((err = copy_file(blobs->data, fresh, from, hour)) != CAIRN_OK)
			return err;
		if (renameat(blobs->data, fresh, blobs->data, to) != 0)
			return file_error();
	}
	if ((err = file_sync_folder(blobs->data, to)) != CAIRN_OK)
		return err;
	return file_erase(blobs->data, from);
}

/* Claimed ones go where they wait for their desk, the others for good. */
static int
expire_one(struct blobs *blobs, const uint8_t *desk, const char *name, uint32_t hour)
{
	char from[FILES_PATH_MAX], to[FILES_PATH_MAX];
	uint8_t id[CAIRN_BLOB_ID_BYTES];
	enum cairn_door door;
	bool claimed;
	int err;

	if (name_read(&door, id, name) != CAIRN_OK)
		return CAIRN_OK;
	if ((err = desk_path(from, desk, "blob/at-%u/%s", (unsigned)hour, name)) != CAIRN_OK ||
	    (err = desk_path(to, desk, "blob/" KEPT "/%s", name)) != CAIRN_OK ||
	    (err = store_claimed(blobs->store, &claimed, desk, door, id)) != CAIRN_OK)
		return err;
	if (!claimed) {
		if ((err = file_erase(blobs->data, from)) == CAIRN_OK)
			counts_less(&blobs->counts, desk, door, 1);
		return err;
	}
	if ((err = file_folders(blobs->data, to)) != CAIRN_OK)
		return err;
	if (renameat(blobs->data, from, blobs->data, to) != 0)
		return file_error() == CAIRN_ERR_UNKNOWN ? CAIRN_OK : file_error();
	return file_sync_folder(blobs->data, to);
}

typedef int each_blob(struct blobs *blobs, const uint8_t *desk, const char *name, uint32_t hour);

/* Every blob of a folder, by name, the lock taken for each; then the empty folder goes. */
static int
empty_folder(struct blobs *blobs, const uint8_t *desk, const char *folder, uint32_t hour, each_blob *each)
{
	char path[FILES_PATH_MAX];
	struct file_names names;
	int err = desk_path(path, desk, "blob/%s", folder);

	if (err != CAIRN_OK || (err = file_names(&names, blobs->data, path)) != CAIRN_OK)
		return err;
	for (size_t i = 0; err == CAIRN_OK && i < names.count; i++) {
		pthread_mutex_lock(&blobs->lock);
		err = each(blobs, desk, names.names[i], hour);
		pthread_mutex_unlock(&blobs->lock);
	}
	file_names_clear(&names);
	if (err == CAIRN_OK)
		err = file_remove_tree(blobs->data, path);
	return err;
}

int
blobs_tidy(struct blobs *blobs, const uint8_t *desk, uint32_t hour)
{
	struct file_names names;
	int err = folders(&names, blobs, desk);

	for (size_t i = 0; err == CAIRN_OK && i < names.count; i++) {
		uint32_t of;
		bool now;

		if (folder_read(&now, &of, names.names[i]) != CAIRN_OK)
			continue;
		if (now && of < hour)
			err = empty_folder(blobs, desk, names.names[i], of, settle_one);
		else if (!now && of < hour && hour - of > BLOBS_UNCLAIMED_HOURS)
			err = empty_folder(blobs, desk, names.names[i], of, expire_one);
	}
	file_names_clear(&names);
	return err;
}
