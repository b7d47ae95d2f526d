// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clean/clean.h"
#include "clean/confine.h"

/* One file, then it ends. */

/* In front of those that are shorter. */
static const struct {
	enum clean_task task;
	const char *media;
	bool fonts;
	enum clean_exit (*prepare)(void);
	enum clean_exit (*answer)(const struct clean_job *job, struct cairn_span in);
} ways[] = {
    {CLEAN_TYPE, "", false, type_prepare, type_answer},
    {CLEAN_COPY, "image/", false, picture_prepare, picture_answer},
    {CLEAN_COPY, "application/pdf", true, pdf_prepare, pdf_answer},
    {CLEAN_COPY, "text/plain", false, text_prepare, text_answer},
    {CLEAN_REDACT, "image/", false, picture_prepare, picture_answer},
    {CLEAN_REDACT, "application/pdf", true, pdf_prepare, pdf_answer},
    {CLEAN_REDACT, "text/plain", false, text_prepare, text_answer},
};

static size_t
find_way(const struct clean_job *job)
{
	size_t i = 0;

	while (i < sizeof(ways) / sizeof(ways[0]) &&
	    (ways[i].task != job->task || strncmp(job->media, ways[i].media, strlen(ways[i].media)) != 0))
		i++;
	return i;
}

static int
read_all(int fd, uint8_t *out, size_t size)
{
	for (size_t at = 0; at < size;) {
		ssize_t n = read(fd, out + at, size - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return CAIRN_ERR_IO;
		at += (size_t)n;
	}
	return CAIRN_OK;
}

/* A whole file of at most that size; *ret is malloc'ed, with a zero behind it. */
static enum clean_exit
read_file(uint8_t **ret, size_t *ret_bytes, int fd, size_t most)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || st.st_size < 0)
		return CLEAN_FAILED;
	if ((uint64_t)st.st_size > most)
		return CLEAN_TOO_LARGE;
	*ret = calloc(1, (size_t)st.st_size + 1);
	*ret_bytes = (size_t)st.st_size;
	return *ret != NULL && read_all(fd, *ret, *ret_bytes) == CAIRN_OK ? CLEAN_DONE : CLEAN_FAILED;
}

int
main(void)
{
	struct clean_job job;
	uint8_t *bytes = NULL;
	size_t size = 0, way;
	enum clean_exit code = read_file(&bytes, &size, CLEAN_JOB_FD, CLEAN_JOB_MAX);

	if (code == CLEAN_DONE && clean_job_read(&job, bytes, size) != CAIRN_OK)
		code = CLEAN_FAILED;
	free(bytes);
	bytes = NULL;
	if (code != CLEAN_DONE)
		return code;
	way = find_way(&job);
	if (way == sizeof(ways) / sizeof(ways[0]))
		return CLEAN_UNKNOWN;
	code = ways[way].prepare();
	if (code == CLEAN_DONE && clean_confine(ways[way].fonts) != CAIRN_OK)
		code = CLEAN_UNCONFINED;
	if (code == CLEAN_DONE)
		code = read_file(&bytes, &size, CLEAN_IN_FD, CLEAN_IN_MAX);
	if (code == CLEAN_DONE)
		code = ways[way].answer(&job, (struct cairn_span){(const char *)bytes, size});
	/* At once: what tidies up at the end has been in strangers' hands. */
	_exit(code);
}
