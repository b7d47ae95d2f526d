// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_TASKS_H
#define CAIRN_CARRY_TASKS_H

#include "carry/carry.h"
#include "carry/devices.h"

/* What somebody at the desk has to do now, because of what has happened. */
enum task_kind {
	TASK_DEVICE_TAKEN = 1, /* a device that knew this compartment was taken: change what it knew */
	TASK_PERSON_TAKEN = 2, /* the person was taken: whoever he knew of is in danger */
	TASK_BY_HAND = 3,      /* somebody asked for it */
};

struct task {
	uint8_t id[OP_ID_BYTES];
	uint64_t cause;  /* the record of the feed */
	uint64_t device; /* whose: its row */
	uint64_t c;      /* the compartment's row; 0 for none */
	uint8_t kind;
	uint64_t at;
};

/* The same task is there once. In the caller's transaction. */
CAIRN_NODISCARD int task_raise(struct carry *carry, const struct task *task);

/* Open ones, oldest first; device 0: everybody's. *ret is malloc'ed. cause is 0. */
CAIRN_NODISCARD int tasks_open(struct carry *carry, struct task **ret, size_t *ret_count, uint64_t device);

/*
 * Whose it is to change what a taken device knew of a compartment: rows of those who are in it, without the taken
 * one. A leg has one driver: where nobody is left, of those who have a plan of its case, else its contact. taken 0:
 * none is.
 */
CAIRN_NODISCARD int tasks_owners(struct carry *carry, uint64_t owners[DEVICES_MAX], size_t *ret_count, uint64_t c,
    uint64_t taken);

/* "a device that knew this was taken: change what it knew" */
const char *task_text(uint8_t kind);

#endif
