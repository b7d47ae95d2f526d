// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_PERSON_H
#define CAIRN_CLI_PERSON_H

#include "cairn/look.h"
#include "cairn/passphrase.h"
#include "cairn/send.h"
#include "cli/reach.h"

/*
 * What the person's commands share: a desk, and the conversation that a passphrase opens. All of it is in memory, and
 * wiped at the end.
 */
struct person {
	struct reach reach;
	struct cairn_conversation conv;
	struct cairn_session session;
};

/*
 * Takes the passphrase and works its root out. *ret_person is NULL unless CAIRN_EXIT_OK. pass is wiped in any
 * case. person_free(NULL) is fine.
 */
int person_new(struct person **ret_person, const struct reach_options *options, struct cairn_passphrase *pass);
void person_free(struct person *person);

/*
 * Opens the desk's board and leaves it: asks about the date where it must, and finds out whether the desk can be
 * written to, before a long file goes to a relay that could not deliver the letter behind it.
 */
int person_check_desk(struct person *person);

/* Sends letters to the intake door; asks about the date where it must. *send holds the receipts; secret_free() it. */
int person_send(struct person *person, const struct cairn_letter *letters, size_t count,
    struct cairn_send **ret_send);

/*
 * What was sent, in words or as JSON, and into a file where one is named: never without, since a receipt on the
 * device tells that something was sent.
 */
int person_report(const struct person *person, const struct cairn_send *send,
    const struct cairn_letter *letters, const char *receipt_file, bool json);

#endif
