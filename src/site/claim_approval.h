// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_CLAIM_APPROVAL_H
#define CAIRN_SITE_CLAIM_APPROVAL_H

#include "cairn/desk_keys.h"
#include "site/claim.h"

/*
 * Two devices agree before anything is published: one with the role publish, and another, with another key, of
 * documentation or security. Each signs the claim's text (docs/protocol.md, section 16).
 */
#define CLAIM_APPROVALS_MAX 8U

struct claim_approvals {
	size_t count; /* of the roster's devices, valid on the claim's day, that signed */
	struct cairn_device devices[CLAIM_APPROVALS_MAX]; /* views of the roster */
	bool agreed; /* two such devices are among them */
};

/*
 * Who of the roster signed. CAIRN_OK says nothing of agreed. CAIRN_ERR_CRYPTO: a wrong signature of a device; it
 * refuses the note. CAIRN_ERR_RANGE: more than CLAIM_APPROVALS_MAX devices signed.
 */
CAIRN_NODISCARD int claim_approvals_check(struct claim_approvals *approvals, const struct cairn_note *note,
    const struct claim *claim, const struct cairn_roster *roster);

/*
 * Signs the text, or adds a signature to the note, in file[*bytes] of room. device and secret are of the device that
 * agrees. CAIRN_ERR_FORMAT: neither a claim's text nor its note; CAIRN_ERR_CONFLICT: another desk's; or this device
 * signed already; CAIRN_ERR_SPACE.
 */
CAIRN_NODISCARD int claim_approve(uint8_t *file, size_t room, size_t *bytes,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t device[CAIRN_DEVICE_ID_BYTES], const uint8_t secret[64]);

#endif
