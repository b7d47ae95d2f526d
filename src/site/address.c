// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/address.h"

#include <string.h>

#include "base/text.h"
#include "site/csv.h"
#include "site/fault.h"
#include "site/head.h"
#include "site/text.h"

enum { COUNTRY, NAME, SALUTATION, E_MAIL, POST, LANGUAGES, SOURCE, CHECKED, COLUMNS };
static const char *const columns[COLUMNS] = {"country", "name", "salutation", "e-mail", "post", "languages", "source",
    "checked"};

static void
free_address(gpointer what)
{
	struct address *a = what;
	char *const parts[] = {a->country, a->name, a->salutation, a->e_mail, a->post, a->languages, a->source,
	    a->checked};

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		g_free(parts[i]);
	g_free(a);
}

static char *
copy(struct cairn_span text)
{
	return g_strndup(text.text, text.size);
}

/* It goes into a mailto link: one address, without anything that means more there. */
static bool
e_mail_ok(struct cairn_span text)
{
	struct cairn_span rest = text;
	struct cairn_span user = span_cut(&rest, '@');

	if (text.size == 0)
		return true;
	for (size_t i = 0; i < text.size; i++)
		if (!g_ascii_isalnum(text.text[i]) && strchr("@._+-", text.text[i]) == NULL)
			return false;
	return user.size > 0 && rest.size > 0 && memchr(rest.text, '@', rest.size) == NULL;
}

static bool
lines_ok(struct cairn_span text)
{
	while (text.size > 0)
		if (!text_is_line(text_trim(span_cut(&text, '\n'))))
			return false;
	return true;
}

static const char *
what_is_wrong(const struct cairn_span *cells)
{
	if (!text_is_country(cells[COUNTRY]))
		return "the country is two capital letters";
	if (cells[NAME].size == 0 || !text_is_line(cells[NAME]) || !text_is_line(cells[SALUTATION]))
		return "name and salutation are one line each, and the name is there";
	if (!e_mail_ok(cells[E_MAIL]) || !lines_ok(cells[POST]))
		return "that is no e-mail or postal address";
	if (cells[E_MAIL].size == 0 && cells[POST].size == 0)
		return "there is neither an e-mail nor a postal address";
	if (cells[LANGUAGES].size > 0 && !head_is_languages(cells[LANGUAGES]))
		return "languages are tags with commas between";
	if (!text_is_web(cells[SOURCE]) || !text_is_day(cells[CHECKED], NULL))
		return "each address says where it is from (a web address) and when it was checked (a day)";
	return NULL;
}

int
addresses_read(GPtrArray **ret, struct site_fault *fault, const char *file, struct cairn_span text)
{
	struct cairn_span cells[CSV_COLUMNS_MAX];
	bool row = true;
	struct csv csv;
	int err = csv_begin(&csv, fault, file, text, columns, COLUMNS);

	*ret = g_ptr_array_new_with_free_func(free_address);
	while (err == CAIRN_OK && (err = csv_next(&csv, fault, cells, &row)) == CAIRN_OK && row) {
		const char *wrong = what_is_wrong(cells);
		struct address *a;

		if (wrong != NULL) {
			err = fault_set(fault, CAIRN_ERR_FORMAT, file, csv.line, "%s", wrong);
			break;
		}
		a = g_new0(struct address, 1);
		*a = (struct address){copy(cells[COUNTRY]), copy(cells[NAME]), copy(cells[SALUTATION]),
		    copy(cells[E_MAIL]), copy(cells[POST]), copy(cells[LANGUAGES]), copy(cells[SOURCE]),
		    copy(cells[CHECKED])};
		g_ptr_array_add(*ret, a);
	}
	csv_release(&csv);
	return err;
}
