// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sodium.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/desk_session.h"
#include "cli/exit.h"
#include "cli/file.h"
#include "cli/output.h"
#include "cli/unlock.h"
#include "desk/card.h"
#include "desk/cover.h"

#define TALK_MAX ((size_t)4 << 20)
#define WHEN_CHARS 16U /* 2026-10-02 14:05 */

struct cover_options {
	struct desk_options desk;
};

#define C struct cover_options
static const struct option_def defs[] = {
    DESK_DIR_OPTION(C, desk),
    OPTIONS_END,
};
const struct option_table desk_seed_cover_options = {defs, sizeof(C)};

/* The file as it is read. Secret. */
struct telling {
	struct desk *desk;
	struct cover_person person;
	struct cairn_span language;
	bool trial; /* nothing is kept */
	bool any;   /* a conversation has begun */
	uint64_t now;
	uint64_t last; /* time of the line before */
	size_t line;
	size_t letters;
	size_t answers;
};

static int
wrong(const struct telling *t, const char *what)
{
	return fail(CAIRN_EXIT_USAGE, "line %zu: %s", t->line, what);
}

static int
conversation(struct telling *t, struct cairn_span language)
{
	char tag[36];

	if (language.size >= sizeof(tag))
		return wrong(t, "a conversation begins with \"=\" and a language tag like en");
	memcpy(tag, language.text, language.size);
	tag[language.size] = '\0';
	if (!card_lang_ok(tag))
		return wrong(t, "a conversation begins with \"=\" and a language tag like en");
	cover_person_init(&t->person);
	t->language = language;
	t->any = true;
	t->last = 0;
	return CAIRN_EXIT_OK;
}

static bool
when(uint64_t *ret, struct cairn_span line)
{
	char text[WHEN_CHARS + 1];
	struct tm tm = {.tm_sec = 0};
	const char *end;
	time_t at;

	if (line.size < WHEN_CHARS)
		return false;
	memcpy(text, line.text, WHEN_CHARS);
	text[WHEN_CHARS] = '\0';
	end = strptime(text, "%Y-%m-%d %H:%M", &tm);
	at = end == NULL || *end != '\0' ? -1 : timegm(&tm);
	if (at < 0)
		return false;
	*ret = (uint64_t)at + randombytes_uniform(60); /* nobody writes on the full minute */
	return true;
}

/* As those would refuse it, but for a text that is too long. */
static int
say_trial(struct telling *t, char who, struct cairn_span text)
{
	if (text.size == 0)
		return CAIRN_ERR_RANGE;
	if (who == '>' && !t->person.begun)
		return CAIRN_ERR_STATE;
	t->person.begun = true;
	return CAIRN_OK;
}

static int
say_whole(struct telling *t, char who, struct cairn_span text, uint64_t at)
{
	if (t->trial)
		return say_trial(t, who, text);
	return who == '<' ? cover_letter(t->desk, &t->person, t->language, text, at, t->now)
			  : cover_answer(t->desk, &t->person, text, at);
}

static int
say(struct telling *t, char who, struct cairn_span text, uint64_t at)
{
	int err = say_whole(t, who, text, at);

	switch (err) {
	case CAIRN_OK:
		t->letters += who == '<';
		t->answers += who == '>';
		return CAIRN_EXIT_OK;
	case CAIRN_ERR_RANGE:
		return wrong(t, "the text is empty, or longer than one letter holds");
	case CAIRN_ERR_STATE:
		return wrong(t, "the desk answers before anybody wrote");
	default:
		return desk_fail(t->desk, err);
	}
}

/* "2026-10-02 14:05 < text" of the person, "... > text" of the desk. */
static int
line(struct telling *t, struct cairn_span text)
{
	uint64_t at;
	char who;

	if (text.text[0] == '=') {
		struct cairn_span rest = {text.text + 1, text.size - 1};

		while (rest.size > 0 && rest.text[0] == ' ')
			rest = (struct cairn_span){rest.text + 1, rest.size - 1};
		return conversation(t, rest);
	}
	if (!t->any)
		return wrong(t, "a conversation begins with \"=\" and a language tag like en");
	if (!when(&at, text) || text.size < WHEN_CHARS + 3 || text.text[WHEN_CHARS] != ' ')
		return wrong(t, "a line is \"2026-10-02 14:05 < text\" of the person, or \"> text\" of the desk");
	who = text.text[WHEN_CHARS + 1];
	if (who != '<' && who != '>')
		return wrong(t, "behind the time stands < or >");
	if (at / 60 < t->last / 60 || at > t->now)
		return wrong(t, "times go forward, and none is still to come");
	at = at < t->last ? t->last : at;
	t->last = at;
	text = (struct cairn_span){text.text + WHEN_CHARS + 2, text.size - WHEN_CHARS - 2};
	while (text.size > 0 && text.text[0] == ' ')
		text = (struct cairn_span){text.text + 1, text.size - 1};
	return say(t, who, text, at);
}

static int
tell(struct telling *t, struct cairn_span rest)
{
	int code = CAIRN_EXIT_OK;

	while (code == CAIRN_EXIT_OK && rest.text != NULL) {
		struct cairn_span one = span_cut(&rest, '\n');

		t->line++;
		if (one.size > 0 && one.text[one.size - 1] == '\r')
			one.size--;
		if (one.size > 0 && one.text[0] != '#')
			code = line(t, one);
	}
	return code;
}

static int
tell_file(struct desk *desk, const uint8_t *bytes, size_t size, bool trial)
{
	struct telling *t = sodium_malloc(sizeof(*t));
	int code;

	if (t == NULL)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	memset(t, 0, sizeof(*t));
	t->desk = desk;
	t->now = desk_now();
	t->trial = trial;
	code = text_is_utf8(bytes, size) ? tell(t, (struct cairn_span){(const char *)bytes, size})
					 : fail(CAIRN_EXIT_USAGE, "the file is not UTF-8 text");
	if (!trial)
		remark("%zu letters and %zu answers are in. The file tells everything: it must not stay on this "
		       "machine",
		    t->letters, t->answers);
	sodium_free(t);
	return code;
}

int
cmd_desk_seed_cover(const void *options, int argc, char **argv)
{
	const C *o = options;
	struct desk_session s;
	uint8_t *bytes = NULL;
	size_t size = 0;
	int code = desk_session_begin(&s, &o->desk);

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = unlock_lock_folder(desk_folder(&o->desk));
	if (code == CAIRN_EXIT_OK)
		code = file_load(argv[0], TALK_MAX, &bytes, &size);
	if (code == CAIRN_EXIT_OK)
		code = tell_file(s.desk, bytes, size, true); /* what is in nobody takes out again */
	if (code == CAIRN_EXIT_OK)
		code = tell_file(s.desk, bytes, size, false);
	if (bytes != NULL)
		sodium_memzero(bytes, size);
	free(bytes);
	desk_session_end(&s);
	return code;
}
