// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/evidenced.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sodium.h>

#include "lib/fault.h"

static const struct erasure_column columns[] = {EVIDENCE_ERASURE_COLUMN, ERASURE_COLUMNS_END};

static void
must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "evidenced: %s\n", what);
	abort();
}

static void
init(struct evidenced *e, const char *where, bool quick)
{
	char path[96];
	uint8_t key[32];
	int fd;

	memset(e, 0, sizeof(*e));
	e->quick = quick;
	must(sodium_init() >= 0, "sodium_init");
	snprintf(e->dir, sizeof(e->dir), "%s/cairn-evidence-XXXXXX", where);
	must(mkdtemp(e->dir) != NULL, "mkdtemp");
	snprintf(e->folder, sizeof(e->folder), "%s/%s", e->dir, EVIDENCE_FOLDER);
	snprintf(path, sizeof(path), "%s/desk.db", e->dir);
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	must(fd >= 0, path);
	close(fd);
	randombytes_buf(e->desk_id, sizeof(e->desk_id));
	must(crypto_sign_keypair(key, e->secret) == 0, "key");
	must(evidenced_open(e, NULL) == CAIRN_OK, e->trouble);
}

void
evidenced_init(struct evidenced *e)
{
	init(e, "/tmp", false);
}

void
evidenced_init_quick(struct evidenced *e)
{
	init(e, access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", true);
}

int
evidenced_open(struct evidenced *e, const char *vfs)
{
	char db[96], erasure[96];
	int err;

	snprintf(db, sizeof(db), "%s/desk.db", e->dir);
	snprintf(erasure, sizeof(erasure), "%s/erasure", e->dir);
	err = db_open(&e->db, db, vfs);
	if (err == CAIRN_OK)
		err = evidence_prepare(e->db);
	if (err == CAIRN_OK)
		err = erasure_new_file(&e->erasure, e->db, columns, erasure);
	e->options = (struct evidence_options){.db = e->db,
	    .erasure = e->erasure,
	    .folder = e->folder,
	    .cleaner = CAIRN_CLEAN,
	    .sign_secret = e->secret,
	    .sink = e->options.sink,
	    .sink_arg = e->options.sink_arg};
	if (e->quick)
		e->options.cleaner = NULL;
	memcpy(e->options.desk_id, e->desk_id, sizeof(e->desk_id));
	memset(e->options.device, 7, sizeof(e->options.device));
	if (err == CAIRN_OK)
		err = evidence_open(&e->ev, &e->options, e->trouble);
	if (err != CAIRN_OK)
		evidenced_close(e);
	return err;
}

void
evidenced_close(struct evidenced *e)
{
	evidence_close(e->ev);
	erasure_free(e->erasure);
	db_close(e->db);
	e->ev = NULL;
	e->erasure = NULL;
	e->db = NULL;
}

void
evidenced_release(struct evidenced *e)
{
	pid_t child;

	evidenced_close(e);
	child = fork();
	if (child == 0) {
		execlp("rm", "rm", "-rf", e->dir, (char *)NULL);
		_exit(127);
	}
	waitpid(child, NULL, 0);
}

struct bytes_left {
	const uint8_t *at;
	size_t left;
};

/* Odd sizes, so that nothing falls on the bounds of pieces. */
static int
read_bytes(void *arg, uint8_t *out, size_t room, size_t *ret_bytes)
{
	struct bytes_left *b = arg;
	size_t n = b->left < 100003 ? b->left : 100003;

	n = n < room ? n : room;
	if (n > 0)
		memcpy(out, b->at, n);
	b->at += n;
	b->left -= n;
	*ret_bytes = n;
	return CAIRN_OK;
}

int
evidenced_try(struct evidenced *e, uint8_t id[EVIDENCE_ITEM_BYTES], const void *bytes, size_t size)
{
	struct bytes_left left = {bytes, size};
	struct evidence_intake in = {
	    .read = read_bytes, .arg = &left, .name = "IMG_2017.jpg", .party = "a courier", .note = "in an envelope"};

	return evidence_add(e->ev, &in, EVIDENCED_NOW, id);
}

void
evidenced_add(struct evidenced *e, struct evidence_item *item, const void *bytes, size_t size)
{
	uint8_t id[EVIDENCE_ITEM_BYTES];

	must(evidenced_try(e, id, bytes, size) == CAIRN_OK, e->ev->trouble);
	must(evidence_get_item(e->ev, item, id) == CAIRN_OK, e->ev->trouble);
}

struct bytes_got {
	uint8_t *bytes;
	size_t size;
};

static int
take_bytes_in(void *arg, const uint8_t *bytes, size_t size)
{
	struct bytes_got *g = arg;

	g->bytes = realloc(g->bytes, g->size + size);
	must(g->bytes != NULL, "memory");
	memcpy(g->bytes + g->size, bytes, size);
	g->size += size;
	return CAIRN_OK;
}

int
evidenced_content(struct evidenced *e, const struct evidence_item *item, uint8_t **ret, size_t *ret_bytes)
{
	struct bytes_got got = {malloc(1), 0};
	int err = evidence_content(e->ev, item, take_bytes_in, &got);

	*ret = got.bytes;
	*ret_bytes = got.size;
	return err;
}

struct actions {
	enum evidence_action *actions;
	size_t room;
	size_t count;
};

static int
take_action(void *arg, const uint8_t *bytes, size_t size)
{
	struct actions *a = arg;
	struct evidence_entry entry;
	int err = evidence_entry_read(&entry, bytes, size);

	if (err == CAIRN_OK && a->count < a->room)
		a->actions[a->count] = entry.action;
	a->count++;
	return err;
}

size_t
evidenced_log(struct evidenced *e, const uint8_t id[EVIDENCE_ITEM_BYTES], enum evidence_action *actions, size_t room)
{
	struct actions a = {actions, room, 0};

	must(evidence_log(e->ev, id, take_action, &a) == CAIRN_OK, "log");
	return a.count;
}

size_t
evidenced_files(const struct evidenced *e)
{
	DIR *dir = opendir(e->folder);
	struct dirent *entry;
	size_t count = 0;

	must(dir != NULL, e->folder);
	while ((entry = readdir(dir)) != NULL)
		count += entry->d_name[0] != '.';
	closedir(dir);
	return count;
}

void
evidenced_path(const struct evidenced *e, const struct evidence_item *item, char out[160])
{
	char name[EVIDENCE_PATH_BYTES];

	evidence_path(name, item->file);
	snprintf(out, 160, "%s/%s", e->folder, name);
}

uint8_t *
evidenced_read_file(const char *path, size_t *ret_bytes)
{
	FILE *in = fopen(path, "rb");
	uint8_t *bytes;
	long size = 0;

	if (in == NULL)
		return NULL;
	must(fseek(in, 0, SEEK_END) == 0 && (size = ftell(in)) >= 0 && fseek(in, 0, SEEK_SET) == 0, path);
	bytes = malloc((size_t)size + 1);
	must(bytes != NULL && fread(bytes, 1, (size_t)size, in) == (size_t)size, path);
	fclose(in);
	*ret_bytes = (size_t)size;
	return bytes;
}
