// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "base/text.h"
#include "fuzz.h"
#include "plain/form.h"

/* Views into the body, well-formed, without a zero, one behind the other. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct form form;
	uint8_t *body = malloc(size + 1);
	const char *last = (const char *)body;

	FUZZ_CHECK(body != NULL);
	if (size > 0)
		memcpy(body, bytes, size);
	if (form_read(&form, body, size) == CAIRN_OK) {
		FUZZ_CHECK(form.count <= FORM_FIELDS_MAX && (form.count > 0) == (size > 0));
		for (size_t i = 0; i < form.count; i++) {
			struct cairn_span both[] = {form.fields[i].name, form.fields[i].value};

			for (int j = 0; j < 2; j++) {
				FUZZ_CHECK(
				    both[j].text >= last && both[j].text + both[j].size <= (char *)body + size);
				FUZZ_CHECK(text_is_utf8((const uint8_t *)both[j].text, both[j].size));
				FUZZ_CHECK(both[j].size == 0 || memchr(both[j].text, 0, both[j].size) == NULL);
				last = both[j].text + both[j].size;
			}
		}
	} else {
		FUZZ_CHECK(form.count == 0);
	}
	free(body);
	return 0;
}
