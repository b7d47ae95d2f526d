// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "cli/commands.h"
#include "cli/desk_session.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/safe.h"
#include "desk/alarm.h"
#include "desk/tick.h"

#define ALARMS_SHOWN 5U
#define ANSWERED_SHOWN 20U

struct inbox_options {
	struct desk_options desk;
	bool all;
	bool json;
};

#define B struct inbox_options
static const struct option_def defs[] = {
    DESK_DIR_OPTION(B, desk),
    OPTION(FLAG, B, all, "all", "", "also every conversation that waits for nothing"),
    OPTION(FLAG, B, json, "json", "", "print one JSON object, with all conversations"),
    OPTIONS_END,
};
const struct option_table desk_inbox_options = {defs, sizeof(B)};

static const char *const class_names[] = {"now", "silent", "waits", "answered"};

static const char *
needs_text(char *out, size_t room, const struct inbox_line *line)
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < line->need_count && used < room; i++) {
		int n = snprintf(out + used, room - used, "%s%s", i == 0 ? "" : ", "
										"",
		    inbox_need_name(line->needs[i]));

		used += n < 0 ? 0 : (size_t)n;
	}
	return out;
}

static const char *
safe_text_when(char *out, size_t room, const struct inbox_line *line, uint64_t now)
{
	char when[DESK_WHEN_BYTES];
	uint64_t next;

	if (line->window_count == 0)
		return "any time";
	if (inbox_safe(line, now, &next))
		return "now";
	if (next == 0)
		return "ask";
	snprintf(out, room, "from %.11s", desk_when(when, next) + 5);
	return out;
}

/* What this conversation waits for, and since when. */
static const char *
waits_text(char *out, size_t room, const struct inbox_line *line, uint64_t now)
{
	char span[DESK_WHEN_BYTES];
	uint64_t due = inbox_due(line, now);

	switch (inbox_class(line, now)) {
	case INBOX_SILENT:
		snprintf(out, room, "SILENT %s", desk_span(span, now - due));
		return out;
	case INBOX_ANSWERED:
		return "-";
	default:
		snprintf(out, room, "%s%s", desk_span(span, now > line->waits_since ? now - line->waits_since : 0),
		    now > due ? " LATE" : "");
		return out;
	}
}

static void
show_line(const struct inbox_line *line, uint64_t now)
{
	char waits[48], safe[48], needs[160], language[INBOX_LANGUAGE_MAX + 1];

	snprintf(language, sizeof(language), "%s", line->language[0] == '\0' ? "?" : line->language);
	printf("%-28s %-9s %-12s %-5s %6llu  %-17s ", line->alias, inbox_urgency_name(line->urgency),
	    waits_text(waits, sizeof(waits), line, now), language, (unsigned long long)line->unread,
	    safe_text_when(safe, sizeof(safe), line, now));
	printf("%s%s\n", line->door == CAIRN_DOOR_CAMPAIGN ? "campaign "
							     ""
							   : "",
	    needs_text(needs, sizeof(needs), line));
}

static void
show_alarms(struct desk *desk)
{
	struct alarm alarms[ALARMS_SHOWN];
	char text[ALARM_TEXT_MAX];
	struct inbox_line line;
	size_t count;

	if (alarm_newest(desk->state, alarms, ALARMS_SHOWN, &count) != CAIRN_OK)
		return;
	for (size_t i = 0; i < count; i++) {
		alarm_text(text, &alarms[i]);
		if (alarms[i].conv != 0 && inbox_get(desk->state, &line, alarms[i].conv) == CAIRN_OK)
			printf("! %s: %s.\n", line.alias, text);
		else
			printf("! %s.\n", text);
	}
	if (count > 0)
		putchar('\n');
}

/* How many wait, and who waits longest: so that nobody is lost below the edge of a screen. */
static void
show_head(const struct inbox_line *lines, size_t count, uint64_t now)
{
	const struct inbox_line *longest = NULL;
	char span[DESK_WHEN_BYTES];
	size_t waiting = 0;

	for (size_t i = 0; i < count; i++) {
		if (lines[i].waits_since == 0 || lines[i].conv == 0)
			continue;
		waiting++;
		if (longest == NULL || lines[i].waits_since < longest->waits_since)
			longest = &lines[i];
	}
	if (longest == NULL)
		puts("Nobody waits for an answer.");
	else
		printf("%zu wait for an answer, longest %s: %s.\n", waiting, longest->alias,
		    desk_span(span, now > longest->waits_since ? now - longest->waits_since : 0));
}

static void
show_text(struct desk *desk, const struct inbox_line *lines, size_t count, const B *o, uint64_t now)
{
	size_t answered = 0;

	show_alarms(desk);
	show_head(lines, count, now);
	if (count > 1)
		printf("\n%-28s %-9s %-12s %-5s %6s  %-17s "
		       "%s\n",
		    "conversation", "urgency", "waits", "lang", "unread",
		    "answer is safe", "needs");
	for (size_t i = 0; i < count; i++) {
		if (lines[i].conv == 0)
			continue;
		answered += inbox_class(&lines[i], now) == INBOX_ANSWERED;
		if (o->all || answered <= ANSWERED_SHOWN)
			show_line(&lines[i], now);
	}
	if (!o->all && answered > ANSWERED_SHOWN)
		printf("and %zu more that wait for nothing (--all)\n", answered - ANSWERED_SHOWN);
	for (size_t i = 0; i < count; i++)
		if (lines[i].conv == 0 && lines[i].unread > 0)
			printf("\nCampaign letters without a conversation: %llu unread ('cairn desk read 0').\n",
			    (unsigned long long)lines[i].unread);
}

static json_t *
line_json(const struct inbox_line *line, uint64_t now)
{
	json_t *needs = json_array();
	uint64_t next;
	bool safe = inbox_safe(line, now, &next);

	for (size_t i = 0; i < line->need_count; i++)
		json_array_append_new(needs, json_string(inbox_need_name(line->needs[i])));
	return json_pack("{s:I, s:s, s:o, s:s, s:s, s:s, s:i, s:o, s:I, s:I, s:I, s:I, s:I, s:b, s:I, s:I, s:I, s:I}",
	    "number", (json_int_t)line->number, "alias", line->alias, "id",
	    json_hex(line->conv_id, sizeof(line->conv_id)),
	    "door", cairn_door_name((enum cairn_door)line->door), "state",
	    class_names[inbox_class(line, now)], "language",
	    line->language, "urgency", (int)line->urgency, "needs", needs, "waits_since",
	    (json_int_t)line->waits_since,
	    "due", (json_int_t)inbox_due(line, now), "heard", (json_int_t)line->heard, "answered",
	    (json_int_t)line->answered, "unread", (json_int_t)line->unread, "answer_safe_now", (int)safe,
	    "answer_safe_from", (json_int_t)next, "check_in_hour", (json_int_t)line->check_in, "check_in_due_hour",
	    (json_int_t)line->check_in_due, "answer_by_hour", (json_int_t)line->answer_by);
}

static json_t *
alarms_json(struct desk *desk)
{
	struct alarm alarms[64];
	char text[ALARM_TEXT_MAX];
	json_t *array = json_array();
	json_t *one;
	size_t count = 0;

	if (alarm_newest(desk->state, alarms, 64, &count) != CAIRN_OK)
		return array;
	for (size_t i = 0; i < count; i++) {
		alarm_text(text, &alarms[i]);
		one = json_pack("{s:s, s:I, s:I, s:s}", "kind", alarm_name(alarms[i].kind), "at",
		    (json_int_t)alarms[i].at, "number", (json_int_t)alarms[i].conv, "text", text);
		json_array_append_new(array, one);
	}
	return array;
}

static int
show_json(struct desk *desk, const struct inbox_line *lines, size_t count, uint64_t now)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		if (lines[i].conv != 0 || lines[i].heard != 0)
			json_array_append_new(array, line_json(&lines[i], now));
	return print_json(json_pack("{s:o, s:o}", "conversations", array, "warnings", alarms_json(desk)));
}

int
cmd_desk_inbox(const void *options, int argc, char **argv)
{
	const B *o = options;
	struct inbox_line *lines = NULL;
	struct desk_session s;
	uint64_t now = desk_now();
	size_t count = 0;
	int code = desk_session_begin(&s, &o->desk);
	int err = CAIRN_OK;

	(void)argc;
	(void)argv;
	if (code == CAIRN_EXIT_OK)
		err = desk_state_trouble(s.desk, inbox_read(s.desk->state, &lines, &count, now));
	if (code == CAIRN_EXIT_OK && err != CAIRN_OK)
		code = desk_fail(s.desk, err);
	else if (code == CAIRN_EXIT_OK && o->json)
		code = show_json(s.desk, lines, count, now);
	else if (code == CAIRN_EXIT_OK)
		show_text(s.desk, lines, count, o, now);
	free(lines);
	desk_session_end(&s);
	return code;
}
