// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/suspension.h"

#include "relay/clock.h"
#include "relay/feed.h"
#include "relay/suspended.h"

static void
keep(struct request *request)
{
	int err = suspended_take(request->relay->data, request->match.desk, request->body, request->body_bytes,
	    clock_hour() / 24);

	/* Which of its faults it has is nobody's to know. */
	request->status = err == CAIRN_ERR_UNKNOWN ? MHD_HTTP_BAD_REQUEST : request_status_of(err);
	if (err == CAIRN_OK)
		feed_wake(request->relay, request->match.desk);
	request_resume(request);
}

void
suspension_post(struct request *request)
{
	request_hand_on(request, request->relay->keeper, keep);
}
