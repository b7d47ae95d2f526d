// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_MANIFEST_H
#define CAIRN_SITE_MANIFEST_H

#include <stdbool.h>

#include <glib.h>

#include "cairn/err.h"
#include "cairn/hash.h"
#include "cairn/span.h"

/*
 * The list of all files of a site: "cairn site 1", "desk <id or ->", then "<SHA-256> <path>" for each, by the bytes
 * of the paths. Its own SHA-256 is what the site's log has (docs/site.md).
 */
#define MANIFEST_FILE "manifest"
#define MANIFEST_BEGUN "manifest.begun" /* there while a first build is under way */
#define MANIFEST_BYTES_MAX (64U << 20)
#define MANIFEST_PATH_MAX 120U /* what a request takes */

/* Writing: paths ascending. */
void manifest_begin(GString *out, struct cairn_span desk);
void manifest_add(GString *out, const uint8_t hash[CAIRN_SHA256_BYTES], const char *path);

/* Reading. The text must outlive it. */
struct manifest {
	struct cairn_span desk;
	struct cairn_span rest; /* lines not taken yet */
	struct cairn_span before;
};
/* A path that stays within the folder: words of a-z, A-Z, 0-9, "-", "_" and ".", none beginning with a dot. */
bool manifest_path_ok(struct cairn_span path);
/* CAIRN_ERR_FORMAT. */
CAIRN_NODISCARD int manifest_open(struct manifest *m, struct cairn_span text);
/* *ret_more is false at the end. CAIRN_ERR_FORMAT: a line that is none, or out of order. */
CAIRN_NODISCARD int manifest_next(struct manifest *m, uint8_t hash[CAIRN_SHA256_BYTES], struct cairn_span *path,
    bool *ret_more);

/* All paths of the one that lies in a folder; none where there is none, or where it is broken. */
GPtrArray *manifest_paths(int folder);

#endif
