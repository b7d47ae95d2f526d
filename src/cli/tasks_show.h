// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_TASKS_SHOW_H
#define CAIRN_CLI_TASKS_SHOW_H

#include "cli/engine.h"

/* What somebody has to do now: of one device, by its row, or 0 for everybody's. Returns an enum cairn_exit. */
int tasks_show(struct engine *e, uint64_t device);

#endif
