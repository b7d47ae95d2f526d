// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/admission.h"

#include "base/text.h"
#include "relay/clock.h"

static unsigned
difficulty(const struct request *request)
{
	return request->relay->settings.difficulty[request->match.door];
}

void
admission_get(struct request *request)
{
	struct cairn_door_answer answer = {
		.hour = clock_hour(),
		.difficulty = (uint8_t)difficulty(request),
	};
	char text[CAIRN_DOOR_ANSWER_MAX];

	relay_key_challenge(answer.challenge, request->relay->key, request->match.desk, request->match.door,
	    answer.hour);
	request_answer(request, MHD_HTTP_OK, text, cairn_door_answer_write(text, &answer));
}

bool
admission_asks(const struct request *request)
{
	return difficulty(request) > 0;
}

unsigned
admission_begin(struct request *request)
{
	struct cairn_span work = request_header(request, "Cairn-Work");

	if (work.text != NULL && text_hex(request->work_nonce, sizeof request->work_nonce, work) != CAIRN_OK)
		return MHD_HTTP_BAD_REQUEST;
	request->has_work = work.text != NULL;
	return admission_asks(request) && !request->has_work ? MHD_HTTP_FORBIDDEN : 0;
}

static bool
enough(const struct request *request, uint32_t hour)
{
	uint8_t challenge[CAIRN_CHALLENGE_BYTES];
	uint8_t digest[32];
	unsigned bits;

	relay_key_challenge(challenge, request->relay->key, request->match.desk, request->match.door, hour);
	return cairn_work_bits(&bits, digest, request->hash, challenge, request->work_nonce) == CAIRN_OK &&
	    bits >= difficulty(request);
}

bool
admission_check(const struct request *request)
{
	uint32_t hour = clock_hour();

	return request->has_work && (enough(request, hour) || enough(request, hour - 1));
}
