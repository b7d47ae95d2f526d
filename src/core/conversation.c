// SPDX-License-Identifier: GPL-3.0-or-later
#include "cairn/conversation.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "core/ct.h"

/* Where the parts of a hello block begin. */
enum {
	REPLY_KEY_AT = 0,
	AUTH_KEY_AT = CAIRN_XWING_PUBLIC_BYTES,
	DAY_AT = AUTH_KEY_AT + 32,
	TAG_KEY_AT = DAY_AT + 4,
};
_Static_assert(TAG_KEY_AT + CAIRN_KEY_BYTES == CAIRN_HELLO_BLOCK_BYTES, "the parts of a hello block");

void
cairn_conversation_id(uint8_t id[CAIRN_CONV_ID_BYTES],
    const uint8_t reply_key[CAIRN_XWING_PUBLIC_BYTES], const uint8_t auth_key[32])
{
	crypto_generichash_blake2b_state state;
	uint8_t hash[CAIRN_HASH_BYTES];

	crypto_generichash_blake2b_init(&state, NULL, 0, sizeof hash);
	crypto_generichash_blake2b_update(&state, reply_key, CAIRN_XWING_PUBLIC_BYTES);
	crypto_generichash_blake2b_update(&state, auth_key, 32);
	crypto_generichash_blake2b_final(&state, hash, sizeof hash);
	memcpy(id, hash, CAIRN_CONV_ID_BYTES);
}

void
cairn_conversation_init(struct cairn_conversation *conv, const uint8_t root[CAIRN_KEY_BYTES])
{
	uint8_t seed[CAIRN_XWING_SEED_BYTES];

	memcpy(conv->root, root, sizeof conv->root);
	cairn_derive(seed, root, "reply", NULL, 0);
	cairn_xwing_key_init(&conv->reply, seed);
	cairn_derive(conv->auth_secret, root, "auth", NULL, 0);
	crypto_scalarmult_curve25519_base(conv->auth_key, conv->auth_secret);
	cairn_conversation_id(conv->id, conv->reply.public_key, conv->auth_key);
	sodium_memzero(seed, sizeof seed);
}

void
cairn_conversation_clear(struct cairn_conversation *conv)
{
	sodium_memzero(conv, sizeof *conv);
}

void
cairn_tag_key_first(uint8_t out[CAIRN_KEY_BYTES], const uint8_t root[CAIRN_KEY_BYTES], uint32_t month)
{
	uint8_t context[4];

	put_u32(context, month);
	cairn_derive(out, root, "tags", context, sizeof context);
}

void
cairn_tag_key_step(uint8_t key[CAIRN_KEY_BYTES])
{
	cairn_derive(key, key, "day", NULL, 0);
}

void
cairn_tag_key(uint8_t out[CAIRN_KEY_BYTES], const uint8_t root[CAIRN_KEY_BYTES], uint32_t month,
    uint32_t day)
{
	uint64_t first = (uint64_t)month * CAIRN_MONTH_DAYS;

	if (day < first)
		sodium_misuse();
	cairn_tag_key_first(out, root, month);
	for (uint64_t at = first; at < day; at++)
		cairn_tag_key_step(out);
}

void
cairn_tag(uint8_t out[CAIRN_TAG_BYTES], const uint8_t tag_key[CAIRN_KEY_BYTES], uint8_t lane, uint16_t n)
{
	uint8_t context[3];
	uint8_t whole[CAIRN_HASH_BYTES];

	context[0] = lane;
	put_u16(context + 1, n);
	cairn_derive(whole, tag_key, "tag", context, sizeof context);
	memcpy(out, whole, CAIRN_TAG_BYTES);
	sodium_memzero(whole, sizeof whole);
}

void
cairn_hello_block(uint8_t out[CAIRN_HELLO_BLOCK_BYTES], const struct cairn_conversation *conv, uint32_t day)
{
	memcpy(out + REPLY_KEY_AT, conv->reply.public_key, CAIRN_XWING_PUBLIC_BYTES);
	memcpy(out + AUTH_KEY_AT, conv->auth_key, 32);
	put_u32(out + DAY_AT, day);
	cairn_tag_key(out + TAG_KEY_AT, conv->root, day / CAIRN_MONTH_DAYS, day);
}

int
cairn_hello_read(struct cairn_hello *hello, const uint8_t block[CAIRN_HELLO_BLOCK_BYTES])
{
	memset(hello, 0, sizeof *hello);
	if (cairn_xwing_public_check(block + REPLY_KEY_AT) != CAIRN_OK ||
	    cairn_x25519_public_check(block + AUTH_KEY_AT) != CAIRN_OK)
		return CAIRN_ERR_KEY;
	hello->reply_key = block + REPLY_KEY_AT;
	hello->auth_key = block + AUTH_KEY_AT;
	hello->day = get_u32(block + DAY_AT);
	hello->tag_key = block + TAG_KEY_AT;
	cairn_conversation_id(hello->conv_id, hello->reply_key, hello->auth_key);
	return CAIRN_OK;
}

int
cairn_hello_mac(uint8_t mac[CAIRN_MAC_BYTES], const uint8_t own_secret[32],
    const uint8_t other_point[32], const uint8_t header[8], const uint8_t msgid[16])
{
	uint8_t product[32];
	uint8_t context[8 + 16];
	int failed = crypto_scalarmult_curve25519(product, own_secret, other_point);

	/* Whether the product is zero follows from the point alone, which is public. */
	CT_PUBLIC(&failed, sizeof failed);
	if (failed == 0) {
		memcpy(context, header, 8);
		memcpy(context + 8, msgid, 16);
		cairn_derive(mac, product, "hello", context, sizeof context);
	} else {
		memset(mac, 0, CAIRN_MAC_BYTES);
	}
	sodium_memzero(product, sizeof product);
	return failed == 0 ? CAIRN_OK : CAIRN_ERR_KEY;
}
