// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_SHARE_LOAD_H
#define CAIRN_CLI_SHARE_LOAD_H

#include "desk/shares.h"

/* A share out of its file. Secret. Returns an enum cairn_exit and has told what was wrong. */
int share_load(struct share *share, const char *path);

#endif
