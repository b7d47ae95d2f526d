// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TESTS_LIB_RELAY_DESK_H
#define TESTS_LIB_RELAY_DESK_H

#include "cairn/cairn.h"
#include "lib/paper.h"
#include "lib/relay_process.h"

/*
 * A desk on paper beside the real relay: its devices sign, its board is appended. All of it real but for the
 * desk's own program.
 */
#define RELAY_DEVICES_MAX 8U

/* One more device of the desk. */
struct relay_device {
	uint8_t id[16];
	uint8_t key[32], secret[64];
	char roles[64];
};

/* A record that the relay has. */
struct relay_place {
	uint8_t hash[CAIRN_HASH_BYTES];
	uint32_t day;
};

struct relay_desk {
	struct relay_process *relay;
	struct paper paper;
	char hex[65]; /* desk_id */
	uint8_t relay_key[32];
	uint8_t device[16]; /* roles intake and publish */
	uint8_t device_key[32], device_secret[64];
	char roles[64];
	uint32_t since, until;
	struct relay_device more[RELAY_DEVICES_MAX]; /* stand in every roster from when they were added */
	size_t more_count;
	const struct relay_device *as; /* who asks; NULL: the first device */
	uint64_t roster_serial;
	uint32_t nonces;
	uint64_t batches; /* that the relay has */
	struct relay_place *places; /* of the feed, as far as it was appended from here */
	uint64_t place_count;
};

/* Adds it to the running relay and sends its roster. */
void relay_desk_init(struct relay_desk *desk, struct relay_process *relay, uint64_t seed);
void relay_desk_release(struct relay_desk *desk);

/* /d/<desk_id>/<rest> */
const char *relay_desk_path(const struct relay_desk *desk, char out[256], const char *rest);

/* A cell that the relay takes, of today by its clock, made from n: not one that anybody could open. */
void relay_desk_cell(const struct relay_desk *desk, uint8_t cell[8192], enum cairn_door door, uint64_t n);

/* The roster, with these words for roles; sends it and returns the status. */
int relay_desk_roster(struct relay_desk *desk, uint64_t serial, const char *roles, uint32_t since, uint32_t until);

/* Adds a device with these roles, and sends the roster with the next serial. */
const struct relay_device *relay_desk_device(struct relay_desk *desk, const char *roles);

/* An Authorization line, CR LF and all, for what is asked now. */
void relay_desk_sign(struct relay_desk *desk, char line[320], const char *method, const char *target,
    const void *body, size_t bytes);
/* A signed request below the desk. body may be NULL. */
void relay_desk_ask(struct relay_desk *desk, struct http_answer *answer, const char *method, const char *rest,
    const void *body, size_t bytes);
int relay_desk_status(struct relay_desk *desk, const char *method, const char *rest, const void *body,
    size_t bytes);

/* --- the feed --- */

/*
 * A record of that size for that place, by whoever asks, that the relay takes; what is sealed in it is made from n,
 * and nothing that any device could open. The same again is the same.
 */
void relay_feed_record(const struct relay_desk *desk, uint8_t *record, size_t bytes, uint64_t seq, uint64_t n);
/* Signs a record again in which something was altered, by whoever asks. */
void relay_feed_sign(const struct relay_desk *desk, uint8_t *record, size_t bytes);
/* The status; *ret_head, if not NULL, is what comes with 409. */
int relay_feed_append(struct relay_desk *desk, uint64_t seq, const void *record, size_t bytes, uint64_t *ret_head);
/* Without a wait where seconds is 0. At most ten seconds go by in a test, unless the clock is moved. */
void relay_feed_get(struct relay_desk *desk, struct http_answer *answer, uint64_t from, unsigned seconds);
int relay_feed_delete(struct relay_desk *desk, const uint64_t *seqs, size_t count);

/* --- suspension --- */

/* The note by which two devices suspend what is named; its bytes. */
size_t relay_desk_suspension(const struct relay_desk *desk, uint8_t note[CAIRN_SUSPENSION_BYTES_MAX],
    const struct cairn_suspended *named, size_t count, const struct relay_device *first,
    const struct relay_device *second);
/* Sends it: the status. */
int relay_desk_suspend(struct relay_desk *desk, const struct relay_device *who, const struct relay_device *first,
    const struct relay_device *second);

/* The body of an append of all that the paper board ends with: *bytes of it in fresh memory. */
uint8_t *relay_desk_append_body(const struct relay_desk *desk, size_t *bytes, bool keys);
/* Appends what the paper board ends with; the status. */
int relay_desk_append(struct relay_desk *desk, uint64_t size);
/* One more batch, at the relay's hour. */
int relay_desk_publish(struct relay_desk *desk);

#endif
