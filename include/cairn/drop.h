// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DROP_H
#define CAIRN_DROP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/conversation.h"
#include "cairn/err.h"
#include "cairn/hash.h"
#include "cairn/span.h"
#include "cairn/tlv.h"

/* Person to desk: the drop cell and the relay's receipt for it (docs/protocol.md, section 6). */

#define CAIRN_DROP_CELL_BYTES 8192U
#define CAIRN_DROP_HEADER_BYTES 8U
#define CAIRN_RECEIPT_BYTES 68U /* u32 hour, Ed25519 signature */

/* A door is a named way in to a desk. Both lists below go by this number. */
enum cairn_door {
	CAIRN_DOOR_INTAKE = 1,
	CAIRN_DOOR_CAMPAIGN = 2,
};

#define CAIRN_DOOR_NAME_MAX 8U

/* "intake" or "campaign"; NULL for a number that is no door. */
const char *cairn_door_name(enum cairn_door door);
CAIRN_NODISCARD int cairn_door_find(enum cairn_door *door, struct cairn_span name);

/* The open first 8 bytes. version is always 1. */
struct cairn_drop_header {
	enum cairn_door door;
	uint16_t gen;
	uint32_t day;
};

/* CAIRN_ERR_FORMAT: another version or no such door. */
CAIRN_NODISCARD int cairn_drop_header_read(struct cairn_drop_header *header,
    const uint8_t cell[CAIRN_DROP_HEADER_BYTES]);
void cairn_drop_header_write(uint8_t out[CAIRN_DROP_HEADER_BYTES], const struct cairn_drop_header *header);

/*
 * Begins the plaintext of a cell at w: hello (with its mac) and msgid, for conv; msgid alone where conv is
 * NULL (campaign). epoch_public is the key that the cell will be sealed to. CAIRN_ERR_KEY when it must
 * not be used.
 */
CAIRN_NODISCARD int cairn_drop_begin(struct cairn_tlv_writer *w, uint8_t plain[CAIRN_DROP_PLAIN_BYTES],
    const struct cairn_drop_header *header, const struct cairn_conversation *conv,
    const uint8_t epoch_public[CAIRN_XWING_PUBLIC_BYTES], const uint8_t msgid[CAIRN_MSGID_BYTES]);

/* Seals it. eseed is fresh random and never derived from a passphrase: that is what keeps C3. */
CAIRN_NODISCARD int cairn_drop_seal(uint8_t cell[CAIRN_DROP_CELL_BYTES],
    const uint8_t plain[CAIRN_DROP_PLAIN_BYTES], const struct cairn_drop_header *header,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t epoch_public[CAIRN_XWING_PUBLIC_BYTES],
    const uint8_t eseed[CAIRN_XWING_ESEED_BYTES]);

/*
 * Opens a cell with the epoch key that its header names and checks all of it: seal, records, hello, mac.
 * plain is zeros unless CAIRN_OK. CAIRN_ERR_FORMAT, CAIRN_ERR_KEY or CAIRN_ERR_CRYPTO: a cell to drop
 * without a word to its sender. plain is secret.
 */
CAIRN_NODISCARD int cairn_drop_open(uint8_t plain[CAIRN_DROP_PLAIN_BYTES],
    const uint8_t cell[CAIRN_DROP_CELL_BYTES], const uint8_t desk_id[CAIRN_HASH_BYTES],
    const struct cairn_xwing_key *epoch_key);

/* The part of cairn_drop_open() behind the seal, for a plaintext that was opened already. */
CAIRN_NODISCARD int cairn_drop_plain_check(const uint8_t plain[CAIRN_DROP_PLAIN_BYTES],
    const struct cairn_drop_header *header, const struct cairn_xwing_key *epoch_key);

/* Does a relay at that hour take a cell of that day? Its own yesterday to tomorrow. */
bool cairn_drop_day_taken(uint32_t day, uint32_t hour);

/* The relay's word that it keeps a cell. Ed25519 secret key as libsodium has it; deterministic. */
void cairn_receipt_sign(uint8_t receipt[CAIRN_RECEIPT_BYTES], const uint8_t desk_id[CAIRN_HASH_BYTES],
    const uint8_t cell_hash[CAIRN_HASH_BYTES], uint32_t hour, const uint8_t relay_secret[64]);

/* CAIRN_ERR_FORMAT for a wrong size, CAIRN_ERR_CRYPTO for a wrong signature. ret_hour may be NULL. */
CAIRN_NODISCARD int cairn_receipt_check(uint32_t *ret_hour, const uint8_t *receipt, size_t receipt_bytes,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t cell_hash[CAIRN_HASH_BYTES],
    const uint8_t relay_key[32]);

#endif
