// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_TERMINAL_H
#define CAIRN_CLI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "cairn/err.h"

/*
 * The person at the keyboard: /dev/tty, whatever stdin and stdout are. Signals that end the program put
 * the terminal back first.
 */
struct terminal {
	FILE *out;
	int fd;
};

/* CAIRN_ERR_IO: there is none. */
CAIRN_NODISCARD int terminal_open(struct terminal *t);
void terminal_close(struct terminal *t);

/* Is anybody there to be asked? */
bool terminal_there(void);

/* Echo and line editing off, and on again. Off twice is once. */
CAIRN_NODISCARD int terminal_quiet(struct terminal *t);
void terminal_loud(struct terminal *t);

/* One byte; -1 at the end. */
int terminal_byte(struct terminal *t);

/* A second screen, of which nothing stays in the scrollback once it is left. */
void terminal_screen_enter(struct terminal *t);
void terminal_screen_leave(struct terminal *t);

/* Clears screen and scrollback, as far as the terminal obeys. */
void terminal_wipe(struct terminal *t);

/*
 * Asks for one line, with echo, into line[room]: without its newline, with a zero. CAIRN_ERR_IO at the end of input,
 * CAIRN_ERR_SPACE when it is too long.
 */
CAIRN_NODISCARD int terminal_line(struct terminal *t, const char *prompt, char *line, size_t room);

/* Waits for Enter. */
void terminal_enter(struct terminal *t, const char *prompt);

/* Asks until it gets one of the letters in choices (lower case); -1 at the end of input. */
int terminal_choice(struct terminal *t, const char *prompt, const char *choices);

#endif
