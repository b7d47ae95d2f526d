// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_EXIT_H
#define CAIRN_CLI_EXIT_H

/*
 * What the program's exit codes mean: part of its interface, never renumbered. The manual page has the
 * same table, and a test holds the two together.
 */

/* X(name, code, meaning) */
#define CAIRN_EXIT_TABLE(X)                                                          \
	X(OK, 0, "done")                                                             \
	X(USAGE, 1, "the command line is wrong, or nothing can be asked here")       \
	X(REFUSED, 2, "something does not verify, or the other side refused")        \
	X(NETWORK, 3, "no answer from the relay")                                    \
	X(STORAGE, 4, "a file or the local state could not be read or written")      \
	X(CLOCK, 5, "this machine's date and the desk's differ by more than a day")  \
	X(CONFLICT, 6, "the board contradicts one seen before: it has been forked")  \
	X(BUSY, 7, "the desk is under load or attack; try again later")              \
	X(ABSENT, 8, "the desk has no key for today: nobody there has been online")  \
	X(MEMORY, 9, "not enough memory")                                            \
	X(INTERNAL, 10, "a fault in this program")

enum cairn_exit {
#define CAIRN_EXIT_ENUM(name, code, meaning) CAIRN_EXIT_##name = code,
	CAIRN_EXIT_TABLE(CAIRN_EXIT_ENUM)
#undef CAIRN_EXIT_ENUM
};

/* The exit code for an enum cairn_err, where a command has nothing better to say. */
int exit_for(int err);

#endif
