// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_SUSPENDED_H
#define CAIRN_RELAY_SUSPENDED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/hash.h"
#include "cairn/suspension.h"

/*
 * The devices of a desk that are suspended until its next roster (docs/protocol.md, section 8): one file,
 * desks/<desk_id>/suspended, replaced in one step. Of cases nothing is kept: they are none of a relay's business.
 *
 * File: "cairn suspended 1\n", u64 serial of the roster, u16 count and device ids, u16 count and hashes of the
 * suspensions that were taken, BLAKE2b-256 of all that. A file that is not so lets nobody in.
 */
#define SUSPENDED_DEVICES_MAX 1024U
#define SUSPENDED_NOTES_MAX 256U

struct suspended {
	uint64_t serial;
	size_t count;
	uint8_t ids[SUSPENDED_DEVICES_MAX][CAIRN_DEVICE_ID_BYTES];
	size_t note_count;
	uint8_t notes[SUSPENDED_NOTES_MAX][CAIRN_HASH_BYTES];
};

/* Reads such a file. CAIRN_ERR_FORMAT. */
CAIRN_NODISCARD int suspended_read(struct suspended *suspended, const uint8_t *bytes, size_t size);

/* Those under the roster of that serial; what was suspended under another is passed over. */
CAIRN_NODISCARD int suspended_load(struct suspended *suspended, int data, const uint8_t desk[CAIRN_HASH_BYTES],
    uint64_t serial);
bool suspended_has(const struct suspended *suspended, const uint8_t device[CAIRN_DEVICE_ID_BYTES]);

/*
 * Takes a suspension, durably; one that was taken already is no error. Errors of cairn_suspension_open(), and
 * CAIRN_ERR_UNKNOWN: there is no roster.
 */
CAIRN_NODISCARD int suspended_take(int data, const uint8_t desk[CAIRN_HASH_BYTES], const uint8_t *note,
    size_t bytes, uint32_t today);

/* A new roster is in force. */
CAIRN_NODISCARD int suspended_drop(int data, const uint8_t desk[CAIRN_HASH_BYTES]);

#endif
