// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "fuzz.h"
#include "site/manifest.h"

/* What is taken is written anew and comes out the same, and no path leads out. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	uint8_t hash[CAIRN_SHA256_BYTES];
	struct cairn_span path;
	struct manifest m;
	bool more = true;
	GString *again = g_string_new(NULL);
	int err = manifest_open(&m, (struct cairn_span){(const char *)bytes, size});

	if (err == CAIRN_OK)
		manifest_begin(again, m.desk);
	while (err == CAIRN_OK && (err = manifest_next(&m, hash, &path, &more)) == CAIRN_OK && more) {
		char *name = g_strndup(path.text, path.size);

		FUZZ_CHECK(name[0] != '/' && strstr(name, "..") != name && strstr(name, "/.") == NULL);
		manifest_add(again, hash, name);
		g_free(name);
	}
	if (err == CAIRN_OK)
		FUZZ_CHECK(again->len == size && memcmp(again->str, bytes, size) == 0);
	g_string_free(again, TRUE);
	return 0;
}
