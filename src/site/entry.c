// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/entry.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cairn/campaign.h"
#include "site/fault.h"
#include "site/text.h"

/* "https://... | title | what it is": the address may be missing where there is none: "- | title". */
static bool
is_source(struct cairn_span value)
{
	struct cairn_span address = head_part(&value, '|');

	return (span_is(address, "-") || text_is_web(address)) && head_part(&value, '|').size > 0;
}

static const struct head_key keys[] = {
	{"date", HEAD_NEEDED, head_is_day, "a day, as 2017-04-01"},
	{"title", HEAD_NEEDED, NULL, NULL},
	{"lang", 0, head_is_language, "a language tag, as en"},
	{"updated", 0, head_is_day, "a day, as 2017-04-01"},
	{"mood", 0, NULL, NULL},
	{"summary", 0, NULL, NULL},
	{"tags", 0, head_is_slugs, "words of a-z, 0-9 and hyphens, with commas between"},
	{"source", HEAD_MANY, is_source, "address | title | what it is"},
	{"translation-of", 0, head_is_slug, "the name of an entry"},
	{"up", 0, head_is_slug, "the name of an entry"},
	{"reviewed-by", 0, NULL, NULL},
	{"events", 0, head_is_slugs, "names of events, with commas between"},
	{"claims", 0, head_is_slugs, "names of claims, with commas between"},
	{"share", 0, head_is_yes_or_no, "yes or no"},
};

/* "entries/name.ru.md" is name: what stands before the first dot. */
static struct cairn_span
name_of(const char *file)
{
	const char *slash = strrchr(file, '/');
	const char *name = slash == NULL ? file : slash + 1;

	return (struct cairn_span){name, strcspn(name, ".")};
}

static int
take_list(struct cairn_span *into, size_t most, size_t *count, struct cairn_span list)
{
	*count = 0;
	while (list.size > 0) {
		if (*count == most)
			return CAIRN_ERR_RANGE;
		into[(*count)++] = head_part(&list, ',');
	}
	return CAIRN_OK;
}

static int
take_sources(struct entry *entry, const struct head *head)
{
	struct cairn_span value;
	size_t at = 0;

	entry->source_count = 0;
	while (head_next(head, "source", &at, &value)) {
		struct entry_source source;

		if (entry->source_count == ENTRY_SOURCES_MAX)
			return CAIRN_ERR_RANGE;
		source.address = head_part(&value, '|');
		source.title = head_part(&value, '|');
		source.note = value.text == NULL ? (struct cairn_span){"", 0} : text_trim(value);
		entry->sources[entry->source_count++] = source;
	}
	return CAIRN_OK;
}

static void
take_single(struct entry *entry, const struct head *head)
{
	struct cairn_span of = head_value(head, "translation-of");

	entry->translated = of.size > 0;
	entry->id = entry->translated ? of : name_of(entry->file);
	entry->lang = head_value(head, "lang");
	entry->title = head_value(head, "title");
	entry->date = head_value(head, "date");
	entry->updated = head_value(head, "updated");
	entry->mood = head_value(head, "mood");
	entry->summary = head_value(head, "summary");
	entry->up = head_value(head, "up");
	entry->reviewed_by = head_value(head, "reviewed-by");
	entry->share = span_is(head_value(head, "share"), "yes");
	(void)text_is_day(entry->date, &entry->day);
	if (span_is(entry->mood, "none"))
		entry->mood.size = 0;
}

static int
take(struct entry *entry, const struct head *head, struct site_fault *fault)
{
	take_single(entry, head);
	if (!cairn_slug_ok(entry->id))
		return fault_set(fault, CAIRN_ERR_FORMAT, entry->file, 0,
		    "the file's name is a-z, 0-9 and hyphens, at most %u, before the first dot", CAIRN_SLUG_MAX);
	if (take_list(entry->tags, ENTRY_TAGS_MAX, &entry->tag_count, head_value(head, "tags")) != CAIRN_OK ||
	    take_list(entry->events, ENTRY_LINKS_MAX, &entry->event_count, head_value(head, "events")) != CAIRN_OK ||
	    take_list(entry->claims, ENTRY_LINKS_MAX, &entry->claim_count, head_value(head, "claims")) != CAIRN_OK ||
	    take_sources(entry, head) != CAIRN_OK)
		return fault_set(fault, CAIRN_ERR_FORMAT, entry->file, 0,
		    "at most %u tags, %u sources, %u events and %u claims", ENTRY_TAGS_MAX, ENTRY_SOURCES_MAX,
		    ENTRY_LINKS_MAX, ENTRY_LINKS_MAX);
	return CAIRN_OK;
}

int
entry_read_head(struct entry *entry, struct site_fault *fault, bool checked)
{
	struct head head;
	int err = head_read(&head, fault, entry->file, (struct cairn_span){entry->head, entry->head_bytes},
	    checked ? NULL : keys, sizeof keys / sizeof keys[0]);

	return err == CAIRN_OK ? take(entry, &head, fault) : err;
}

int
entry_read(struct entry *entry, struct cairn_span *ret_body, struct site_fault *fault, struct cairn_span text)
{
	struct head head;
	int err = head_read(&head, fault, entry->file, text, keys, sizeof keys / sizeof keys[0]);

	char *kept;

	*ret_body = (struct cairn_span){"", 0};
	if (err != CAIRN_OK)
		return err;
	kept = malloc(head.raw.size);
	if (kept == NULL)
		return fault_set(fault, CAIRN_ERR_NOMEM, entry->file, 0, "out of memory");
	memcpy(kept, head.raw.text, head.raw.size);
	entry->head = kept;
	entry->head_bytes = head.raw.size;
	*ret_body = head.body;
	/* Once more, since the spans are to look into what stays. */
	return entry_read_head(entry, fault, true);
}

void
entry_clear(struct entry *entry)
{
	free(entry->file);
	if (!entry->borrowed) {
		free((char *)(uintptr_t)entry->head);
		free((char *)(uintptr_t)entry->words);
	}
	free(entry->html);
	*entry = (struct entry){0};
}
