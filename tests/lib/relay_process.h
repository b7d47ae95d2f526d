// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TESTS_LIB_RELAY_PROCESS_H
#define TESTS_LIB_RELAY_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The real cairnd (its test build) on a Unix socket in a temporary folder, and raw HTTP to it: bytes as a test writes
 * them. Whatever should not fail in a test's own machinery aborts.
 */
struct relay_process {
	char folder[64]; /* all of it lies here: data/, sock, log, clock */
	char data[96];
	char socket[96];
	char log[96];
	char config[96]; /* an empty file, to be written before it starts */
	pid_t pid;       /* 0: not running */
	int64_t *clock;  /* seconds that the relay's clock is ahead */
};

/* Makes the folder. Nothing runs yet. */
void relay_init(struct relay_process *relay);
/* Starts it and waits until it answers. flags: NULL, or more words ending in NULL. false: it ended by itself. */
bool relay_start(struct relay_process *relay, const char *const *flags);
/* SIGTERM; the exit code, or -1 for a signal. */
int relay_stop(struct relay_process *relay);
/* SIGKILL. */
void relay_kill(struct relay_process *relay);
/* Stops it if it runs, removes the folder. */
void relay_release(struct relay_process *relay);
/* Moves its clock, and waits until its housekeeping has seen it. */
void relay_move_clock(struct relay_process *relay, int64_t seconds);
uint64_t relay_now(const struct relay_process *relay);

/* Runs "cairnd-test --data ... words", its output thrown away. The exit code. */
int relay_command(const struct relay_process *relay, const char *const *words);

/* --- raw HTTP --- */

struct http_answer {
	int status; /* 0: none came */
	char head[4096];
	uint8_t *body;
	size_t bytes;
	bool closed; /* the other side closed behind it */
};

int relay_connect(const struct relay_process *relay);
/* false: the other side has closed. */
bool http_send(int fd, const void *bytes, size_t size);
bool http_send_text(int fd, const char *text);
/* Waits until the other side has read all that was sent, and had a moment to begin with it. */
void http_taken(int fd);
/* Reads one answer, at most 10 s; head: it has no body. *answer is overwritten, free it with http_free(). */
void http_read(int fd, struct http_answer *answer, bool head);
void http_free(struct http_answer *answer);
/* The value of a header, or "". */
const char *http_header(const struct http_answer *answer, const char *name, char value[256]);

/* One request on a connection of its own. headers: lines, each with its CR LF. body may be NULL. */
void relay_ask(const struct relay_process *relay, struct http_answer *answer, const char *method,
    const char *target, const char *headers, const void *body, size_t bytes);
/* The same for the status alone. */
int relay_status(const struct relay_process *relay, const char *method, const char *target, const char *headers,
    const void *body, size_t bytes);

#endif
