// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "cairn/file.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct cairn_manifest manifest;
	uint8_t out[203];
	size_t written;

	if (cairn_manifest_read(&manifest, bytes, size) != CAIRN_OK)
		return 0;
	FUZZ_CHECK(manifest.size > 0 && manifest.count > 0);
	FUZZ_CHECK(cairn_file_piece_bytes(manifest.size, manifest.count - 1) > 0);
	FUZZ_CHECK(manifest.count == UINT32_MAX || cairn_file_piece_bytes(manifest.size, manifest.count) == 0);
	FUZZ_CHECK(cairn_manifest_write(out, &written, &manifest) == CAIRN_OK);
	FUZZ_CHECK(written == size && memcmp(out, bytes, size) == 0);
	return 0;
}
