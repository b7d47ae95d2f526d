// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef VECTORS_RUN_H
#define VECTORS_RUN_H

#include <jansson.h>
#include <sodium.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/cairn.h"

/*
 * Runs every row of a file of protocol vectors through libcairn. A section is a table of members; a
 * member that no table names is a failure, so that nothing in a file is passed over in silence.
 *
 * A row is a function that returns when the row holds and leaves through row_fail() when it does not. What
 * it takes out of the row lives until the row ends.
 */
struct run;
typedef void row_fn(struct run *r, const json_t *row);

enum member_kind {
	MEMBER_ROWS,  /* an array: fn for each element */
	MEMBER_ONE,   /* fn once, for the whole value */
	MEMBER_GROUP, /* fn runs rows of its own by run_rows() */
	MEMBER_DATA,  /* looked at by other members */
};

struct member {
	const char *name; /* NULL: the section itself */
	enum member_kind kind;
	row_fn *fn;
};

struct section {
	const char *name;
	const struct member *members;
	size_t count;
};

#define SECTION(name, members) {(name), (members), sizeof(members) / sizeof((members)[0])}

/* Bytes out of a row; a view. */
struct bytes {
	const uint8_t *at;
	size_t size;
};

struct desk {
	uint8_t id[CAIRN_HASH_BYTES];
	uint8_t identity_key[32], identity_secret[64];
	uint8_t board_key[32], board_secret[64];
	uint8_t relay_key[32], relay_secret[64];
};

struct board; /* board.h */

struct run {
	const json_t *file;
	struct desk desk;
	struct cairn_conversation person;
	struct board *board; /* made at the first use */
	size_t passed;
	size_t failed;

	const char *section;
	const char *list;
	size_t index;
	void *state; /* of the group that runs */
	char what[1024];
	struct piece *pieces;
};

/* Every row of the file; false when one failed. Closes with "N passed, N failed". */
bool run_all(struct run *r, const json_t *file);

/* leave.c, and tests/vectors/wasm/leave.c: runs fn; false when it left by row_leave(). */
bool row_holds(struct run *r, const json_t *row, row_fn *fn);
__attribute__((noreturn)) void row_leave(void);

void run_rows(struct run *r, const char *list, const json_t *rows, row_fn *fn);
void run_one(struct run *r, const char *list, size_t index, const json_t *row, row_fn *fn);

/* Ends the row. what says what was expected. */
void row_fail(struct run *r, const char *what, ...) __attribute__((noreturn, format(printf, 2, 3)));

#define expect(r, holds, ...)                          \
	do {                                           \
		if (!(holds))                          \
			row_fail((r), __VA_ARGS__);    \
	} while (0)

/* For what a row says is accepted. */
void expect_ok(struct run *r, int err, const char *what);
void expect_bytes(struct run *r, const char *what, const void *got, size_t got_size, struct bytes want);

/* Memory until the end of the row. */
void *row_alloc(struct run *r, size_t size);

/* Fields of a row. One that is not there, or of another form, fails the row. */
const json_t *field(struct run *r, const json_t *row, const char *key);
bool field_null(struct run *r, const json_t *row, const char *key);
bool field_bool(struct run *r, const json_t *row, const char *key);
uint64_t field_number(struct run *r, const json_t *row, const char *key, uint64_t max);
struct cairn_span field_text(struct run *r, const json_t *row, const char *key);
struct bytes field_hex(struct run *r, const json_t *row, const char *key);
struct bytes field_base64(struct run *r, const json_t *row, const char *key);
const uint8_t *field_hex_of(struct run *r, const json_t *row, const char *key, size_t size);
struct bytes hex_of(struct run *r, const json_t *value, const char *what);
struct bytes base64_of(struct run *r, const json_t *value, const char *what);
struct bytes text_bytes(struct cairn_span text);

/* By section and member, as "drop", "ok". */
const json_t *file_member(struct run *r, const char *section, const char *member);
/* The element of an array whose field key is the text value. */
const json_t *named(struct run *r, const json_t *rows, const char *key, struct cairn_span value);
enum cairn_door field_door(struct run *r, const json_t *row);

extern const struct section section_desk, section_hash, section_derive, section_passphrases,
    section_conversation, section_hello, section_drop, section_receipts, section_files, section_reply_cells,
    section_board, section_tree, section_tiles, section_checkpoints, section_looks, section_identity,
    section_card, section_epochs, section_roster, section_requests, section_doors, section_work;

#endif
