// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "fuzz.h"
#include "site/address.h"
#include "site/csv.h"
#include "site/gathering.h"
#include "site/text.h"

/* The directory of letters, and gatherings: what is taken is whole, and says where it is from. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct cairn_span text = {(const char *)bytes, size};
	struct site_fault fault;
	GPtrArray *list;

	if (addresses_read(&list, &fault, "a.csv", text) == CAIRN_OK)
		for (guint i = 0; i < list->len; i++) {
			const struct address *a = list->pdata[i];

			FUZZ_CHECK(text_is_country(text_of(a->country)) && text_is_web(text_of(a->source)));
			FUZZ_CHECK(text_is_day(text_of(a->checked), NULL) && (a->e_mail[0] != '\0' ||
			    a->post[0] != '\0'));
			FUZZ_CHECK(strpbrk(a->e_mail, " ?&%\r\n\"'<>") == NULL);
		}
	g_ptr_array_free(list, TRUE);
	if (gatherings_read(&list, &fault, "g.csv", text) == CAIRN_OK)
		for (guint i = 0; i < list->len; i++)
			FUZZ_CHECK(((const struct gathering *)list->pdata[i])->safety[0] != '\0');
	g_ptr_array_free(list, TRUE);
	return 0;
}
