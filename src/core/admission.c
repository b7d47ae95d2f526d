// SPDX-License-Identifier: GPL-3.0-or-later
#include "cairn/admission.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/text.h"
#include "base/writer.h"

#define WORK_PASSES 1U
#define WORK_MEMORY_BYTES (1024U * 1024U)
#define SPENT_BYTES 4U

/* Takes the next line off body, which must begin with keyword and a space; what follows is in *value. */
static int
line_take(struct cairn_span *value, struct cairn_span *body, const char *keyword)
{
	struct cairn_span line = span_cut(body, '\n');

	/* A line that nothing ends is no line. */
	if (body->text == NULL || !span_is(span_cut(&line, ' '), keyword) || line.text == NULL)
		return CAIRN_ERR_FORMAT;
	*value = line;
	return CAIRN_OK;
}

int
cairn_door_answer_read(struct cairn_door_answer *answer, struct cairn_span body)
{
	struct cairn_door_answer read;
	struct cairn_span challenge, difficulty, hour;
	uint64_t hours, bits;

	if (line_take(&challenge, &body, "challenge") != CAIRN_OK ||
	    line_take(&difficulty, &body, "difficulty") != CAIRN_OK || body.size != 0)
		return CAIRN_ERR_FORMAT;
	hour = span_cut(&challenge, ' ');
	if (text_number(&hours, hour, UINT32_MAX) != CAIRN_OK ||
	    text_hex(read.challenge, sizeof read.challenge, challenge) != CAIRN_OK ||
	    text_number(&bits, difficulty, UINT8_MAX) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	read.hour = (uint32_t)hours;
	read.difficulty = (uint8_t)bits;
	*answer = read;
	return CAIRN_OK;
}

size_t
cairn_door_answer_write(char out[CAIRN_DOOR_ANSWER_MAX], const struct cairn_door_answer *answer)
{
	struct writer w;

	writer_init(&w, out, CAIRN_DOOR_ANSWER_MAX);
	write_text(&w, "challenge ");
	write_decimal(&w, answer->hour);
	write_text(&w, " ");
	write_hex(&w, answer->challenge, sizeof answer->challenge);
	write_text(&w, "\ndifficulty ");
	write_decimal(&w, answer->difficulty);
	write_text(&w, "\n");
	return w.used;
}

bool
cairn_work_accepted(uint8_t difficulty)
{
	return difficulty <= CAIRN_DIFFICULTY_MAX;
}

/* Zero bits at the front, counted from the most significant bit of byte 0. */
static unsigned
leading_zeros(const uint8_t *bytes, size_t size)
{
	unsigned bits = 0;

	for (size_t i = 0; i < size; i++)
		for (unsigned bit = 0x80; bit != 0; bit >>= 1) {
			if ((bytes[i] & bit) != 0)
				return bits;
			bits++;
		}
	return bits;
}

int
cairn_work_bits(unsigned *ret_bits, uint8_t digest[32], const uint8_t body_hash[CAIRN_HASH_BYTES],
    const uint8_t challenge[CAIRN_CHALLENGE_BYTES], const uint8_t nonce[CAIRN_WORK_NONCE_BYTES])
{
	uint8_t password[CAIRN_HASH_BYTES + CAIRN_WORK_NONCE_BYTES];

	memcpy(password, body_hash, CAIRN_HASH_BYTES);
	memcpy(password + CAIRN_HASH_BYTES, nonce, CAIRN_WORK_NONCE_BYTES);
	if (crypto_pwhash(digest, 32, (const char *)password, sizeof password, challenge, WORK_PASSES,
		WORK_MEMORY_BYTES, crypto_pwhash_ALG_ARGON2ID13) != 0)
		return CAIRN_ERR_NOMEM;
	*ret_bits = leading_zeros(digest, 32);
	return CAIRN_OK;
}

int
cairn_work_search(uint8_t nonce[CAIRN_WORK_NONCE_BYTES], uint64_t *next, unsigned tries, uint8_t difficulty,
    const uint8_t body_hash[CAIRN_HASH_BYTES], const uint8_t challenge[CAIRN_CHALLENGE_BYTES])
{
	uint8_t tried[CAIRN_WORK_NONCE_BYTES];
	uint8_t digest[32];
	unsigned bits;
	int err;

	for (unsigned i = 0; i < tries; i++) {
		put_u64(tried, *next);
		if ((err = cairn_work_bits(&bits, digest, body_hash, challenge, tried)) != CAIRN_OK)
			return err;
		if (bits >= difficulty) {
			memcpy(nonce, tried, sizeof tried);
			return CAIRN_OK;
		}
		++*next;
	}
	return CAIRN_ERR_BUSY;
}

void
cairn_pass_hash(uint8_t out[CAIRN_SHA256_BYTES], const uint8_t pass[CAIRN_PASS_BYTES])
{
	crypto_hash_sha256(out, pass, CAIRN_PASS_BYTES);
}

int
cairn_pass_spent(bool *spent, const uint8_t *list, size_t list_bytes, const uint8_t pass[CAIRN_PASS_BYTES])
{
	uint8_t hash[CAIRN_SHA256_BYTES];
	uint32_t wanted, before = 0;
	bool found = false;

	cairn_pass_hash(hash, pass);
	wanted = get_u32(hash);
	sodium_memzero(hash, sizeof hash);
	if (list_bytes % SPENT_BYTES != 0)
		return CAIRN_ERR_FORMAT;
	for (size_t at = 0; at < list_bytes; at += SPENT_BYTES) {
		uint32_t piece = get_u32(list + at);

		if (at > 0 && piece <= before)
			return CAIRN_ERR_FORMAT;
		found |= piece == wanted;
		before = piece;
	}
	*spent = found;
	return CAIRN_OK;
}
