// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/feed.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/writer.h"
#include "cairn/feed.h"
#include "relay/allowance.h"
#include "relay/clock.h"
#include "relay/staff.h"

#define LARGE_ANSWERS_MAX 16U /* that are on their way at a time, */
#define LARGE_BYTES 65536U    /* of more than this */

_Static_assert(CAIRN_HASH_BYTES == WAITS_KEY_BYTES, "what a device waits for is named by its desk");

/* The head alone. */
static void
answer_head(struct request *request, unsigned status, uint64_t head)
{
	uint8_t bytes[CAIRN_FEED_HEAD_BYTES];

	put_u64(bytes, head);
	request_answer(request, status, bytes, sizeof bytes);
}

void
feed_wake(struct relay *relay, const uint8_t desk[CAIRN_HASH_BYTES])
{
	waits_wake(relay->waits, desk);
}

/* --- appending and deleting --- */

/* Who appends is who asked, and the record is one that no device stops at. */
static bool
record_ok(struct cairn_feed_head *head, const struct request *request)
{
	const struct cairn_feed_place place = {
		.desk_id = request->match.desk,
		.device = request->authorization.device,
		.sign_key = request->sign_key,
		.seq = request->match.number,
		.now = clock_seconds(),
	};

	return cairn_feed_record_check(head, request->body, request->body_bytes, &place) == CAIRN_OK;
}

void
feed_post(struct request *request)
{
	struct relay *relay = request->relay;
	uint8_t hash[CAIRN_HASH_BYTES];
	uint32_t today = clock_hour() / 24;
	struct cairn_feed_head head;
	struct store_append append = {
		.desk = request->match.desk,
		.seq = request->match.number,
		.prev = head.prev,
		.hash = hash,
		.bytes = request->body,
		.size = request->body_bytes,
		.quota = relay->settings.feed_bytes,
	};
	int err;

	if (!record_ok(&head, request)) {
		request->status = MHD_HTTP_BAD_REQUEST;
		return;
	}
	if (!allowance_has(relay->allowance, append.desk, head.device, today, append.size, append.quota)) {
		request->status = MHD_HTTP_SERVICE_UNAVAILABLE;
		return;
	}
	cairn_hash(hash, request->body, request->body_bytes);
	err = store_feed_append(relay->store, &append);
	if (err == CAIRN_ERR_CONFLICT)
		answer_head(request, MHD_HTTP_CONFLICT, append.head);
	else
		request->status = request_status_of(err);
	if (err == CAIRN_OK) {
		allowance_take(relay->allowance, append.desk, head.device, today, append.size);
		feed_wake(relay, request->match.desk);
	}
}

/* The body as seqs, ascending; false: it is none. */
static bool
seqs_read(uint64_t seqs[CAIRN_FEED_DELETE_MAX], const struct request *request, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		seqs[i] = get_u64(request->body + i * sizeof *seqs);
		/* More than a number in a path can be, and than the database has signs for. */
		if (seqs[i] > INT64_MAX || (i > 0 && seqs[i] <= seqs[i - 1]))
			return false;
	}
	return count > 0 && request->body_bytes % sizeof *seqs == 0;
}

void
feed_delete(struct request *request)
{
	uint64_t *seqs = malloc(CAIRN_FEED_DELETE_MAX * sizeof *seqs);
	size_t count = request->body_bytes / sizeof *seqs;

	if (seqs == NULL)
		request->status = MHD_HTTP_SERVICE_UNAVAILABLE;
	else if (count > CAIRN_FEED_DELETE_MAX || !seqs_read(seqs, request, count))
		request->status = MHD_HTTP_BAD_REQUEST;
	else
		request->status = request_status_of(
		    store_feed_delete(request->relay->store, request->match.desk, seqs, count));
	free(seqs);
}

/* --- reading --- */

static bool
add_entry(void *arg, const struct store_record *record)
{
	struct writer *w = arg;
	bool there = record->bytes != NULL;
	size_t size = there ? record->size : CAIRN_HASH_BYTES;

	if (CAIRN_FEED_ENTRY_HEAD_BYTES + size > w->size - w->used)
		return false;
	write_u64(w, record->seq);
	write_u8(w, there);
	write_u32(w, (uint32_t)size);
	write_bytes(w, there ? record->bytes : record->hash, size);
	return true;
}

/* What is sent stays in memory until it has gone: so many at a time. */
static void
answer_entries(struct request *request, const uint8_t *body, size_t bytes)
{
	if (bytes > LARGE_BYTES && !request->large_answer) {
		request->large_answer = true;
		if (request->relay->large_answers++ >= LARGE_ANSWERS_MAX) {
			request->status = MHD_HTTP_SERVICE_UNAVAILABLE;
			return;
		}
	}
	request_answer(request, MHD_HTTP_OK, body, bytes);
}

/* *ret_empty: there is nothing yet from there on; then no answer is set. */
static void
read_from(struct request *request, uint64_t *ret_head, bool *ret_empty)
{
	uint64_t from = request->match.number;
	uint8_t *body = malloc(CAIRN_FEED_ANSWER_BYTES_MAX);
	struct writer w;
	int err = CAIRN_ERR_NOMEM;

	*ret_empty = false;
	if (body != NULL) {
		writer_init(&w, body, CAIRN_FEED_ANSWER_BYTES_MAX);
		write_u64(&w, 0);
		err = store_feed_visit(request->relay->store, ret_head, request->match.desk, from, add_entry, &w);
	}
	if (err != CAIRN_OK) {
		request->status = request_status_of(err);
	} else if (from > *ret_head) {
		answer_head(request, MHD_HTTP_CONFLICT, *ret_head);
	} else if (from == *ret_head) {
		*ret_empty = true;
	} else {
		put_u64(body, *ret_head);
		answer_entries(request, body, w.used);
	}
	free(body);
}

/* In the keeper's thread again. Whoever was suspended meanwhile gets nothing more. */
static void
look_again(struct request *request)
{
	uint64_t head;
	bool empty;

	if (!staff_still(request)) {
		request->status = MHD_HTTP_UNAUTHORIZED;
	} else {
		read_from(request, &head, &empty);
		if (empty)
			answer_head(request, MHD_HTTP_OK, head);
	}
	request_resume(request);
}

void
feed_get(struct request *request)
{
	uint64_t head;
	bool empty;

	if (request->match.seconds > CAIRN_FEED_WAIT_MAX_S) {
		request->status = MHD_HTTP_BAD_REQUEST;
		return;
	}
	read_from(request, &head, &empty);
	if (!empty)
		return;
	if (request->match.seconds == 0)
		answer_head(request, MHD_HTTP_OK, head);
	else
		request_wait(request, request->match.desk, request->authorization.device, look_again);
}
