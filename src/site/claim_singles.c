// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>

#include "base/fold.h"
#include "base/text.h"
#include "site/claim_rules.h"

/*
 * Words that make one person of many. In lower case, as whole words, in whatever language the saying is said to be;
 * "*" stands for any ending. The table is for warnings: it can be longer, and never complete.
 */
static const struct {
	const char *word;
	const char *why;
} singles[] = {
	{"only", "says that there is one"},
	{"first", "says that there is one"},
	{"last", "says that there is one"},
	{"youngest", "says that there is one"},
	{"oldest", "says that there is one"},
	{"famous", "who is known is found"},
	{"well-known", "who is known is found"},
	{"aged", "an age"},
	{"year-old", "an age"},
	{"teenage*", "an age"},
	{"underage", "an age"},
	{"his", "one person"},
	{"her", "one person"},
	{"brother*", "a family"},
	{"sister*", "a family"},
	{"father*", "a family"},
	{"mother*", "a family"},
	{"uncle*", "a family"},
	{"wife", "a family"},
	{"husband", "a family"},
	{"son", "a family"},
	{"daughter", "a family"},
	{"twin*", "a family"},
	{"married", "a family"},
	{"doctor", "a calling"},
	{"teacher", "a calling"},
	{"singer", "a calling"},
	{"actor", "a calling"},
	{"officer", "a calling"},
	{"soldier", "a calling"},
	{"student", "a calling"},
	{"presenter", "a calling"},
	{"journalist", "a calling"},
	{"hiv", "an illness"},
	{"pregnant", "a state that others saw"},
	{"wheelchair", "a state that others saw"},
	{"scar*", "a mark that others saw"},
	{"tattoo*", "a mark that others saw"},
	{"village", "a place finer than a region"},
	{"street", "a place finer than a region"},
	{"monday", "a day"},
	{"tuesday", "a day"},
	{"wednesday", "a day"},
	{"thursday", "a day"},
	{"friday", "a day"},
	{"saturday", "a day"},
	{"sunday", "a day"},
	{"yesterday", "a day"},
	{"\xd0\xb5\xd0\xb4\xd0\xb8\xd0\xbd\xd1\x81\xd1\x82\xd0\xb2\xd0\xb5\xd0\xbd\xd0\xbd*",
	    "says that there is one"},
	{"\xd0\xbf\xd0\xb5\xd1\x80\xd0\xb2\xd1\x8b\xd0\xb9", "says that there is one"},
	{"\xd0\xb5\xd0\xb3\xd0\xbe", "one person"},
	{"\xd0\xb5\xd1\x91", "one person"},
	{"\xd0\xb1\xd1\x80\xd0\xb0\xd1\x82*", "a family"},
	{"\xd1\x81\xd0\xb5\xd1\x81\xd1\x82\xd1\x80*", "a family"},
	{"\xd0\xbe\xd1\x82\xd0\xb5\xd1\x86", "a family"},
	{"\xd0\xb4\xd1\x8f\xd0\xb4*", "a family"},
	{"\xd0\xb6\xd0\xb5\xd0\xbd\xd0\xb0", "a family"},
	{"\xd1\x81\xd1\x8b\xd0\xbd", "a family"},
	{"\xd0\xb2\xd1\x80\xd0\xb0\xd1\x87*", "a calling"},
	{"\xd1\x83\xd1\x87\xd0\xb8\xd1\x82\xd0\xb5\xd0\xbb*", "a calling"},
	{"\xd0\xbf\xd0\xb5\xd0\xb2\xd0\xb5\xd1\x86", "a calling"},
	{"\xd1\x81\xd0\xb5\xd0\xbb\xd0\xbe", "a place finer than a region"},
	{"\xd1\x83\xd0\xbb\xd0\xb8\xd1\x86*", "a place finer than a region"},
};
#define SINGLES (sizeof singles / sizeof singles[0])

/* ---- words of a text ---- */

static bool
ends_word(char c)
{
	return c == ' ' || (c != '\0' && strchr(".,;:!?()\"'/", c) != NULL);
}

/* The next word of *rest; false at the end. begins: it is the first of a sentence. */
static bool
next_word(struct cairn_span *word, bool *begins, struct cairn_span *rest)
{
	size_t at = 0, end;

	while (at < rest->size && ends_word(rest->text[at])) {
		*begins |= strchr(".!?", rest->text[at]) != NULL;
		at++;
	}
	for (end = at; end < rest->size && !ends_word(rest->text[end]);)
		end++;
	*word = (struct cairn_span){rest->text + at, end - at};
	rest->text += end;
	rest->size -= end;
	return word->size > 0;
}

static bool
is_single(struct cairn_span word, const char *single)
{
	size_t size = strlen(single);

	if (single[size - 1] == '*')
		return word.size >= size - 1 && memcmp(word.text, single, size - 1) == 0;
	return span_is(word, single);
}

static bool
single_in(struct cairn_span text, char *detail, size_t room)
{
	struct cairn_span word;
	bool begins = false;

	while (next_word(&word, &begins, &text))
		for (size_t i = 0; i < SINGLES; i++)
			if (is_single(word, singles[i].word)) {
				(void)snprintf(detail, room, "%.*s: %s", (int)word.size, word.text, singles[i].why);
				return true;
			}
	return false;
}

bool
claim_single_word(const struct claim *claim, char *detail, size_t room)
{
	char folded[FOLD_ROOM];

	for (size_t i = 0; i < claim->saying_count; i++) {
		size_t size = 0;

		if (fold_text(folded, sizeof folded, &size, claim->sayings[i].text) == CAIRN_OK &&
		    single_in((struct cairn_span){folded, size}, detail, room))
			return true;
	}
	return false;
}

/* Does its first letter change when it is brought to lower case? */
static bool
is_capital(struct cairn_span word)
{
	char folded[FOLD_ROOM];
	struct cairn_span lower = {folded, 0}, first = word;
	uint32_t letter = text_next(&first);

	if (word.size > 64 || fold_text(folded, sizeof folded, &lower.size, word) != CAIRN_OK || lower.size == 0)
		return true;
	return text_next(&lower) != letter;
}

static bool
is_in(struct cairn_span text, struct cairn_span word)
{
	return text.size > 0 && word.size > 0 && memmem(text.text, text.size, word.text, word.size) != NULL;
}

bool
claim_name_like(const struct claim *claim, char *detail, size_t room)
{
	for (size_t i = 0; i < claim->saying_count; i++) {
		struct cairn_span rest = claim->sayings[i].text, word;
		bool begins = true;

		while (next_word(&word, &begins, &rest)) {
			if (!begins && is_capital(word) && !is_in(claim->place, word)) {
				(void)snprintf(detail, room, "%.*s", (int)(word.size < 64 ? word.size : 64),
				    word.text);
				return true;
			}
			begins = false;
		}
	}
	return false;
}

/* ---- characters of a text ---- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* 1900 to 2099, in digits and nothing else. */
static bool
is_year(struct cairn_span digits)
{
	return digits.size == 4 && (memcmp(digits.text, "19", 2) == 0 || memcmp(digits.text, "20", 2) == 0);
}

static bool
number_in(struct cairn_span text, char *detail, size_t room)
{
	for (size_t at = 0; at < text.size; at++) {
		struct cairn_span digits = {text.text + at, 0};

		while (at + digits.size < text.size && is_digit(text.text[at + digits.size]))
			digits.size++;
		if (digits.size > 0 && !is_year(digits)) {
			(void)snprintf(detail, room, "%.*s", (int)(digits.size < 32 ? digits.size : 32), digits.text);
			return true;
		}
		at += digits.size;
	}
	return false;
}

/* A number in digits of any script: NFKC and what follows leave those of other scripts, which are named apart. */
static bool
foreign_digit_in(struct cairn_span text)
{
	while (text.size > 0) {
		uint32_t c = text_next(&text);

		if ((c >= 0x660 && c <= 0x669) || (c >= 0x6f0 && c <= 0x6f9) || (c >= 0x966 && c <= 0x96f))
			return true;
	}
	return false;
}

bool
claim_number(const struct claim *claim, char *detail, size_t room)
{
	for (size_t i = 0; i < claim->saying_count; i++)
		if (number_in(claim->sayings[i].text, detail, room) || foreign_digit_in(claim->sayings[i].text))
			return true;
	return false;
}

static bool
one_of_in(const struct claim *claim, const char *const *marks, size_t count, char *detail, size_t room)
{
	for (size_t i = 0; i < claim->saying_count; i++)
		for (size_t j = 0; j < count; j++)
			if (is_in(claim->sayings[i].text, (struct cairn_span){marks[j], strlen(marks[j])})) {
				(void)snprintf(detail, room, "%s", marks[j]);
				return true;
			}
	return false;
}

bool
claim_quotation(const struct claim *claim, char *detail, size_t room)
{
	static const char *const marks[] = {"\"", "\xe2\x80\x9c", "\xe2\x80\x9e", "\xc2\xab", "\xe2\x80\xb9"};

	return one_of_in(claim, marks, sizeof marks / sizeof marks[0], detail, room);
}

bool
claim_contact(const struct claim *claim, char *detail, size_t room)
{
	static const char *const marks[] = {"@", "://", "www.", "t.me/", "+7", "+9"};

	return one_of_in(claim, marks, sizeof marks / sizeof marks[0], detail, room);
}
