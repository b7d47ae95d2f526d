// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/evidence.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "record/evidence_sql.h"

int
evidence_trouble(struct evidence *ev, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(ev->trouble, sizeof(ev->trouble), format, args);
	va_end(args);
	return err;
}

int
evidence_state_trouble(struct evidence *ev, int err)
{
	if (err == CAIRN_OK || ev->trouble[0] != '\0')
		return err;
	switch (err) {
	case CAIRN_ERR_SPACE:
		return evidence_trouble(ev, err, "the disk is full: nothing was changed");
	case CAIRN_ERR_BUSY:
		return evidence_trouble(ev, err, "another program works in this desk's folder; try again");
	default:
		return evidence_trouble(
		    ev, err, "the desk's evidence cannot be read or written: %s", cairn_strerror(err));
	}
}

int
evidence_prepare(struct db *db)
{
	return db_script(db, evidence_schema);
}

/* --- what a crash left --- */

static int
wanted(struct evidence *ev, const uint8_t file[EVIDENCE_NAME_BYTES], uint64_t *ret_count)
{
	struct query q = evidence_query(ev->options.db, EVIDENCE_SQL_ITEM_HAS_FILE);

	bind_bytes(&q, file, EVIDENCE_NAME_BYTES);
	return query_number(&q, ret_count);
}

/* Names that are none of ours are left alone. */
static int
sweep_one(struct evidence *ev, const char *name)
{
	uint8_t file[EVIDENCE_NAME_BYTES];
	uint64_t count;
	int err;

	if (text_hex(file, sizeof(file), (struct cairn_span){name, strlen(name)}) != CAIRN_OK)
		return CAIRN_OK;
	err = wanted(ev, file, &count);
	if (err == CAIRN_OK && count == 0 && unlinkat(ev->folder, name, 0) != 0 && errno != ENOENT)
		err = CAIRN_ERR_IO;
	return err;
}

/* The key of a file that was never finished was never written down: removing it is enough. */
static int
sweep(struct evidence *ev)
{
	int fd = openat(ev->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int err = CAIRN_OK;

	if (dir == NULL) {
		if (fd >= 0)
			close(fd);
		return CAIRN_ERR_IO;
	}
	while (err == CAIRN_OK && (entry = readdir(dir)) != NULL)
		err = sweep_one(ev, entry->d_name);
	closedir(dir);
	return err;
}

/* Whoever takes something in holds the folder's lock together with others; a sweep wants it alone. */
static int
sweep_unless_busy(struct evidence *ev)
{
	int err;

	if (flock(ev->folder, LOCK_EX | LOCK_NB) != 0)
		return errno == EWOULDBLOCK ? CAIRN_OK : CAIRN_ERR_IO;
	err = sweep(ev);
	flock(ev->folder, LOCK_UN);
	return err;
}

/* --- opening --- */

static int
open_folder(struct evidence *ev)
{
	struct stat st;

	if (mkdir(ev->options.folder, 0700) != 0 && errno != EEXIST)
		return CAIRN_ERR_IO;
	ev->folder = open(ev->options.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (ev->folder < 0 || fstat(ev->folder, &st) != 0)
		return CAIRN_ERR_IO;
	if ((st.st_mode & 077) != 0)
		return evidence_trouble(
		    ev, CAIRN_ERR_DENIED, "others may read the folder of evidence: chmod 700 %s", ev->options.folder);
	return CAIRN_OK;
}

int
evidence_open(struct evidence **ret, const struct evidence_options *options, char *trouble)
{
	struct evidence *ev = calloc(1, sizeof(*ev));
	int err;

	*ret = NULL;
	if (ev == NULL)
		return CAIRN_ERR_NOMEM;
	ev->options = *options;
	ev->folder = -1;
	err = open_folder(ev);
	if (err == CAIRN_OK)
		err = evidence_prepare(options->db);
	if (err == CAIRN_OK)
		err = sweep_unless_busy(ev);
	if (err != CAIRN_OK) {
		(void)evidence_state_trouble(ev, err);
		memcpy(trouble, ev->trouble, EVIDENCE_TROUBLE_MAX);
		evidence_close(ev);
		return err;
	}
	*ret = ev;
	return CAIRN_OK;
}

void
evidence_close(struct evidence *ev)
{
	if (ev == NULL)
		return;
	if (ev->folder >= 0)
		close(ev->folder);
	free(ev);
}
