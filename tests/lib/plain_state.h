// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TESTS_LIB_PLAIN_STATE_H
#define TESTS_LIB_PLAIN_STATE_H

#include "desk/state.h"

/* A desk's state on a plain file, which a test may search and copy, and a VFS may make fail; E lies beside it. */
#define PLAIN_STATE "desk.db"
#define PLAIN_ERASURE "desk.erasure"

CAIRN_NODISCARD int plain_state_create(struct db **ret, const char *folder);
CAIRN_NODISCARD int plain_state_open(struct db **ret, const char *folder, const char *vfs);

#endif
