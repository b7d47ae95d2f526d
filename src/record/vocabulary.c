// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/vocabulary.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

const struct record_vocabulary *
record_vocabulary(uint16_t number)
{
	for (size_t i = 0; i < record_vocabulary_count; i++)
		if (record_vocabularies[i].number == number)
			return &record_vocabularies[i];
	return NULL;
}

const struct record_vocabulary *
record_vocabulary_named(struct cairn_span name)
{
	uint64_t number;

	if (text_number(&number, name, UINT16_MAX) == CAIRN_OK)
		return record_vocabulary((uint16_t)number);
	for (size_t i = 0; i < record_vocabulary_count; i++)
		if (span_is(name, record_vocabularies[i].name))
			return &record_vocabularies[i];
	return NULL;
}

const char *
record_term(uint16_t vocabulary, struct cairn_span code)
{
	const struct record_vocabulary *list = record_vocabulary(vocabulary);

	for (size_t i = 0; list != NULL && i < list->count; i++)
		if (span_is(code, list->terms[i].code))
			return list->terms[i].term;
	return NULL;
}

const char *
record_term_code(uint16_t vocabulary, struct cairn_span text)
{
	const struct record_vocabulary *list = record_vocabulary(vocabulary);
	const char *begun = NULL;
	size_t begins = 0;

	for (size_t i = 0; list != NULL && text.size > 0 && i < list->count; i++) {
		const struct record_term *term = &list->terms[i];

		if (span_is(text, term->code))
			return term->code;
		if (strncasecmp(term->term, text.text, text.size) != 0)
			continue;
		if (term->term[text.size] == '\0')
			return term->code;
		begun = term->code;
		begins++;
	}
	return begins == 1 ? begun : NULL;
}

bool
record_code_well_formed(struct cairn_span code)
{
	bool good = code.size > 0 && code.size <= RECORD_CODE_MAX;

	for (size_t i = 0; good && i < code.size; i++)
		good = (code.text[i] >= '0' && code.text[i] <= '9') || (code.text[i] >= 'A' && code.text[i] <= 'Z');
	return good;
}
