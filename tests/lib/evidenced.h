// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TESTS_LIB_EVIDENCED_H
#define TESTS_LIB_EVIDENCED_H

#include "record/evidence.h"

/*
 * The evidence of a desk in a folder of its own, with a device's key and the real cairn-clean. Whatever cannot happen
 * aborts. The clock stands still.
 */
#define EVIDENCED_NOW UINT64_C(1795000000)

struct evidenced {
	char dir[64];
	char folder[80]; /* of the sealed files */
	uint8_t desk_id[32];
	uint8_t secret[64];
	struct db *db;
	struct erasure *erasure;
	struct evidence *ev; /* NULL while closed */
	bool quick;
	struct evidence_options options;
	char trouble[EVIDENCE_TROUBLE_MAX];
};

void evidenced_init(struct evidenced *e);
/* Quicker, for many runs: in memory where there is such a folder, and without cairn-clean. */
void evidenced_init_quick(struct evidenced *e);
/* Closes, and takes the folder away. */
void evidenced_release(struct evidenced *e);

/* Opens it (again); vfs may be NULL. Returns what failed. */
int evidenced_open(struct evidenced *e, const char *vfs);
void evidenced_close(struct evidenced *e);

/* Takes bytes in, in pieces of odd sizes; must get through. */
void evidenced_add(struct evidenced *e, struct evidence_item *item, const void *bytes, size_t size);
/* The same without having to. */
int evidenced_try(struct evidenced *e, uint8_t id[EVIDENCE_ITEM_BYTES], const void *bytes, size_t size);

/* The whole content, malloc'ed; returns the error of evidence_content(). */
int evidenced_content(struct evidenced *e, const struct evidence_item *item, uint8_t **ret, size_t *ret_bytes);

/* The actions of an item's log, in order, and the entries themselves where entries is not NULL. */
size_t evidenced_log(
    struct evidenced *e, const uint8_t id[EVIDENCE_ITEM_BYTES], enum evidence_action *actions, size_t room);

/* Files in the folder of sealed files. */
size_t evidenced_files(const struct evidenced *e);

/* The path of the item's sealed file. */
void evidenced_path(const struct evidenced *e, const struct evidence_item *item, char out[160]);

/* A whole file, malloc'ed; NULL: not there. */
uint8_t *evidenced_read_file(const char *path, size_t *ret_bytes);

#endif
