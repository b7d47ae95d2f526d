// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_ASK_H
#define CAIRN_CLI_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/passphrase.h"
#include "cairn/span.h"

/*
 * Asking for what must never stand on a command line: from the terminal, or from a file descriptor that another
 * program opened. All return an enum cairn_exit and have told what was wrong.
 */

/* fd is -1 to ask on the terminal, without echo, word by word. what is "Passphrase". */
int ask_passphrase(struct cairn_passphrase *pass, int fd, const char *what);

/*
 * Shows a new passphrase on a screen of its own, of which nothing stays in the scrollback, and has it typed
 * again. meaning is a sentence or two: what it opens.
 */
int ask_passphrase_new(struct cairn_passphrase *pass, const struct cairn_wordlist *list, const char *meaning);

/* Reads a descriptor to its end into buffer[room]; more than room is CAIRN_EXIT_USAGE. */
int ask_fd(int fd, const char *what, char *buffer, size_t room, size_t *ret_bytes);

/*
 * A text of up to room bytes of UTF-8, without the line end at its end: from fd, else from stdin where that
 * is no terminal and may_stdin, else asked for on the terminal, ended by a line with a single dot. *ret_bytes
 * may be 0.
 */
int ask_text(int fd, bool may_stdin, const char *what, char *text, size_t room, size_t *ret_bytes);

/*
 * One short line, with a zero behind it and without blanks around it: from fd, else asked for on the terminal, with
 * echo.
 */
int ask_line(int fd, const char *what, char *line, size_t room);

#endif
