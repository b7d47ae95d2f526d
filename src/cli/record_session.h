// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_RECORD_SESSION_H
#define CAIRN_CLI_RECORD_SESSION_H

#include "cli/desk_session.h"
#include "record/emit.h"
#include "record/select.h"

/* What the record's commands share. All that return int return an enum cairn_exit and have told what was wrong. */
struct record_session {
	struct desk_session desk;
	struct db *db;
	uint64_t now;
	struct record_local local;
	struct record_sink sink;
};

int record_begin(struct record_session *s, const struct desk_options *options);
void record_end(struct record_session *s);

/* An error of the database, or of emitting. */
int record_fail(const struct record_session *s, int err);

/* The entity that staff name by its code; kind may be NULL. */
int record_named(const struct record_session *s, struct record_head *head, const struct record_kind *kind,
    const char *code);

/* A kind by its name. */
int record_kind_of(const struct record_kind **ret, const char *name);

/*
 * The testimony compartment of a case, named by its conversation or itself; zeros where name is NULL. Of a
 * conversation whose case has none that this device is in, it is the conversation's id, which the other devices are
 * not told of.
 */
int record_case(const struct record_session *s, uint8_t compartment[RECORD_COMPARTMENT_BYTES], const char *name);

/* Emits the change, and says its code, or why it is not taken. */
int record_put(struct record_session *s, struct record_change *change, bool json);

/* The same for one item about an entity that is there. */
int record_put_item(struct record_session *s, const struct record_head *head, const struct record_item *item,
    bool json);

/* ---- what leaves ---- */

struct record_out {
	const char *purpose;
	int partner_fd;
	struct option_list only;
};

#define RECORD_OUT_OPTIONS(type, member)                                                                           \
	OPTION(TEXT, type, member.purpose, "purpose", "PURPOSE",                                                   \
	    "what for: help, internal, partner, court, public-anonymous or public-named"),                         \
	    OPTION(FD, type, member.partner_fd, "partner-fd", "N", "read the partner's name from this open file"), \
	    OPTION(LIST, type, member.only, "only", "CODE",                                                        \
		"this event or act and what belongs to it (several times)")

/* What was chosen, by the options; to be ended by record_chosen_end() in any case. */
struct record_chosen {
	struct record_wish wish;
	struct record_head roots[OPTION_LIST_MAX];
	struct record_selection selection;
	char partner[RECORD_LINE_MAX + 1];
};
int record_choose(const struct record_session *s, struct record_chosen *chosen, const struct record_out *out);
void record_chosen_end(struct record_chosen *chosen);

/* What was held back, on stderr. */
void record_remark(const struct record_chosen *chosen);

/* Writes a new file that only its owner may read, or standard output for "-". */
int record_write(const char *path, const void *bytes, size_t size);

#endif
