// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_BLOBS_H
#define CAIRN_RELAY_BLOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/drop.h"
#include "cairn/err.h"
#include "cairn/file.h"

/*
 * Blobs as files, in desks/<desk_id>/blob/<folder>/<door>-<id>: "now-<hour>" as they come, "at-<hour>" when the hour
 * is over, "kept" when claimed and older than 72 hours. A file's times and place on the disk tell when it
 * was written: so when the hour ends all of it are written anew, by id, with the hour as their time.
 */
#define BLOBS_UNCLAIMED_HOURS 72U

struct blobs;
struct store;

/* Counts what is there. */
CAIRN_NODISCARD int blobs_new(struct blobs **ret, int data, struct store *store);
void blobs_free(struct blobs *blobs);

/* Is there room for one more at that door? */
bool blobs_room(struct blobs *blobs, const uint8_t *desk, enum cairn_door door, uint64_t quota);

/*
 * Takes the file temp (below the data folder), whose bytes are fd's, in as that blob, on disk when it returns. The
 * first write of an id wins: where it is there already that is CAIRN_OK, and nothing is taken.
 */
CAIRN_NODISCARD int blobs_put(struct blobs *blobs, const uint8_t *desk, enum cairn_door door, const uint8_t *id,
    const char *temp, int fd, uint32_t hour);

/* Opens it for reading; the caller closes. CAIRN_ERR_UNKNOWN. */
CAIRN_NODISCARD int blobs_open(struct blobs *blobs, int *ret_fd, const uint8_t *desk, enum cairn_door door,
    const uint8_t *id);
/* Not there is no error. */
CAIRN_NODISCARD int blobs_remove(struct blobs *blobs, const uint8_t *desk, enum cairn_door door,
    const uint8_t *id);

/* The housekeeper's: hours before that one lose their order, what nobody claimed in time goes. */
CAIRN_NODISCARD int blobs_tidy(struct blobs *blobs, const uint8_t *desk, uint32_t hour);

#endif
