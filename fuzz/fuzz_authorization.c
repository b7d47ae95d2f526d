// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "cairn/staff.h"
#include "fuzz.h"

/* What is read and signed anew is, but for the signature, what was read; and it checks. */
static void
sign_anew(const struct cairn_authorization *auth, struct cairn_span value)
{
	static const uint8_t secret[64] = {1};
	static const uint8_t id[32] = {2};
	const struct cairn_staff_request request = {id, id, {"GET", 3}, {"/d", 2}, {3}};
	struct cairn_authorization again = *auth;
	char out[CAIRN_AUTHORIZATION_MAX];
	size_t unsigned_bytes;

	FUZZ_CHECK(cairn_authorization_make(out, &again, &request, secret) == CAIRN_OK);
	FUZZ_CHECK(strlen(out) == value.size);
	unsigned_bytes = (size_t)(strstr(out, "sig=") - out);
	FUZZ_CHECK(memcmp(out, value.text, unsigned_bytes) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct cairn_span value = {(const char *)bytes, size};
	struct cairn_authorization auth;

	if (cairn_authorization_read(&auth, value) == CAIRN_OK)
		sign_anew(&auth, value);
	return 0;
}
