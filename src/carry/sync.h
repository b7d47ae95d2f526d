// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_SYNC_H
#define CAIRN_CARRY_SYNC_H

#include "carry/apply.h"

/*
 * Keeping in step: reads the feed to its head, does what is owed, sends what waits. It may be cut off anywhere and
 * begun again; nothing is lost or done twice.
 */
struct sync {
	struct applied read;
	size_t sent;        /* records of this device that the feed has now */
	size_t waiting;     /* operations that it does not have yet */
	uint64_t head;      /* records in the feed, by the relay */
	bool at_head;       /* all of them were read */
	uint64_t hole;      /* the first that is gone and that nobody accounts for; UINT64_MAX: none */
	size_t keys_erased; /* days of keys that were moved on */
};

/* done of total records read. */
typedef void sync_progress(void *arg, uint64_t done, uint64_t total);

/*
 * One round. wait_s: when there is nothing new, the relay is asked to wait so long for something, at most 60.
 * Errors leave a sentence in carry->trouble: CAIRN_ERR_IO no answer; CAIRN_ERR_DENIED the relay refuses this device;
 * CAIRN_ERR_CONFLICT, _CRYPTO, _STALE as apply_record(); CAIRN_ERR_CONFLICT also where ret->hole is not UINT64_MAX:
 * all was read, and nothing is sent. What could be done before is done.
 */
CAIRN_NODISCARD int carry_sync(struct carry *carry, struct sync *ret, unsigned wait_s, uint64_t now,
    sync_progress *progress, void *arg);

/* What is not sent yet, and what is missing, as it stands now: ret->waiting and ret->hole. */
CAIRN_NODISCARD int sync_left(struct carry *carry, struct sync *ret);

/* Only reading. */
CAIRN_NODISCARD int sync_pull(struct carry *carry, struct sync *ret, unsigned wait_s, sync_progress *progress,
    void *arg);

/*
 * Sends one record of operations of that compartment, and applies it. last is the last row of the outbox in it, 0 for
 * none. CAIRN_ERR_BUSY: somebody else was first: pull, and think again.
 */
CAIRN_NODISCARD int sync_post(struct carry *carry, struct sync *ret, uint64_t c, struct cairn_span ops,
    uint64_t last);

/* Sends what waits in the outbox. CAIRN_ERR_BUSY as above. */
CAIRN_NODISCARD int sync_push(struct carry *carry, struct sync *ret);

/* An exchange; CAIRN_OK with the status for 200, 204 and 409, else an error with its sentence. */
CAIRN_NODISCARD int sync_exchange(struct carry *carry, const struct cairn_request *request, int *ret_status,
    const uint8_t **body, size_t *bytes);

#endif
