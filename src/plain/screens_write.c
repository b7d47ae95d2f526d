// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "plain/turn.h"

/* web/person/src/screens/write.ts and deliver.ts */

static const char *const needs[] = {
    [1] = N_("a safe place to stay"),
    [2] = N_("a way out"),
    [3] = N_("a doctor"),
    [4] = N_("a lawyer"),
    [5] = N_("money"),
    [6] = N_("papers"),
    [7] = N_("someone to talk to"),
    [8] = N_("it is for somebody else"),
};

static const char *const urgencies[] = {N_("I do not want to say"), N_("this week"), N_("today"), N_("now")};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NAME_BYTES 16U

static struct cairn_span
span(const char *text)
{
	return (struct cairn_span){text, strlen(text)};
}

/* ---- what the form says ---- */

struct cairn_span
trimmed(struct cairn_span text)
{
	while (text.size > 0 && strchr(" \t\r\n", text.text[text.size - 1]) != NULL)
		text.size--;
	while (text.size > 0 && strchr(" \t\r\n", text.text[0]) != NULL)
		text = (struct cairn_span){text.text + 1, text.size - 1};
	return text;
}

static void
take_choices(struct state *s, const struct form *form)
{
	struct cairn_span urgency = form_get(form, "urgency");
	uint64_t value = 0;
	char name[NAME_BYTES];

	if (text_number(&value, urgency, COUNT(urgencies) - 1) == CAIRN_OK)
		s->urgency = (uint8_t)value;
	s->needs = 0;
	for (unsigned need = 1; need < COUNT(needs); need++) {
		(void)snprintf(name, sizeof(name), "need%u", need);
		if (form_get(form, name).text != NULL)
			s->needs |= (uint16_t)(1U << need);
	}
}

/* The spans of the state look into its room, which is laid out anew: so the old one stays until that is done. */
static void
take_texts(struct state *s, const struct form *form)
{
	struct state_question old[STATE_QUESTIONS];
	char before[STATE_ROOM], name[NAME_BYTES];
	size_t used = s->used;

	memcpy(before, s->room, used);
	memcpy(old, s->questions, sizeof(old));
	s->used = 0;
	s->text = state_keep(s, trimmed(form_get(form, "text")), STATE_TEXT_MAX);
	for (size_t i = 0; i < STATE_QUESTIONS; i++) {
		struct cairn_span asked = old[i].question;

		if (asked.size > 0)
			asked.text = before + (asked.text - s->room);
		(void)snprintf(name, sizeof(name), "answer%zu", i);
		s->questions[i].question = state_keep(s, asked, STATE_QUESTION_MAX);
		s->questions[i].answer = state_keep(s,
		    asked.size == 0 ? (struct cairn_span){NULL, 0} : trimmed(form_get(form, name)),
		    STATE_QUESTION_MAX);
	}
	sodium_memzero(before, used);
}

bool
take_letter(struct turn *turn)
{
	struct state *s = &turn->state;
	struct cairn_span answer = form_get(&turn->form, "answer");
	bool something;

	if (form_get(&turn->form, "text").text != NULL) {
		take_texts(s, &turn->form);
		take_choices(s, &turn->form);
		take_more(turn);
		if (answer.text != NULL)
			s->answer_language = (uint8_t)language_find(answer, true);
	}
	something = s->text.size > 0 || more_said(s);
	for (size_t i = 0; i < STATE_QUESTIONS; i++)
		something = something || s->questions[i].answer.size > 0;
	return something;
}

bool
letter_ready(struct turn *turn)
{
	bool something = take_letter(turn);

	if (turn->problem.size > 0)
		show_write(turn, NULL);
	else if (!something)
		show_write(turn, N_("There is nothing to send yet."));
	return something && turn->problem.size == 0;
}

/* ---- the screen ---- */

static void
put_choices(
    struct turn *turn, const char *list, const char *const *labels, size_t first, size_t count, unsigned chosen)
{
	char number[NAME_BYTES];

	values_list(turn->values, list);
	for (size_t i = first; i < count; i++) {
		struct cairn_span row[] = {{number, 0}, turn_said(turn, labels[i]),
		    span(chosen & 1U << i ? "1" : "")};

		row[0].size = (size_t)snprintf(number, sizeof(number), "%zu", i);
		values_row(turn->values, list, row, 3);
	}
}

static void
put_tongues(struct turn *turn)
{
	values_list(turn->values, "tongues");
	for (size_t i = 0; i < language_count; i++) {
		struct cairn_span row[] = {span(languages[i].tag), span(languages[i].name),
		    span(i == turn->state.answer_language ? "1" : "")};

		values_row(turn->values, "tongues", row, 3);
	}
}

static void
put_questions(struct turn *turn)
{
	char name[NAME_BYTES];

	values_list(turn->values, "questions");
	for (size_t i = 0; i < STATE_QUESTIONS; i++) {
		const struct state_question *q = &turn->state.questions[i];
		GString *question = turn_shown(q->question);
		struct cairn_span row[] = {{name, 0}, {question->str, question->len}, q->answer};

		row[0].size = (size_t)snprintf(name, sizeof(name), "answer%zu", i);
		if (q->question.size > 0)
			values_row(turn->values, "questions", row, 3);
		g_string_free(question, TRUE);
	}
}

void
show_write(struct turn *turn, const char *problem)
{
	turn->screen = "write";
	values_text(turn->values, "problem", problem == NULL ? turn->problem : turn_said(turn, problem));
	values_flag(turn->values, "open", turn->state.open);
	values_text(turn->values, "text", turn->state.text);
	put_questions(turn);
	put_choices(turn, "urgencies", urgencies, 0, COUNT(urgencies), 1U << turn->state.urgency);
	put_choices(turn, "needs", needs, 1, COUNT(needs), turn->state.needs);
	put_tongues(turn);
	put_more(turn);
}

void
step_write(struct turn *turn)
{
	(void)take_letter(turn);
	show_write(turn, NULL);
}

/* ---- sending ---- */

/* Never more than is known. */
static void
show_sent(struct turn *turn)
{
	char when[TURN_WHEN_BYTES];

	turn->screen = "sent";
	values_string(turn->values, "when", turn_hour(turn, when, talk_hour(&turn->talk, &turn->state)));
	values_flag(turn->values, "fresh", turn->state.fresh);
	state_new_letter(&turn->state);
}

void
step_send(struct turn *turn)
{
	int err = CAIRN_OK;

	if (!letter_ready(turn))
		return;
	if (!turn->state.open)
		err = talk_root(&turn->talk, &turn->state);
	if (err == CAIRN_OK)
		err = talk_send(&turn->talk, &turn->state);
	if (err == CAIRN_OK)
		show_sent(turn);
	else
		show_trouble(turn, err, "send");
}
