// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CONVERSATION_H
#define CAIRN_CONVERSATION_H

#include <stdint.h>

#include "cairn/err.h"
#include "cairn/hash.h"
#include "cairn/xwing.h"

/*
 * A conversation, from both sides (docs/protocol.md, sections 5 and 7): the person computes all of it from
 * root; the desk is given a hello block, which opens no reply, and a tag key that it moves on each day.
 * Days are UTC days since 1970-01-01; the month of a day is day / 30.
 */

#define CAIRN_MONTH_DAYS 30U
#define CAIRN_CONV_ID_BYTES 16U
#define CAIRN_TAG_BYTES 8U
#define CAIRN_LANES 16U  /* a device has one; the lane is the device's place in the case */
#define CAIRN_LANE_TAGS 16U
#define CAIRN_HELLO_BLOCK_BYTES 1284U
#define CAIRN_MAC_BYTES 32U

/* The person's. Secret but for reply.public_key, auth_key and id. */
struct cairn_conversation {
	uint8_t root[CAIRN_KEY_BYTES];
	struct cairn_xwing_key reply; /* opens replies */
	uint8_t auth_secret[32];      /* X25519: speaks for the person */
	uint8_t auth_key[32];
	uint8_t id[CAIRN_CONV_ID_BYTES];
};

void cairn_conversation_init(struct cairn_conversation *conv, const uint8_t root[CAIRN_KEY_BYTES]);
void cairn_conversation_clear(struct cairn_conversation *conv);

/* conv_id = H(reply public key || auth public key)[0:16] */
void cairn_conversation_id(uint8_t id[CAIRN_CONV_ID_BYTES],
    const uint8_t reply_key[CAIRN_XWING_PUBLIC_BYTES], const uint8_t auth_key[32]);

/* T(month, 30 * month): where a month's chain begins. root and out are secret. */
void cairn_tag_key_first(uint8_t out[CAIRN_KEY_BYTES], const uint8_t root[CAIRN_KEY_BYTES], uint32_t month);

/* T(month, day) to T(month, day + 1), in place: the one before is gone. */
void cairn_tag_key_step(uint8_t key[CAIRN_KEY_BYTES]);

/* T(month, day). day must not be before the month's first; up to 13 months on is what is used. */
void cairn_tag_key(uint8_t out[CAIRN_KEY_BYTES], const uint8_t root[CAIRN_KEY_BYTES], uint32_t month,
    uint32_t day);

/* lane and n are below 16. */
void cairn_tag(uint8_t out[CAIRN_TAG_BYTES], const uint8_t tag_key[CAIRN_KEY_BYTES], uint8_t lane,
    uint16_t n);

/* A hello block as the desk reads it: views into the block, which must outlive it. */
struct cairn_hello {
	const uint8_t *reply_key; /* [CAIRN_XWING_PUBLIC_BYTES] */
	const uint8_t *auth_key;  /* [32] */
	uint32_t day;
	const uint8_t *tag_key;   /* [32], T(day / 30, day); secret, to be erased the day after */
	uint8_t conv_id[CAIRN_CONV_ID_BYTES];
};

/* All that the desk ever gets. It holds a tag key: secret. */
void cairn_hello_block(uint8_t out[CAIRN_HELLO_BLOCK_BYTES], const struct cairn_conversation *conv,
    uint32_t day);

/* CAIRN_ERR_KEY when either public key is one that must not be used. */
CAIRN_NODISCARD int cairn_hello_read(struct cairn_hello *hello,
    const uint8_t block[CAIRN_HELLO_BLOCK_BYTES]);

/*
 * mac = derive(X25519(own secret, other point), "hello", header || msgid): only the passphrase or the
 * epoch key makes it. The person gives auth_secret and the X25519 half of the epoch's public key, the
 * desk the X25519 secret of the epoch key and the hello's auth key. CAIRN_ERR_KEY: the product is zero.
 */
CAIRN_NODISCARD int cairn_hello_mac(uint8_t mac[CAIRN_MAC_BYTES], const uint8_t own_secret[32],
    const uint8_t other_point[32], const uint8_t header[8], const uint8_t msgid[16]);

#endif
