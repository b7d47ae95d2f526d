// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/mail.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "cli/output.h"
#include "cli/safe.h"
#include "cli/secret.h"

#define GROUPS_MAX 64U /* texts of several parts that were shown, to show each once */
#define INDENT "    "

struct piece {
	struct piece *next;
	bool shown;
	struct cairn_found found;
};

struct mail {
	struct piece *first;
	struct piece **last;
	size_t fresh;
	size_t group_count;
	uint8_t groups[GROUPS_MAX][8];
};

struct mail *
mail_new(void)
{
	struct mail *mail = secret_new(sizeof(*mail));

	if (mail != NULL)
		mail->last = &mail->first;
	return mail;
}

void
mail_free(struct mail *mail)
{
	if (mail == NULL)
		return;
	while (mail->first != NULL) {
		struct piece *piece = mail->first;

		mail->first = piece->next;
		secret_free(piece);
	}
	secret_free(mail);
}

bool
mail_add(struct mail *mail, const struct cairn_look *look)
{
	for (size_t i = 0; i < look->found_count; i++) {
		struct piece *piece = secret_new(sizeof(*piece));

		if (piece == NULL)
			return false;
		piece->found = look->found[i];
		*mail->last = piece;
		mail->last = &piece->next;
		mail->fresh++;
	}
	return true;
}

size_t
mail_new_count(const struct mail *mail)
{
	return mail->fresh;
}

static struct cairn_records
records_of(const struct piece *piece)
{
	return (struct cairn_records){piece->found.plain, CAIRN_REPLY_PLAIN_BYTES};
}

static struct cairn_span
span_of(const struct cairn_record *record, size_t skip)
{
	return (struct cairn_span){(const char *)record->value + skip, record->bytes - skip};
}

/* ---- texts in parts ---- */

/* That part of that text, in whichever letter it came. */
static bool
find_part(struct cairn_text_part *out, const struct mail *mail, const uint8_t group[8], unsigned part)
{
	for (const struct piece *piece = mail->first; piece != NULL; piece = piece->next) {
		struct cairn_records at = records_of(piece);
		struct cairn_record record;

		while (cairn_tlv_next(&at, &record))
			if (record.type == CAIRN_TLV_text && cairn_text_read(out, &record) == CAIRN_OK &&
			    memcmp(out->group, group, 8) == 0 && out->part == part)
				return true;
	}
	return false;
}

static unsigned
parts_here(const struct mail *mail, const struct cairn_text_part *of)
{
	struct cairn_text_part part;
	unsigned count = 0;

	for (unsigned i = 0; i < of->parts; i++)
		count += find_part(&part, mail, of->group, i);
	return count;
}

static bool
group_shown(struct mail *mail, const uint8_t group[8])
{
	for (size_t i = 0; i < mail->group_count && i < GROUPS_MAX; i++)
		if (memcmp(mail->groups[i], group, 8) == 0)
			return true;
	return false;
}

static void
group_mark(struct mail *mail, const uint8_t group[8])
{
	memcpy(mail->groups[mail->group_count++ % GROUPS_MAX], group, 8);
}

/* All parts in a row; NULL: out of memory. The caller frees it by secret_free(). */
static char *
join(const struct mail *mail, const struct cairn_text_part *of, size_t *ret_bytes)
{
	char *text = secret_new((size_t)of->parts * CAIRN_REPLY_PLAIN_BYTES);
	struct cairn_text_part part;

	*ret_bytes = 0;
	for (unsigned i = 0; text != NULL && i < of->parts; i++) {
		if (!find_part(&part, mail, of->group, i))
			continue;
		memcpy(text + *ret_bytes, part.text, part.bytes);
		*ret_bytes += part.bytes;
	}
	return text;
}

/* ---- for eyes ---- */

static void
show_text(struct mail *mail, const struct cairn_record *record, FILE *out)
{
	struct cairn_text_part part;
	unsigned here;
	size_t bytes;
	char *text;

	if (cairn_text_read(&part, record) != CAIRN_OK || group_shown(mail, part.group))
		return;
	here = parts_here(mail, &part);
	if (here < part.parts) {
		fprintf(out, "  A part of a longer text: %u of %u parts have come so far.\n", here, part.parts);
		return;
	}
	group_mark(mail, part.group);
	text = join(mail, &part, &bytes);
	if (text != NULL)
		safe_text(out, (struct cairn_span){text, bytes}, INDENT);
	secret_free(text);
}

static void
show_question(struct mail *mail, const struct cairn_record *record, FILE *out)
{
	(void)mail;
	fprintf(out, "  The desk asks, as question %u (\"--answer %u\" answers it):\n", get_u16(record->value),
	    get_u16(record->value));
	safe_text(out, span_of(record, 2), INDENT);
}

static void
show_received(struct mail *mail, const struct cairn_record *record, FILE *out)
{
	(void)mail;
	fputs("  A person at the desk has read the letter ", out);
	print_hex(out, record->value, record->bytes);
	fputs(".\n", out);
}

static void
show_check_in_due(struct mail *mail, const struct cairn_record *record, FILE *out)
{
	char when[WHEN_BYTES];

	(void)mail;
	fprintf(out, "  The desk waits for a message until %s.\n", when_hour(when, get_u32(record->value)));
}

static void
show_answer_by(struct mail *mail, const struct cairn_record *record, FILE *out)
{
	char when[WHEN_BYTES];

	(void)mail;
	fprintf(out, "  A person at the desk plans to answer by %s.\n",
	    when_hour(when, get_u32(record->value)));
}

/* In the order in which they are shown: first what the desk says. */
static const struct view {
	uint16_t type;
	void (*show)(struct mail *mail, const struct cairn_record *record, FILE *out);
} views[] = {
    {CAIRN_TLV_text, show_text},
    {CAIRN_TLV_question, show_question},
    {CAIRN_TLV_received, show_received},
    {CAIRN_TLV_check_in_due, show_check_in_due},
    {CAIRN_TLV_answer_by, show_answer_by},
};

static void
show_piece(struct mail *mail, const struct piece *piece, FILE *out)
{
	struct cairn_record record;
	char when[WHEN_BYTES];

	fprintf(out, "\nFrom the desk, in the hour of %s:\n", when_hour(when, piece->found.hour));
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
		struct cairn_records at = records_of(piece);

		while (cairn_tlv_next(&at, &record))
			if (views[i].type == record.type)
				views[i].show(mail, &record, out);
	}
}

void
mail_show(struct mail *mail, FILE *out)
{
	for (struct piece *piece = mail->first; piece != NULL; piece = piece->next) {
		if (!piece->shown)
			show_piece(mail, piece, out);
		piece->shown = true;
	}
	mail->fresh = 0;
}

/* ---- for programs ---- */

static json_t *
json_text(struct mail *mail, const struct cairn_record *record)
{
	struct cairn_text_part part;
	json_t *out;
	size_t bytes;
	char *text;

	if (cairn_text_read(&part, record) != CAIRN_OK || group_shown(mail, part.group))
		return NULL;
	if (parts_here(mail, &part) < part.parts)
		return json_pack("{s:i,s:i}", "parts", (int)part.parts, "come", (int)parts_here(mail, &part));
	group_mark(mail, part.group);
	text = join(mail, &part, &bytes);
	out = text == NULL ? NULL : json_pack("{s:o}", "text", json_span((struct cairn_span){text, bytes}));
	secret_free(text);
	return out;
}

static json_t *
json_record(struct mail *mail, const struct cairn_record *record)
{
	switch (record->type) {
	case CAIRN_TLV_text:
		return json_text(mail, record);
	case CAIRN_TLV_question:
		return json_pack("{s:i,s:o}", "question", (int)get_u16(record->value), "text",
		    json_span(span_of(record, 2)));
	case CAIRN_TLV_received:
		return json_pack("{s:o}", "received", json_hex(record->value, record->bytes));
	case CAIRN_TLV_pass:
		return json_pack("{s:o}", "pass", json_hex(record->value, record->bytes));
	case CAIRN_TLV_check_in_due:
		return json_pack("{s:i}", "check_in_due", (int)get_u32(record->value));
	case CAIRN_TLV_answer_by:
		return json_pack("{s:i}", "answer_by", (int)get_u32(record->value));
	default:
		return NULL;
	}
}

static json_t *
json_piece(struct mail *mail, const struct piece *piece)
{
	struct cairn_records at = records_of(piece);
	json_t *records = json_array();
	struct cairn_record record;

	while (cairn_tlv_next(&at, &record)) {
		json_t *value = json_record(mail, &record);

		if (value != NULL)
			json_array_append_new(records, value);
	}
	return json_pack("{s:i,s:o}", "hour", (int)piece->found.hour, "records", records);
}

json_t *
mail_json(struct mail *mail)
{
	json_t *list = json_array();

	for (struct piece *piece = mail->first; piece != NULL; piece = piece->next) {
		if (!piece->shown)
			json_array_append_new(list, json_piece(mail, piece));
		piece->shown = true;
	}
	mail->fresh = 0;
	return list;
}
