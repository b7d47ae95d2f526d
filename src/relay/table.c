// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/plain_wire.h"
#include "cairn/drop.h"
#include "cairn/file.h"
#include "relay/admission.h"
#include "relay/append.h"
#include "relay/blob.h"
#include "relay/board_files.h"
#include "relay/drop.h"
#include "relay/http.h"
#include "relay/page.h"
#include "relay/plain.h"

/* Every path of the relay (docs/http.md). The first that fits is taken. */
#define FROM_ANYONE (ROUTE_COUNTED | ROUTE_STORES)
#define IDS (BLOB_IDS_MAX * CAIRN_BLOB_ID_BYTES)
#define HASHES (DROP_LEASE_CELLS_MAX * CAIRN_HASH_BYTES)

const struct route route_table[] = {
	{"GET", "", 0, 0, NULL, NULL, page_get},
	{"POST", "", ROUTE_COUNTED, PLAIN_BODY_MAX, plain_begin, NULL, plain_post},
	{"GET", "page.js", 0, 0, NULL, NULL, page_get_part},
	{"GET", "page.css", 0, 0, NULL, NULL, page_get_part},
	{"GET", "core.wasm", 0, 0, NULL, NULL, page_get_part},
	{"GET", "board/<rest>", 0, 0, NULL, NULL, board_get},
	{"POST", "drop/<door>", FROM_ANYONE, CAIRN_DROP_CELL_BYTES, admission_begin, NULL, drop_post},
	{"PUT", "drop/<door>/blob/<id>", FROM_ANYONE, CAIRN_BLOB_BYTES, blob_begin, blob_piece, blob_put},
	{"GET", "drop/<door>", 0, 0, NULL, NULL, admission_get},
	{"GET", "drop/spent", 0, 0, NULL, NULL, drop_spent},
	{"POST", "roster?key=<id>", ROUTE_COUNTED, CAIRN_NOTE_BYTES_MAX, NULL, NULL, board_post_roster},

	{"POST", "drop/<door>/lease?max=<number>", ROUTE_STAFF, 0, NULL, NULL, drop_lease},
	{"POST", "drop/<door>/delete", ROUTE_STAFF, HASHES, NULL, NULL, drop_delete},
	{"GET", "drop/<door>/blob/<id>", ROUTE_STAFF, 0, NULL, NULL, blob_get},
	{"POST", "drop/<door>/blob/claim", ROUTE_STAFF, IDS, NULL, NULL, blob_claim},
	{"POST", "drop/<door>/blob/delete", ROUTE_STAFF, IDS, NULL, NULL, blob_delete},
	{"POST", "board/append?size=<number>", ROUTE_STAFF | ROUTE_PUBLISH, APPEND_BYTES_MAX, NULL, NULL,
	    board_post_append},

	{"OPTIONS", "board/<rest>", 0, 0, NULL, NULL, board_options},
	{"OPTIONS", "drop/<rest>", 0, 0, NULL, NULL, board_options},
};

const size_t route_count = sizeof route_table / sizeof *route_table;
