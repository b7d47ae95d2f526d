// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "fuzz.h"
#include "record/bundle.h"

/* The first byte: a tar, or the text of a manifest. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const uint8_t seed[CAIRN_XWING_SEED_BYTES];
	struct record_manifest manifest;
	struct record_bundle bundle;
	struct tar tar;

	if (size == 0)
		return 0;
	if (bytes[0] == 'm') {
		if (record_manifest_read(&manifest, (struct cairn_span){(const char *)bytes + 1, size - 1}) ==
		    CAIRN_OK)
			FUZZ_CHECK(manifest.purpose < RECORD_PURPOSE_COUNT);
		return 0;
	}
	if (tar_read(&tar, bytes + 1, size - 1) == CAIRN_OK)
		FUZZ_CHECK(tar.count > 0 && tar.count <= TAR_FILES_MAX);
	tar_clear(&tar);
	FUZZ_CHECK(record_bundle_open(&bundle, bytes + 1, size - 1, seed) == CAIRN_OK || bundle.fault != NULL);
	record_bundle_clear(&bundle);
	return 0;
}
