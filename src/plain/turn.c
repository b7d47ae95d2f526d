// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain/turn.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <sodium.h>

#include "base/plain_wire.h"
#include "base/text.h"
#include "base/writer.h"
#include "plain/details.h"

const struct language *
turn_language(const struct turn *turn)
{
	return &languages[turn->state.language];
}

struct cairn_span
turn_said(const struct turn *turn, const char *english)
{
	return message_in(turn_language(turn), (struct cairn_span){english, strlen(english)});
}

struct cairn_span
turn_filled(char *out, size_t room, struct cairn_span said, const char *place, struct cairn_span value)
{
	const char *at = memmem(said.text, said.size, place, strlen(place));
	size_t before = at == NULL ? said.size : (size_t)(at - said.text);
	size_t after = at == NULL ? 0 : said.size - before - strlen(place);
	struct writer w;
	size_t used = 0;

	writer_init(&w, out, room);
	write_bytes(&w, said.text, before);
	if (at != NULL)
		write_bytes(&w, value.text, value.size);
	write_bytes(&w, said.text + said.size - after, after);
	return (struct cairn_span){out, writer_end(&w, &used) == CAIRN_OK ? used : 0};
}

GString *
turn_shown(struct cairn_span text)
{
	GString *out = g_string_sized_new(text.size + 16);

	while (text.size > 0) {
		struct cairn_span from = text;
		uint32_t code = text_next(&text);

		if (text_is_trick(code))
			g_string_append_printf(out, "<U+%04X>", (unsigned)code);
		else
			g_string_append_len(out, from.text, (gssize)(from.size - text.size));
	}
	return out;
}

const char *
turn_hour(const struct turn *turn, char out[TURN_WHEN_BYTES], uint32_t hour)
{
	time_t seconds = (time_t)hour * 3600 + turn->state.zone * 60;
	struct tm tm;
	size_t used = gmtime_r(&seconds, &tm) == NULL ? 0 : strftime(out, TURN_WHEN_BYTES, "%Y-%m-%d %H:%M", &tm);

	out[used] = '\0';
	if (!turn->state.has_zone)
		(void)snprintf(out + used, TURN_WHEN_BYTES - used, " UTC");
	return out;
}

const char *
turn_day(char out[TURN_WHEN_BYTES], uint32_t day)
{
	time_t seconds = (time_t)day * 86400;
	struct tm tm;

	out[0] = '\0';
	if (gmtime_r(&seconds, &tm) != NULL)
		(void)strftime(out, TURN_WHEN_BYTES, "%Y-%m-%d", &tm);
	return out;
}

/* ---- what the form brings along for every step ---- */

static void
take_language(struct turn *turn)
{
	struct cairn_span tag = form_get(&turn->form, "language");

	if (tag.text != NULL) {
		turn->state.language = (uint8_t)language_find(tag, turn->site->all_languages);
		turn->state.answer_language = turn->state.language;
	}
}

/* The date that the person says it is, on the screen that asks for it. */
static void
take_hour(struct turn *turn)
{
	struct cairn_span text = form_get(&turn->form, "hour");
	uint32_t hour;

	if (text.text == NULL || !hour_typed(&hour, text, turn->state.zone))
		return;
	turn->state.shift = (int32_t)((int64_t)hour - (int64_t)(turn->talk.now / 3600));
	turn->state.confirmed = true;
}

static void
start_state(struct turn *turn)
{
	memset(&turn->state, 0, sizeof(turn->state));
	turn->state.language = (uint8_t)language_find((struct cairn_span){"en", 2}, true);
	turn->state.answer_language = turn->state.language;
	state_new_letter(&turn->state);
}

/* ---- the step ---- */

static const struct step *
find_step(struct cairn_span go)
{
	for (size_t i = 0; i < step_count; i++)
		if (span_is(go, steps[i].go))
			return &steps[i];
	return NULL;
}

/*
 * A field that is forged, too old, or of another life of this program: nothing of it is known. What was typed is in
 * the form, and is not lost.
 */
static void
show_expired(struct turn *turn)
{
	bool typed = form_get(&turn->form, "text").size > 0;

	start_state(turn);
	take_language(turn);
	turn->screen = "expired";
	if (typed) {
		(void)take_letter(turn);
		show_write(turn, N_("This page was open for too long. Nothing has been sent; please go on here."));
	}
}

static int
run_step(struct turn *turn)
{
	struct cairn_span sealed = form_get(&turn->form, "state");
	struct cairn_span go = form_get(&turn->form, "go");
	const struct step *step = go.text == NULL ? &steps[0] : find_step(go);

	if (step == NULL)
		return CAIRN_ERR_FORMAT;
	if (sealed.text == NULL) {
		start_state(turn);
		step = &steps[0];
	} else if (seal_open(&turn->state, sealed, turn->site->key, turn->talk.desk_id, turn->talk.now) != CAIRN_OK ||
	    turn->state.language >= language_count || turn->state.answer_language >= language_count) {
		show_expired(turn);
		return CAIRN_OK;
	}
	take_language(turn);
	take_hour(turn);
	if (step->open && !turn->state.open && turn->state.pass.bytes == 0)
		step = &steps[0];
	step->run(turn);
	return CAIRN_OK;
}

/* ---- the answer ---- */

static int
finish(char **ret, size_t *ret_bytes, struct turn *turn, unsigned flags)
{
	const struct language *language = turn_language(turn);
	char base[8 + 2 * CAIRN_HASH_BYTES] = "", sealed[SEAL_TEXT_MAX], hex[2 * CAIRN_HASH_BYTES + 1];
	int err = seal_state(sealed, &turn->state, turn->site->key, turn->talk.desk_id, turn->talk.now);

	if (err != CAIRN_OK)
		return err;
	sodium_bin2hex(hex, sizeof(hex), turn->talk.desk_id, CAIRN_HASH_BYTES);
	if (flags & PLAIN_ROOT)
		(void)snprintf(base, sizeof(base), "d/%s/", hex);
	values_string(turn->values, "state", sealed);
	values_string(turn->values, "base", base);
	values_string(turn->values, "exit", turn->site->exit);
	values_string(turn->values, "lang", language->tag);
	values_string(turn->values, "dir", language->right_to_left ? "rtl" : "ltr");
	return render(ret, ret_bytes, turn->site->templates, language, turn->screen, turn->values,
	    flags & PLAIN_PACKED);
}

int
turn_answer(char **ret, size_t *ret_bytes, const struct site *site, const uint8_t desk_id[CAIRN_HASH_BYTES],
    unsigned flags, uint8_t *body, size_t bytes)
{
	struct turn *turn = sodium_malloc((sizeof(*turn) + 15) & ~(size_t)15);
	int err;

	*ret = NULL;
	if (turn == NULL)
		return CAIRN_ERR_NOMEM;
	memset(turn, 0, sizeof(*turn));
	turn->site = site;
	turn->talk = (struct talk){site->address, site->unix_socket, desk_id, (uint64_t)time(NULL)};
	turn->values = values_new();
	err = form_read(&turn->form, body, bytes);
	if (err == CAIRN_OK)
		err = run_step(turn);
	if (err == CAIRN_OK)
		err = finish(ret, ret_bytes, turn, flags);
	values_free(turn->values);
	sodium_free(turn);
	return err;
}
