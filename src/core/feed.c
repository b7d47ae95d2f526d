// SPDX-License-Identifier: GPL-3.0-or-later
#include "cairn/feed.h"

#include <string.h>

#include "base/reader.h"

enum state {
	DELETED,
	THERE,
};

bool
cairn_feed_record_bytes_ok(size_t size)
{
	return size == 1024 || size == 4096 || size == 16384 || size == CAIRN_FEED_RECORD_BYTES_MAX;
}

static int
entry_take(struct cairn_feed_entry *entry, struct reader *r)
{
	uint32_t size;
	uint8_t state;

	take_u64(r, &entry->seq);
	take_u8(r, &state);
	take_u32(r, &size);
	entry->deleted = state == DELETED;
	entry->size = size;
	entry->bytes = take_view(r, size);
	if (r->failed || state > THERE)
		return CAIRN_ERR_FORMAT;
	if (entry->deleted ? size != CAIRN_HASH_BYTES : !cairn_feed_record_bytes_ok(size))
		return CAIRN_ERR_FORMAT;
	return CAIRN_OK;
}

static int
entries_check(struct reader r, uint64_t from, uint64_t head)
{
	struct cairn_feed_entry entry;
	uint64_t seq = from;

	while (r.left > 0) {
		if (entry_take(&entry, &r) != CAIRN_OK || entry.seq != seq || seq >= head)
			return CAIRN_ERR_FORMAT;
		seq++;
	}
	/* A relay that says there is more and gives none would have its devices ask without end. */
	return from > head || (seq == from && from < head) ? CAIRN_ERR_FORMAT : CAIRN_OK;
}

int
cairn_feed_answer_read(struct cairn_feed_answer *answer, const void *bytes, size_t size, uint64_t from)
{
	struct reader r;
	uint64_t head;

	memset(answer, 0, sizeof *answer);
	if (size > CAIRN_FEED_ANSWER_BYTES_MAX)
		return CAIRN_ERR_FORMAT;
	reader_init(&r, bytes, size);
	take_u64(&r, &head);
	if (r.failed || entries_check(r, from, head) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	answer->head = head;
	answer->entries = r.next;
	answer->bytes = r.left;
	return CAIRN_OK;
}

bool
cairn_feed_answer_next(const struct cairn_feed_answer *answer, size_t *at, struct cairn_feed_entry *entry)
{
	struct reader r;

	if (*at >= answer->bytes)
		return false;
	reader_init(&r, answer->entries + *at, answer->bytes - *at);
	if (entry_take(entry, &r) != CAIRN_OK)
		return false;
	*at = answer->bytes - r.left;
	return true;
}

int
cairn_feed_head_read(uint64_t *ret_head, const void *bytes, size_t size)
{
	struct reader r;

	reader_init(&r, bytes, size);
	take_u64(&r, ret_head);
	return reader_end(&r);
}
