// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "plain/details.h"
#include "plain/turn.h"

/* web/person/src/screens/more.ts: in the same words, which do not say what it is for. */

#define MINUTES_PER_DAY 1440
#define CLOCK_BYTES 24U
#define NAME_BYTES 16U
#define LABEL_BYTES 128U

/* ---- what the form says ---- */

static void
take_zone(struct turn *turn)
{
	uint64_t utc = turn->talk.now / 60 % MINUTES_PER_DAY;
	unsigned wall;

	if (!minutes_typed(&wall, form_get(&turn->form, "wall")))
		return;
	turn->state.zone = (int16_t)zone_of(wall, (unsigned)utc);
	turn->state.has_zone = true;
}

static uint16_t
to_utc(const struct state *s, unsigned minutes)
{
	return (uint16_t)(((int)minutes - s->zone + 2 * MINUTES_PER_DAY) % MINUTES_PER_DAY);
}

static void
take_times(struct turn *turn)
{
	struct state *s = &turn->state;
	unsigned from, to;

	s->more.has_window = minutes_typed(&from, form_get(&turn->form, "from")) &&
	    minutes_typed(&to, form_get(&turn->form, "to"));
	s->more.from = s->more.has_window ? to_utc(s, from) : 0;
	s->more.to = s->more.has_window ? to_utc(s, to) : 0;
	if (!hour_typed(&s->more.check_in, form_get(&turn->form, "next"), s->zone))
		s->more.check_in = 0;
}

static void
take_second(struct turn *turn)
{
	struct cairn_span typed = trimmed(form_get(&turn->form, "second"));
	struct cairn_passphrase *second = &turn->state.more.second;
	size_t word;
	int err;

	cairn_passphrase_clear(second);
	if (typed.size == 0)
		return;
	err = words_typed(second, &word, typed);
	if (err == CAIRN_OK)
		return;
	cairn_passphrase_clear(second);
	turn->problem = words_problem(turn, turn->problem_room, err, typed, word);
}

void
take_more(struct turn *turn)
{
	struct state *s = &turn->state;
	char name[NAME_BYTES];

	take_zone(turn);
	take_times(turn);
	take_second(turn);
	s->more.all_clear = state_keep(s, trimmed(form_get(&turn->form, "greeting")), STATE_ALL_CLEAR_MAX);
	for (size_t i = 0; i < STATE_STATEMENTS; i++) {
		(void)snprintf(name, sizeof(name), "sentence%zu", i);
		s->more.statements[i] = state_keep(s, trimmed(form_get(&turn->form, name)), STATE_STATEMENT_MAX);
	}
}

bool
more_said(const struct state *state)
{
	const struct state_more *m = &state->more;
	bool said = m->has_window || m->check_in != 0 || m->second.bytes > 0 || m->all_clear.size > 0;

	for (size_t i = 0; i < STATE_STATEMENTS; i++)
		said = said || m->statements[i].size > 0;
	return said;
}

/* ---- the screen ---- */

static void
put_clock(struct turn *turn, const char *name, bool there, unsigned utc)
{
	unsigned here = (utc + (unsigned)(turn->state.zone + MINUTES_PER_DAY)) % MINUTES_PER_DAY;
	char text[CLOCK_BYTES] = "";

	if (there)
		(void)snprintf(text, sizeof(text), "%02u:%02u", here / 60, here % 60);
	values_string(turn->values, name, text);
}

static void
put_next(struct turn *turn)
{
	int64_t minutes = (int64_t)turn->state.more.check_in * 60 + turn->state.zone;
	char text[CLOCK_BYTES + CLOCK_BYTES] = "", day[TURN_WHEN_BYTES];

	if (turn->state.more.check_in != 0)
		(void)snprintf(text, sizeof(text), "%.10sT%02u:%02u",
		    turn_day(day, (uint32_t)(minutes / MINUTES_PER_DAY)),
		    (unsigned)(minutes % MINUTES_PER_DAY / 60), (unsigned)(minutes % 60));
	values_string(turn->values, "next", text);
}

static void
put_second(struct turn *turn)
{
	char text[CAIRN_PASSPHRASE_TEXT_MAX] = "";
	struct cairn_span typed = form_get(&turn->form, "second");

	if (turn->problem.size > 0 && typed.text != NULL)
		values_text(turn->values, "second", typed);
	else if (turn->state.more.second.bytes > 0 &&
	    cairn_passphrase_write(text, sizeof(text), &turn->state.more.second) == CAIRN_OK)
		values_string(turn->values, "second", text);
	else
		values_string(turn->values, "second", "");
	sodium_memzero(text, sizeof(text));
}

static void
put_statements(struct turn *turn)
{
	struct cairn_span said = turn_said(turn, N_("Sentence {n}"));
	char name[NAME_BYTES], number[NAME_BYTES], label[LABEL_BYTES];

	values_list(turn->values, "sentences");
	for (size_t i = 0; i < STATE_STATEMENTS; i++) {
		int size = snprintf(name, sizeof(name), "sentence%zu", i);
		int digits = snprintf(number, sizeof(number), "%zu", i + 1);
		struct cairn_span row[] = {{name, (size_t)size},
		    turn_filled(label, sizeof(label), said, "{n}", (struct cairn_span){number, (size_t)digits}),
		    turn->state.more.statements[i]};

		values_row(turn->values, "sentences", row, 3);
	}
}

void
put_more(struct turn *turn)
{
	const struct state_more *m = &turn->state.more;

	put_clock(turn, "from", m->has_window, m->from);
	put_clock(turn, "to", m->has_window, m->to);
	put_next(turn);
	put_second(turn);
	put_statements(turn);
	values_text(turn->values, "greeting", m->all_clear);
	values_flag(turn->values, "unfold", turn->problem.size > 0);
}
