// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/safe.h"

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define FSI "\xe2\x81\xa8" /* U+2068, first strong isolate */
#define PDI "\xe2\x81\xa9" /* U+2069, its end */
#define DEPTH_MAX 60U      /* nesting that the bidirectional algorithm follows */

/* What is still open on this line. */
struct line {
	FILE *out;
	unsigned open;
};

static bool
is_line_end(uint32_t code)
{
	return code == '\n' || code == 0x2028 || code == 0x2029;
}

static void
begin(struct line *line)
{
	fputs(FSI, line->out);
	line->open = 0;
}

static void
end(struct line *line)
{
	for (; line->open > 0; line->open--)
		fputs(PDI, line->out);
	fputs(PDI, line->out);
}

/* One character, of the bytes at from; one that ends what nobody began on this line is left out. */
static void
put(struct line *line, uint32_t code, struct cairn_span bytes)
{
	bool opens = code >= 0x2066 && code <= 0x2068;

	if (text_is_trick(code) || (opens && line->open == DEPTH_MAX)) {
		fprintf(line->out, "<U+%04X>", (unsigned)code);
		return;
	}
	if (code == 0x2069) {
		if (line->open == 0)
			return;
		line->open--;
	}
	if (opens)
		line->open++;
	if (code == 0xfffd)
		fputs("\xef\xbf\xbd", line->out);
	else
		(void)fwrite(bytes.text, 1, bytes.size, line->out);
}

/* Takes the next character off text; *bytes is what it is made of. CR before LF is no character of its own. */
static uint32_t
take(struct cairn_span *text, struct cairn_span *bytes)
{
	uint32_t code;

	*bytes = *text;
	code = text_next(text);
	if (code == '\r' && text->size > 0 && *text->text == '\n') {
		*bytes = *text;
		code = text_next(text);
	}
	bytes->size -= text->size;
	return code;
}

void
safe_text(FILE *out, struct cairn_span text, const char *indent)
{
	struct line line = {out, 0};
	bool inside = false;
	struct cairn_span bytes;

	while (text.size > 0) {
		uint32_t code = take(&text, &bytes);

		if (!inside) {
			fputs(indent, out);
			begin(&line);
			inside = true;
		}
		if (!is_line_end(code)) {
			put(&line, code, bytes);
			continue;
		}
		end(&line);
		fputc('\n', out);
		inside = false;
	}
	if (inside) {
		end(&line);
		fputc('\n', out);
	}
}

void
safe_inline(FILE *out, struct cairn_span text)
{
	struct line line = {out, 0};
	struct cairn_span bytes;

	begin(&line);
	while (text.size > 0) {
		uint32_t code = take(&text, &bytes);

		if (is_line_end(code) || code == '\t')
			fputc(' ', out);
		else
			put(&line, code, bytes);
	}
	end(&line);
}
