// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/reader.h"
#include "clean/clean.h"

int
clean_job_read(struct clean_job *job, const uint8_t *bytes, size_t size)
{
	uint8_t task, keep, media;
	uint32_t count = 0;
	struct reader r;

	memset(job, 0, sizeof(*job));
	reader_init(&r, bytes, size);
	take_u8(&r, &task);
	take_u8(&r, &keep);
	take_u8(&r, &media);
	if (media > CLEAN_MEDIA_MAX)
		return CAIRN_ERR_FORMAT;
	take_bytes(&r, job->media, media);
	take_u32(&r, &count);
	if (task < CLEAN_TYPE || task > CLEAN_REDACT || keep > 1 || count > CLEAN_BOXES_MAX ||
	    memchr(job->media, 0, media) != NULL)
		return CAIRN_ERR_FORMAT;
	job->task = (enum clean_task)task;
	job->keep_lengths = keep == 1;
	job->count = count;
	for (uint32_t i = 0; i < count; i++) {
		take_u32(&r, &job->boxes[i].page);
		take_u32(&r, &job->boxes[i].left);
		take_u32(&r, &job->boxes[i].top);
		take_u32(&r, &job->boxes[i].width);
		take_u32(&r, &job->boxes[i].height);
	}
	return reader_end(&r);
}

enum clean_exit
clean_put(const void *bytes, size_t size)
{
	const uint8_t *at = bytes;

	while (size > 0) {
		ssize_t n = write(CLEAN_OUT_FD, at, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return errno == EFBIG ? CLEAN_TOO_LARGE : CLEAN_FAILED;
		at += n;
		size -= (size_t)n;
	}
	return CLEAN_DONE;
}

enum clean_exit
clean_put_kind(enum clean_kind kind)
{
	uint8_t byte = (uint8_t)kind;

	return clean_put(&byte, 1);
}

bool
box_fits(const struct clean_box *box, uint64_t width, uint64_t height)
{
	return box->width > 0 && box->height > 0 && box->left < width && box->top < height &&
	    box->width <= width - box->left && box->height <= height - box->top;
}
