// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/claim.h"

#include <string.h>

#include "base/text.h"
#include "cairn/note.h"
#include "core/language.h"
#include "core/note.h"

#define COMMITMENT_LINE_BYTES (sizeof "commitment \n" - 1 + 44)

const char *const claim_place_words[] = {"country", "region"};

#define STEP(accounts, commitments) {accounts, commitments},
static const struct {
	uint32_t accounts, commitments;
} steps[] = {CLAIM_STEPS(STEP)};
#define STEPS (sizeof steps / sizeof steps[0])

uint32_t
claim_commitments_of(uint32_t accounts)
{
	for (size_t i = 0; i < STEPS; i++)
		if (steps[i].accounts == accounts)
			return steps[i].commitments;
	return 0;
}

uint32_t
claim_step(uint64_t real)
{
	uint32_t step = 0;

	for (size_t i = 0; i < STEPS && steps[i].accounts <= real; i++)
		step = steps[i].accounts;
	return step;
}

/* ---- dates ---- */

/* Days from 1970-01-01 to the first of a month. */
static uint32_t
first_of_month(uint32_t year, uint32_t month)
{
	static const uint16_t before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
	uint32_t past = year - 1, leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	uint32_t days = past * 365 + past / 4 - past / 100 + past / 400 - 719162;

	return days + before[month - 1] + (month > 2 ? leap : 0);
}

bool
claim_before_day(uint32_t *ret_day, struct cairn_span before)
{
	struct cairn_span rest = before, year = span_cut(&rest, '-');
	uint64_t y = 0, month = 0;

	if (year.size != 4 || text_number(&y, year, 9999) != CAIRN_OK || y < 1970 || rest.size != 2)
		return false;
	if (rest.text[0] == 'Q' && rest.text[1] >= '1' && rest.text[1] <= '4')
		month = 3 * (uint64_t)(rest.text[1] - '1') + 1;
	else if (rest.text[0] >= '0' && rest.text[0] <= '1' && rest.text[1] >= '0' && rest.text[1] <= '9')
		month = 10 * (uint64_t)(rest.text[0] - '0') + (uint64_t)(rest.text[1] - '0');
	if (month < 1 || month > 12)
		return false;
	*ret_day = first_of_month((uint32_t)y, (uint32_t)month);
	return true;
}

/* ---- reading ---- */

static bool
number_take(uint32_t *out, struct cairn_span *rest, const char *keyword, uint32_t max)
{
	struct cairn_span value;
	uint64_t number = 0;

	if (!note_take(&value, rest, keyword) || text_number(&number, value, max) != CAIRN_OK)
		return false;
	*out = (uint32_t)number;
	return true;
}

static int
numbers_read(struct claim *claim, struct cairn_span *rest)
{
	uint32_t first = 0;

	if (!number_take(&claim->day, rest, "day", UINT32_MAX) ||
	    !number_take(&claim->accounts, rest, "accounts", UINT32_MAX) ||
	    !number_take(&claim->ways, rest, "ways", UINT32_MAX) || !note_take(&claim->before, rest, "before"))
		return CAIRN_ERR_FORMAT;
	if (claim_commitments_of(claim->accounts) == 0 || claim->ways < CLAIM_LEAST_WAYS ||
	    claim->ways > claim->accounts)
		return CAIRN_ERR_FORMAT;
	return claim_before_day(&first, claim->before) && first <= claim->day ? CAIRN_OK : CAIRN_ERR_FORMAT;
}

static int
place_read(struct claim *claim, struct cairn_span *rest)
{
	struct cairn_span value, level;

	if (!note_take(&value, rest, "place"))
		return CAIRN_ERR_FORMAT;
	level = span_cut(&value, ' ');
	if (value.size == 0 || value.size > CLAIM_PLACE_MAX)
		return CAIRN_ERR_FORMAT;
	claim->place = value;
	for (unsigned i = 0; i < CLAIM_PLACE_LEVELS; i++)
		if (span_is(level, claim_place_words[i])) {
			claim->place_level = (enum claim_place_level)i;
			return CAIRN_OK;
		}
	return CAIRN_ERR_FORMAT;
}

static bool
lang_is_there(const struct claim *claim, struct cairn_span lang)
{
	for (size_t i = 0; i < claim->saying_count; i++)
		if (span_same(claim->sayings[i].lang, lang))
			return true;
	return false;
}

static int
sayings_read(struct claim *claim, struct cairn_span *rest)
{
	struct cairn_span value;

	while (note_take(&value, rest, "says")) {
		struct claim_saying *saying = &claim->sayings[claim->saying_count];
		struct cairn_span lang = span_cut(&value, ' ');

		if (claim->saying_count == CLAIM_SAYINGS_MAX || lang.size > CLAIM_LANG_MAX ||
		    !language_is_tag(lang) || lang_is_there(claim, lang) || value.size == 0 ||
		    value.size > CLAIM_SAYING_MAX)
			return CAIRN_ERR_FORMAT;
		*saying = (struct claim_saying){lang, value};
		claim->saying_count++;
	}
	return claim->saying_count > 0 ? CAIRN_OK : CAIRN_ERR_FORMAT;
}

/* As many as the step says, strictly ascending: their order tells nothing. */
static int
commitments_read(struct claim *claim, struct cairn_span *rest)
{
	uint8_t last[CLAIM_COMMITMENT_BYTES] = {0}, next[CLAIM_COMMITMENT_BYTES];
	uint32_t wanted = claim_commitments_of(claim->accounts);

	claim->commitments = *rest;
	for (uint32_t i = 0; i < wanted; i++) {
		struct cairn_span value;

		if (!note_take(&value, rest, "commitment") || note_key(next, value) != CAIRN_OK ||
		    memcmp(next, last, sizeof next) <= 0)
			return CAIRN_ERR_FORMAT;
		memcpy(last, next, sizeof last);
	}
	return rest->size == 0 ? CAIRN_OK : CAIRN_ERR_FORMAT;
}

static int
text_read(struct claim *claim, struct cairn_span rest)
{
	struct cairn_span line, value;
	int err = CAIRN_ERR_FORMAT;

	if (note_take_line(&line, &rest) && span_is(line, "cairn claim 1") && note_take(&value, &rest, "desk") &&
	    text_hex(claim->desk_id, sizeof claim->desk_id, value) == CAIRN_OK && note_take(&value, &rest, "claim"))
		err = text_hex(claim->id, sizeof claim->id, value);
	if (err == CAIRN_OK)
		err = numbers_read(claim, &rest);
	if (err == CAIRN_OK)
		err = place_read(claim, &rest);
	if (err == CAIRN_OK)
		err = sayings_read(claim, &rest);
	return err == CAIRN_OK ? commitments_read(claim, &rest) : err;
}

/* What stands in a note: UTF-8, and of control characters the newline alone. */
static bool
is_plain(struct cairn_span text)
{
	for (size_t i = 0; i < text.size; i++)
		if ((unsigned char)text.text[i] < 0x20 && text.text[i] != '\n')
			return false;
	return text.size > 0 && text.text[text.size - 1] == '\n' &&
	    text_is_utf8((const uint8_t *)text.text, text.size);
}

int
claim_read(struct claim *claim, struct cairn_span text)
{
	int err = CAIRN_ERR_FORMAT;

	memset(claim, 0, sizeof *claim);
	if (text.size <= CLAIM_TEXT_MAX && is_plain(text))
		err = text_read(claim, text);
	if (err != CAIRN_OK)
		memset(claim, 0, sizeof *claim);
	return err;
}

bool
claim_commitment_next(const struct claim *claim, size_t *at, uint8_t out[CLAIM_COMMITMENT_BYTES])
{
	struct cairn_span rest, value;

	if (*at >= claim->commitments.size)
		return false;
	rest = (struct cairn_span){claim->commitments.text + *at, claim->commitments.size - *at};
	if (!note_take(&value, &rest, "commitment") || note_key(out, value) != CAIRN_OK)
		return false;
	*at += COMMITMENT_LINE_BYTES;
	return true;
}

bool
claim_has_commitment(const struct claim *claim, const uint8_t commitment[CLAIM_COMMITMENT_BYTES])
{
	uint8_t other[CLAIM_COMMITMENT_BYTES];

	for (size_t at = 0; claim_commitment_next(claim, &at, other);)
		if (memcmp(other, commitment, sizeof other) == 0)
			return true;
	return false;
}

/* ---- writing ---- */

static void
write_line(struct writer *w, const char *keyword, struct cairn_span value)
{
	write_text(w, keyword);
	write_text(w, " ");
	write_bytes(w, value.text, value.size);
	write_text(w, "\n");
}

static void
write_number(struct writer *w, const char *keyword, uint32_t value)
{
	write_text(w, keyword);
	write_text(w, " ");
	write_decimal(w, value);
	write_text(w, "\n");
}

static void
write_head(struct writer *w, const struct claim *claim)
{
	note_write_head(w, "cairn claim 1", claim->desk_id);
	write_text(w, "claim ");
	write_hex(w, claim->id, sizeof claim->id);
	write_text(w, "\n");
	write_number(w, "day", claim->day);
	write_number(w, "accounts", claim->accounts);
	write_number(w, "ways", claim->ways);
	write_line(w, "before", claim->before);
	write_text(w, "place ");
	write_line(w, claim_place_words[claim->place_level], claim->place);
	for (size_t i = 0; i < claim->saying_count; i++) {
		write_text(w, "says ");
		write_bytes(w, claim->sayings[i].lang.text, claim->sayings[i].lang.size);
		write_line(w, "", claim->sayings[i].text);
	}
}

int
claim_write(char *out, size_t room, size_t *ret_bytes, const struct claim *claim,
    const uint8_t (*commitments)[CLAIM_COMMITMENT_BYTES], size_t count)
{
	struct claim again;
	struct writer w;
	size_t bytes = 0;
	int err;

	if (claim->place_level >= CLAIM_PLACE_LEVELS || claim->saying_count > CLAIM_SAYINGS_MAX)
		return CAIRN_ERR_FORMAT;
	writer_init(&w, out, room);
	write_head(&w, claim);
	for (size_t i = 0; i < count; i++) {
		write_text(&w, "commitment ");
		write_base64(&w, commitments[i], CLAIM_COMMITMENT_BYTES);
		write_text(&w, "\n");
	}
	err = writer_end(&w, &bytes);
	if (err == CAIRN_OK)
		err = claim_read(&again, (struct cairn_span){out, bytes});
	if (err == CAIRN_OK)
		*ret_bytes = bytes;
	return err;
}
