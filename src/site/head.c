// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/head.h"

#include <string.h>

#include "base/text.h"
#include "cairn/campaign.h"
#include "core/language.h"
#include "site/fault.h"
#include "site/text.h"

#define RULE "---"

struct cairn_span
head_part(struct cairn_span *rest, char sign)
{
	return text_trim(span_cut(rest, sign));
}

/* ---- values ---- */

bool
head_is_slug(struct cairn_span value)
{
	return cairn_slug_ok(value);
}

static bool
each(struct cairn_span list, bool (*ok)(struct cairn_span))
{
	while (list.text != NULL)
		if (!ok(head_part(&list, ',')))
			return false;
	return true;
}

bool
head_is_slugs(struct cairn_span value)
{
	return each(value, cairn_slug_ok);
}

bool
head_is_day(struct cairn_span value)
{
	return text_is_day(value, NULL);
}

bool
head_is_language(struct cairn_span value)
{
	return language_is_tag(value);
}

bool
head_is_languages(struct cairn_span value)
{
	return each(value, language_is_tag);
}

bool
head_is_countries(struct cairn_span value)
{
	return each(value, text_is_country);
}

bool
head_is_web(struct cairn_span value)
{
	return text_is_web(value);
}

bool
head_is_yes_or_no(struct cairn_span value)
{
	return span_is(value, "yes") || span_is(value, "no");
}

/* ---- reading ---- */

static const struct head_key *
find_key(const struct head_key *keys, size_t count, struct cairn_span name)
{
	for (size_t i = 0; i < count; i++)
		if (span_is(name, keys[i].name))
			return &keys[i];
	return NULL;
}

struct cairn_span
head_value(const struct head *head, const char *key)
{
	struct cairn_span value = {"", 0};
	size_t at = 0;

	(void)head_next(head, key, &at, &value);
	return value;
}

bool
head_next(const struct head *head, const char *key, size_t *at, struct cairn_span *value)
{
	while (*at < head->count) {
		const struct head_field *field = &head->fields[(*at)++];

		if (!span_is(field->key, key))
			continue;
		*value = field->value;
		return true;
	}
	return false;
}

static int
take_field(struct head *head, struct site_fault *fault, const char *file, struct cairn_span line, unsigned number,
    bool checked)
{
	struct head_field field = {.line = number};

	field.key = head_part(&line, ':');
	if (line.text == NULL || field.key.size == 0)
		return fault_set(fault, CAIRN_ERR_FORMAT, file, number, "a line of the head is \"key: value\"");
	field.value = text_trim(line);
	if (field.value.size == 0 || field.value.size > HEAD_VALUE_MAX || (!checked && !text_is_line(field.value)))
		return fault_set(fault, CAIRN_ERR_FORMAT, file, number,
		    "a value is one line of UTF-8, 1 to %u bytes, without control characters", HEAD_VALUE_MAX);
	if (head->count == HEAD_FIELDS_MAX)
		return fault_set(fault, CAIRN_ERR_FORMAT, file, number, "more than %u lines of head",
		    HEAD_FIELDS_MAX);
	head->fields[head->count++] = field;
	return CAIRN_OK;
}

static int
check_field(const struct head *head, size_t at, struct site_fault *fault, const char *file,
    const struct head_key *keys, size_t key_count)
{
	const struct head_field *field = &head->fields[at];
	const struct head_key *key = find_key(keys, key_count, field->key);

	if (key == NULL)
		return fault_set(fault, CAIRN_ERR_FORMAT, file, field->line,
		    "\"%.*s\" is not a key that is known here",
		    (int)(field->key.size < 60 ? field->key.size : 60), field->key.text);
	if (key->ok != NULL && !key->ok(field->value))
		return fault_set(fault, CAIRN_ERR_FORMAT, file, field->line, "%s: wanted is %s", key->name,
		    key->form);
	for (size_t i = 0; (key->flags & HEAD_MANY) == 0 && i < at; i++)
		if (span_same(head->fields[i].key, field->key))
			return fault_set(fault, CAIRN_ERR_FORMAT, file, field->line, "%s is there twice", key->name);
	return CAIRN_OK;
}

static int
check_fields(const struct head *head, struct site_fault *fault, const char *file, const struct head_key *keys,
    size_t key_count)
{
	int err = CAIRN_OK;

	for (size_t i = 0; err == CAIRN_OK && i < head->count; i++)
		err = check_field(head, i, fault, file, keys, key_count);
	for (size_t i = 0; err == CAIRN_OK && i < key_count; i++)
		if ((keys[i].flags & HEAD_NEEDED) != 0 && head_value(head, keys[i].name).size == 0)
			err = fault_set(fault, CAIRN_ERR_FORMAT, file, 1, "the head has no %s", keys[i].name);
	return err;
}

int
head_read(struct head *head, struct site_fault *fault, const char *file, struct cairn_span text,
    const struct head_key *keys, size_t key_count)
{
	struct cairn_span rest = text;
	unsigned number = 1;
	int err = CAIRN_OK;

	head->count = 0;
	if (text.size > DOCUMENT_BYTES_MAX || text.size == 0 || memchr(text.text, '\0', text.size) != NULL)
		return fault_set(fault, CAIRN_ERR_FORMAT, file, 0, "empty, longer than 1 MiB, or no text");
	if (!span_is(text_trim(span_cut(&rest, '\n')), RULE))
		return fault_set(fault, CAIRN_ERR_FORMAT, file, 1, "the first line is \"---\", and the head follows");
	while (err == CAIRN_OK && rest.text != NULL) {
		struct cairn_span line = text_trim(span_cut(&rest, '\n'));

		number++;
		if (span_is(line, RULE))
			break;
		if (rest.text == NULL)
			return fault_set(fault, CAIRN_ERR_FORMAT, file, number,
			    "the head has no end, a line of \"---\"");
		if (line.size > 0)
			err = take_field(head, fault, file, line, number, keys == NULL);
	}
	if (err != CAIRN_OK)
		return err;
	head->body = rest.text == NULL ? (struct cairn_span){"", 0} : rest;
	head->raw = (struct cairn_span){text.text, text.size - head->body.size};
	if (keys == NULL)
		return CAIRN_OK;
	if (!text_is_utf8((const uint8_t *)head->body.text, head->body.size))
		return fault_set(fault, CAIRN_ERR_FORMAT, file, number, "the text is not UTF-8");
	return check_fields(head, fault, file, keys, key_count);
}
