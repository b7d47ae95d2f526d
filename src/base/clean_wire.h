// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_BASE_CLEAN_WIRE_H
#define CAIRN_BASE_CLEAN_WIRE_H

/*
 * What a desk and cairn-clean say to each other: three open files, and an exit code. Everything comes from outside,
 * to both: the content from strangers, the answer from a program that the content may have taken over.
 *
 *	job     u8 task, u8 keep lengths, u8 media bytes, media, u32 count, count boxes
 *	box     u32 page (from 0), u32 left, u32 top, u32 width, u32 height; in text left and width count characters
 *	answer  task type: a media type; else u8 kind of what was made, then all of it
 */
#define CLEAN_JOB_FD 3
#define CLEAN_IN_FD 4
#define CLEAN_OUT_FD 5

#define CLEAN_MEDIA_MAX 127U
#define CLEAN_BOXES_MAX 256U
#define CLEAN_BOX_BYTES 20U
#define CLEAN_JOB_MAX (3U + CLEAN_MEDIA_MAX + 4U + CLEAN_BOXES_MAX * CLEAN_BOX_BYTES)
#define CLEAN_IN_MAX (256U << 20)
#define CLEAN_OUT_MAX (512U << 20)
#define CLEAN_SECONDS 120U
#define CLEAN_PAGES_MAX 512U
#define CLEAN_PIXELS_MAX (UINT64_C(256) << 20) /* of one picture */

enum clean_task {
	CLEAN_TYPE = 1,
	CLEAN_COPY = 2,
	CLEAN_REDACT = 3,
};

enum clean_kind {
	CLEAN_JPEG = 1,
	CLEAN_PNG = 2,
	CLEAN_PDF = 3,
	CLEAN_TEXT = 4,
};

enum clean_exit {
	CLEAN_DONE = 0,
	CLEAN_BROKEN = 10, /* the content is not what it seems, or damaged */
	CLEAN_TOO_LARGE = 11,
	CLEAN_OUTSIDE = 12,    /* a box reaches beyond its page, or there is no such page */
	CLEAN_UNKNOWN = 13,    /* no such kind of content can be cleaned */
	CLEAN_UNCONFINED = 14, /* the kernel cannot confine it, so nothing was read */
	CLEAN_FAILED = 15,
};

#endif
