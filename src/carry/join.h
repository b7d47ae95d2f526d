// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_JOIN_H
#define CAIRN_CARRY_JOIN_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/hash.h"
#include "cairn/span.h"
#include "cairn/xwing.h"
#include "carry/next_key.h"
#include "carry/ops.h"

/*
 * How a device joins a desk (docs/protocol.md, section 8). A device with the role admin makes a one-time code, which
 * is typed on the new device; four messages go through a mailbox of the relay that the code names; then two people
 * compare two groups of six digits. Two machines without I/O, one for each side:
 *
 *	new                                           admin
 *	join_new_begin()    -- 1 a commitment      -> join_admin_answer()
 *	join_new_answer()  <-- 2 admin's nonce, key --
 *	                    -- 3 nonce, keys       -> join_admin_keys()
 *	        people compare sas; join_new_confirm(), join_admin_confirm()
 *	join_new_welcome() <-- 4 the welcome       -- join_admin_welcome()
 *
 * Why 40 bits of digits are enough: the digits follow from both nonces and all keys. Somebody between the two, even
 * one who has the code and is the relay, must fix what he sends to the admin (1) before the admin's nonce is there,
 * and what he sends to the new device (2) before it opens its commitment (3). So whatever he does, the digits on one
 * side are drawn after he can do nothing about them any more: he is right once in 10^12, has one try, and people
 * see when it fails. Trying keys beforehand, however many, gains nothing. Without the commitment he could try 2^40
 * nonces.
 *
 * A message that does not open (somebody else wrote it) changes nothing, and another may be tried. Anything wrong
 * in one that opens ends the machine: from then on every call gives CAIRN_ERR_STATE, as does one out of order.
 */
#define JOIN_CODE_MAX 16U /* "k7m2x-9d4tq" and its zero */
#define JOIN_ROOT_BYTES 32U
#define JOIN_SLOT_BYTES 16U
#define JOIN_SAS_MAX 16U /* "483920 118274" and its zero */
#define JOIN_NONCE_BYTES 32U
#define JOIN_SEAL_BYTES (24U + 16U)

#define JOIN_KEYS_BYTES(alias_bytes) \
	(OP_ID_BYTES + 32U + 4U + (1U + OP_DAY_KEYS_MAX) * CAIRN_XWING_PUBLIC_BYTES + 2U + (alias_bytes))
#define JOIN_KEYS_MAX JOIN_KEYS_BYTES(OP_ALIAS_MAX)
#define JOIN_NOTE_MAX 24576U /* of the roster: a message is at most what the relay's mailbox takes */
#define JOIN_WELCOME_MAX (4U + 4U + 32U + NEXT_KEY_BYTES + 8U + 32U + 32U + 4U + JOIN_NOTE_MAX)
#define JOIN_MESSAGE_MAX (JOIN_SEAL_BYTES + 4U + CAIRN_XWING_ENC_BYTES + JOIN_WELCOME_MAX + 64U + 16U)

/* A fresh code of 50 random bits, as people read it out. Secret until it is used. */
void join_code_make(char code[JOIN_CODE_MAX]);

/*
 * What follows from a code as it was typed: capitals, hyphens and blanks do not matter, nor o for 0, i and l for
 * 1. By Argon2id (64 MiB, 3 passes), so that the relay, which sees the slot, cannot try all codes while it is
 * good. root is secret. CAIRN_ERR_FORMAT: no code; CAIRN_ERR_NOMEM.
 */
CAIRN_NODISCARD int join_code_read(uint8_t root[JOIN_ROOT_BYTES], const uint8_t desk_id[CAIRN_HASH_BYTES],
    struct cairn_span code);

/* The mailbox at the relay. Not secret. */
void join_slot(uint8_t slot[JOIN_SLOT_BYTES], const uint8_t root[JOIN_ROOT_BYTES]);

/* What a new device brings: public, all of it. */
struct join_keys {
	uint8_t device[OP_ID_BYTES];
	uint8_t sign_key[32];
	uint8_t receive_key[CAIRN_XWING_PUBLIC_BYTES];
	uint32_t first_day;
	uint8_t day_keys[OP_DAY_KEYS_MAX][CAIRN_XWING_PUBLIC_BYTES];
	char alias[OP_ALIAS_MAX];
	uint16_t alias_bytes; /* at least 1 */
};

/* What the desk gives it. ck is secret. That note is a roster of identity_key with the admin is not checked here. */
struct join_welcome {
	uint32_t gen; /* of the desk compartment's key */
	uint32_t day;
	uint8_t ck[32];
	struct next_key next;
	uint64_t seq; /* from which on the feed is to be read */
	uint8_t head[CAIRN_HASH_BYTES]; /* H of the record before that */
	uint8_t identity_key[32];
	struct cairn_span note; /* the roster, at most JOIN_NOTE_MAX */
};

enum join_state {
	JOIN_OVER, /* also all zeros: cleared, done or failed */
	JOIN_NEW_COMMITTED,
	JOIN_NEW_COMPARING,
	JOIN_NEW_CONFIRMED,
	JOIN_ADMIN_WAITING,
	JOIN_ADMIN_ANSWERED,
	JOIN_ADMIN_COMPARING,
	JOIN_ADMIN_CONFIRMED,
};

/* Either side. Large, and secret where it holds key and nonces: allocate it, end it with join_clear(). */
struct join {
	enum join_state state;
	uint8_t desk_id[CAIRN_HASH_BYTES];
	uint8_t key[32]; /* that seals the messages */
	uint8_t commitment[CAIRN_HASH_BYTES];
	uint8_t nonce[JOIN_NONCE_BYTES];       /* the new device's */
	uint8_t admin_nonce[JOIN_NONCE_BYTES];
	uint8_t admin[OP_ID_BYTES];
	uint8_t admin_key[32]; /* the admin's device's sign key */
	uint8_t transcript[CAIRN_HASH_BYTES];
	char sas[JOIN_SAS_MAX]; /* while comparing: what people compare */
	struct join_keys keys;
};

/*
 * The new device. begin writes message 1, answer takes 2 and writes 3. CAIRN_ERR_RANGE: keys that the other side
 * would refuse; CAIRN_ERR_CRYPTO: a message that does not open; CAIRN_ERR_FORMAT: one that opens and is none.
 */
CAIRN_NODISCARD int join_new_begin(struct join *join, const uint8_t desk_id[CAIRN_HASH_BYTES],
    const uint8_t root[JOIN_ROOT_BYTES], const struct join_keys *keys, uint8_t out[JOIN_MESSAGE_MAX],
    size_t *ret_bytes);
CAIRN_NODISCARD int join_new_answer(struct join *join, const uint8_t *message, size_t bytes,
    uint8_t out[JOIN_MESSAGE_MAX], size_t *ret_bytes);

/* People said that the digits are the same. Where they are not: join_clear(), and begin anew with another code. */
CAIRN_NODISCARD int join_new_confirm(struct join *join);

/*
 * Message 4, opened with the seed of one of the day keys; welcome looks into room, which is the caller's to wipe.
 * CAIRN_ERR_STALE: sealed to a day that is none of the 14; CAIRN_ERR_CRYPTO: it does not open, or was not signed by
 * the admin whom people compared with.
 */
CAIRN_NODISCARD int join_new_welcome(struct join *join, const uint8_t *message, size_t bytes,
    uint8_t seeds[OP_DAY_KEYS_MAX][CAIRN_XWING_SEED_BYTES], struct join_welcome *welcome,
    uint8_t room[JOIN_MESSAGE_MAX]);

/*
 * The admin's device: its id and sign key. answer takes message 1 and writes 2; keys takes 3, after which join->keys
 * is what the new device says it is, not to be believed before confirm. CAIRN_ERR_CRYPTO there, in a message that
 * opens: the keys are not those of the commitment, and the machine has ended: somebody is in between.
 */
void join_admin_begin(struct join *join, const uint8_t desk_id[CAIRN_HASH_BYTES],
    const uint8_t root[JOIN_ROOT_BYTES], const uint8_t admin[OP_ID_BYTES], const uint8_t admin_key[32]);
CAIRN_NODISCARD int join_admin_answer(struct join *join, const uint8_t *message, size_t bytes,
    uint8_t out[JOIN_MESSAGE_MAX], size_t *ret_bytes);
CAIRN_NODISCARD int join_admin_keys(struct join *join, const uint8_t *message, size_t bytes);
CAIRN_NODISCARD int join_admin_confirm(struct join *join);

/*
 * Message 4, sealed to the day key of today, or of the first day if today is before it, signed with the secret
 * of admin_key. CAIRN_ERR_STALE: today is past the last of the 14 days; CAIRN_ERR_RANGE: a note over its maximum.
 */
CAIRN_NODISCARD int join_admin_welcome(struct join *join, const struct join_welcome *welcome, uint32_t today,
    const uint8_t sign_secret[64], uint8_t out[JOIN_MESSAGE_MAX], size_t *ret_bytes);

void join_clear(struct join *join);

#endif
