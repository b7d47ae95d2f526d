// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/typed.h"

#include <string.h>

#include <sodium.h>

#include "base/fold.h"

#define KEY_BACKSPACE 0x08
#define KEY_DELETE 0x7f
#define KEY_KILL 0x15

int
typed_whole(struct cairn_passphrase *pass, struct cairn_span text, size_t *ret_word)
{
	char folded[FOLD_ROOM];
	size_t bytes;
	int err = fold_text(folded, sizeof(folded), &bytes, text);

	if (err == CAIRN_OK)
		err = cairn_passphrase_read(pass, text, (struct cairn_span){folded, bytes}, ret_word);
	sodium_memzero(folded, sizeof(folded));
	return err;
}

void
typed_clear(struct typed *t)
{
	sodium_memzero(t, sizeof(*t));
}

static void
drop_word(struct typed *t)
{
	sodium_memzero(t->word, sizeof(t->word));
	t->word_bytes = 0;
}

/* Is there a list that knows all of these words? Too few or too many of them is no matter here. */
static bool
words_known(const char *text, size_t bytes)
{
	struct cairn_passphrase pass;
	bool known = false;

	for (size_t i = 0; cairn_wordlists[i] != NULL && !known; i++) {
		int err = cairn_passphrase_words(&pass, cairn_wordlists[i],
		    (struct cairn_span){text, bytes}, NULL);

		known = err == CAIRN_OK || err == CAIRN_ERR_RANGE;
	}
	cairn_passphrase_clear(&pass);
	return known;
}

/* Puts the word behind those before it, if together they stand on one list. */
static enum typed_event
end_word(struct typed *t)
{
	char folded[FOLD_ROOM];
	size_t bytes = 0, before = t->bytes;
	enum typed_event event = TYPED_UNKNOWN;

	if (t->word_bytes == 0)
		return TYPED_NOTHING;
	if (fold_text(folded, sizeof(folded), &bytes, (struct cairn_span){t->word, t->word_bytes}) == CAIRN_OK &&
	    bytes < sizeof(t->text) - t->bytes - 1) {
		if (t->bytes > 0)
			t->text[t->bytes++] = ' ';
		memcpy(t->text + t->bytes, folded, bytes);
		t->bytes += bytes;
		event = words_known(t->text, t->bytes) ? TYPED_WORD : TYPED_UNKNOWN;
	}
	if (event == TYPED_WORD)
		t->words++;
	else
		t->bytes = before;
	sodium_memzero(folded, sizeof(folded));
	drop_word(t);
	return event;
}

static enum typed_event
end_digits(struct typed *t)
{
	int err = typed_whole(&t->pass, (struct cairn_span){t->word, t->word_bytes}, NULL);

	if (err == CAIRN_OK)
		return TYPED_DONE;
	typed_clear(t);
	return TYPED_WRONG;
}

static enum typed_event
end_words(struct typed *t)
{
	enum typed_event event = end_word(t);
	struct cairn_span text = {t->text, t->bytes};
	int err;

	if (event == TYPED_UNKNOWN || t->words == 0)
		return event;
	err = cairn_passphrase_read(&t->pass, text, text, NULL);
	if (err == CAIRN_OK)
		return TYPED_DONE;
	if (t->words < CAIRN_WORDS_MAX)
		return TYPED_SHORT;
	typed_clear(t);
	return TYPED_WRONG;
}

/* The last character of the word under way; words that were accepted stay. */
static void
rub_out(struct typed *t)
{
	while (t->word_bytes > 0 && ((uint8_t)t->word[t->word_bytes - 1] & 0xc0) == 0x80)
		t->word_bytes--;
	if (t->word_bytes > 0)
		t->word_bytes--;
	if (t->word_bytes == 0 && t->words == 0)
		t->digits = false;
}

/* Does what is being typed begin with a digit of any script? */
static bool
begins_with_digit(const struct typed *t)
{
	struct cairn_passphrase pass;
	int err = cairn_passphrase_digits(&pass, (struct cairn_span){t->word, t->word_bytes});

	return err == CAIRN_ERR_RANGE;
}

enum typed_event
typed_byte(struct typed *t, uint8_t byte)
{
	if (byte == '\n' || byte == '\r')
		return t->digits ? end_digits(t) : end_words(t);
	if (byte == KEY_BACKSPACE || byte == KEY_DELETE)
		return rub_out(t), TYPED_NOTHING;
	if (byte == KEY_KILL)
		return typed_clear(t), TYPED_NOTHING;
	if ((byte == ' ' || byte == '\t') && !t->digits)
		return end_word(t);
	if (byte < ' ' || t->word_bytes == sizeof(t->word))
		return TYPED_NOTHING;
	t->word[t->word_bytes++] = (char)byte;
	if (t->words == 0 && !t->digits)
		t->digits = begins_with_digit(t);
	return TYPED_NOTHING;
}
