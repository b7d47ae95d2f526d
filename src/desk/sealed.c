// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/sealed.h"

#include <sodium.h>

#include "base/writer.h"

#define AAD_MAX 64U

static size_t
aad_of(uint8_t out[AAD_MAX], struct sealed_row row)
{
	struct writer w;

	writer_init(&w, out, AAD_MAX);
	write_text(&w, row.what);
	write_u8(&w, 0);
	write_u64(&w, row.a);
	write_u64(&w, row.b);
	write_u64(&w, row.c);
	return w.used;
}

int
sealed_make(struct db *state, uint8_t out[ERASURE_SEALED_BYTES], const uint8_t key[ERASURE_KEY_BYTES],
    struct sealed_row row)
{
	uint8_t aad[AAD_MAX];
	size_t bytes = aad_of(aad, row);

	return erasure_seal(erasure_of(state), out, key, aad, bytes);
}

void
query_sealed(struct query *q, int column, uint8_t key[ERASURE_KEY_BYTES], struct sealed_row row)
{
	uint8_t sealed[ERASURE_SEALED_BYTES], aad[AAD_MAX];
	size_t bytes = aad_of(aad, row);
	int err;

	memset(key, 0, ERASURE_KEY_BYTES);
	query_bytes(q, column, sealed, sizeof(sealed));
	if (q->err != CAIRN_OK)
		return;
	err = erasure_open(erasure_of(q->db), key, sealed, aad, bytes);
	if (err != CAIRN_OK)
		q->err = err == CAIRN_ERR_CRYPTO ? CAIRN_ERR_FORMAT : err;
}
