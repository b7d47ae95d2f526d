// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain/state.h"

#include <string.h>

#include <sodium.h>

struct cairn_span
state_keep(struct state *state, struct cairn_span text, size_t most)
{
	char *at = state->room + state->used;
	size_t left = STATE_ROOM - state->used;
	size_t bytes = text.size < most ? text.size : most;

	bytes = bytes < left ? bytes : left;
	if (bytes < text.size)
		while (bytes > 0 && ((uint8_t)text.text[bytes] & 0xc0) == 0x80)
			bytes--;
	if (bytes > 0)
		memmove(at, text.text, bytes);
	state->used += bytes;
	return (struct cairn_span){at, bytes};
}

void
state_new_letter(struct state *state)
{
	sodium_memzero(state->room, sizeof(state->room));
	state->used = 0;
	state->text = (struct cairn_span){state->room, 0};
	state->urgency = 0;
	state->needs = 0;
	memset(state->questions, 0, sizeof(state->questions));
	sodium_memzero(&state->more, sizeof(state->more));
	randombytes_buf(state->seed, sizeof(state->seed));
}
