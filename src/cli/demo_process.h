// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_DEMO_PROCESS_H
#define CAIRN_CLI_DEMO_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Running the real programs as children of the demonstration. */

#define DEMO_ARGS_MAX 32U
#define DEMO_FEEDS 2U
#define DEMO_FEED_MAX 32768U /* a pipe holds as much without a reader */

struct demo_call {
	const char *args[DEMO_ARGS_MAX]; /* ended by NULL; args[0] is the program's path */
	const char *feed[DEMO_FEEDS];    /* what the child reads on descriptors 3 and 4; NULL for nothing */
};

/*
 * Runs it to its end; what it prints, stderr too, is in out[room], ended by a zero. Its exit code, or -1
 * where it could not be run.
 */
int demo_call(const struct demo_call *call, char *out, size_t room);

/* Starts it for good: in a session of its own, printing into the file log. Its process, or -1. */
pid_t demo_start(const struct demo_call *call, const char *log);

/* Is the process there, and is mark in its command line? */
bool demo_alive(pid_t pid, const char *mark);

/* Asks it to end, and waits; ends it where it does not. False when nothing helps. */
bool demo_end(pid_t pid, const char *mark);

/* The relay of the same build, next to this program, or found on the PATH. False: none; path[room]. */
bool demo_find_relay(char *path, size_t room);
/* The program of the page without scripts. */
bool demo_find_plain(char *path, size_t room);
/* The folder of the person's page, in the build or where it was installed. */
bool demo_find_page(char *path, size_t room);

/* Does something listen on that port of 127.0.0.1? */
bool demo_listens(unsigned port);

/* A port on 127.0.0.1 that nothing listens on: wanted, or any other where that is taken or 0. 0: none. */
unsigned demo_free_port(unsigned wanted);

#endif
