// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "fuzz.h"
#include "record/emit.h"
#include "record/json.h"

/* What is taken may be emitted, and is the same once it was written and read again. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct record_document document, again;
	const struct record_field *field;
	json_t *json, *json_again;
	char *text;

	if (record_json_read(&document, bytes, size) != CAIRN_OK) {
		FUZZ_CHECK(document.fault[0] != '\0');
		record_document_clear(&document);
		return 0;
	}
	for (size_t i = 0; i < document.count; i++)
		FUZZ_CHECK(record_change_fault(&document.entities[i], &field) == NULL);
	json = record_json(document.entities, document.count);
	text = json_dumps(json, JSON_COMPACT);
	FUZZ_CHECK(text != NULL && record_json_read(&again, text, strlen(text)) == CAIRN_OK);
	json_again = record_json(again.entities, again.count);
	FUZZ_CHECK(json_equal(json, json_again));
	json_decref(json);
	json_decref(json_again);
	free(text);
	record_document_clear(&document);
	record_document_clear(&again);
	return 0;
}
