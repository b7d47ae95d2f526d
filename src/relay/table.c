// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/plain_wire.h"
#include "cairn/drop.h"
#include "cairn/feed.h"
#include "cairn/file.h"
#include "cairn/suspension.h"
#include "relay/admission.h"
#include "relay/append.h"
#include "relay/blob.h"
#include "relay/board_files.h"
#include "relay/drop.h"
#include "relay/feed.h"
#include "relay/http.h"
#include "relay/join.h"
#include "relay/mailbox.h"
#include "relay/page.h"
#include "relay/plain.h"
#include "relay/suspension.h"

/* Every path of the relay (docs/http.md). The first that fits is taken. */
#define FROM_ANYONE (ROUTE_COUNTED | ROUTE_STORES)
#define OF_DOOR (ROUTE_STAFF | ROUTE_DOOR)
#define IDS (BLOB_IDS_MAX * CAIRN_BLOB_ID_BYTES)
#define SEQS (CAIRN_FEED_DELETE_MAX * sizeof(uint64_t))
#define HASHES (DROP_LEASE_CELLS_MAX * CAIRN_HASH_BYTES)

const struct route route_table[] = {
	{"GET", "", 0, 0, NULL, NULL, page_get},
	{"POST", "", ROUTE_COUNTED, PLAIN_BODY_MAX, plain_begin, NULL, plain_post},
	{"GET", "page.js", 0, 0, NULL, NULL, page_get_part},
	{"GET", "page.css", 0, 0, NULL, NULL, page_get_part},
	{"GET", "core.wasm", 0, 0, NULL, NULL, page_get_part},
	{"POST", "leave", 0, PAGE_LEAVE_MAX, NULL, NULL, page_post_leave},
	{"GET", "board/<rest>", 0, 0, NULL, NULL, board_get},
	{"POST", "drop/<door>", FROM_ANYONE, CAIRN_DROP_CELL_BYTES, admission_begin, NULL, drop_post},
	{"PUT", "drop/<door>/blob/<id>", FROM_ANYONE, CAIRN_BLOB_BYTES, blob_begin, blob_piece, blob_put},
	{"GET", "drop/<door>", 0, 0, NULL, NULL, admission_get},
	{"GET", "drop/spent", 0, 0, NULL, NULL, drop_spent},
	{"POST", "roster?key=<id>", ROUTE_COUNTED, CAIRN_NOTE_BYTES_MAX, NULL, NULL, board_post_roster},
	{"POST", "suspension", ROUTE_COUNTED, CAIRN_SUSPENSION_BYTES_MAX, NULL, NULL, suspension_post},
	{"PUT", "join/<slot>/<part>", ROUTE_COUNTED, MAILBOX_MESSAGE_BYTES_MAX, join_begin, NULL, join_put},
	{"GET", "join/<slot>/<part>", 0, 0, join_begin, NULL, join_get},
	{"GET", "join/<slot>/<part>?wait=<seconds>", 0, 0, join_begin, NULL, join_get},

	{"POST", "drop/<door>/lease?max=<number>", OF_DOOR, 0, NULL, NULL, drop_lease},
	{"POST", "drop/<door>/delete", OF_DOOR, HASHES, NULL, NULL, drop_delete},
	{"GET", "drop/<door>/blob/<id>", OF_DOOR, 0, NULL, NULL, blob_get},
	{"POST", "drop/<door>/blob/claim", OF_DOOR, IDS, NULL, NULL, blob_claim},
	{"POST", "drop/<door>/blob/delete", OF_DOOR, IDS, NULL, NULL, blob_delete},
	{"POST", "board/append?size=<number>", ROUTE_STAFF | ROUTE_PUBLISH, APPEND_BYTES_MAX, NULL, NULL,
	    board_post_append},
	{"POST", "feed?seq=<number>", ROUTE_STAFF | ROUTE_STORES, CAIRN_FEED_RECORD_BYTES_MAX, NULL, NULL, feed_post},
	{"GET", "feed?from=<number>", ROUTE_STAFF, 0, NULL, NULL, feed_get},
	{"GET", "feed?from=<number>&wait=<seconds>", ROUTE_STAFF, 0, NULL, NULL, feed_get},
	{"POST", "feed/delete", ROUTE_STAFF, SEQS, NULL, NULL, feed_delete},
	{"POST", "join/open", ROUTE_STAFF, MAILBOX_SLOT_BYTES, NULL, NULL, join_open},
	{"POST", "join/close", ROUTE_STAFF, MAILBOX_SLOT_BYTES, NULL, NULL, join_close},

	{"OPTIONS", "board/<rest>", 0, 0, NULL, NULL, board_options},
	{"OPTIONS", "drop/<rest>", 0, 0, NULL, NULL, board_options},
};

const size_t route_count = sizeof route_table / sizeof *route_table;
