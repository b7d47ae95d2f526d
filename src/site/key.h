// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_KEY_H
#define CAIRN_SITE_KEY_H

#include <stddef.h>
#include <stdint.h>

#include <sodium.h>

#include "cairn/span.h"

/*
 * What a page was made of, in 16 bytes: while they stay the same, so does the page. Everything that a page shows goes
 * in,
 * each piece with its length before it.
 */
#define KEY_BYTES 16U

struct key {
	crypto_generichash_state state;
};

void key_begin(struct key *key, const char *kind);
void key_bytes(struct key *key, const void *bytes, size_t size);
void key_span(struct key *key, struct cairn_span text);
void key_number(struct key *key, uint64_t number);
void key_end(struct key *key, uint8_t out[KEY_BYTES]);

#endif
