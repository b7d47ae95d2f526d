// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_POSTED_H
#define CAIRN_SITE_POSTED_H

#include <glib.h>

#include "cairn/span.h"
#include "site/site.h"

/*
 * What was posted where: the file "posted" beside the site's sources, so that a change or a deletion finds it, and
 * that what broke off is not posted twice. docs/site.md has the format. Nothing in it is secret.
 */
#define POSTED_FILE "posted"
#define POSTED_NAME_MAX 40U
#define POSTED_ENTRY_MAX 100U
#define POSTED_ID_MAX 200U
#define POSTED_URL_MAX 500U
#define POSTED_KEY_BYTES 16U
#define POSTED_ROWS_MAX 20000U
#define POSTED_BYTES_MAX (16U << 20)

enum posted_state {
	POSTED_BEGUN, /* a first try was made, and nothing came back */
	POSTED_DONE,
	POSTED_CHANGING, /* a change was sent, and nothing came back */
};

struct posted {
	char account[POSTED_NAME_MAX + 1]; /* as posting.conf calls it */
	char entry[POSTED_ENTRY_MAX + 1];  /* the file's name, without ".md" */
	enum posted_state state;
	uint8_t key[POSTED_KEY_BYTES];    /* random: what tells a try from another */
	uint8_t digest[POSTED_KEY_BYTES]; /* of what was posted */
	uint64_t began_s;                 /* while it is begun or changing; else 0, since the hour is nobody's */
	char id[POSTED_ID_MAX + 1];       /* the service's own; empty while begun */
	char url[POSTED_URL_MAX + 1];     /* may be empty */
};

/* Names as they may stand in it: a-z, 0-9, hyphens and dots, and no dot first. */
bool posted_name_ok(struct cairn_span name, size_t most);

/* Rows, sorted by account and entry. *ret is the caller's. CAIRN_ERR_FORMAT with fault. */
CAIRN_NODISCARD int posted_read(GArray **ret, struct site_fault *fault, struct cairn_span text);
void posted_write(GString *out, const GArray *rows);

/* The row, or NULL. posted_add() makes it where there is none. The pointer holds until the next call. */
struct posted *posted_find(GArray *rows, const char *account, const char *entry);
struct posted *posted_add(GArray *rows, const char *account, const char *entry);
void posted_drop(GArray *rows, const char *account, const char *entry);

/* folder is the source's, open. No file is no row. CAIRN_ERR_FORMAT, CAIRN_ERR_IO with fault. */
CAIRN_NODISCARD int posted_load(GArray **ret, struct site_fault *fault, int folder);
/* Durable before it returns: what was begun is known after a power cut. CAIRN_ERR_IO, CAIRN_ERR_SPACE with fault.
 */
CAIRN_NODISCARD int posted_save(const GArray *rows, struct site_fault *fault, int folder);

#endif
