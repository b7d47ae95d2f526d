// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_DESKS_H
#define CAIRN_RELAY_DESKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/desk_keys.h"
#include "cairn/err.h"
#include "cairn/hash.h"
#include "relay/files.h"

/*
 * The desks of this relay: those that have a folder desks/<desk_id>/ in the data folder. "cairnd desk add" makes it
 * and "remove" takes it away while the daemon runs.
 */
struct desks;

CAIRN_NODISCARD int desks_new(struct desks **ret, int data);
void desks_free(struct desks *desks);

/* Looks whether folders came or went. Called each second; one that came is also seen at its first request. */
void desks_refresh(struct desks *desks);
bool desks_known(struct desks *desks, const uint8_t desk[CAIRN_HASH_BYTES]);
size_t desks_count(struct desks *desks);
/* Copies the ids, at most room. Returns how many. */
size_t desks_list(struct desks *desks, uint8_t (*ids)[CAIRN_HASH_BYTES], size_t room);

/* desks/<desk_id>/ and what format makes of the rest, below the data folder. CAIRN_ERR_RANGE: too long. */
__attribute__((format(printf, 3, 4))) CAIRN_NODISCARD int desk_path(char out[FILES_PATH_MAX],
    const uint8_t desk[CAIRN_HASH_BYTES], const char *format, ...);

/*
 * The roster, opened again at each use: *ret_bytes is what it looks into, the caller frees it. It was checked
 * when it was taken. CAIRN_ERR_UNKNOWN: there is none yet.
 */
CAIRN_NODISCARD int desk_roster(struct cairn_roster *roster, uint8_t **ret_bytes, int data,
    const uint8_t desk[CAIRN_HASH_BYTES]);

/* Takes a roster signed by key. CAIRN_ERR_STALE, CAIRN_ERR_CONFLICT, CAIRN_ERR_CRYPTO, CAIRN_ERR_FORMAT. */
CAIRN_NODISCARD int desk_roster_put(int data, const uint8_t desk[CAIRN_HASH_BYTES], const uint8_t key[32],
    const uint8_t *note, size_t bytes);

#endif
