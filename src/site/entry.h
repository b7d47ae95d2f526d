// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_ENTRY_H
#define CAIRN_SITE_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/messages.h"
#include "cairn/hash.h"
#include "site/head.h"
#include "site/key.h"

/* One entry, in one language: entries/<anything>.md. */
#define ENTRY_TAGS_MAX 12U
#define ENTRY_SOURCES_MAX 24U
#define ENTRY_LINKS_MAX 8U
#define ENTRY_HANDLE_CHARS 8U

struct entry_source {
	struct cairn_span address, title, note;
};

struct entry {
	char *file;         /* below the source folder; owned */
	/* size, time of change in ns, inode: while these stay, the file is taken to be the same */
	uint64_t stamp[3];
	uint8_t hash[CAIRN_HASH_BYTES]; /* of the whole file */
	const char *head;   /* what the spans look into */
	size_t head_bytes;
	const char *words;  /* each once, a newline behind each */
	size_t words_bytes;
	bool borrowed;      /* both are of the cache; else owned */
	char *html;         /* owned; NULL until it is wanted */

	struct cairn_span id, lang, title, date, updated, mood, summary, up, reviewed_by;
	uint32_t day;
	bool translated; /* from an entry of the same id */
	bool share;      /* pictures to share are made */
	size_t tag_count, source_count, event_count, claim_count;
	struct cairn_span tags[ENTRY_TAGS_MAX];
	struct entry_source sources[ENTRY_SOURCES_MAX];
	struct cairn_span events[ENTRY_LINKS_MAX];
	struct cairn_span claims[ENTRY_LINKS_MAX];

	/* Its place in the site, by model.c. */
	const struct language *language;
	const struct entry *previous, *next;
	struct entry *parent;
	bool has_children;
	uint8_t card[KEY_BYTES]; /* of all that lists and neighbours show of it */
	char handle[ENTRY_HANDLE_CHARS]; /* what the search calls it */
};

/*
 * Reads entry->head. What is not the head's is untouched. checked: it was read before, so that only its form is
 * looked
 * at. CAIRN_ERR_FORMAT with fault.
 */
CAIRN_NODISCARD int entry_read_head(struct entry *entry, struct site_fault *fault, bool checked);
/* head is a copy of the text's head; *ret_body is the text behind it. */
CAIRN_NODISCARD int entry_read(struct entry *entry, struct cairn_span *ret_body, struct site_fault *fault,
    struct cairn_span text);
void entry_clear(struct entry *entry);

#endif
