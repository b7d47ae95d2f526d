// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TESTS_LIB_RECORDED_H
#define TESTS_LIB_RECORDED_H

#include "record/emit.h"
#include "record/read.h"

/*
 * A record in a database of its own, devices that emit into it, and random entities. Whatever cannot happen
 * aborts.
 */

#define RECORDED_OPS_MAX 8192U
#define RECORDED_NOW UINT64_C(1795305600)

struct recorded_op {
	uint8_t device[CAIRN_DEVICE_ID_BYTES];
	uint64_t counter;
	uint64_t lamport;
	uint8_t compartment[RECORD_COMPARTMENT_BYTES];
	uint8_t *bytes;
	size_t size;
};

struct recorded {
	char path[64];
	struct db *db;
	uint8_t device; /* who emits: fills a device id */
	size_t count;
	struct recorded_op ops[RECORDED_OPS_MAX]; /* all that were emitted here */
};

struct recorded *recorded_new(void);
void recorded_free(struct recorded *r);
struct record_sink recorded_sink(struct recorded *r);

/* Applies one of another's operations here; what record_apply() says. */
int recorded_take(struct recorded *r, const struct recorded_op *op);

/* All that stands in the record, as text that two can be compared by. malloc'ed. */
char *recorded_dump(struct recorded *r);

/* Random numbers from a seed, the same everywhere. */
struct dice {
	uint64_t state;
};
uint32_t dice_roll(struct dice *d, uint32_t below);
void dice_bytes(struct dice *d, void *out, size_t size);

/* A valid value for a field, with what text can be made of; ref is the id (hex) that references get. */
void dice_value(struct dice *d, const struct record_field *field, const char *ref, char *out, size_t room);

/* A change of a random kind with random fields, notes, levels and retractions; wide: nearly all fields. */
void dice_change(struct dice *d, struct record_change *change, bool wide);

#endif
