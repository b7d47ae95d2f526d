// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_DEMO_PROCESS_H
#define CAIRN_CLI_DEMO_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include <jansson.h>

/* Running the real programs as children of the demonstration. */

#define DEMO_ARGS_MAX 32U
#define DEMO_FEEDS 3U
#define DEMO_FEED_MAX 32768U /* a pipe holds as much without a reader */

struct demo_call {
	const char *args[DEMO_ARGS_MAX]; /* ended by NULL; args[0] is the program's path */
	const char *feed[DEMO_FEEDS];    /* what the child reads on descriptors 3 to 5; NULL for nothing */
};

/* A feed that is told while the program runs, by demo_talk_tell(). */
extern const char demo_later[];

/*
 * Runs it to its end; what it prints, stderr too, is in out[room], ended by a zero. Its exit code, or -1
 * where it could not be run.
 */
int demo_call(const struct demo_call *call, char *out, size_t room);

/* Starts it for good: in a session of its own, printing into the file log. Its process, or -1. */
pid_t demo_start(const struct demo_call *call, const char *log);

/* Copies a member of an object that was printed; false where it is no text, or too long. */
bool demo_take(char *out, size_t room, const json_t *object, const char *key);

/* A program that prints objects, a line each, and is told what to go on with. */
struct demo_talk {
	pid_t pid;
	FILE *says;
	int later[DEMO_FEEDS];
};

/* What it prints on stderr goes to the end of log. demo_talk_end() in any case. */
bool demo_talk_begin(struct demo_talk *talk, const struct demo_call *call, const char *log);
/* The text that a member of its next object has. */
bool demo_talk_hear(struct demo_talk *talk, char *out, size_t room, const char *member);
bool demo_talk_tell(struct demo_talk *talk, size_t feed, const char *text);
/* Waits for its end. false: it did not end well; with good false it is ended. */
bool demo_talk_end(struct demo_talk *talk, bool good);

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
