// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_RECORD_TAKE_H
#define CAIRN_CLI_RECORD_TAKE_H

#include "cli/record_session.h"
#include "record/import.h"

/*
 * Takes a document in and says what came of it; check undoes it all. from is what the entities were entered from.
 * Returns an enum cairn_exit.
 */
int record_take_in(struct record_session *s, struct record_document *document,
    const uint8_t compartment[RECORD_COMPARTMENT_BYTES], const char *from, bool check, bool json);

#endif
