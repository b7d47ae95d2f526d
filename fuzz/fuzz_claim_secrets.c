// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "fuzz.h"
#include "site/claim_secrets.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct claim_secrets secrets;
	static uint8_t out[CLAIM_SECRETS_TEXT_MAX];
	size_t written = 0;

	if (claim_secrets_read(&secrets, (struct cairn_span){(const char *)bytes, size}) != CAIRN_OK) {
		FUZZ_CHECK(secrets.count == 0);
		return 0;
	}
	FUZZ_CHECK(secrets.count <= CLAIM_COMMITMENTS_MAX);
	FUZZ_CHECK(claim_secrets_write(out, sizeof(out), &written, &secrets) == CAIRN_OK);
	FUZZ_CHECK(written == size && memcmp(out, bytes, size) == 0);
	return 0;
}
