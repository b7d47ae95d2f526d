// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "desk.h"
#include "site/tlog_proof.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct tlog_proof proof;
	struct writer w;
	size_t used = 0;
	uint8_t *out;

	if (tlog_proof_read(&proof, (struct cairn_span){(const char *)bytes, size}) != CAIRN_OK)
		return 0;
	FUZZ_CHECK(fuzz_within(proof.checkpoint, bytes, size) && proof.count <= CAIRN_PROOF_HASHES_MAX);
	if (proof.extra.text != NULL)
		return 0;
	out = malloc(size + 1);
	FUZZ_CHECK(out != NULL);
	writer_init(&w, out, size + 1);
	tlog_proof_write(&w, &proof);
	FUZZ_CHECK(writer_end(&w, &used) == CAIRN_OK && used == size && memcmp(out, bytes, size) == 0);
	free(out);
	return 0;
}
