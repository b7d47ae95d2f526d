// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "plain/details.h"
#include "plain/turn.h"

/* web/person/src/screens/news.ts and trouble.ts */

#define DESK_SEEN_HOURS 1U /* three ticks, and some more */
#define WINDOW_DAYS 7U
#define SHOWN_MAX 24000U /* bytes of one screen's messages, before escaping */
#define NOTE_BYTES 512U

struct news {
	struct turn *turn;
	const struct cairn_look *look;
	char when[TURN_WHEN_BYTES];
	size_t shown;
	bool more;
};

static struct cairn_span
span(const char *text)
{
	return (struct cairn_span){text, strlen(text)};
}

static void
put(struct news *n, struct cairn_span text)
{
	GString *shown = turn_shown(text);
	struct cairn_span row[] = {{shown->str, shown->len}, span(n->when)};

	if (n->shown + shown->len > SHOWN_MAX) {
		n->more = true;
	} else {
		n->shown += shown->len;
		values_row(n->turn->values, "news", row, 2);
	}
	sodium_memzero(shown->str, shown->len);
	g_string_free(shown, TRUE);
}

/* ---- texts in parts ---- */

/* That part of that text, in whichever letter of this look it came. */
static bool
find_part(struct cairn_text_part *out, const struct cairn_look *look, const uint8_t group[8], unsigned part)
{
	for (size_t i = 0; i < look->found_count; i++) {
		struct cairn_records at = {look->found[i].plain, CAIRN_REPLY_PLAIN_BYTES};
		struct cairn_record record;

		while (cairn_tlv_next(&at, &record))
			if (record.type == CAIRN_TLV_text && cairn_text_read(out, &record) == CAIRN_OK &&
			    memcmp(out->group, group, 8) == 0 && out->part == part)
				return true;
	}
	return false;
}

/* Shown where its first part here stands; a missing part is said, not hidden. */
static void
put_text(struct news *n, const struct cairn_record *record)
{
	struct cairn_text_part part, other;
	GString *text;

	if (cairn_text_read(&part, record) != CAIRN_OK)
		return;
	for (unsigned i = 0; i < part.part; i++)
		if (find_part(&other, n->look, part.group, i))
			return;
	text = g_string_new(NULL);
	for (unsigned i = 0; i < part.parts; i++) {
		struct cairn_span missing = turn_said(n->turn, N_("a part has not come yet"));

		if (find_part(&other, n->look, part.group, i))
			g_string_append_len(text, other.text, (gssize)other.bytes);
		else
			g_string_append_printf(text, "[%.*s]", (int)missing.size, missing.text);
	}
	put(n, (struct cairn_span){text->str, text->len});
	sodium_memzero(text->str, text->len);
	g_string_free(text, TRUE);
}

/* ---- the other records ---- */

static void
put_question(struct news *n, const struct cairn_record *record)
{
	struct cairn_span text = {(const char *)record->value + 2, record->bytes - 2U};
	struct state *s = &n->turn->state;

	put(n, text);
	for (size_t i = 0; i < STATE_QUESTIONS; i++) {
		struct state_question *q = &s->questions[i];

		if (q->question.size > 0 && q->id != get_u16(record->value))
			continue;
		if (q->question.size == 0) {
			q->id = get_u16(record->value);
			q->question = state_keep(s, text, STATE_QUESTION_MAX);
		}
		return;
	}
}

static void
put_received(struct news *n, const struct cairn_record *record)
{
	(void)record;
	put(n, turn_said(n->turn, N_("A person at the desk has read what you wrote.")));
}

/* {when} in a message, filled in here: it stands within a value. */
static void
put_when(struct news *n, const char *english, uint32_t hour)
{
	char note[NOTE_BYTES], when[TURN_WHEN_BYTES];

	put(n, turn_filled(note, sizeof(note), turn_said(n->turn, english), "{when}",
		   span(turn_hour(n->turn, when, hour))));
}

static void
put_answer_by(struct news *n, const struct cairn_record *record)
{
	put_when(n, N_("They plan to answer by {when}."), get_u32(record->value));
}

static void
put_check_in_due(struct news *n, const struct cairn_record *record)
{
	put_when(n, N_("They wait for a word from you by {when}."), get_u32(record->value));
}

static const struct view {
	uint16_t type;
	void (*put)(struct news *n, const struct cairn_record *record);
} views[] = {
    {CAIRN_TLV_text, put_text},
    {CAIRN_TLV_question, put_question},
    {CAIRN_TLV_received, put_received},
    {CAIRN_TLV_answer_by, put_answer_by},
    {CAIRN_TLV_check_in_due, put_check_in_due},
};

static void
put_message(struct news *n, const struct cairn_found *found)
{
	struct cairn_record record;

	turn_hour(n->turn, n->when, found->hour);
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
		struct cairn_records at = {found->plain, CAIRN_REPLY_PLAIN_BYTES};

		while (cairn_tlv_next(&at, &record))
			if (record.type == views[i].type)
				views[i].put(n, &record);
	}
}

/* Wrong words, no answer yet and an empty conversation look the same, and must. */
void
show_news(struct turn *turn, struct cairn_look *look)
{
	struct news n = {.turn = turn, .look = look, .more = look->more};
	uint32_t hour = talk_hour(&turn->talk, &turn->state), board = turn->state.board_hour;
	char when[TURN_WHEN_BYTES];

	turn->screen = "news";
	values_list(turn->values, "news");
	for (size_t i = 0; i < look->found_count; i++)
		put_message(&n, &look->found[i]);
	values_flag(turn->values, "more", n.more);
	values_flag(turn->values, "asked", turn->state.questions[0].question.size > 0);
	values_flag(turn->values, "old", hour > board && hour - board > DESK_SEEN_HOURS);
	values_string(turn->values, "when", turn_hour(turn, when, board));
	put_asks(turn, &look->opening.card);
}

/* ---- steps ---- */

void
step_look(struct turn *turn)
{
	struct cairn_look *look = NULL;
	int err = CAIRN_OK;

	if (!turn->state.open)
		err = talk_root(&turn->talk, &turn->state);
	if (err == CAIRN_OK)
		err = talk_look(&turn->talk, &turn->state, &look);
	if (err == CAIRN_OK)
		show_news(turn, look);
	else
		show_trouble(turn, err, "look");
	talk_look_free(look);
}

void
step_since(struct turn *turn)
{
	uint32_t day;

	turn->state.since = day_typed(&day, form_get(&turn->form, "day")) ? day : 0;
	step_look(turn);
}

void
step_further(struct turn *turn)
{
	uint32_t today = talk_hour(&turn->talk, &turn->state) / 24;
	char day[TURN_WHEN_BYTES];

	turn->screen = "further";
	values_string(turn->values, "day", turn_day(day, today - WINDOW_DAYS + 1));
}

/* ---- what went wrong, in words that say what to do ---- */

static const struct trouble {
	int err;
	const char *title, *advice;
} troubles[] = {
    {CAIRN_ERR_CRYPTO, N_("Something is wrong with this relay"),
	N_("What it sent is not signed by the desk. Do not write here now. Please try another way to reach the "
	   "desk.")},
    {CAIRN_ERR_IO, N_("The line did not get through"), N_("Nothing is lost. Wait a little and try again.")},
    {CAIRN_ERR_NOMEM, N_("The line did not get through"), N_("Nothing is lost. Wait a little and try again.")},
    {CAIRN_ERR_BUSY, N_("Very many are writing now"),
	N_("The desk may be under attack. Nothing is lost. Try again in some minutes.")},
    {CAIRN_ERR_UNKNOWN, N_("The desk cannot take anything today"),
	N_("It has left no key for today. Look at another way to reach it, or try again tomorrow.")},
    {CAIRN_ERR_STALE, N_("This is an old picture of the desk"),
	N_("Somebody may be hiding the new one. Please try another way to reach the desk.")},
    {CAIRN_ERR_CONFLICT, N_("Something is wrong with this relay"),
	N_("It showed two different things. Do not write here now. Please try another way to reach the desk.")},
    {CAIRN_ERR_SPACE, N_("This is too long"), N_("Please make it shorter, or send it in two.")},
};

static void
show_clock(struct turn *turn)
{
	char here[TURN_WHEN_BYTES], there[TURN_WHEN_BYTES];

	turn->screen = "clock";
	values_string(turn->values, "here", turn_hour(turn, here, talk_hour(&turn->talk, &turn->state)));
	values_string(turn->values, "there", turn_hour(turn, there, turn->state.board_hour));
}

void
show_trouble(struct turn *turn, int err, const char *retry)
{
	const struct trouble *t = &troubles[0];

	values_string(turn->values, "retry", retry);
	if (err == CAIRN_ERR_CLOCK) {
		show_clock(turn);
		return;
	}
	for (size_t i = 0; i < sizeof(troubles) / sizeof(troubles[0]); i++)
		if (troubles[i].err == err)
			t = &troubles[i];
	turn->screen = "trouble";
	values_text(turn->values, "title", turn_said(turn, t->title));
	values_text(turn->values, "advice", turn_said(turn, t->advice));
	values_flag(turn->values, "draft", turn->state.text.size > 0);
}
