// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_EPOCH_H
#define CAIRN_DESK_EPOCH_H

#include "base/writer.h"
#include "desk/desk.h"

/* Epoch keys: one a door and day, made ahead, erased behind (docs/protocol.md, section 4). */

#define EPOCH_KEEP_DAYS 3U   /* a day must be more than this past before its key may go */
#define EPOCH_FORCE_DAYS 30U /* after which it goes in any case */
#define EPOCH_WARN_DAYS 7U   /* staff are told so long before that */
#define EPOCH_LEASE_S 660U   /* a lease of an emptying that broke off, and a minute */

/* A new key of that day and generation; nothing where there is one. In the caller's transaction. */
CAIRN_NODISCARD int epoch_add(struct db *state, enum cairn_door door, uint32_t day, uint16_t gen);

/* Makes what is missing from today to as many days ahead as each door has. In the caller's transaction. */
CAIRN_NODISCARD int epoch_make(struct db *state, const struct desk_self *self, uint32_t today);

/*
 * The private key that a cell's header names. The view lives until the next call.
 * CAIRN_ERR_UNKNOWN: erased, or never made here.
 */
CAIRN_NODISCARD int epoch_find(struct desk *desk, const struct cairn_xwing_key **ret,
    const struct cairn_drop_header *header);

/* The list as it should be on the board at that hour: yesterday's keys to the last ones. In a transaction. */
CAIRN_NODISCARD int epoch_note(struct desk *desk, uint8_t *out, size_t room, size_t *ret_bytes, uint32_t hour);

/*
 * Appends the keys that the board does not have yet, at most most of them, as sections of an
 * append, and marks them as put. In the transaction that keeps the append.
 */
CAIRN_NODISCARD int epoch_sections(struct desk *desk, struct writer *w, uint32_t today, size_t most);

/* An emptying of a door begins; whole is whether its end will prove that the drop holds nothing older. */
CAIRN_NODISCARD int epoch_drain_begin(struct desk *desk, enum cairn_door door, uint64_t now, bool *whole);
/*
 * It ended with an empty drop. refused is the number of cells that were not the desk's to open. Where it proves that
 * an earlier one left nothing, the other devices are told.
 */
CAIRN_NODISCARD int epoch_drain_end(struct desk *desk, enum cairn_door door, uint64_t begun, bool whole,
    size_t refused, uint64_t now);
/* A device has told that a door holds nothing from before a time: keys go at once. In the engine's transaction. */
CAIRN_NODISCARD int epoch_drained(struct desk *desk, const struct op_drained *said, uint32_t today);

/*
 * Erases keys whose day is more than 3 days past and drained, and those of more than 30 days in any
 * case. *ret_warn_day is the oldest day whose key will have to go undrained within a week, or
 * UINT32_MAX.
 */
CAIRN_NODISCARD int epoch_erase(struct desk *desk, uint64_t now, size_t *ret_erased, uint32_t *ret_warn_day);

/*
 * Keys of that door, of days from today - EPOCH_KEEP_DAYS on, that a device has not been given: appended to
 * out[*ret_count]. Secret. And one that came in a box. In the engine's transaction.
 */
CAIRN_NODISCARD int epoch_owed(struct desk *desk, const uint8_t device[CAIRN_DEVICE_ID_BYTES], enum cairn_door door,
    uint32_t today, struct box_grant *out, size_t room, size_t *ret_count);
CAIRN_NODISCARD int epoch_given(struct desk *desk, const struct box_grant *grant);

/* Does a device that was suspended, or is the desk's no more, have keys that people still seal to? */
CAIRN_NODISCARD int epoch_leaked(struct desk *desk, bool *ret, uint32_t today);
/*
 * The next generation of every day from today on, behind those held here and those listed, which may be NULL: one of
 * the same generation as another would contradict what people have. In a transaction.
 */
CAIRN_NODISCARD int epoch_renew(struct desk *desk, uint32_t today, const struct cairn_epochs *listed);

/* Forgets the spread-out keys. */
void epoch_forget(struct desk *desk);

#endif
