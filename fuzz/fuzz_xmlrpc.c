// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "base/text.h"
#include "fuzz.h"
#include "site/text.h"
#include "site/xmlrpc.h"

static void
check_text(xmlNode *value)
{
	GString *text = g_string_new(NULL);
	int number = -1;

	if (xmlrpc_text(text, value) == CAIRN_OK)
		FUZZ_CHECK(text_is_utf8((const uint8_t *)text->str, text->len) && strlen(text->str) == text->len);
	FUZZ_CHECK(xmlrpc_number(&number, value) != CAIRN_OK || number >= 0);
	g_string_free(text, TRUE);
}

/* What a journal answers: a value or a fault, and texts that can be shown. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct xmlrpc answer;

	if (xmlrpc_read(&answer, bytes, size) == CAIRN_OK) {
		FUZZ_CHECK((answer.value == NULL) == (answer.fault > 0));
		FUZZ_CHECK(answer.doc->intSubset == NULL && text_is_line(text_of(answer.text)));
		check_text(answer.value);
		check_text(xmlrpc_member(answer.value, "challenge"));
		check_text(xmlrpc_member(answer.value, "itemid"));
		xmlNode *events = xmlrpc_member(answer.value, "events");

		for (xmlNode *e = xmlrpc_next(events, NULL); e != NULL; e = xmlrpc_next(events, e))
			check_text(xmlrpc_member(e, "event"));
	}
	xmlrpc_release(&answer);
	return 0;
}
