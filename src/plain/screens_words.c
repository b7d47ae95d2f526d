// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "base/fold.h"
#include "base/text.h"
#include "plain/turn.h"

/* web/person/src/screens/words.ts */

/* ---- made here ---- */

/* NULL: digits. */
static void
make_words(struct turn *turn, const struct cairn_wordlist *list)
{
	uint8_t entropy[32];

	randombytes_buf(entropy, sizeof(entropy));
	cairn_passphrase_new(&turn->state.pass, list, entropy);
	sodium_memzero(entropy, sizeof(entropy));
	turn->state.fresh = true;
	turn->state.open = false;
}

static void
show_words(struct turn *turn)
{
	char text[CAIRN_PASSPHRASE_TEXT_MAX];
	struct cairn_span rest;
	bool digits;

	turn->screen = "words";
	if (cairn_passphrase_write(text, sizeof(text), &turn->state.pass) != CAIRN_OK)
		text[0] = '\0';
	digits = text[0] >= '0' && text[0] <= '9';
	rest = (struct cairn_span){text, strlen(text)};
	values_string(turn->values, "digits", digits ? text : "");
	values_list(turn->values, "words");
	while (!digits && rest.text != NULL) {
		struct cairn_span word = span_cut(&rest, ' ');

		values_row(turn->values, "words", &word, 1);
	}
	sodium_memzero(text, sizeof(text));
}

void
step_words(struct turn *turn)
{
	if (!letter_ready(turn))
		return;
	if (turn->state.pass.bytes == 0)
		make_words(turn, cairn_wordlist_find(turn_language(turn)->tag));
	show_words(turn);
}

void
step_list(struct turn *turn)
{
	const struct cairn_wordlist *list = cairn_wordlist_find(turn_language(turn)->tag);

	make_words(turn, list == NULL ? cairn_wordlists[0] : list);
	show_words(turn);
}

void
step_digits(struct turn *turn)
{
	make_words(turn, NULL);
	show_words(turn);
}

/* ---- typed ---- */

int
words_typed(struct cairn_passphrase *pass, size_t *ret_word, struct cairn_span typed)
{
	struct cairn_span folded;
	char room[FOLD_ROOM];
	int err;

	*ret_word = 0;
	folded.text = room;
	err = typed.text == NULL ? CAIRN_ERR_RANGE : fold_text(room, sizeof(room), &folded.size, typed);
	if (err == CAIRN_OK)
		err = cairn_passphrase_read(pass, typed, folded, ret_word);
	sodium_memzero(room, sizeof(room));
	return err;
}

static void
show_again(struct turn *turn, const char *problem)
{
	turn->screen = "again";
	values_text(turn->values, "problem", problem == NULL ? (struct cairn_span){"", 0} : turn_said(turn, problem));
}

void
step_again(struct turn *turn)
{
	show_again(turn, NULL);
}

void
step_typed(struct turn *turn)
{
	const struct cairn_passphrase *shown = &turn->state.pass;
	struct cairn_passphrase typed = {0};
	size_t word;
	bool same = words_typed(&typed, &word, form_get(&turn->form, "words")) == CAIRN_OK &&
	    typed.bytes == shown->bytes && sodium_memcmp(typed.input, shown->input, sizeof(typed.input)) == 0;

	cairn_passphrase_clear(&typed);
	if (same)
		step_send(turn);
	else
		show_again(turn, N_("That is not the same yet. Look at them again if you need to."));
}

/* ---- brought along ---- */

/* So much of what somebody took for a word is enough to find it again. */
static struct cairn_span
shortened(struct cairn_span word)
{
	size_t size = word.size < CAIRN_WORD_BYTES_MAX ? word.size : CAIRN_WORD_BYTES_MAX;

	while (size > 0 && size < word.size && ((uint8_t)word.text[size] & 0xc0) == 0x80)
		size--;
	return (struct cairn_span){word.text, size};
}

static struct cairn_span
word_of(struct cairn_span typed, size_t n)
{
	for (;;) {
		size_t size = 0;

		while (typed.size > 0 && strchr(" \t\r\n", typed.text[0]) != NULL)
			typed = (struct cairn_span){typed.text + 1, typed.size - 1};
		while (size < typed.size && strchr(" \t\r\n", typed.text[size]) == NULL)
			size++;
		if (n-- == 0 || size == 0)
			return shortened((struct cairn_span){typed.text, size});
		typed = (struct cairn_span){typed.text + size, typed.size - size};
	}
}

struct cairn_span
words_problem(
    const struct turn *turn, char problem[TURN_PROBLEM_BYTES], int err, struct cairn_span typed, size_t word)
{
	if (err == CAIRN_ERR_UNKNOWN)
		return turn_filled(problem, TURN_PROBLEM_BYTES,
		    turn_said(turn, N_("The word “{word}” is not one of ours. Is it typed as it was shown?")),
		    "{word}", word_of(typed, word));
	return turn_said(turn, N_("There should be six or seven words, or 24 digits."));
}

static void
show_enter(struct turn *turn, int err, size_t word)
{
	struct cairn_span typed = form_get(&turn->form, "words");
	char problem[TURN_PROBLEM_BYTES];
	struct cairn_span text = {"", 0};

	turn->screen = "enter";
	if (err != CAIRN_OK)
		text = words_problem(turn, problem, err, typed, word);
	values_text(turn->values, "problem", text);
	sodium_memzero(problem, sizeof(problem));
}

void
step_enter(struct turn *turn)
{
	show_enter(turn, CAIRN_OK, 0);
}

void
step_open(struct turn *turn)
{
	size_t word;
	int err = words_typed(&turn->state.pass, &word, form_get(&turn->form, "words"));

	if (err != CAIRN_OK) {
		cairn_passphrase_clear(&turn->state.pass);
		show_enter(turn, err, word);
		return;
	}
	turn->state.fresh = false;
	step_look(turn);
}
