// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "fuzz.h"
#include "record/csv.h"
#include "record/emit.h"

/* The first byte chooses the kind. What is taken is the same once it was written and read again. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const struct record_kind *kind = &record_kinds[size == 0 ? 0 : bytes[0] % RECORD_KIND_COUNT];
	struct record_document document, again;
	char *text = NULL;
	size_t text_size = 0;
	FILE *out;

	if (size == 0)
		return 0;
	if (record_csv_read(&document, kind, bytes + 1, size - 1) != CAIRN_OK) {
		FUZZ_CHECK(document.fault[0] != '\0');
		record_document_clear(&document);
		return 0;
	}
	out = open_memstream(&text, &text_size);
	FUZZ_CHECK(out != NULL && record_csv_write(out, kind, document.entities, document.count) == CAIRN_OK);
	fclose(out);
	FUZZ_CHECK(record_csv_read(&again, kind, text, text_size) == CAIRN_OK && again.count == document.count);
	for (size_t i = 0; i < document.count; i++) {
		FUZZ_CHECK(document.entities[i].count == again.entities[i].count);
		for (size_t k = 0; k < again.entities[i].count; k++)
			FUZZ_CHECK(
			    record_item_compare(&document.entities[i].items[k], &again.entities[i].items[k]) == 0);
	}
	free(text);
	record_document_clear(&document);
	record_document_clear(&again);
	return 0;
}
