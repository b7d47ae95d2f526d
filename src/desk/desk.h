// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_DESK_H
#define CAIRN_DESK_DESK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/board.h"
#include "cairn/desk_keys.h"
#include "cairn/drop.h"
#include "cairn/err.h"
#include "cairn/step.h"
#include "cairn/tlog.h"
#include "carry/carry.h"
#include "desk/state.h"

/*
 * A staff device that is open: its keys, its state, and how its bytes move. Every function that
 * takes one may leave a sentence for staff in trouble (what is wrong, what to do) beside the error
 * that it returns. now is always Unix seconds, by this device's clock.
 */

#define DESK_NAME_MAX 128U
#define DESK_URL_MAX 256U
#define DESK_TROUBLE_MAX 512U
#define DESK_DAY_S 86400U
#define DESK_HOUR_S 3600U
#define DESK_TICK_S 600U

/* How many days of epoch keys are out ahead of today. */
#define DESK_INTAKE_DAYS 4U
#define DESK_CAMPAIGN_DAYS 30U

/*
 * What carries a request to the relay, once, with its own retries; signed where it asks for that.
 * Returns the HTTP status, or CAIRN_NO_ANSWER. *body lives until the next call.
 */
struct desk_wire {
	int (*exchange)(void *arg, const struct cairn_request *request, const uint8_t **body, size_t *bytes);
	void *arg;
};

/* Keys of the device. Secret where the name says so. */
struct desk_self {
	uint8_t desk_id[CAIRN_HASH_BYTES];
	uint8_t identity_key[32];
	char name[DESK_NAME_MAX + 1];
	char relay_url[DESK_URL_MAX + 1];
	uint8_t relay_key[32];
	uint8_t device_id[CAIRN_DEVICE_ID_BYTES];
	uint8_t sign_secret[64];  /* signs requests */
	uint8_t xwing_seed[32];   /* the device's own, for what is sent from device to device */
	uint8_t board_secret[64]; /* signs checkpoints and epochs; its second half is the public key */
	uint32_t batch_cells;
	uint32_t lane;
	uint32_t intake_days;
	uint32_t campaign_days;
	uint32_t trusted_day; /* the newest day that the relay's clock agreed with */
	uint32_t turned_day;  /* tag keys stand at this day */
};

/* Epoch keys spread out, the ones used last. Secret. */
#define DESK_EPOCH_CACHE 12U
struct desk_epoch_slot {
	bool used;
	struct cairn_drop_header header;
	uint64_t last;
	struct cairn_xwing_key key;
};

/*
 * A room above the desk that has tables of its own in its database, and speaks of them to the other devices: the
 * record. Each may be NULL.
 */
struct desk;
struct desk_room {
	/* An operation that was applied, after the desk has seen it; in the transaction that applies it. */
	int (*applied)(struct desk *desk, const struct op *op, const uint8_t compartment[OP_ID_BYTES]);
	/* Nothing of that compartment may stay; in the same way. */
	int (*destroyed)(struct desk *desk, const uint8_t compartment[OP_ID_BYTES]);
	/* Says what the others were not told, after a sync. */
	int (*tell)(struct desk *desk, uint64_t now);
	/* What it does by the clock, once a round, last; said, empty before, is a sentence for staff. */
	int (*round)(struct desk *desk, char said[DESK_TROUBLE_MAX], uint64_t now);
};

struct desk {
	struct db *state;
	struct desk_self self;
	struct desk_wire wire;
	const char *proxy; /* for requests to others than the relay; NULL: straight. Outlives the desk */
	struct carry *carry; /* the engine that keeps it in step with the others */
	const struct desk_room *room; /* NULL: none */
	struct desk_epoch_slot epochs[DESK_EPOCH_CACHE];
	uint64_t epoch_uses;
	bool clock_agreed; /* a signed request got through: the relay's clock agrees with ours to the minute */
	char trouble[DESK_TROUBLE_MAX];
};

/*
 * Opens the desk in this state, which it owns from then on, also on failure. The struct lies in locked memory. On
 * failure *ret is NULL, and trouble[DESK_TROUBLE_MAX] says what is wrong.
 */
CAIRN_NODISCARD int desk_open(struct desk **ret, struct db *state, char *trouble);
void desk_close(struct desk *desk);

/* Reads self again, after another process may have changed it. */
CAIRN_NODISCARD int desk_self_read(struct desk_self *self, struct db *state);
CAIRN_NODISCARD int desk_self_write(struct db *state, const struct desk_self *self);
/* What a card says of the desk: its name, relay, and cells a batch. */
CAIRN_NODISCARD int desk_self_named(struct db *state, const struct desk_self *self);

uint32_t desk_day(uint64_t now);
uint32_t desk_hour(uint64_t now);

/* Leaves a sentence in desk->trouble and returns err. */
int desk_trouble(struct desk *desk, int err, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Who this device is, for its engine. Secret. */
void desk_carry_self(struct carry_self *out, const struct desk_self *self);

/* The same for an error out of the state: full, busy, damaged. CAIRN_OK stays. */
int desk_state_trouble(struct desk *desk, int err);

/*
 * One request to the relay. CAIRN_OK for 200 and 204; else an error with its sentence: CAIRN_ERR_IO
 * no answer, CAIRN_ERR_DENIED 401 and 403, CAIRN_ERR_BUSY 503, CAIRN_ERR_CONFLICT 409 (body is the
 * checkpoint in force), CAIRN_ERR_UNKNOWN 404, CAIRN_ERR_FORMAT all else. body may be NULL.
 */
CAIRN_NODISCARD int desk_exchange(struct desk *desk, const struct cairn_request *request, int *ret_status,
    const uint8_t **body, size_t *bytes);

/* The error, and its sentence, for a status of the relay. */
int desk_status(struct desk *desk, int status);

#endif
