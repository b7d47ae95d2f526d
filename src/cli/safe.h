// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_SAFE_H
#define CAIRN_CLI_SAFE_H

#include <stdio.h>

#include "cairn/span.h"

/*
 * Text that somebody else wrote, shown on a terminal: kept whole, in any script and direction, but unable to
 * play tricks. Control characters and those that turn text around (U+202A to U+202E) are shown by their
 * number, <U+001B>, and never obeyed; isolates are kept where they close on the same line. Each line stands in
 * an isolate of its own, so that its direction cannot reach what is around it. What is not UTF-8 is shown
 * as U+FFFD.
 */

/* Line by line, each begun with indent and ended by a newline. An empty text shows nothing. */
void safe_text(FILE *out, struct cairn_span text, const char *indent);

/* On one line: line ends become spaces, nothing is put behind it. */
void safe_inline(FILE *out, struct cairn_span text);

#endif
