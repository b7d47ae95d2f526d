// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_SHARE_FILE_H
#define CAIRN_DESK_SHARE_FILE_H

#include "desk/shares.h"

/* Whose key it is that was split. */
enum share_of { SHARE_OF_IDENTITY,
	SHARE_OF_BACKUP };

#define SHARE_PATH_MAX 4096U

/*
 * The three as new files of 0600 in folder, which is made where it is not there. They are durable, and read back: a
 * share that cannot be read is no share. name is the desk's, one line. CAIRN_ERR_CONFLICT: there is such a file;
 * CAIRN_ERR_IO; CAIRN_ERR_RANGE: too long a path. Then path is what could not be written, and none of them is left.
 */
CAIRN_NODISCARD int shares_put(char path[SHARE_PATH_MAX], const char *folder, const struct share shares[SHARES],
    const char *name, enum share_of of);

/* Takes away what shares_put() has written. */
void shares_remove(const char *folder, const struct share shares[SHARES], enum share_of of);

#endif
