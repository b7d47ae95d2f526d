// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_BOARD_SOURCE_H
#define CAIRN_CLI_BOARD_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "net/net.h"

/* Where the files of a board are read: a relay, or a folder that somebody mirrored one into. */
struct board_source {
	/*
	 * Reads a file, "board/..." as a request has it, of at most max bytes. Answers as HTTP does: 200, 404, or
	 * CAIRN_NO_ANSWER. *ret_body belongs to the source and lasts until the next call.
	 */
	int (*get)(struct board_source *s, const char *path, size_t max, const uint8_t **ret_body,
	    size_t *ret_bytes);
	void *arg;       /* of get: not owned */
	int folder;      /* the one that holds "checkpoint"; -1 for none */
	uint8_t *body;   /* of the file that was read from the folder */
	size_t room;
};

/* net must outlive it. */
void board_source_relay(struct board_source *s, struct net *net);
/* path is the board's folder, or the one above it. CAIRN_ERR_IO: there is no such folder. */
CAIRN_NODISCARD int board_source_folder(struct board_source *s, const char *path);
void board_source_end(struct board_source *s);

#endif
