// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/claim_diff.h"

#include <string.h>

#include "base/text.h"

#define WORDS_MAX 40U /* new ones that are named, a saying */

struct diff {
	FILE *out;
	const struct claim *claim;
	const struct claim *published;
	size_t count;
	size_t lines;
};

static void
print_span(FILE *out, struct cairn_span text)
{
	(void)fwrite(text.text, 1, text.size, out);
}

static void
say(struct diff *d, const char *what, struct cairn_span value)
{
	fputs(what, d->out);
	print_span(d->out, value);
	fputc('\n', d->out);
	d->lines++;
}

/* ---- what is new ---- */

static void
new_place(struct diff *d)
{
	for (size_t i = 0; i < d->count; i++)
		if (span_same(d->published[i].place, d->claim->place))
			return;
	say(d, "new place: ", d->claim->place);
}

static void
new_date(struct diff *d)
{
	for (size_t i = 0; i < d->count; i++)
		if (span_same(d->published[i].before, d->claim->before))
			return;
	say(d, "new date: before ", d->claim->before);
}

static bool
word_is_public(const struct diff *d, struct cairn_span word)
{
	for (size_t i = 0; i < d->count; i++)
		for (size_t j = 0; j < d->published[i].saying_count; j++) {
			struct cairn_span rest = d->published[i].sayings[j].text;

			while (rest.text != NULL)
				if (span_same(span_cut(&rest, ' '), word))
					return true;
		}
	return false;
}

static void
new_words(struct diff *d, const struct claim_saying *saying)
{
	struct cairn_span rest = saying->text;
	size_t found = 0;

	while (rest.text != NULL && found < WORDS_MAX) {
		struct cairn_span word = span_cut(&rest, ' ');

		if (word.size == 0 || word_is_public(d, word))
			continue;
		if (found++ == 0) {
			fputs("new words (", d->out);
			print_span(d->out, saying->lang);
			fputs("):", d->out);
		}
		fputc(' ', d->out);
		print_span(d->out, word);
	}
	if (found > 0) {
		fputc('\n', d->out);
		d->lines++;
	}
}

/* ---- what laying them side by side tells ---- */

static void
print_id(FILE *out, const struct claim *claim)
{
	for (size_t i = 0; i < 4; i++)
		fprintf(out, "%02x", claim->id[i]);
}

static void
beside(struct diff *d, const struct claim *other)
{
	const struct claim *c = d->claim;

	if (!span_same(other->place, c->place))
		return;
	fputs("beside claim ", d->out);
	print_id(d->out, other);
	fprintf(d->out, ", of the same place: at least %u before ", other->accounts);
	print_span(d->out, other->before);
	fprintf(d->out, ", now at least %u before ", c->accounts);
	print_span(d->out, c->before);
	if (span_same(other->before, c->before) && other->accounts != c->accounts)
		fputs("; the date is the same, so whoever compares learns that accounts came in since", d->out);
	else if (other->accounts == c->accounts && !span_same(other->before, c->before))
		fputs("; the number is the same, so the date alone is news", d->out);
	if (c->ways > other->ways)
		fprintf(d->out, "; %u ways, not %u: a source was added", c->ways, other->ways);
	fputc('\n', d->out);
	d->lines++;
}

size_t
claim_diff(FILE *out, const struct claim *claim, const struct claim *published, size_t count)
{
	struct diff d = {.out = out, .claim = claim, .published = published, .count = count};

	new_place(&d);
	new_date(&d);
	for (size_t i = 0; i < claim->saying_count; i++)
		new_words(&d, &claim->sayings[i]);
	for (size_t i = 0; i < count; i++)
		beside(&d, &published[i]);
	return d.lines;
}
