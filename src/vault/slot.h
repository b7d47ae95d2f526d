// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_VAULT_SLOT_H
#define CAIRN_VAULT_SLOT_H

#include <stdbool.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/hash.h"

/*
 * A slot: what a container is made of (docs/protocol.md, section 11). Each is sealed on its own, so that a flipped
 * bit costs one slot, and cannot be told from random bytes.
 *
 *	ciphertext[4056] || nonce[24] || tag[16]        XChaCha20-Poly1305, aad = u8 region || u8 file || u32 number
 */
#define SLOT_BYTES 4096U
#define SLOT_RESERVED_BYTES 40U
#define SLOT_CONTENT_BYTES (SLOT_BYTES - SLOT_RESERVED_BYTES)

enum slot_file {
	SLOT_HEADER = 0,
	SLOT_ERASURE = 1,
	SLOT_JOURNAL = 2,
	SLOT_DATABASE = 3,
};

struct slot_name {
	uint8_t region;
	uint8_t file; /* enum slot_file */
	uint32_t number;
};

/* Seals content[0:4056] into out[4096]; both may be the same bytes. content may be secret. */
void slot_seal(uint8_t out[SLOT_BYTES], const uint8_t *content, const uint8_t key[CAIRN_KEY_BYTES],
    struct slot_name name);

/*
 * Opens in place: content, then 40 zeros. False, and the slot unchanged, where it was not sealed under this key and
 * name.
 */
CAIRN_NODISCARD bool slot_open(uint8_t slot[SLOT_BYTES], const uint8_t key[CAIRN_KEY_BYTES], struct slot_name name);

#endif
