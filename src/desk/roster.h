// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_ROSTER_H
#define CAIRN_DESK_ROSTER_H

#include "desk/card.h"
#include "desk/desk.h"

/* The roster: which devices are the desk's, and what they may do, signed by the identity key (section 8). */
#define ROSTER_ROLES_DEFAULT "intake,case,documentation,security,publish,admin" /* of a device that founds a desk */

/* A line of it. */
struct roster_line {
	uint8_t device[CAIRN_DEVICE_ID_BYTES];
	uint8_t sign_key[32];
	uint8_t receive_hash[CAIRN_SHA256_BYTES]; /* SHA-256 of its X-Wing key */
	struct cairn_span roles;                  /* words of the table of roles, joined by commas */
	uint32_t since;
	uint32_t until; /* UINT32_MAX: none set */
};

/* What the next one changes: a line that replaces its device's, or is new; a device that goes. NULL: neither. */
struct roster_change {
	const struct roster_line *put;
	const uint8_t *drop; /* [16] */
};

/* Are these words of the table of roles, joined by commas, each once? */
bool roster_roles_ok(struct cairn_span roles);

/* The first one, naming this device alone. Within a transaction of the caller. */
CAIRN_NODISCARD int roster_found(struct db *state, const struct desk_self *self, struct cairn_span roles,
    uint32_t today, const uint8_t identity_secret[64]);

/* The roster in force, checked. *ret_bytes backs the views: free() it. */
CAIRN_NODISCARD int roster_read(struct desk *desk, struct cairn_roster *roster, uint8_t **ret_bytes,
    size_t *ret_size);

/*
 * Makes and keeps the next one, out of two shares. Whoever does so says it into the feed: a device that does not hear
 * of it takes no suspension made under it.
 * CAIRN_ERR_UNKNOWN: no such device to drop.
 */
CAIRN_NODISCARD int roster_renew(struct desk *desk, const struct roster_change *change, const struct share *a,
    const struct share *b);

/* The same, and says it into the feed. In the caller's transaction. */
CAIRN_NODISCARD int roster_say(struct desk *desk, const struct roster_change *change, const struct share *a,
    const struct share *b, uint64_t now);
/* The same, in a transaction of its own. It goes out with the next round; roster_put() gives it to the relay now. */
CAIRN_NODISCARD int desk_roster_next(struct desk *desk, const struct roster_change *change, const struct share *a,
    const struct share *b, uint64_t now);

/*
 * Gives a device these roles in place of its own, which roster_roles_ok() has checked: roster, feed and relay. What
 * it is a member of it stays in. CAIRN_ERR_UNKNOWN: no such device; CAIRN_ERR_IO: kept and said; what did not get
 * through goes with the next round.
 */
CAIRN_NODISCARD int desk_roles(struct desk *desk, const uint8_t device[CAIRN_DEVICE_ID_BYTES],
    struct cairn_span roles, const struct share *a, const struct share *b, uint64_t now);

/* Keeps one that another device has made, if it is newer. In the caller's transaction. */
CAIRN_NODISCARD int roster_keep(struct desk *desk, struct cairn_span note);

/* Puts the roster to the relay, which takes it without a signature of its own. */
CAIRN_NODISCARD int roster_put(struct desk *desk);

#endif
