// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_BOARD_FILES_H
#define CAIRN_RELAY_BOARD_FILES_H

#include "relay/request.h"

/* Handlers: the board's files for anyone, the append and the roster from the desk (docs/http.md). */
void board_get(struct request *request);
void board_post_append(struct request *request);
void board_post_roster(struct request *request);
void board_options(struct request *request);

#endif
