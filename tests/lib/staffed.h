// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TESTS_LIB_STAFFED_H
#define TESTS_LIB_STAFFED_H

#include "cairn/cairn.h"
#include "desk/answer.h"
#include "desk/collecting.h"
#include "desk/desk.h"
#include "desk/found.h"
#include "desk/sealed.h"
#include "desk/tick.h"
#include "lib/paper_feed.h"
#include "lib/plain_state.h"

/*
 * A staffed desk in a folder of its own, with a relay on paper that plays the staff's side of
 * docs/http.md, and persons who write to it. Whatever cannot happen aborts. The clock stands still
 * until a test moves it.
 */

#define STAFFED_CELLS_MAX 512U
#define STAFFED_BLOBS_MAX 16U
#define STAFFED_BOARD_MAX 256U

struct staffed_cell {
	bool there;
	uint64_t leased_until;
	enum cairn_door door;
	uint8_t bytes[CAIRN_DROP_CELL_BYTES];
};

struct staffed_blob {
	bool there;
	bool claimed;
	uint8_t id[CAIRN_BLOB_ID_BYTES];
	uint8_t bytes[CAIRN_BLOB_BYTES];
};

/* What the relay keeps of one size of the board. */
struct staffed_batch {
	char note[1024]; /* the checkpoint */
	size_t note_bytes;
	uint8_t *cells; /* batch size - 1 */
	size_t bytes;
	uint32_t hour;
};

struct staffed_relay {
	uint64_t now;
	int status; /* if not 0, every request gets it */
	size_t cell_count;
	struct staffed_cell cells[STAFFED_CELLS_MAX];
	size_t blob_count;
	struct staffed_blob blobs[STAFFED_BLOBS_MAX];
	uint64_t size;
	struct staffed_batch batches[STAFFED_BOARD_MAX + 1]; /* by size */
	unsigned contradictions;                             /* another text of a size that was there */
	unsigned requests;
	struct paper_feed feed;
	bool roster;
	uint8_t answer[CAIRN_LEASE_CELLS_MAX * CAIRN_DROP_CELL_BYTES];
};

struct staffed {
	char folder[64];
	char shares[80];
	struct desk_self self;
	struct staffed_relay *relay;
	struct desk *desk; /* NULL while closed */
	uint64_t now;
};

/* A person, as the passphrase makes them. */
struct speaker {
	struct cairn_conversation conv;
	uint8_t root[CAIRN_KEY_BYTES];
};

#define STAFFED_NOW (UINT64_C(20779) * 86400 + 43200)

/* Founds and opens it. */
void staffed_init(struct staffed *s);
void staffed_release(struct staffed *s);

/* Opens it (again); vfs may be NULL. Returns what plain_state_open() or desk_open() says. */
int staffed_open(struct staffed *s, const char *vfs);
void staffed_close(struct staffed *s);

/* How a desk reaches the relay on paper: for another device of the same desk. */
struct desk_wire staffed_wire(struct staffed_relay *relay);

/* Copies the state, with the key of erasure, from one to the other folder, both closed. */
void staffed_copy(const struct staffed *to, const struct staffed *from);

/* Moves the clock of desk and relay. */
void staffed_at(struct staffed *s, uint64_t now);

/* One whole round; must get through. */
void staffed_tick(struct staffed *s, struct tick *tick);

void speaker_init(struct speaker *p);

/*
 * Puts a cell of p (NULL: campaign without hello) into the drop, as of the desk's day plus shift:
 * msgid, then records as cairn_tlv_put() writes them, without the end. Returns where it lies in
 * relay->cells.
 */
size_t staffed_write(struct staffed *s, const struct speaker *p, enum cairn_door door, int shift,
    const uint8_t msgid[CAIRN_MSGID_BYTES], const uint8_t *records, size_t bytes);

/* The same with one text; msgid may be NULL for a random one. */
size_t staffed_say(struct staffed *s, const struct speaker *p, const char *text, const uint8_t *msgid);

/* The plaintexts on the board for p: how many cells open; out[room] gets them, oldest first. */
size_t staffed_heard(const struct staffed *s, const struct speaker *p, uint8_t (*out)[CAIRN_REPLY_PLAIN_BYTES],
    size_t room);

/* The number of the conversation of p, or 0. */
uint64_t staffed_conversation(struct staffed *s, const struct speaker *p);

/* A number out of the state, by a statement that gives one; for what nothing else shows. */
uint64_t staffed_number(struct staffed *s, const char *sql);

/* Opens a copy of a sealed row, if what is left in the state opens it; CAIRN_ERR_FORMAT where not. */
int staffed_unseal(struct staffed *s, uint8_t key[ERASURE_KEY_BYTES], const uint8_t sealed[ERASURE_SEALED_BYTES],
    struct sealed_row row);

/* Does the state file hold these bytes anywhere, free pages too? */
bool staffed_file_holds(const struct staffed *s, const void *bytes, size_t size);

#endif
