// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>

#include "base/reader.h"
#include "carry/feed.h"
#include "carry/joining.h"
#include "carry/sync.h"

/* Reading the feed: what the relay answers is taken apart, and applied in one transaction. */

#define PULL_BYTES_MAX ((1U << 20) + 4096U)

enum { ENTRY_DELETED = 0,
	ENTRY_HERE = 1 };

struct entry {
	uint64_t seq;
	uint8_t state;
	uint32_t bytes;
	const uint8_t *view;
};

int
sync_exchange(struct carry *carry, const struct cairn_request *request, int *ret_status, const uint8_t **body,
    size_t *bytes)
{
	*body = NULL;
	*bytes = 0;
	*ret_status = carry->wire.exchange(carry->wire.arg, request, body, bytes);
	switch (*ret_status) {
	case 200:
	case 204:
	case 409:
		return CAIRN_OK;
	case CAIRN_NO_ANSWER:
		return carry_trouble(carry, CAIRN_ERR_IO,
		    "no answer from the relay: check the connection (and Tor, if you use it); nothing is lost");
	case 401:
		return carry_trouble(carry, CAIRN_ERR_DENIED,
		    "the relay does not accept this device: its clock must be right to the minute; else it is "
		    "not in the "
		    "roster any more, or was suspended");
	case 503:
		return carry_trouble(carry, CAIRN_ERR_BUSY, "the relay is overloaded or its disk is full: try "
		    "again later");
	default:
		return carry_trouble(carry, CAIRN_ERR_FORMAT, "the relay answered %d, which this version does "
		    "not know",
		    *ret_status);
	}
}

static int
entry_take(struct reader *r, struct entry *entry)
{
	take_u64(r, &entry->seq);
	take_u8(r, &entry->state);
	take_u32(r, &entry->bytes);
	entry->view = take_view(r, entry->bytes);
	if (r->failed || entry->state > ENTRY_HERE ||
	    (entry->state == ENTRY_DELETED && entry->bytes != CAIRN_HASH_BYTES))
		return CAIRN_ERR_FORMAT;
	return CAIRN_OK;
}

static int
entry_apply(struct carry *carry, struct sync *ret, const struct entry *entry, uint64_t expected)
{
	if (entry->seq != expected)
		return carry_trouble(carry, CAIRN_ERR_CONFLICT, "the relay left out a record of the feed. "
		    "Nothing is sent");
	if (entry->state == ENTRY_DELETED)
		return apply_deleted(carry, entry->seq, entry->view);
	return joining(carry) ? joining_record(carry, &ret->read, entry->view, entry->bytes)
			      : apply_record(carry, &ret->read, entry->view, entry->bytes);
}

/* Applies at most most of them. *ret_done is how many were, *ret_jumped whether the position was set back. */
static int
entries_apply(struct carry *carry, struct sync *ret, struct reader r, size_t most, size_t *ret_done, bool *ret_jumped)
{
	struct feed_position position;
	struct entry entry;
	uint64_t next;
	int err = feed_position_get(carry, &position);

	next = position.next;
	*ret_jumped = false;
	for (*ret_done = 0; err == CAIRN_OK && *ret_done < most && r.left > 0 && !*ret_jumped; next++) {
		err = entry_take(&r, &entry);
		if (err == CAIRN_OK)
			err = entry_apply(carry, ret, &entry, next);
		if (err == CAIRN_OK)
			err = feed_position_get(carry, &position);
		if (err == CAIRN_OK) {
			(*ret_done)++;
			*ret_jumped = position.next != next + 1;
		}
	}
	return err;
}

/* One transaction; where a record stops the reading, those before it are kept. */
static int
answer_apply(struct carry *carry, struct sync *ret, struct reader r, bool *ret_jumped)
{
	size_t done, again;
	struct applied before = ret->read;
	int err = db_begin(carry->db);
	int stop;

	if (err != CAIRN_OK)
		return err;
	stop = entries_apply(carry, ret, r, SIZE_MAX, &done, ret_jumped);
	err = db_end(carry->db, stop);
	if (stop == CAIRN_OK || done == 0)
		return err;
	ret->read = before;
	err = db_begin(carry->db);
	if (err == CAIRN_OK)
		err = db_end(carry->db, entries_apply(carry, ret, r, done, &again, ret_jumped));
	return err == CAIRN_OK ? stop : err;
}

static int
pull_once(struct carry *carry, struct sync *ret, unsigned wait_s, bool *ret_more)
{
	struct cairn_request request = {.method = "GET", .staff = true, .answer_max = PULL_BYTES_MAX};
	struct feed_position position;
	const uint8_t *body;
	struct reader r;
	size_t bytes;
	bool jumped;
	int status;
	int err = feed_position_get(carry, &position);

	*ret_more = false;
	if (err != CAIRN_OK)
		return err;
	snprintf(request.path, sizeof(request.path), "feed?from=%llu&wait=%u", (unsigned long long)position.next,
	    wait_s);
	err = sync_exchange(carry, &request, &status, &body, &bytes);
	if (err != CAIRN_OK)
		return err;
	reader_init(&r, body, bytes);
	take_u64(&r, &ret->head);
	if (status == 409 || r.failed || ret->head < position.next)
		return carry_trouble(carry, CAIRN_ERR_CONFLICT,
		    "the relay has fewer records than this device has read: it has lost some, or shows another feed. "
		    "Nothing is sent; tell the security officer");
	if (r.left == 0) {
		ret->at_head = ret->head == position.next;
		return ret->at_head ? CAIRN_OK
				    : carry_trouble(carry, CAIRN_ERR_FORMAT, "the relay held records back");
	}
	err = answer_apply(carry, ret, r, &jumped);
	*ret_more = err == CAIRN_OK;
	return err;
}

int
sync_pull(struct carry *carry, struct sync *ret, unsigned wait_s, sync_progress *progress, void *arg)
{
	struct feed_position position;
	bool more = true;
	int err = CAIRN_OK;

	ret->at_head = false;
	while (err == CAIRN_OK && more) {
		err = pull_once(carry, ret, wait_s, &more);
		wait_s = 0; /* what came may not be all */
		if (err == CAIRN_OK && progress != NULL && feed_position_get(carry, &position) == CAIRN_OK)
			progress(arg, position.next, ret->head);
	}
	return err;
}
