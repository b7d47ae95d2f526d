// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/page_template.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define ID_BYTES 32U
#define NAME_BYTES_MAX 200U /* of the desk's name; the rest is cut */
#define PLACE_MAX 16U

bool
page_address_ok(struct cairn_span address)
{
	static const char plain[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#=%+,;[]";

	for (size_t i = 0; i < address.size; i++)
		if (memchr(plain, address.text[i], sizeof plain - 1) == NULL)
			return false;
	return true;
}

/* Anybody's text: what is not a letter or digit of ASCII goes as %XX. */
static void
write_text_of(struct writer *w, struct cairn_span text)
{
	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = (uint8_t)text.text[i];
		char escape[4];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
			write_u8(w, c);
			continue;
		}
		snprintf(escape, sizeof escape, "%%%02X", c);
		write_text(w, escape);
	}
}

/* Cut where a character begins. */
static void
write_name(struct writer *w, struct cairn_span name)
{
	size_t size = name.size < NAME_BYTES_MAX ? name.size : NAME_BYTES_MAX;

	while (size > 0 && size < name.size && ((uint8_t)name.text[size] & 0xc0) == 0x80)
		size--;
	write_text_of(w, (struct cairn_span){name.text, size});
}

/* Half a promise could say the opposite: so a line stands there whole, or not at all. */
static void
write_asks(struct writer *w, const struct page_values *v)
{
	const char *before = "";

	for (size_t i = 0; i < v->ask_count; i++) {
		if (v->asks[i].size == 0 || v->asks[i].size > PAGE_ASK_BYTES_MAX)
			continue;
		write_text(w, before);
		write_text_of(w, v->asks[i]);
		before = ",";
	}
}

static void
write_desk(struct writer *w, const struct page_values *v)
{
	write_text(w, "desk=");
	write_hex(w, v->desk_id, ID_BYTES);
	write_text(w, " identity=");
	write_hex(w, v->identity_key, ID_BYTES);
	write_text(w, " languages=");
	write_text(w, v->all_languages ? "all" : "reviewed");
	write_text(w, " name=");
	write_name(w, v->name);
	write_text(w, " asks=");
	write_asks(w, v);
}

static void
write_span(struct writer *w, struct cairn_span s)
{
	write_bytes(w, s.text, s.size);
}

/* false: that is no place. */
static bool
write_place(struct writer *w, struct cairn_span place, const struct page_values *v)
{
	if (span_is(place, "DESK"))
		write_desk(w, v);
	else if (span_is(place, "BASE"))
		write_span(w, v->base);
	else if (span_is(place, "EXIT"))
		write_span(w, v->exit);
	else if (span_is(place, "RELAYS"))
		write_span(w, v->relays);
	else if (span_is(place, "NOSCRIPT"))
		write_span(w, v->noscript);
	else
		return false;
	return true;
}

/* What stands between an @ and the next, where that may be a place's name; else empty. */
static struct cairn_span
place_at(struct cairn_span rest)
{
	size_t size = 0;

	while (size < rest.size && size < PLACE_MAX && rest.text[size] >= 'A' && rest.text[size] <= 'Z')
		size++;
	if (size == rest.size || rest.text[size] != '@')
		size = 0;
	return (struct cairn_span){rest.text, size};
}

void
page_template_fill(struct writer *w, struct cairn_span template, const struct page_values *values)
{
	struct cairn_span rest = template;

	for (;;) {
		struct cairn_span place;

		write_span(w, span_cut(&rest, '@'));
		if (rest.text == NULL)
			return;
		place = place_at(rest);
		if (place.size > 0 && write_place(w, place, values))
			rest = (struct cairn_span){rest.text + place.size + 1, rest.size - place.size - 1};
		else
			write_text(w, "@");
	}
}
