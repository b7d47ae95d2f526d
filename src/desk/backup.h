// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_BACKUP_H
#define CAIRN_DESK_BACKUP_H

#include "desk/shares.h"
#include "desk/state.h"

/*
 * What a backup of a desk holds (docs/protocol.md, section 11): the data, and no key that opens anything. Erasable
 * keys are taken out, and with them what was sealed under one, as the words of conversations: it comes back from
 * other devices, or not at all, so that no backup brings back what was erased. The device's own long-term keys
 * (its signing key and X-Wing seed) are sealed under a key that is in no backup: three shares of it, of which two
 * give it back. The board's key is in no backup: a device out of one cannot know what was signed since, and takes the
 * board over like any other (desk/take_over.h).
 */

/*
 * Makes a copy of a desk's database such a backup. shares are to be written before the copy counts. The copy's free
 * pages still hold what was dropped: copy it once more, or vacuum it, under another key.
 */
CAIRN_NODISCARD int backup_strip(struct db *copy, const struct erasure_column *sealed, struct share shares[SHARES]);

/*
 * Makes a state out of a copy of a backup: with the long-term keys back, and a counter that goes on where no
 * operation of its device has been. What must be erasable comes from other devices. CAIRN_ERR_FORMAT: no backup.
 * Errors of shares_join().
 */
CAIRN_NODISCARD int backup_restore(struct db *state, const struct share *a, const struct share *b, uint64_t now);

/* Is this database a backup? */
bool backup_is(struct db *db);

/*
 * Had the desk no other device? Then what has to be erasable, which no backup has, is nowhere else. db is a state, or
 * a backup of one.
 */
CAIRN_NODISCARD int backup_alone(bool *ret, struct db *db);

#endif
