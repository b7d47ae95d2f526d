// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_EVIDENCE_SESSION_H
#define CAIRN_CLI_EVIDENCE_SESSION_H

#include <stdio.h>

#include "cli/desk_session.h"
#include "record/evidence.h"

/* What the evidence commands share. */
struct evidence_session {
	struct desk_session desk;
	struct evidence *ev;
};

/* All return an enum cairn_exit and have told what was wrong. evidence_session_end() in any case. */
int evidence_session_begin(struct evidence_session *s, const struct desk_options *options);
void evidence_session_end(struct evidence_session *s);

/* The item that staff name. */
int evidence_session_item(struct evidence_session *s, struct evidence_item *item, const char *id);

/* Tells ev->trouble, or what err means, and returns the exit code for it. */
int evidence_fail(const struct evidence *ev, int err);

/* One line of a log, for people. */
void evidence_print_entry(FILE *out, size_t number, const struct evidence_entry *entry, const char *indent);

/* An item's id on a line of its own. */
void evidence_print_id(const uint8_t id[EVIDENCE_ITEM_BYTES]);

/* Writes to the FILE at arg, as evidence_write. */
int evidence_to_file(void *arg, const uint8_t *bytes, size_t size);

/* A new file that others cannot read, or NULL, and told. */
FILE *evidence_new_file(const char *path);

#endif
