// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "carry/join.h"

#define CODE_CHARACTERS 10U
#define CODE_LABEL "cairn/1 join"
#define CODE_MEMORY (64U << 20)
#define CODE_PASSES 3U

/* Without i, l, o and u: nothing that is read for something else. */
static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

void
join_code_make(char code[JOIN_CODE_MAX])
{
	size_t used = 0;

	for (size_t i = 0; i < CODE_CHARACTERS; i++) {
		if (i == CODE_CHARACTERS / 2)
			code[used++] = '-';
		code[used++] = alphabet[randombytes_uniform(32)];
	}
	code[used] = '\0';
}

/* The character that was meant; 0 for what is none. */
static char
character(char c)
{
	if (c >= 'A' && c <= 'Z')
		c = (char)(c - 'A' + 'a');
	if (c == 'o')
		c = '0';
	if (c == 'i' || c == 'l')
		c = '1';
	return c != '\0' && strchr(alphabet, c) != NULL ? c : '\0';
}

static int
code_fold(char out[CODE_CHARACTERS], struct cairn_span code)
{
	size_t used = 0;

	for (size_t i = 0; i < code.size; i++) {
		char c = code.text[i];

		if (c == '-' || c == ' ')
			continue;
		c = character(c);
		if (c == '\0' || used == CODE_CHARACTERS)
			return CAIRN_ERR_FORMAT;
		out[used++] = c;
	}
	return used == CODE_CHARACTERS ? CAIRN_OK : CAIRN_ERR_FORMAT;
}

int
join_code_read(uint8_t root[JOIN_ROOT_BYTES], const uint8_t desk_id[CAIRN_HASH_BYTES], struct cairn_span code)
{
	uint8_t text[sizeof(CODE_LABEL) - 1 + CAIRN_HASH_BYTES], salt[CAIRN_HASH_BYTES];
	char folded[CODE_CHARACTERS];
	int err = code_fold(folded, code);

	memset(root, 0, JOIN_ROOT_BYTES);
	if (err == CAIRN_OK) {
		memcpy(text, CODE_LABEL, sizeof(CODE_LABEL) - 1);
		memcpy(text + sizeof(CODE_LABEL) - 1, desk_id, CAIRN_HASH_BYTES);
		cairn_hash(salt, text, sizeof(text));
		if (crypto_pwhash(root, JOIN_ROOT_BYTES, folded, sizeof(folded), salt, CODE_PASSES, CODE_MEMORY,
		        crypto_pwhash_ALG_ARGON2ID13) != 0)
			err = CAIRN_ERR_NOMEM;
	}
	sodium_memzero(folded, sizeof(folded));
	return err;
}

void
join_slot(uint8_t slot[JOIN_SLOT_BYTES], const uint8_t root[JOIN_ROOT_BYTES])
{
	uint8_t key[CAIRN_KEY_BYTES];

	cairn_derive(key, root, "join slot", NULL, 0);
	memcpy(slot, key, JOIN_SLOT_BYTES);
	sodium_memzero(key, sizeof(key));
}
