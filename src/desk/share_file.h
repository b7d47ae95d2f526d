// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_SHARE_FILE_H
#define CAIRN_DESK_SHARE_FILE_H

#include "desk/shares.h"

/*
 * A share on disk: a new file, 0600, durable before anything counts on it, and read back: a share that cannot be
 * read is no share. CAIRN_ERR_CONFLICT: there is such a file. CAIRN_ERR_IO.
 */
CAIRN_NODISCARD int share_file_put(const char *path, const char *text, size_t bytes);

/* The names must be as durable as what is in the files. */
CAIRN_NODISCARD int share_folder_sync(const char *folder);

#endif
