// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/demo.h"
#include "cli/demo_process.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/place.h"

#define RUNS_MAX 10000U

/* One line a process: its number and what stands in its command line. */
static FILE *
running_file(const char *dir, const char *mode)
{
	char path[DEMO_PATH + 16];

	(void)snprintf(path, sizeof(path), "%s/running", dir);
	return fopen(path, mode);
}

bool
demo_stop_running(const char *dir, bool *ret_any)
{
	char line[DEMO_PATH + 64];
	FILE *in = running_file(dir, "re");
	bool ended = true;

	*ret_any = false;
	while (in != NULL && fgets(line, sizeof(line), in) != NULL) {
		char *mark;
		long pid = strtol(line, &mark, 10);

		mark[strcspn(mark, "\n")] = '\0';
		if (*mark != ' ' || !demo_alive((pid_t)pid, mark + 1))
			continue;
		*ret_any = true;
		ended &= demo_end((pid_t)pid, mark + 1);
	}
	if (in != NULL)
		(void)fclose(in);
	if (in != NULL && ended) {
		(void)snprintf(line, sizeof(line), "%s/running", dir);
		(void)unlink(line);
	}
	return ended;
}

int
demo_note_running(const struct demo *d)
{
	FILE *out = running_file(d->dir, "we");
	int bad;

	if (out == NULL)
		return fail(CAIRN_EXIT_STORAGE, "%s/running: %s", d->dir, strerror(errno));
	/* Stopped in this order: a desk whose relay has gone would wait for it. */
	bad = d->open_desk > 0 && fprintf(out, "%d %s\n", (int)d->open_desk, d->desk) < 0;
	bad |= fprintf(out, "%d %s\n", (int)d->relay, d->data) < 0;
	bad |= fclose(out) != 0;
	return bad ? fail(CAIRN_EXIT_STORAGE, "%s/running could not be written", d->dir) : CAIRN_EXIT_OK;
}

/* The first number whose folder is not there yet. */
static int
make_folder(struct demo *d)
{
	char whole[PATH_MAX];

	if (mkdir(d->dir, 0700) != 0 && errno != EEXIST)
		return fail(CAIRN_EXIT_STORAGE, "%s: %s", d->dir, strerror(errno));
	if (realpath(d->dir, whole) == NULL || strlen(whole) >= sizeof(d->dir))
		return fail(CAIRN_EXIT_STORAGE, "%s: %s", d->dir, strerror(errno));
	memcpy(d->dir, whole, strlen(whole) + 1);
	for (unsigned n = 1; n < RUNS_MAX; n++) {
		(void)snprintf(d->folder, sizeof(d->folder), "%s/%u", d->dir, n);
		if (mkdir(d->folder, 0700) == 0)
			return CAIRN_EXIT_OK;
		if (errno != EEXIST)
			break;
	}
	return fail(CAIRN_EXIT_STORAGE, "%s: %s", d->folder, strerror(errno));
}

int
demo_prepare(struct demo *d)
{
	const struct {
		char *path;
		size_t room;
		const char *name;
	} names[] = {
	    {d->data, sizeof(d->data), "relay"},
	    {d->desk, sizeof(d->desk), "desk"},
	    {d->shares, sizeof(d->shares), "shares"},
	    {d->desk_log, sizeof(d->desk_log), "desk.log"},
	    {d->relay_log, sizeof(d->relay_log), "relay.log"},
	    {d->source, sizeof(d->source), "source"},
	    {d->site, sizeof(d->site), "site"},
	    {d->second, sizeof(d->second), "second"},
	};
	int code;

	if (!demo_find_page(d->page, sizeof(d->page)))
		d->page[0] = '\0';
	if (!demo_find_plain(d->plain, sizeof(d->plain)))
		d->plain[0] = '\0';
	if (d->page[0] == '\0' || !demo_find_site(d->example, sizeof(d->example)))
		d->example[0] = '\0';
	if (!place_self(d->self, sizeof(d->self)) || !demo_find_relay(d->cairnd, sizeof(d->cairnd)))
		return fail(CAIRN_EXIT_STORAGE, "cairnd is neither beside this program nor on the PATH");
	code = make_folder(d);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && code == CAIRN_EXIT_OK; i++)
		(void)snprintf(names[i].path, names[i].room, "%s/%s", d->folder, names[i].name);
	if (code == CAIRN_EXIT_OK && mkdir(d->data, 0700) != 0)
		code = fail(CAIRN_EXIT_STORAGE, "%s: %s", d->data, strerror(errno));
	return code;
}
