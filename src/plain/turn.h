// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_PLAIN_TURN_H
#define CAIRN_PLAIN_TURN_H

#include "plain/form.h"
#include "plain/render.h"
#include "plain/seal.h"
#include "plain/talk.h"

/* What the program was started with. */
struct site {
	const struct templates *templates;
	const uint8_t *key; /* [SEAL_KEY_BYTES], of the hidden field */
	const char *address;
	const char *unix_socket;
	const char *exit;
	bool all_languages;
};

#define TURN_PROBLEM_BYTES 512U

/* One request: a form that came, the screen that answers it. */
struct turn {
	const struct site *site;
	struct talk talk;
	struct form form;
	struct state state;
	struct values *values;
	const char *screen;
	struct cairn_span problem; /* of the letter's form, in words; looks into problem_room */
	char problem_room[TURN_PROBLEM_BYTES];
};

/* The table of steps (steps.c): what the button says, and who answers it. */
struct step {
	const char *go;
	bool open; /* wants the root, or words to make it of */
	void (*run)(struct turn *turn);
};

extern const struct step steps[];
extern const size_t step_count;

/*
 * Answers a form of desk_id: HTML into *ret, g_free() it. body is decoded in place. CAIRN_ERR_FORMAT: not a form of
 * ours. flags: those of the wire (base/plain_wire.h).
 */
CAIRN_NODISCARD int turn_answer(char **ret, size_t *ret_bytes, const struct site *site,
    const uint8_t desk_id[CAIRN_HASH_BYTES], unsigned flags, uint8_t *body, size_t bytes);

/* What steps share. */
const struct language *turn_language(const struct turn *turn);
/* English, said in the language of the turn. */
struct cairn_span turn_said(const struct turn *turn, const char *english);
/* The same with what stands for place, "{when}": into out, "" where it does not fit. The text must outlive it. */
struct cairn_span turn_filled(
    char *out, size_t room, struct cairn_span said, const char *place, struct cairn_span value);
/* Somebody else's text, what could play tricks shown by its number. g_string_free() it. */
GString *turn_shown(struct cairn_span text);
/* In the person's own time where it was said, else UTC: without scripts nobody knows it. */
#define TURN_WHEN_BYTES 32U
const char *turn_hour(const struct turn *turn, char out[TURN_WHEN_BYTES], uint32_t hour);
const char *turn_day(char out[TURN_WHEN_BYTES], uint32_t day);

/* Screens. */
void show_trouble(struct turn *turn, int err, const char *retry);
/* What the desk never asks, by a card that was checked. */
void put_asks(struct turn *turn, const struct cairn_card *card);
void show_write(struct turn *turn, const char *problem);
void show_news(struct turn *turn, struct cairn_look *look);

/* Steps, each in the file of its screens. */
void step_begin(struct turn *turn);
void step_wait(struct turn *turn);
void step_before(struct turn *turn);
void step_which(struct turn *turn);
void step_write(struct turn *turn);
void step_words(struct turn *turn);
void step_list(struct turn *turn);
void step_digits(struct turn *turn);
void step_again(struct turn *turn);
void step_typed(struct turn *turn);
void step_send(struct turn *turn);
void step_enter(struct turn *turn);
void step_open(struct turn *turn);
void step_look(struct turn *turn);
void step_since(struct turn *turn);
void step_further(struct turn *turn);
/* Without white space around it. */
struct cairn_span trimmed(struct cairn_span text);
/* Takes over what the form says of the letter. false: there is nothing in it yet. */
bool take_letter(struct turn *turn);

/* The same, and false as well where something in it is wrong; then the screen to write on says so. */
bool letter_ready(struct turn *turn);

/* What a person may leave beside the text (screens_more.c). The spans are taken anew with those of the letter. */
void take_more(struct turn *turn);
void put_more(struct turn *turn);
bool more_said(const struct state *state);
/* Reads words that were typed. *ret_word: which one is not known, where that is the fault. */
CAIRN_NODISCARD int words_typed(struct cairn_passphrase *pass, size_t *ret_word, struct cairn_span typed);
/* What to say of that fault: in problem[TURN_PROBLEM_BYTES], or said as it is. */
struct cairn_span words_problem(
    const struct turn *turn, char problem[TURN_PROBLEM_BYTES], int err, struct cairn_span typed, size_t word);

#endif
