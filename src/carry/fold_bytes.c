// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/writer.h"
#include "carry/fold.h"

#define STATE_LABEL "cairn/1 state"
#define ITEM_HEAD_BYTES (1U + 1U + 2U + 2U + OP_ID_BYTES + 8U + 8U + 8U + 4U)
#define ITEM_RETRACTION_BYTES (OP_ID_BYTES + 8U)
#define MARK_RETRACTED 1U
#define MARK_CONFLICT 2U

/* Where the bytes go: into a hash, into a block, or nowhere, to be counted. */
struct sink {
	crypto_generichash_state hash;
	uint8_t *block;
	size_t used;
};

typedef void (*put_fn)(struct sink *sink, const void *bytes, size_t size);

static void
put_hash(struct sink *sink, const void *bytes, size_t size)
{
	crypto_generichash_update(&sink->hash, bytes, size);
}

static void
put_block(struct sink *sink, const void *bytes, size_t size)
{
	if (sink->block != NULL && size > 0)
		memcpy(sink->block + sink->used, bytes, size);
	sink->used += size;
}

static void
item_put(put_fn put, struct sink *sink, const struct fold_item *item)
{
	uint8_t head[ITEM_HEAD_BYTES], tail[ITEM_RETRACTION_BYTES];
	struct writer w;

	writer_init(&w, head, sizeof(head));
	write_u8(&w, (uint8_t)item->what);
	write_u8(&w, (uint8_t)((item->retracted ? MARK_RETRACTED : 0) | (item->conflict ? MARK_CONFLICT : 0)));
	write_u16(&w, item->field);
	write_u16(&w, item->op.type);
	write_bytes(&w, item->op.device, sizeof(item->op.device));
	write_u64(&w, item->op.counter);
	write_u64(&w, item->op.lamport);
	write_u64(&w, item->op.time);
	write_u32(&w, (uint32_t)item->value.size);
	put(sink, head, sizeof(head));
	put(sink, item->value.text, item->value.size);
	if (!item->retracted)
		return;
	writer_init(&w, tail, sizeof(tail));
	write_bytes(&w, item->retraction.device, sizeof(item->retraction.device));
	write_u64(&w, item->retraction.counter);
	put(sink, tail, sizeof(tail));
}

static void
fold_put(put_fn put, struct sink *sink, const struct fold *fold)
{
	put(sink, STATE_LABEL, sizeof(STATE_LABEL) - 1);
	for (size_t i = 0; i < fold->count; i++)
		item_put(put, sink, &fold->items[i]);
}

void
fold_digest(const struct fold *fold, uint8_t digest[CAIRN_HASH_BYTES])
{
	struct sink sink = {.used = 0};

	crypto_generichash_init(&sink.hash, NULL, 0, CAIRN_HASH_BYTES);
	fold_put(put_hash, &sink, fold);
	crypto_generichash_final(&sink.hash, digest, CAIRN_HASH_BYTES);
	sodium_memzero(&sink, sizeof(sink));
}

int
fold_bytes(const struct fold *fold, uint8_t **ret, size_t *ret_bytes)
{
	struct sink sink = {.used = 0};

	*ret = NULL;
	*ret_bytes = 0;
	fold_put(put_block, &sink, fold);
	sink.block = malloc(sink.used);
	if (sink.block == NULL)
		return CAIRN_ERR_NOMEM;
	sink.used = 0;
	fold_put(put_block, &sink, fold);
	*ret = sink.block;
	*ret_bytes = sink.used;
	return CAIRN_OK;
}
