// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_SITE_H
#define CAIRN_SITE_SITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/hash.h"

/*
 * The public site: static pages out of a folder of sources (docs/site.md). The same sources, options and day give the
 * same bytes on any machine, and a build that changes little leaves what a full one would.
 */

#define SITE_FAULT_MAX 240U

struct site_options {
	const char *source;
	const char *out;       /* made where it is missing; never a folder with other things in it */
	const char *cache;     /* what the last build knew; NULL: out with ".cache" behind it. Only for speed */
	const char *assets;    /* web/site as built: style, scripts, the core */
	const char *pictures;  /* the program that draws; NULL: no pictures to share are made */
	const char *base;      /* address of the site, ending in a slash; NULL: as site.conf says */
	const char *desk;      /* address of the desk, with its key; NULL: as site.conf says */
	bool all_languages;    /* translations too that nobody reviewed, marked */
	uint32_t day;          /* today: which gatherings are over */
	unsigned threads;      /* 0: as many as there are processors */
};

struct site_report {
	size_t pages;   /* files of the site, the manifest apart */
	size_t written; /* of these, made anew */
	size_t removed;
	uint8_t manifest[CAIRN_SHA256_BYTES];
};

/* What is wrong, for whoever keeps the sources. line 0: the whole file. */
struct site_fault {
	char file[SITE_FAULT_MAX];
	unsigned line;
	char text[SITE_FAULT_MAX];
};

/*
 * CAIRN_ERR_FORMAT: a source is not as it should be; CAIRN_ERR_IO, CAIRN_ERR_SPACE; CAIRN_ERR_CONFLICT: out is not a
 * site. fault is filled in after any of them. A build that fails may leave some pages new and some old, and
 * the manifest as it was; the next one mends that.
 */
CAIRN_NODISCARD int site_build(const struct site_options *options, struct site_report *report,
    struct site_fault *fault);

#endif
