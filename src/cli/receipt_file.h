// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_RECEIPT_FILE_H
#define CAIRN_CLI_RECEIPT_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/send.h"

/*
 * Receipts in a file that somebody asked for: one JSON object, {"desk": hex, "receipts": [{"cell_hash": hex,
 * "receipt": hex, "relay_key": hex}]}. The relay's key is the one of the desk's card that signed it.
 */

struct receipt_line {
	uint8_t cell_hash[CAIRN_HASH_BYTES];
	uint8_t receipt[CAIRN_RECEIPT_BYTES];
	uint8_t relay_key[32];
};

struct receipt_list {
	uint8_t desk_id[CAIRN_HASH_BYTES];
	size_t count;
	struct receipt_line lines[CAIRN_SEND_CELLS_MAX];
};

/* The card must still be in send->opening. The file must not be there yet. Returns an enum cairn_exit. */
int receipt_file_write(const char *path, const uint8_t desk_id[CAIRN_HASH_BYTES], const struct cairn_send *send);
int receipt_file_read(struct receipt_list *list, const char *path);

#endif
