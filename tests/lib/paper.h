// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TESTS_LIB_PAPER_H
#define TESTS_LIB_PAPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/cairn.h"

/*
 * A desk and its relay on paper: in memory, made with the real core, so that a test can drive a machine
 * against them and then play the relay that lies. All randomness comes from one seed: a run
 * replays exactly. Whatever cannot happen aborts.
 */

#define PAPER_LOG_MAX 65536U

struct paper_file {
	char path[CAIRN_REQUEST_PATH_MAX]; /* below /d/<desk_id>/ */
	uint8_t *bytes;
	size_t size;
	struct paper_file *next;
};

struct paper {
	uint64_t seed;
	uint32_t draws;
	uint32_t hour; /* of the newest checkpoint, and of the relay's clock */
	uint32_t batch_cells;
	uint64_t serial; /* of the card */
	uint32_t not_after;
	uint8_t identity_key[32], identity_secret[64];
	uint8_t board_key[32], board_secret[64];
	uint8_t relay_key[32], relay_secret[64];
	uint8_t desk_id[CAIRN_HASH_BYTES];
	struct cairn_xwing_key epoch_key[2]; /* of intake and campaign: one for all days, which tests bear */
	uint32_t epoch_first, epoch_last;    /* the days that have one */

	uint64_t size; /* batches on the board */
	uint8_t (*leaves)[32];
	uint32_t *hours;
	struct paper_file *files; /* what the relay serves; tests alter them at will */

	size_t drop_count;
	uint8_t (*drop)[CAIRN_DROP_CELL_BYTES];
	uint8_t difficulty;
	int status;                 /* if not 0, every request gets it */
	char log[PAPER_LOG_MAX];    /* "GET board/card 812\n": method, path, bytes of the answer */
	size_t log_bytes;
	uint8_t answer[CAIRN_DOOR_ANSWER_MAX];
};

/* An empty board with card, epochs of hour's day and 4 more, and a checkpoint of size 0. */
void paper_init(struct paper *p, uint64_t seed, uint32_t hour);
void paper_release(struct paper *p);
/* A copy that goes its own way from here: a fork. */
void paper_fork(struct paper *to, const struct paper *from);

void paper_random(struct paper *p, void *out, size_t bytes);

/* One more batch at hour, with these real cells and as many fillers as are wanting. */
void paper_publish(struct paper *p, uint32_t hour, const uint8_t (*cells)[CAIRN_REPLY_CELL_BYTES],
    size_t count);
/* Signs card, epochs and checkpoint anew, at hour, as the fields of p say. */
void paper_sign(struct paper *p, uint32_t hour);

/* A reply cell with that text. */
void paper_reply(struct paper *p, uint8_t cell[CAIRN_REPLY_CELL_BYTES],
    const struct cairn_conversation *conv, uint32_t day, uint8_t lane, uint16_t n, const char *text);

void paper_put(struct paper *p, const char *path, const void *bytes, size_t size);
struct paper_file *paper_file(const struct paper *p, const char *path); /* NULL: none */

/* What this relay answers; *body lives until the next call. */
int paper_answer(struct paper *p, const struct cairn_request *request, const uint8_t **body, size_t *bytes);

/* A client of this desk that carries the identity key, with its clock at p's hour. */
void paper_client(struct cairn_client *client, const struct paper *p);

/* Drive a machine to its end against p; pauses are not waited for. */
enum cairn_step paper_look(struct paper *p, struct cairn_look *look);
enum cairn_step paper_send(struct paper *p, struct cairn_send *send);
enum cairn_step paper_open(struct paper *p, struct cairn_opening *opening);

#endif
