// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "fuzz.h"
#include "site/posted.h"

/* What is taken is written again as the same bytes. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct cairn_span text = {(const char *)bytes, size};
	struct site_fault fault;
	GArray *rows;

	if (posted_read(&rows, &fault, text) == CAIRN_OK) {
		GString *again = g_string_new(NULL);

		posted_write(again, rows);
		FUZZ_CHECK(again->len == size && memcmp(again->str, bytes, size) == 0);
		for (guint i = 0; i < rows->len; i++) {
			struct posted *row = &g_array_index(rows, struct posted, i);

			FUZZ_CHECK(posted_find(rows, row->account, row->entry) == row);
		}
		g_string_free(again, TRUE);
	}
	g_array_free(rows, TRUE);
	return 0;
}
