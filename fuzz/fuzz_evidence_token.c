// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz.h"
#include "record/evidence_token.h"

/* root[32], then what an authority, or whoever plays it, answers. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct evidence_token token;

	if (size < 32)
		return 0;
	if (evidence_token_check(&token, bytes + 32, size - 32, bytes, NULL, (struct cairn_span){NULL, 0}) !=
	    CAIRN_OK)
		return 0;
	FUZZ_CHECK(token.tsa[sizeof(token.tsa) - 1] == '\0');
	return 0;
}
