// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_RECORD_FORM_H
#define CAIRN_CLI_RECORD_FORM_H

#include "cli/record_session.h"

/*
 * Has a form filled in: from fd, from stdin where that is no terminal, else on the terminal, which is told the
 * kind's fields first. head is NULL for a new entity. Returns an enum cairn_exit and has told what was wrong.
 */
int form_ask(const struct record_session *s, struct record_change *change, const struct record_head *head, int fd);

#endif
