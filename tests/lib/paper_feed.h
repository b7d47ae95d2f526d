// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TESTS_LIB_PAPER_FEED_H
#define TESTS_LIB_PAPER_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/hash.h"
#include "cairn/step.h"

/* A relay's feed on paper (docs/http.md): append by compare-and-swap, read, delete. Begins with all zeros. */
struct paper_record {
	uint8_t *bytes; /* NULL: deleted */
	size_t size;
	uint8_t hash[CAIRN_HASH_BYTES];
};

struct paper_feed {
	struct paper_record *records;
	size_t record_count, record_room;
	unsigned deleted; /* how many records were deleted */
	unsigned suspensions; /* how many it was told of, and took */
	int suspension_status; /* what it answers to the next one instead; 0: takes it */
	uint8_t answer[(1U << 20) + 65536U];
};

/* Who asks, and when by the relay's clock. Without a key nobody looks whose a record is. */
struct paper_asker {
	const uint8_t *desk_id;
	const uint8_t *device;
	const uint8_t *sign_key; /* NULL: not known */
	uint64_t now;
};

/*
 * Status as HTTP has it; 404 for what is not the feed's. A record is taken by the rule that the relay has. *body
 * lives until the next call.
 */
int paper_feed_do(struct paper_feed *f, const struct paper_asker *asker, const struct cairn_request *request,
    const uint8_t **body, size_t *bytes);
/* A record that somebody has made otherwise: nothing of it is checked. */
void paper_feed_append(struct paper_feed *f, const uint8_t *bytes, size_t size);
/* The same feed again, apart from it. to holds nothing. */
void paper_feed_copy(struct paper_feed *to, const struct paper_feed *from);
void paper_feed_release(struct paper_feed *f);

#endif
