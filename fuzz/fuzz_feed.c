// SPDX-License-Identifier: GPL-3.0-or-later
#include "cairn/feed.h"
#include "fuzz.h"

/* u64 from, then an answer: its entries follow each other from there on, and look nowhere else. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct cairn_feed_answer answer;
	struct cairn_feed_entry entry;
	uint64_t from, seq;

	if (size < 8 || cairn_feed_head_read(&from, bytes, 8) != CAIRN_OK ||
	    cairn_feed_answer_read(&answer, bytes + 8, size - 8, from) != CAIRN_OK)
		return 0;
	seq = from;
	for (size_t at = 0; cairn_feed_answer_next(&answer, &at, &entry); seq++) {
		FUZZ_CHECK(entry.seq == seq && seq < answer.head);
		FUZZ_CHECK(entry.bytes >= bytes + 16 && entry.bytes + entry.size <= bytes + size);
		FUZZ_CHECK(entry.deleted ? entry.size == CAIRN_HASH_BYTES : cairn_feed_record_bytes_ok(entry.size));
	}
	FUZZ_CHECK(seq > from || from == answer.head);
	return 0;
}
