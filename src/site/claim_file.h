// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_CLAIM_FILE_H
#define CAIRN_SITE_CLAIM_FILE_H

#include "site/claim.h"
#include "site/claim_approval.h"
#include "site/log.h"
#include "site/tlog_proof.h"

/*
 * A claim as it is published: its note, then the proof that the note is in the log of the desk's site. One file,
 * checked without a network (docs/protocol.md, section 16).
 */
#define CLAIM_FILE_MAX (2U * CAIRN_NOTE_BYTES_MAX + 4096U)

/* The two parts; views. CAIRN_ERR_FORMAT: there is no proof in it. */
CAIRN_NODISCARD int claim_file_split(struct cairn_span *note, struct cairn_span *proof, struct cairn_span file);

/* What was found, as far as it got. */
enum claim_stage {
	CLAIM_STAGE_FORM,      /* file, text and commitments are as the format says */
	CLAIM_STAGE_DESK,      /* the claim is of the card's desk */
	CLAIM_STAGE_APPROVAL,  /* where a roster is given: two devices agreed */
	CLAIM_STAGE_LOG,       /* a site key of the card signed the checkpoint */
	CLAIM_STAGE_INCLUSION, /* the note is in that log */
	CLAIM_STAGE_DONE,
};

struct claim_check {
	enum claim_stage stage; /* the one that failed, or CLAIM_STAGE_DONE */
	struct claim claim;     /* views of the file; zeros while stage is CLAIM_STAGE_FORM */
	size_t signature_count; /* lines below the claim, whoever wrote them */
	bool has_roster;
	struct claim_approvals approvals;
	uint64_t index;
	uint64_t log_size;
	unsigned witnesses; /* on the card */
	unsigned cosigned;  /* of them, by how many the checkpoint */
};

/*
 * card is open, of desk_id. roster may be NULL: then nobody can say whose signatures they are. CAIRN_ERR_FORMAT,
 * CAIRN_ERR_CRYPTO, CAIRN_ERR_DENIED (the devices that signed may not publish), CAIRN_ERR_UNKNOWN (another desk, or
 * the card names no site key).
 */
CAIRN_NODISCARD int claim_check(struct claim_check *found, struct cairn_span file, const struct cairn_card *card,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const struct cairn_roster *roster);

/*
 * Publishes: holds the note against the roster, appends it to the log where it is not there yet, signs the log.
 * Refuses without two devices that agreed: CAIRN_ERR_DENIED. CAIRN_ERR_FORMAT: no claim, or another desk's; and what
 * the log says.
 */
CAIRN_NODISCARD int claim_publish(struct site_log *log, const void *note, size_t size,
    const struct cairn_roster *roster, const uint8_t site_secret[64]);

/* The file: the note, and its proof against the log's checkpoint. CAIRN_ERR_UNKNOWN: it is not in the log. */
CAIRN_NODISCARD int claim_file_make(uint8_t *out, size_t room, size_t *ret_bytes, const struct site_log *log,
    const void *note, size_t size);

#endif
