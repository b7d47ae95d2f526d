// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_DEMO_SCREEN_H
#define CAIRN_CLI_DEMO_SCREEN_H

#include <stddef.h>

/* How the demonstration looks: headings, words, commands, what these printed. Plain but on a terminal. */

/* Numbers itself. */
void screen_heading(const char *text);

/* Lines of the story. */
void screen_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* One empty line, where there is none yet. */
void screen_gap(void);

/* A path as short as it can be said from here: a part of path. */
const char *screen_path(const char *path);

/* A command line as somebody would type it. */
void screen_command(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What a program printed, set apart. */
void screen_output(const char *text);

/* Something to be copied, on a line of its own and without any mark. */
void screen_copy(const char *text);

/* Something written by a person, set apart; any script. */
void screen_quote(const char *text);

/* A thing that was checked, and holds. */
void screen_good(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
