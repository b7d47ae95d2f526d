// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_OUTPUT_H
#define CAIRN_CLI_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "cairn/span.h"

/*
 * What the program says. Results go to stdout, all else to stderr, so that a pipe gets results only. Whatever
 * came from outside goes through safe_text() or safe_inline(), never through %s.
 */

/* "cairn: ..." and a newline, on stderr. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same, and returns code, so that a command may end with it. */
int fail(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A remark on stderr for whoever sits there; left out where stderr is not a terminal. */
void remark(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints one object and a newline on stdout, and drops it. Returns CAIRN_EXIT_OK, or STORAGE when stdout is gone. */
int print_json(json_t *object);

/* Bytes as a JSON string, in lower-case hex. */
json_t *json_hex(const uint8_t *bytes, size_t size);

/* A span of well-formed UTF-8 as a JSON string. */
json_t *json_span(struct cairn_span text);

/* Bytes in lower-case hex. */
void print_hex(FILE *out, const uint8_t *bytes, size_t size);

/* "2026-11-22 14:00 UTC", "2026-11-22" */
#define WHEN_BYTES 24U
const char *when_hour(char out[WHEN_BYTES], uint32_t hour);
const char *when_day(char out[WHEN_BYTES], uint32_t day);

#endif
