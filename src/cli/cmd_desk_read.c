// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "cli/commands.h"
#include "cli/desk_session.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/safe.h"
#include "desk/alarm.h"
#include "desk/answer.h"
#include "desk/files.h"
#include "desk/talk.h"

#define SHOWN_MAX 256U

struct read_options {
	struct desk_options desk;
	bool peek;
	bool done;
	bool json;
};

#define R struct read_options
static const struct option_def defs[] = {
    DESK_DIR_OPTION(R, desk),
    OPTION(FLAG, R, peek, "peek", "", "look without marking anything as read"),
    OPTION(FLAG, R, done, "done", "", "nothing here needs an answer: take it off the list of those who wait"),
    OPTION(FLAG, R, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table desk_read_options = {defs, sizeof(R)};

/* How a record of each type is told: its name, then its text or number. */
enum shown_as { SHOW_TEXT,
	SHOW_HOUR,
	SHOW_URGENCY,
	SHOW_NEEDS,
	SHOW_WINDOW,
	SHOW_NAME };

static const struct {
	uint16_t type;
	enum shown_as as;
	const char *name;
} shown[] = {
    {CAIRN_TLV_text, SHOW_TEXT, ""},
    {CAIRN_TLV_statement, SHOW_TEXT, "statement, to know them again, slot"},
    {CAIRN_TLV_all_clear, SHOW_TEXT, "agreed words"},
    {CAIRN_TLV_answer, SHOW_TEXT, "answer to question"},
    {CAIRN_TLV_question, SHOW_TEXT, "question"},
    {CAIRN_TLV_language, SHOW_TEXT, "language"},
    {CAIRN_TLV_check_in, SHOW_HOUR, "will write again by"},
    {CAIRN_TLV_check_in_due, SHOW_HOUR, "we wait for a check-in by"},
    {CAIRN_TLV_answer_by, SHOW_HOUR, "we plan to answer by"},
    {CAIRN_TLV_urgency, SHOW_URGENCY, "urgency"},
    {CAIRN_TLV_need, SHOW_NEEDS, "needs"},
    {CAIRN_TLV_answer_window, SHOW_WINDOW, "an answer is safe"},
    {CAIRN_TLV_file, SHOW_NAME, "a file (listed below)"},
    {CAIRN_TLV_second, SHOW_NAME, "a second conversation, in which whoever speaks is watched (listed below)"},
    {CAIRN_TLV_retraction, SHOW_NAME, "takes back what is marked so; nothing was deleted"},
};

static void
show_hour(const char *name, uint32_t hour)
{
	char when[WHEN_BYTES];

	printf("  [%s %s]\n", name, hour == 0 ? "no time said" : when_hour(when, hour));
}

static void
show_window(const char *name, const uint8_t *value)
{
	static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
	unsigned from = (unsigned)value[0] << 8 | value[1];
	unsigned to = (unsigned)value[2] << 8 | value[3];

	printf("  [%s %02u:%02u to %02u:%02u UTC,", name, from / 60, from % 60, to / 60, to % 60);
	for (unsigned i = 0; i < 7; i++)
		if ((value[4] >> i & 1) != 0)
			printf(" %s", days[i]);
	puts("]");
}

static void
show_needs(const char *name, const struct talk_item *item)
{
	printf("  [%s:", name);
	for (size_t i = 0; i < item->bytes; i++)
		printf("%s %s", i == 0 ? "" : ",", inbox_need_name(item->value[i]));
	puts("]");
}

static void
show_words(const char *name, const struct talk_item *item)
{
	if (item->type == CAIRN_TLV_language) {
		printf("  [%s: ", name);
		safe_inline(stdout, item->text);
		puts("]");
		return;
	}
	if (item->type == CAIRN_TLV_all_clear)
		printf("  [%s]\n", name);
	else if (name[0] != '\0')
		printf("  [%s %u]\n", name, item->number);
	safe_text(stdout, item->text, "    ");
	if (item->parts_missing > 0)
		printf("  [%u of %u parts have not come yet]\n", item->parts_missing, item->parts);
}

static void
show_record(const struct talk_item *item)
{
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		if (shown[i].type != item->type)
			continue;
		switch (shown[i].as) {
		case SHOW_TEXT:
			show_words(shown[i].name, item);
			return;
		case SHOW_HOUR:
			show_hour(shown[i].name, item->number);
			return;
		case SHOW_URGENCY:
			printf("  [%s: %s]\n", shown[i].name, inbox_urgency_name(item->number));
			return;
		case SHOW_NEEDS:
			show_needs(shown[i].name, item);
			return;
		case SHOW_WINDOW:
			show_window(shown[i].name, item->value);
			return;
		case SHOW_NAME:
			printf("  [%s]\n", shown[i].name);
			return;
		}
	}
	if (item->type != 0)
		printf("  [a record of type 0x%04x, which this version does not know]\n", item->type);
	else
		puts("  [nothing written]");
}

/* One head for all records of a cell. */
static void
show_item_head(const struct talk_item *item)
{
	static const char *const states[] = {"queued", "being published", "published"};
	char when[DESK_WHEN_BYTES];

	printf("\n%s  %s", desk_when(when, item->at), item->from_desk ? "desk" : "THEY");
	if (item->from_desk)
		printf(" (%s)", states[item->state > 2 ? 2 : item->state]);
	if (item->unread)
		printf(" (new)");
	if (item->retracted)
		printf(" (TAKEN BACK by whoever wrote later)");
	putchar('\n');
}

static void
show_talk(const struct talk *talk)
{
	for (size_t i = 0; i < talk_count(talk); i++) {
		const struct talk_item *item = talk_item(talk, i);
		const struct talk_item *before = i == 0 ? NULL : talk_item(talk, i - 1);

		if (before == NULL || before->from_desk != item->from_desk || before->row != item->row)
			show_item_head(item);
		show_record(item);
	}
}

static void
show_files(struct desk *desk, uint64_t conv)
{
	struct talk_file *files = calloc(SHOWN_MAX, sizeof(*files));
	size_t count = 0;

	if (files == NULL || talk_files(desk->state, conv, files, SHOWN_MAX, &count) != CAIRN_OK)
		count = 0;
	for (size_t i = 0; i < count; i++) {
		printf("%s  file %zu: %llu bytes, ", i == 0 ? "\n" : "", i + 1, (unsigned long long)files[i].size);
		safe_inline(stdout, (struct cairn_span){files[i].media_type, strlen(files[i].media_type)});
		printf(", %s\n", file_state_name((enum file_state)files[i].state));
	}
	free(files);
}

static void
show_seconds(struct desk *desk, uint64_t conv)
{
	struct talk_second seconds[16];
	struct inbox_line other;
	char when[DESK_WHEN_BYTES];
	size_t count;

	if (talk_seconds(desk->state, conv, seconds, 16, &count) != CAIRN_OK)
		return;
	for (size_t i = 0; i < count; i++) {
		bool named_here = seconds[i].conv == conv;

		if (inbox_get(desk->state, &other, named_here ? seconds[i].other : seconds[i].conv) != CAIRN_OK)
			continue;
		if (named_here)
			printf("\n! On %s this conversation named %s: whoever speaks THERE is watched. Verify before "
			       "you act on it.\n",
			    desk_when(when, seconds[i].at), other.alias);
		else
			printf("\n! WATCHED: on %s %s named this conversation as one in which "
			       "whoever speaks is watched. "
			       "Keep plain, believable talk here; nothing of the other.\n",
			    desk_when(when, seconds[i].at), other.alias);
	}
}

static void
show_alarms(struct desk *desk, uint64_t conv)
{
	struct alarm alarms[16];
	char text[ALARM_TEXT_MAX];
	char when[DESK_WHEN_BYTES];
	size_t count;

	if (conv == 0 || alarm_of(desk->state, conv, alarms, 16, &count) != CAIRN_OK)
		return;
	for (size_t i = 0; i < count; i++) {
		alarm_text(text, &alarms[i]);
		printf("\n! %s: %s.\n", desk_when(when, alarms[i].at), text);
	}
}

static void
show_head(const struct inbox_line *line, uint64_t now)
{
	char when[DESK_WHEN_BYTES];
	uint64_t next;

	printf("%s   urgency %s, language %s, first heard of %s\n", line->conv == 0 ? "Campaign "
										      "letters"
										    : line->alias,
	    inbox_urgency_name(line->urgency), line->language[0] == '\0' ? "not said" : line->language,
	    desk_when(when, line->begun));
	if (line->window_count == 0)
		return;
	if (inbox_safe(line, now, &next))
		puts("An answer is safe now, by what they wrote last.");
	else if (next != 0)
		printf("An answer is safe again from %s, by what they wrote last.\n", desk_when(when, next));
}

static json_t *
item_json(const struct talk_item *item)
{
	const char *name = cairn_tlv_name(item->type);
	json_t *object = json_pack("{s:s, s:I, s:o, s:s, s:b, "
				   "s:b}",
	    "from", item->from_desk ? "desk" : "person", "at",
	    (json_int_t)item->at, "msgid", json_hex(item->msgid, CAIRN_MSGID_BYTES), "type",
	    name == NULL ? "unknown" : name, "taken_back", (int)item->retracted, "new", (int)item->unread);

	if (item->text.text != NULL)
		json_object_set_new(object, "text", json_span(item->text));
	else
		json_object_set_new(object, "value", json_hex(item->value, item->value == NULL ? 0 : item->bytes));
	json_object_set_new(object, "number", json_integer(item->number));
	if (item->from_desk)
		json_object_set_new(object, "published", json_boolean(item->state == 2));
	else
		json_object_set_new(object, "day", json_integer(item->day));
	if (item->parts > 1)
		json_object_set_new(object, "parts_missing", json_integer(item->parts_missing));
	return object;
}

static json_t *
files_json(struct desk *desk, uint64_t conv)
{
	struct talk_file *files = calloc(SHOWN_MAX, sizeof(*files));
	json_t *array = json_array();
	size_t count = 0;

	if (files == NULL || talk_files(desk->state, conv, files, SHOWN_MAX, &count) != CAIRN_OK)
		count = 0;
	for (size_t i = 0; i < count; i++)
		json_array_append_new(array,
		    json_pack("{s:I, s:I, s:s, s:s, "
			      "s:b}",
			"number", (json_int_t)i + 1, "bytes", (json_int_t)files[i].size,
			"media_type", files[i].media_type, "state",
			file_state_name((enum file_state)files[i].state), "kept",
			(int)(files[i].state == FILE_KEPT || files[i].state == FILE_FETCHED)));
	free(files);
	return array;
}

static int
show_json(struct desk *desk, const struct talk *talk, const struct inbox_line *line)
{
	json_t *items = json_array();

	for (size_t i = 0; i < talk_count(talk); i++)
		json_array_append_new(items, item_json(talk_item(talk, i)));
	return print_json(json_pack("{s:I, s:s, s:o, s:o, "
				    "s:o}",
	    "number", (json_int_t)line->number, "alias", line->alias,
	    "id", json_hex(line->conv_id, sizeof(line->conv_id)), "items", items, "files",
	    files_json(desk, line->conv)));
}

static void
show_text(struct desk *desk, const struct talk *talk, const struct inbox_line *line)
{
	show_head(line, desk_now());
	show_seconds(desk, line->conv);
	show_alarms(desk, line->conv);
	show_talk(talk);
	show_files(desk, line->conv);
}

static int
read_marks(struct desk *desk, const struct talk *talk, const struct inbox_line *line, const R *o)
{
	int err = o->peek ? CAIRN_OK : talk_mark_read(talk, desk, desk_now());

	if (err == CAIRN_OK && o->done)
		err = desk_answer_none(desk, line->conv, desk_now());
	return err == CAIRN_OK ? CAIRN_EXIT_OK : desk_fail(desk, desk_state_trouble(desk, err));
}

static int
read_conversation(struct desk *desk, const struct inbox_line *line, const R *o)
{
	struct talk *talk;
	int code = CAIRN_EXIT_OK;
	int err = talk_read(&talk, desk->state, line->conv);

	if (err != CAIRN_OK)
		return desk_fail(desk, desk_state_trouble(desk, err));
	if (o->json)
		code = show_json(desk, talk, line);
	else
		show_text(desk, talk, line);
	/* Only what has really been put out counts as read. */
	if (code == CAIRN_EXIT_OK && fflush(stdout) != 0)
		code = CAIRN_EXIT_STORAGE;
	if (code == CAIRN_EXIT_OK)
		code = read_marks(desk, talk, line, o);
	talk_free(talk);
	return code;
}

int
cmd_desk_read(const void *options, int argc, char **argv)
{
	const R *o = options;
	struct inbox_line line;
	struct desk_session s;
	int code = desk_session_begin(&s, &o->desk);

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = desk_conversation_shown(s.desk, &line, argv[0]);
	if (code == CAIRN_EXIT_OK)
		code = read_conversation(s.desk, &line, o);
	desk_session_end(&s);
	return code;
}
