// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/join.h"

#include <stdlib.h>
#include <string.h>

#include "cairn/feed.h"
#include "relay/clock.h"
#include "relay/mailbox.h"

_Static_assert(ROUTE_SLOT_BYTES == MAILBOX_SLOT_BYTES, "one slot, two names");
_Static_assert(ROUTE_PARTS == MAILBOX_MESSAGES, "one number, two names");

/* What those wait for who wait at a slot. */
static void
slot_key(uint8_t key[WAITS_KEY_BYTES], const uint8_t desk[CAIRN_HASH_BYTES], const uint8_t slot[MAILBOX_SLOT_BYTES])
{
	uint8_t both[CAIRN_HASH_BYTES + MAILBOX_SLOT_BYTES];

	memcpy(both, desk, CAIRN_HASH_BYTES);
	memcpy(both + CAIRN_HASH_BYTES, slot, MAILBOX_SLOT_BYTES);
	cairn_hash(key, both, sizeof both);
}

static void
wake(struct request *request, const uint8_t slot[MAILBOX_SLOT_BYTES])
{
	uint8_t key[WAITS_KEY_BYTES];

	slot_key(key, request->match.desk, slot);
	waits_wake(request->relay->waits, key);
}

/* --- staff, in the keeper's thread --- */

void
join_open(struct request *request)
{
	if (request->body_bytes != MAILBOX_SLOT_BYTES)
		request->status = MHD_HTTP_BAD_REQUEST;
	else
		request->status = request_status_of(mailbox_open(request->relay->mailbox, request->match.desk,
		    request->body, clock_monotonic_ms()));
}

void
join_close(struct request *request)
{
	request->status = MHD_HTTP_BAD_REQUEST;
	if (request->body_bytes != MAILBOX_SLOT_BYTES)
		return;
	mailbox_close(request->relay->mailbox, request->match.desk, request->body);
	wake(request, request->body);
	request->status = MHD_HTTP_NO_CONTENT;
}

/* --- anyone --- */

unsigned
join_begin(struct request *request)
{
	struct mailbox *mailbox = request->relay->mailbox;
	bool open = mailbox_is_open(mailbox, request->match.desk, request->match.slot, clock_monotonic_ms());

	return open ? 0 : MHD_HTTP_NOT_FOUND;
}

static void
keep(struct request *request)
{
	int err = mailbox_put(request->relay->mailbox, request->match.desk, request->match.slot,
	    (unsigned)request->match.number, request->body, request->body_bytes, clock_monotonic_ms());

	request->status = request_status_of(err);
	if (err == CAIRN_OK)
		wake(request, request->match.slot);
	request_resume(request);
}

/* All in one thread: what comes after one has looked, and before he waits, would be missed. */
void
join_put(struct request *request)
{
	request_hand_on(request, request->relay->keeper, keep);
}

/* CAIRN_ERR_STATE: not there yet, and no answer is set. */
static int
look(struct request *request)
{
	uint8_t *message = malloc(MAILBOX_MESSAGE_BYTES_MAX);
	size_t size;
	int err = message == NULL ? CAIRN_ERR_NOMEM : mailbox_get(request->relay->mailbox, message, &size,
	    request->match.desk, request->match.slot, (unsigned)request->match.number, clock_monotonic_ms());

	if (err == CAIRN_OK)
		request_answer(request, MHD_HTTP_OK, message, size);
	else if (err != CAIRN_ERR_STATE)
		request->status = request_status_of(err);
	if (message != NULL)
		sodium_memzero(message, MAILBOX_MESSAGE_BYTES_MAX);
	free(message);
	return err;
}

static void
look_again(struct request *request)
{
	if (look(request) == CAIRN_ERR_STATE)
		request->status = MHD_HTTP_NOT_FOUND;
	request_resume(request);
}

static void
look_first(struct request *request)
{
	static const uint8_t nobody[WAITS_WHO_BYTES];
	struct relay *relay = request->relay;
	uint8_t key[WAITS_KEY_BYTES];

	if (request->match.seconds == 0) {
		look_again(request);
		return;
	}
	relay->left_waiting = false;
	if (look(request) == CAIRN_ERR_STATE) {
		slot_key(key, request->match.desk, request->match.slot);
		request_wait(request, key, nobody, look_again);
	}
	if (!relay->left_waiting)
		request_resume(request);
}

void
join_get(struct request *request)
{
	if (request->match.seconds > CAIRN_FEED_WAIT_MAX_S)
		request->status = MHD_HTTP_BAD_REQUEST;
	else
		request_hand_on(request, request->relay->keeper, look_first);
}
