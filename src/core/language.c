// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/language.h"

#include "base/text.h"

/* Letters, digits and nothing else of one language tag: what one subtag is made of. */
struct subtag {
	struct cairn_span s;
	bool letters; /* only letters */
	bool digits;  /* only digits */
	bool begins_with_digit;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Of 1 to 8 letters and digits, as every subtag is. */
static bool
subtag_read(struct subtag *t, struct cairn_span s)
{
	*t = (struct subtag){s, true, true, false};
	if (s.size < 1 || s.size > 8)
		return false;
	for (size_t i = 0; i < s.size; i++) {
		t->letters = t->letters && is_letter(s.text[i]);
		t->digits = t->digits && is_digit(s.text[i]);
		if (!is_letter(s.text[i]) && !is_digit(s.text[i]))
			return false;
	}
	t->begins_with_digit = is_digit(s.text[0]);
	return true;
}

/* The subtag at the front of what is left; an ill-formed one is none. */
static bool
peek(struct subtag *t, struct cairn_span rest)
{
	return rest.text != NULL && subtag_read(t, span_cut(&rest, '-'));
}

static bool
is_extlang(const struct subtag *t)
{
	return t->letters && t->s.size == 3;
}

static bool
is_script(const struct subtag *t)
{
	return t->letters && t->s.size == 4;
}

static bool
is_region(const struct subtag *t)
{
	return (t->letters && t->s.size == 2) || (t->digits && t->s.size == 3);
}

static bool
is_variant(const struct subtag *t)
{
	return t->s.size >= 5 || (t->s.size == 4 && t->begins_with_digit);
}

static bool
is_private(const struct subtag *t)
{
	return t->s.size == 1 && (t->s.text[0] == 'x' || t->s.text[0] == 'X');
}

static bool
is_singleton(const struct subtag *t)
{
	return t->s.size == 1 && !is_private(t);
}

static bool
is_in_extension(const struct subtag *t)
{
	return t->s.size >= 2;
}

static bool
is_any(const struct subtag *t)
{
	return t->s.size >= 1;
}

/* Takes up to most subtags of that kind off the front; returns how many. */
static size_t
take(struct cairn_span *rest, size_t most, bool (*is)(const struct subtag *))
{
	struct subtag t;
	size_t taken = 0;

	while (taken < most && peek(&t, *rest) && is(&t)) {
		span_cut(rest, '-');
		taken++;
	}
	return taken;
}

/* langtag of the grammar, from behind its first subtag. */
static bool
langtag_rest(struct cairn_span rest, size_t first_size)
{
	if (first_size <= 3)
		take(&rest, 3, is_extlang);
	take(&rest, 1, is_script);
	take(&rest, 1, is_region);
	take(&rest, SIZE_MAX, is_variant);
	while (take(&rest, 1, is_singleton) == 1)
		if (take(&rest, SIZE_MAX, is_in_extension) == 0)
			return false;
	if (take(&rest, 1, is_private) == 1 && take(&rest, SIZE_MAX, is_any) == 0)
		return false;
	return rest.text == NULL;
}

static bool
same_but_case(struct cairn_span a, const char *lower)
{
	size_t i;

	for (i = 0; i < a.size && lower[i] != '\0'; i++) {
		char c = a.text[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c != lower[i])
			return false;
	}
	return i == a.size && lower[i] == '\0';
}

/* Tags of old that the grammar names one by one. The regular ones among those fit it anyway. */
static bool
is_irregular(struct cairn_span tag)
{
	static const char *const irregular[] = {"en-gb-oed", "i-ami", "i-bnn", "i-default", "i-enochian",
	    "i-hak", "i-klingon", "i-lux", "i-mingo", "i-navajo", "i-pwn", "i-tao", "i-tay", "i-tsu",
	    "sgn-be-fr", "sgn-be-nl", "sgn-ch-de"};

	for (size_t i = 0; i < sizeof irregular / sizeof irregular[0]; i++)
		if (same_but_case(tag, irregular[i]))
			return true;
	return false;
}

bool
language_is_tag(struct cairn_span tag)
{
	struct cairn_span rest = tag;
	struct subtag first;

	if (tag.size == 0)
		return false;
	if (is_irregular(tag))
		return true;
	if (!subtag_read(&first, span_cut(&rest, '-')))
		return false;
	if (is_private(&first))
		return take(&rest, SIZE_MAX, is_any) > 0 && rest.text == NULL;
	return first.letters && first.s.size >= 2 && langtag_rest(rest, first.s.size);
}
