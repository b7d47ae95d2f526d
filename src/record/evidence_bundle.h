// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_EVIDENCE_BUNDLE_H
#define CAIRN_RECORD_EVIDENCE_BUNDLE_H

#include "record/evidence.h"

/*
 * The custody of an item as a file that somebody else can check (docs/protocol.md, section 14): the desk, its
 * rosters, the log of the item and of those it was made of, and the time stamps. The content lies beside.
 *
 *	"cairn evidence 1\n", then records: u8 kind, u32 length, value
 */
#define EVIDENCE_BUNDLE_MAX (64U << 20)
#define EVIDENCE_BUNDLE_ENTRIES_MAX 4000U
#define EVIDENCE_BUNDLE_NOTES_MAX 1024U

enum evidence_bundle_kind {
	EVIDENCE_BUNDLE_HEAD = 1,     /* desk_id[32], identity key in force[32], item[16]; once, first */
	EVIDENCE_BUNDLE_IDENTITY = 2, /* the chain of identity keys; at most once */
	EVIDENCE_BUNDLE_ROSTER = 3,   /* a roster, as signed */
	EVIDENCE_BUNDLE_ENTRY = 4,
	EVIDENCE_BUNDLE_TOKEN = 5, /* root[32], answer of the authority */
};

/* The desk's part of a bundle. */
struct evidence_desk {
	const uint8_t *identity_key; /* [32] in force */
	struct cairn_span chain;     /* board/identity; may be empty */
};

/*
 * Gives the bundle of an item to write, piece by piece: its own log and, where sources is true, the logs of the
 * items that it was made of, up to the original.
 */
CAIRN_NODISCARD int evidence_bundle_write(struct evidence *ev, const struct evidence_item *item,
    const struct evidence_desk *desk, bool sources, evidence_write *write, void *arg);

struct evidence_bundle_entry {
	struct cairn_span bytes;
	struct evidence_entry entry;
	uint8_t hash[EVIDENCE_HASH_BYTES];
};

/* Taken apart, nothing checked but the form. Views look into the bytes it was read from. */
struct evidence_bundle {
	const uint8_t *desk_id;      /* [32] */
	const uint8_t *identity_key; /* [32] */
	const uint8_t *item;         /* [16] */
	struct cairn_span chain;
	size_t roster_count;
	struct cairn_span *rosters;
	size_t token_count;
	struct cairn_span *tokens;
	size_t entry_count;
	struct evidence_bundle_entry *entries; /* in the order of the file */
};

/* CAIRN_ERR_FORMAT; CAIRN_ERR_NOMEM. On failure there is nothing to free. */
CAIRN_NODISCARD int evidence_bundle_read(struct evidence_bundle *bundle, const uint8_t *bytes, size_t size);
void evidence_bundle_free(struct evidence_bundle *bundle);

#endif
