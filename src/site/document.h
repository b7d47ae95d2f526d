// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_DOCUMENT_H
#define CAIRN_SITE_DOCUMENT_H

#include <glib.h>
#include <jansson.h>

#include "site/head.h"
#include "site/key.h"

/* The sources that are few: all of them are read at each build. */

/* A text with a head. */
struct document {
	char *file; /* below the source folder */
	char *text;
	struct head head;
	struct cairn_span id;   /* what stands before the first dot of the file's name */
	struct cairn_span lang; /* empty: the site's first */
	uint8_t hash[KEY_BYTES];
};

struct proven;

/* A JSON object, claims/name.json. */
struct item {
	char *file;
	char *id;
	json_t *json;
	char *picture; /* claims/name.svg, cleaned, or drawn here (site/figures.h); NULL: none */
	struct proven *proven; /* a claim's own proof (site/proven.h); NULL: none */
	uint8_t hash[KEY_BYTES];
};

/* All of a file of at most most bytes, a zero behind it; NULL with fault: CAIRN_ERR_UNKNOWN where there is none. */
char *source_file(int folder, const char *file, size_t most, size_t *ret_bytes, int *ret_err,
    struct site_fault *fault);

/* Names in a folder that end in ending, sorted; none where there is no folder. */
GPtrArray *source_names(int source, const char *folder, const char *ending);

CAIRN_NODISCARD int document_load(struct document **ret, int source, const char *file, const struct head_key *keys,
    size_t key_count, struct site_fault *fault);
void document_free(struct document *document);
/* All of a folder (*.md). The array frees them. */
CAIRN_NODISCARD int documents_load(GPtrArray **ret, int source, const char *folder, const struct head_key *keys,
    size_t key_count, struct site_fault *fault);

/* What a member of an object may be. */
struct json_field {
	const char *name;
	/* s text, d day, w web address, g slug, n number, a array of objects of these fields, t of texts, b */
	char kind;
	bool needed;
	const struct json_field *fields; /* of kind a; ended by a NULL name */
};
CAIRN_NODISCARD int items_load(GPtrArray **ret, int source, const char *folder, const struct json_field *fields,
    struct site_fault *fault);
struct item *item_find(const GPtrArray *items, struct cairn_span id);
struct cairn_span json_said(const json_t *object, const char *name);

#endif
