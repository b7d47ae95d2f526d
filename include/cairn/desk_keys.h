// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_KEYS_H
#define CAIRN_DESK_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/drop.h"
#include "cairn/err.h"
#include "cairn/hash.h"
#include "cairn/note.h"
#include "cairn/span.h"

/*
 * What a desk says of itself in notes: identity, card, epochs, roster (docs/protocol.md, sections 4 and 8).
 * A reader gives a checked view; what it looks into must outlive it. Nothing here is secret.
 */

/*
 * board/identity: how the identity key was handed on. An empty chain says that there is no successor: then the key
 * in force is the one that hashes to desk_id, which the chain does not tell (the card does).
 */
struct cairn_identity_chain {
	uint8_t first[32]; /* H(first) = desk_id */
	uint8_t now[32];   /* in force: the last to */
	size_t steps;      /* 0: no successor, and first and now are zeros */
};

/*
 * Reads and checks a chain: every step signed by its from, the first from hashing to desk_id, every other the to
 * before it. carried is NULL, or a key that a client was built or told with: it must stand in the chain, or be
 * the first where that is empty. A client without one can be shown a chain that was cut. CAIRN_ERR_FORMAT,
 * CAIRN_ERR_CRYPTO; chain is then zeros.
 */
CAIRN_NODISCARD int cairn_identity_read(struct cairn_identity_chain *chain, const void *bytes, size_t size,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t *carried);

/* Is key the identity key in force, by this chain? CAIRN_OK, or CAIRN_ERR_CRYPTO. */
CAIRN_NODISCARD int cairn_identity_is(const struct cairn_identity_chain *chain,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t key[32]);

/* One more step, signed by from's secret, to be put behind the others. CAIRN_ERR_SPACE. */
CAIRN_NODISCARD int cairn_identity_step(uint8_t *out, size_t room, size_t *ret_bytes,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t from_secret[64], const uint8_t to[32],
    uint32_t day);

#define CAIRN_CARD_DAYS_MAX 100U

struct cairn_card {
	struct cairn_span text;  /* what is signed */
	struct cairn_span lines; /* the keyword lines, without the first */
	struct cairn_span free;  /* the text behind the empty line; may be none */
	struct cairn_span name;
	uint64_t serial;
	uint64_t min_version;
	uint32_t not_after;
	uint32_t batch_cells;
	uint8_t identity_key[32];
	uint8_t board_key[32];
	uint8_t text_hash[CAIRN_SHA256_BYTES]; /* of text: two texts of one serial contradict */
};

/* What a client remembers of the newest card it has seen. */
struct cairn_card_seen {
	uint64_t serial;
	uint8_t text_hash[CAIRN_SHA256_BYTES];
};

/*
 * Opens a card of desk_id, signed by the identity key in force by chain, on that day; the views look into bytes.
 * seen may be NULL. CAIRN_ERR_STALE: past its last day, or an older serial than seen; CAIRN_ERR_CONFLICT: seen's
 * serial with another text; CAIRN_ERR_RANGE: more than CAIRN_CARD_DAYS_MAX ahead; CAIRN_ERR_CRYPTO: another
 * identity key, or not signed by it; CAIRN_ERR_FORMAT: no card, or another desk's. card is then zeros.
 */
CAIRN_NODISCARD int cairn_card_open(struct cairn_card *card, const void *bytes, size_t size,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const struct cairn_identity_chain *chain, uint32_t today,
    const struct cairn_card_seen *seen);

/*
 * The lines of one keyword, in order: "lang", "relay", "door", "site-key", "page", "witness", "never-asks".
 * Start with *at = 0; false when there are no more. value is what stands behind the space, and was checked
 * when the card was opened.
 */
bool cairn_card_next(const struct cairn_card *card, const char *keyword, size_t *at, struct cairn_span *value);

/* The value of a relay or witness line: a word, then a key. CAIRN_ERR_FORMAT for any other text. */
struct cairn_card_key {
	struct cairn_span word; /* URL, or the witness's name */
	uint8_t key[32];
};
CAIRN_NODISCARD int cairn_card_key_read(struct cairn_card_key *out, struct cairn_span value);
bool cairn_card_has_door(const struct cairn_card *card, enum cairn_door door);

/* board/epochs. */
struct cairn_epochs {
	struct cairn_span lines;
	uint32_t hour;
};

struct cairn_epoch {
	enum cairn_door door;
	uint16_t gen;
	uint32_t day;
	uint8_t key_hash[CAIRN_SHA256_BYTES];
};

/* CAIRN_ERR_CRYPTO: not signed by board_key; CAIRN_ERR_FORMAT: no list, or another desk's; epochs is then zeros. */
CAIRN_NODISCARD int cairn_epochs_open(struct cairn_epochs *epochs, const void *bytes, size_t size,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t board_key[32]);
/* One after the other, from *at = 0; false when there are no more. */
bool cairn_epochs_next(const struct cairn_epochs *epochs, size_t *at, struct cairn_epoch *epoch);
/* CAIRN_ERR_UNKNOWN: no key for that door and day. */
CAIRN_NODISCARD int cairn_epochs_find(struct cairn_epoch *epoch, const struct cairn_epochs *epochs,
    enum cairn_door door, uint32_t day);
/* Is this the key of that line, and one that may be used? CAIRN_ERR_CRYPTO, CAIRN_ERR_KEY. */
CAIRN_NODISCARD int cairn_epoch_key_check(const struct cairn_epoch *epoch, const uint8_t *key, size_t bytes);
/* The signed note; epochs sorted by door, then day, each once, else CAIRN_ERR_RANGE. CAIRN_ERR_SPACE. */
CAIRN_NODISCARD int cairn_epochs_write(uint8_t *out, size_t room, size_t *ret_bytes,
    const uint8_t desk_id[CAIRN_HASH_BYTES], uint32_t hour, const struct cairn_epoch *epochs, size_t count,
    const uint8_t board_secret[64]);

/* The roster: the devices of the desk, as the relay knows them. */
#define CAIRN_DEVICE_ID_BYTES 16U

/* What a device signs notes under: "cairn/<desk_id>/device/<id>", with its zero. A view of out. */
#define CAIRN_DEVICE_KEY_NAME_BYTES 111U
struct cairn_span cairn_device_key_name(char out[CAIRN_DEVICE_KEY_NAME_BYTES],
    const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t device[CAIRN_DEVICE_ID_BYTES]);

struct cairn_roster {
	struct cairn_span lines;
	uint64_t serial;
};

struct cairn_device {
	uint8_t id[CAIRN_DEVICE_ID_BYTES];
	uint8_t sign_key[32];
	uint8_t xwing_hash[CAIRN_SHA256_BYTES];
	struct cairn_span roles; /* words of a to z and hyphens, joined by commas */
	uint32_t since; /* the first valid day */
	uint32_t until; /* the last; UINT32_MAX where none is set */
};

/*
 * identity_key is the one in force. CAIRN_ERR_CRYPTO: not signed by it; CAIRN_ERR_FORMAT: no roster, or another
 * desk's; CAIRN_ERR_STALE: a serial lower than last_serial. roster is then zeros.
 */
CAIRN_NODISCARD int cairn_roster_open(struct cairn_roster *roster, const void *bytes, size_t size,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t identity_key[32], uint64_t last_serial);
/* One after the other, from *at = 0; false when there are no more. */
bool cairn_roster_next(const struct cairn_roster *roster, size_t *at, struct cairn_device *device);
/* CAIRN_ERR_UNKNOWN: no such device, or not valid on that day. */
CAIRN_NODISCARD int cairn_roster_find(struct cairn_device *device, const struct cairn_roster *roster,
    const uint8_t id[CAIRN_DEVICE_ID_BYTES], uint32_t today);
bool cairn_device_has_role(const struct cairn_device *device, const char *role);

#endif
