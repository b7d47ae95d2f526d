// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_HEAD_H
#define CAIRN_SITE_HEAD_H

#include <stdbool.h>
#include <stddef.h>

#include "cairn/span.h"
#include "site/site.h"

/*
 * What people write for the site: a head of "key: value" lines between two lines of "---", then the text. All spans
 * look into what was read.
 */
#define HEAD_FIELDS_MAX 96U
#define HEAD_VALUE_MAX 1000U
#define DOCUMENT_BYTES_MAX (1U << 20)

struct head_field {
	struct cairn_span key;
	struct cairn_span value; /* one line, not empty */
	unsigned line;
};

struct head {
	size_t count;
	struct head_field fields[HEAD_FIELDS_MAX];
	struct cairn_span raw;  /* the head with both its lines */
	struct cairn_span body;
};

/* What may stand in the head of one kind of document. */
#define HEAD_NEEDED 1U
#define HEAD_MANY 2U

struct head_key {
	const char *name;
	unsigned flags;
	bool (*ok)(struct cairn_span value); /* NULL: any line */
	const char *form;                    /* what is wanted, for the fault */
};

/*
 * CAIRN_ERR_FORMAT with fault filled in. The text must outlive head. keys NULL: it was read with them before, and its
 * values are not looked at again.
 */
CAIRN_NODISCARD int head_read(struct head *head, struct site_fault *fault, const char *file,
    struct cairn_span text, const struct head_key *keys, size_t key_count);

/* The value of the first field of that name; empty where there is none. */
struct cairn_span head_value(const struct head *head, const char *key);
/* The next field of that name from *at on; false: no more. Begin with 0. */
bool head_next(const struct head *head, const char *key, size_t *at, struct cairn_span *value);
/* Cuts the next part off, at a sign, without blanks around it. */
struct cairn_span head_part(struct cairn_span *rest, char sign);

/* Checks that several kinds share. */
bool head_is_slug(struct cairn_span value);
bool head_is_slugs(struct cairn_span value); /* with commas between */
bool head_is_day(struct cairn_span value);
bool head_is_language(struct cairn_span value);
bool head_is_languages(struct cairn_span value);
bool head_is_countries(struct cairn_span value);
bool head_is_web(struct cairn_span value);
bool head_is_yes_or_no(struct cairn_span value);

#endif
