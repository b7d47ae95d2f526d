// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain/form.h"

#include <string.h>

#include "base/text.h"

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* What it says is never longer than what says it. */
static int
decode(struct cairn_span *out, struct cairn_span in, uint8_t *room)
{
	size_t used = 0;

	for (size_t i = 0; i < in.size; i++) {
		char c = in.text[i];

		if (c == '%') {
			int high = in.size - i > 2 ? hex_digit(in.text[i + 1]) : -1;
			int low = in.size - i > 2 ? hex_digit(in.text[i + 2]) : -1;

			if (high < 0 || low < 0)
				return CAIRN_ERR_FORMAT;
			c = (char)(high << 4 | low);
			i += 2;
		} else if (c == '+') {
			c = ' ';
		}
		if (c == '\0')
			return CAIRN_ERR_FORMAT;
		room[used++] = (uint8_t)c;
	}
	*out = (struct cairn_span){(const char *)room, used};
	return text_is_utf8(room, used) ? CAIRN_OK : CAIRN_ERR_FORMAT;
}

static int
read_field(struct field *field, struct cairn_span pair, uint8_t *room)
{
	struct cairn_span value = pair;
	struct cairn_span name = span_cut(&value, '=');
	size_t skip = name.size + 1;
	int err;

	if (value.text == NULL)
		return CAIRN_ERR_FORMAT;
	err = decode(&field->name, name, room);
	return err == CAIRN_OK ? decode(&field->value, value, room + skip) : err;
}

int
form_read(struct form *form, uint8_t *body, size_t bytes)
{
	struct cairn_span rest = {(const char *)body, bytes};
	int err = CAIRN_OK;

	form->count = 0;
	while (err == CAIRN_OK && rest.text != NULL && bytes > 0) {
		struct cairn_span pair = span_cut(&rest, '&');
		size_t at = (size_t)(pair.text - (const char *)body);

		if (form->count == FORM_FIELDS_MAX)
			err = CAIRN_ERR_RANGE;
		else
			err = read_field(&form->fields[form->count++], pair, body + at);
	}
	if (err != CAIRN_OK)
		memset(form, 0, sizeof *form);
	return err;
}

struct cairn_span
form_get(const struct form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++)
		if (span_is(form->fields[i].name, name))
			return form->fields[i].value;
	return (struct cairn_span){NULL, 0};
}
