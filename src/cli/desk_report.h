// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_DESK_REPORT_H
#define CAIRN_CLI_DESK_REPORT_H

#include <jansson.h>

#include "desk/tick.h"

/* What the desk commands say of a round: on one line for people, or as JSON. */

/* "2 new messages (1 new conversation), 1 file; ..." on stdout, ended by a newline. Only what there is. */
void report_received(const struct received *received, const struct files_tally *files);
void report_published(const struct published *published);

/* One line a tick, begun with the time; then a line for each thing that staff must see. */
void report_tick(const struct tick *tick, uint64_t now);

json_t *report_json(const struct received *received, const struct files_tally *files,
    const struct published *published);

#endif
