// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_ERASABLE_H
#define CAIRN_SITE_ERASABLE_H

#include "db/db.h"
#include "vault/erasure.h"

/*
 * A few words under an erasable key of their own: dropping the row and rotating destroys them. who says whose row it
 * is, so that neither key nor words open in another.
 */
#define ERASABLE_COST 40U /* nonce and tag */
#define ERASABLE_WHO_MAX 96U

struct erasable {
	const void *who;
	size_t who_bytes;
};

/* words[bytes + ERASABLE_COST] and its sealed key. In a transaction. */
CAIRN_NODISCARD int erasable_seal(struct db *db, uint8_t key[ERASURE_SEALED_BYTES], uint8_t *words,
    struct erasable who, const void *plain, size_t bytes);

/* Both columns of the row that q stands at, into out[room]. CAIRN_ERR_FORMAT in q->err for what does not open. */
size_t erasable_open(struct query *q, int key_column, int words_column, struct erasable who, uint8_t *out,
    size_t room);

/* The same with a key that is open: words[bytes + ERASABLE_COST]. */
void words_under(uint8_t *words, const uint8_t key[ERASURE_KEY_BYTES], struct erasable who, const void *plain,
    size_t bytes);
CAIRN_NODISCARD int words_out(uint8_t *out, size_t room, size_t *ret_bytes, const uint8_t key[ERASURE_KEY_BYTES],
    struct erasable who, struct cairn_span words);

#endif
