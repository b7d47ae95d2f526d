// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/join_wire.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/text.h"
#include "cairn/hpke.h"

#define MESSAGE_LABEL "cairn/1 join"
#define COMMITMENT_LABEL "cairn/1 join commitment"
#define TRANSCRIPT_LABEL "cairn/1 join transcript"
#define SAS_LABEL "cairn/1 join sas"
#define WELCOME_LABEL "cairn/1 join welcome"
#define NONCE_BYTES 24U
#define AAD_BYTES (sizeof(MESSAGE_LABEL) - 1 + CAIRN_HASH_BYTES + 1U)
#define SIGNATURE_BYTES 64U
#define SAS_HALF 1000000U

static void
message_aad(uint8_t aad[AAD_BYTES], const struct join *join, uint8_t number)
{
	struct writer w;

	writer_init(&w, aad, AAD_BYTES);
	write_text(&w, MESSAGE_LABEL);
	write_bytes(&w, join->desk_id, CAIRN_HASH_BYTES);
	write_u8(&w, number);
}

void
join_seal(const struct join *join, uint8_t number, uint8_t *out, size_t plain_bytes, size_t *ret_bytes)
{
	uint8_t aad[AAD_BYTES];

	message_aad(aad, join, number);
	randombytes_buf(out, NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE_BYTES, NULL, out + NONCE_BYTES, plain_bytes, aad,
	    sizeof(aad), NULL, out, join->key);
	*ret_bytes = plain_bytes + JOIN_SEAL_BYTES;
}

int
join_open(const struct join *join, uint8_t number, uint8_t plain[JOIN_MESSAGE_MAX], const uint8_t *message,
    size_t bytes)
{
	uint8_t aad[AAD_BYTES];

	if (bytes < JOIN_SEAL_BYTES || bytes > JOIN_MESSAGE_MAX)
		return CAIRN_ERR_CRYPTO;
	message_aad(aad, join, number);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, message + NONCE_BYTES, bytes - NONCE_BYTES,
	        aad, sizeof(aad), message, join->key) != 0)
		return CAIRN_ERR_CRYPTO;
	return CAIRN_OK;
}

void
join_keys_write(struct writer *w, const struct join_keys *keys)
{
	write_bytes(w, keys->device, sizeof(keys->device));
	write_bytes(w, keys->sign_key, sizeof(keys->sign_key));
	write_bytes(w, keys->receive_key, sizeof(keys->receive_key));
	write_u32(w, keys->first_day);
	write_bytes(w, keys->day_keys, sizeof(keys->day_keys));
	write_u16(w, keys->alias_bytes);
	write_bytes(w, keys->alias, keys->alias_bytes);
}

int
join_keys_check(const struct join_keys *keys)
{
	const uint8_t *alias = (const uint8_t *)keys->alias;
	int err = cairn_xwing_public_check(keys->receive_key);

	for (size_t i = 0; i < OP_DAY_KEYS_MAX && err == CAIRN_OK; i++)
		err = cairn_xwing_public_check(keys->day_keys[i]);
	if (err != CAIRN_OK || keys->alias_bytes == 0 || keys->alias_bytes > OP_ALIAS_MAX ||
	    keys->first_day > UINT32_MAX - OP_DAY_KEYS_MAX ||
	    crypto_core_ed25519_is_valid_point(keys->sign_key) != 1 ||
	    !text_is_utf8(alias, keys->alias_bytes) || memchr(alias, 0, keys->alias_bytes) != NULL)
		return CAIRN_ERR_FORMAT;
	return CAIRN_OK;
}

int
join_keys_read(struct join_keys *keys, struct reader *r)
{
	memset(keys, 0, sizeof(*keys));
	take_bytes(r, keys->device, sizeof(keys->device));
	take_bytes(r, keys->sign_key, sizeof(keys->sign_key));
	take_bytes(r, keys->receive_key, sizeof(keys->receive_key));
	take_u32(r, &keys->first_day);
	take_bytes(r, keys->day_keys, sizeof(keys->day_keys));
	take_u16(r, &keys->alias_bytes);
	if (keys->alias_bytes <= sizeof(keys->alias))
		take_bytes(r, keys->alias, keys->alias_bytes);
	if (reader_end(r) == CAIRN_OK && join_keys_check(keys) == CAIRN_OK)
		return CAIRN_OK;
	memset(keys, 0, sizeof(*keys));
	return CAIRN_ERR_FORMAT;
}

static void
hash_keys(crypto_generichash_state *state, const struct join_keys *keys)
{
	uint8_t block[JOIN_KEYS_MAX];
	struct writer w;

	writer_init(&w, block, sizeof(block));
	join_keys_write(&w, keys);
	crypto_generichash_update(state, block, w.used);
}

void
join_commitment(uint8_t out[CAIRN_HASH_BYTES], const uint8_t nonce[JOIN_NONCE_BYTES], const struct join_keys *keys)
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, CAIRN_HASH_BYTES);
	crypto_generichash_update(&state, (const uint8_t *)COMMITMENT_LABEL, sizeof(COMMITMENT_LABEL) - 1);
	crypto_generichash_update(&state, nonce, JOIN_NONCE_BYTES);
	hash_keys(&state, keys);
	crypto_generichash_final(&state, out, CAIRN_HASH_BYTES);
	sodium_memzero(&state, sizeof(state));
}

static void
sas_write(char sas[JOIN_SAS_MAX], const uint8_t transcript[CAIRN_HASH_BYTES])
{
	uint8_t text[sizeof(SAS_LABEL) - 1 + CAIRN_HASH_BYTES], hash[CAIRN_HASH_BYTES];
	uint64_t digits;

	memcpy(text, SAS_LABEL, sizeof(SAS_LABEL) - 1);
	memcpy(text + sizeof(SAS_LABEL) - 1, transcript, CAIRN_HASH_BYTES);
	cairn_hash(hash, text, sizeof(text));
	digits = get_u64(hash) % ((uint64_t)SAS_HALF * SAS_HALF);
	for (size_t i = 13; i-- > 0;) {
		sas[i] = i == 6 ? ' ' : (char)('0' + digits % 10);
		digits = i == 6 ? digits : digits / 10;
	}
	sas[13] = '\0';
}

void
join_transcript(struct join *join)
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, CAIRN_HASH_BYTES);
	crypto_generichash_update(&state, (const uint8_t *)TRANSCRIPT_LABEL, sizeof(TRANSCRIPT_LABEL) - 1);
	crypto_generichash_update(&state, join->desk_id, sizeof(join->desk_id));
	crypto_generichash_update(&state, join->admin_nonce, sizeof(join->admin_nonce));
	crypto_generichash_update(&state, join->admin, sizeof(join->admin));
	crypto_generichash_update(&state, join->admin_key, sizeof(join->admin_key));
	crypto_generichash_update(&state, join->nonce, sizeof(join->nonce));
	hash_keys(&state, &join->keys);
	crypto_generichash_final(&state, join->transcript, CAIRN_HASH_BYTES);
	sodium_memzero(&state, sizeof(state));
	sas_write(join->sas, join->transcript);
}

size_t
join_info(uint8_t info[CAIRN_HPKE_INFO_MAX], const struct join *join, uint32_t day)
{
	struct writer w;

	writer_init(&w, info, CAIRN_HPKE_INFO_MAX);
	write_text(&w, WELCOME_LABEL);
	write_bytes(&w, join->transcript, CAIRN_HASH_BYTES);
	write_u32(&w, day);
	return w.used;
}

/* What the admin signs: the transcript is in it, so that it is good for this joining only. */
static size_t
signed_text(uint8_t text[sizeof(WELCOME_LABEL) - 1 + 2 * CAIRN_HASH_BYTES], const struct join *join,
    const uint8_t *plain, size_t bytes)
{
	memcpy(text, WELCOME_LABEL, sizeof(WELCOME_LABEL) - 1);
	memcpy(text + sizeof(WELCOME_LABEL) - 1, join->transcript, CAIRN_HASH_BYTES);
	cairn_hash(text + sizeof(WELCOME_LABEL) - 1 + CAIRN_HASH_BYTES, plain, bytes);
	return sizeof(WELCOME_LABEL) - 1 + 2 * CAIRN_HASH_BYTES;
}

void
join_welcome_write(struct writer *w, const struct join *join, const struct join_welcome *welcome,
    const uint8_t sign_secret[64])
{
	uint8_t text[sizeof(WELCOME_LABEL) - 1 + 2 * CAIRN_HASH_BYTES], signature[SIGNATURE_BYTES];
	const uint8_t *plain = w->room + w->used;
	size_t before = w->used;

	write_u32(w, welcome->gen);
	write_u32(w, welcome->day);
	write_bytes(w, welcome->ck, sizeof(welcome->ck));
	write_u32(w, welcome->next.gen);
	write_u32(w, welcome->next.day);
	write_bytes(w, welcome->next.author, sizeof(welcome->next.author));
	write_bytes(w, welcome->next.key, sizeof(welcome->next.key));
	write_u64(w, welcome->seq);
	write_bytes(w, welcome->head, sizeof(welcome->head));
	write_bytes(w, welcome->identity_key, sizeof(welcome->identity_key));
	write_u32(w, (uint32_t)welcome->note.size);
	write_bytes(w, welcome->note.text, welcome->note.size);
	crypto_sign_detached(signature, NULL, text, signed_text(text, join, plain, w->used - before), sign_secret);
	write_bytes(w, signature, sizeof(signature));
}

int
join_welcome_read(struct join_welcome *welcome, const struct join *join, const uint8_t *plain, size_t bytes)
{
	uint8_t text[sizeof(WELCOME_LABEL) - 1 + 2 * CAIRN_HASH_BYTES];
	struct reader r;
	uint32_t size;

	if (bytes < SIGNATURE_BYTES)
		return CAIRN_ERR_FORMAT;
	bytes -= SIGNATURE_BYTES;
	if (crypto_sign_verify_detached(plain + bytes, text, signed_text(text, join, plain, bytes),
	        join->admin_key) != 0)
		return CAIRN_ERR_CRYPTO;
	reader_init(&r, plain, bytes);
	take_u32(&r, &welcome->gen);
	take_u32(&r, &welcome->day);
	take_bytes(&r, welcome->ck, sizeof(welcome->ck));
	take_u32(&r, &welcome->next.gen);
	take_u32(&r, &welcome->next.day);
	take_bytes(&r, welcome->next.author, sizeof(welcome->next.author));
	take_bytes(&r, welcome->next.key, sizeof(welcome->next.key));
	take_u64(&r, &welcome->seq);
	take_bytes(&r, welcome->head, sizeof(welcome->head));
	take_bytes(&r, welcome->identity_key, sizeof(welcome->identity_key));
	take_u32(&r, &size);
	welcome->note = (struct cairn_span){(const char *)take_view(&r, size), size};
	if (reader_end(&r) != CAIRN_OK || size > JOIN_NOTE_MAX || welcome->seq > INT64_MAX)
		return CAIRN_ERR_FORMAT;
	return CAIRN_OK;
}
