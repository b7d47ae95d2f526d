// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "site/letter.h"
#include "site/petition.h"

/* A mailbox of strangers' answers, and a letter to the site: what is read lies within, and is what it says. */
static void
read_box(struct cairn_span text)
{
	const char *end = text.text + text.size;
	struct cairn_span digits;
	uint64_t n;

	while (petition_code_next(&text, &n, &digits)) {
		FUZZ_CHECK(digits.size == PETITION_CODE_DIGITS && digits.text + digits.size <= end);
		FUZZ_CHECK(text.text + text.size == end);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct letter *letter = calloc(1, sizeof(*letter));
	char code[LETTER_CODE_BYTES];

	FUZZ_CHECK(letter != NULL);
	read_box((struct cairn_span){(const char *)bytes, size});
	letter->bytes = size < sizeof(letter->records) ? size : sizeof(letter->records);
	memcpy(letter->records, bytes, letter->bytes);
	if (letter_read(letter) == CAIRN_OK) {
		FUZZ_CHECK(letter->kind != LETTER_COMMENT || (letter->text.size > 0 && cairn_slug_ok(letter->entry)));
		FUZZ_CHECK(letter->kind != LETTER_GATHERING ||
		    letter->when.begins.size == CAIRN_GATHERING_TIME_BYTES);
		letter_code(code, letter);
		FUZZ_CHECK(strlen(code) == LETTER_CODE_BYTES - 1);
	}
	free(letter);
	return 0;
}
