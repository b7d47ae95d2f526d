// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "clean/clean.h"

/* Plain text, UTF-8. */

#define MARK "\xe2\x96\x88" /* a full block */
#define MARK_BYTES (sizeof(MARK) - 1)
#define MARKS 5U /* for a span of any length */

/* What does not show, and may tell one reader's copy from another's. Marks that a script needs are not among it. */
static const struct {
	uint32_t from, to;
} unseen[] = {
    {0x0000, 0x0008},
    {0x000b, 0x001f},
    {0x007f, 0x009f},
    {0x00ad, 0x00ad},
    {0x180e, 0x180e},
    {0x200b, 0x200b},
    {0x2060, 0x2064},
    {0xfeff, 0xfeff},
    {0xfff9, 0xfffb},
    {0xe0000, 0xe0fff},
};

static bool
is_unseen(uint32_t c)
{
	for (size_t i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++)
		if (c >= unseen[i].from && c <= unseen[i].to)
			return true;
	return false;
}

static bool
is_covered(const struct clean_job *job, uint64_t at)
{
	for (size_t i = 0; i < job->count; i++)
		if (at >= job->boxes[i].left && at - job->boxes[i].left < job->boxes[i].width)
			return true;
	return false;
}

struct text_out {
	char *bytes;
	size_t used;
	uint64_t characters; /* of the text without spans */
	bool within;         /* a span that was marked already */
};

static void
append(struct text_out *out, const char *bytes, size_t size)
{
	memcpy(out->bytes + out->used, bytes, size);
	out->used += size;
}

/* Spans that touch become one: the marks must not tell how many characters stand between two edges. */
static void
append_cover(struct text_out *out, const struct clean_job *job, const char *character, size_t size)
{
	if (job->keep_lengths && size == 1 && *character == '\n')
		append(out, character, size);
	else if (job->keep_lengths)
		append(out, MARK, MARK_BYTES);
	else
		for (size_t i = 0; !out->within && i < MARKS; i++)
			append(out, MARK, MARK_BYTES);
	out->within = true;
}

static void
append_character(struct text_out *out, const struct clean_job *job, const char *character, size_t size)
{
	if (is_covered(job, out->characters)) {
		append_cover(out, job, character, size);
	} else {
		out->within = false;
		append(out, character, size);
	}
	out->characters++;
}

/* Room for the worst: each byte a mark, and the marks of each span. */
static size_t
room_for(const struct clean_job *job, size_t size)
{
	return size * MARK_BYTES + job->count * MARKS * MARK_BYTES + 1;
}

static enum clean_exit
check_spans(const struct clean_job *job, uint64_t characters)
{
	for (size_t i = 0; i < job->count; i++)
		if (job->boxes[i].page != 0 || job->boxes[i].width == 0 || job->boxes[i].left >= characters ||
		    job->boxes[i].width > characters - job->boxes[i].left)
			return CLEAN_OUTSIDE;
	return CLEAN_DONE;
}

enum clean_exit
text_make(char **ret, size_t *ret_bytes, const struct clean_job *job, struct cairn_span in)
{
	struct text_out out = {0};
	enum clean_exit code;

	*ret = NULL;
	*ret_bytes = 0;
	if (!text_is_utf8((const uint8_t *)in.text, in.size))
		return CLEAN_BROKEN;
	out.bytes = malloc(room_for(job, in.size));
	if (out.bytes == NULL)
		return CLEAN_FAILED;
	while (in.size > 0) {
		const char *at = in.text;
		uint32_t c = text_next(&in);

		if (!is_unseen(c))
			append_character(&out, job, at, (size_t)(in.text - at));
	}
	code = check_spans(job, out.characters);
	if (code != CLEAN_DONE) {
		free(out.bytes);
		return code;
	}
	*ret = out.bytes;
	*ret_bytes = out.used;
	return CLEAN_DONE;
}

enum clean_exit
text_prepare(void)
{
	return CLEAN_DONE;
}

enum clean_exit
text_answer(const struct clean_job *job, struct cairn_span in)
{
	char *made;
	size_t bytes;
	enum clean_exit code = text_make(&made, &bytes, job, in);

	if (code == CLEAN_DONE)
		code = clean_put_kind(CLEAN_TEXT);
	if (code == CLEAN_DONE)
		code = clean_put(made, bytes);
	free(made);
	return code;
}
