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

/* One request: a form that came, the screen that answers it. */
struct turn {
	const struct site *site;
	struct talk talk;
	struct form form;
	struct state state;
	struct values *values;
	const char *screen;
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
 * ours. root: the page is looked at at /, so the desk's paths lie elsewhere.
 */
CAIRN_NODISCARD int turn_answer(char **ret, size_t *ret_bytes, const struct site *site,
    const uint8_t desk_id[CAIRN_HASH_BYTES], bool root, uint8_t *body, size_t bytes);

/* What steps share. */
const struct language *turn_language(const struct turn *turn);
/* English, said in the language of the turn. */
struct cairn_span turn_said(const struct turn *turn, const char *english);
/* Times are those of UTC: without scripts nobody knows the reader's own. */
#define TURN_WHEN_BYTES 32U
const char *turn_hour(char out[TURN_WHEN_BYTES], uint32_t hour);
const char *turn_day(char out[TURN_WHEN_BYTES], uint32_t day);

/* Screens. */
void show_trouble(struct turn *turn, int err, const char *retry);
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
/* Takes over what the form says of the letter. false: there is nothing in it yet. */
bool take_letter(struct turn *turn);

#endif
