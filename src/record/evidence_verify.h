// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_EVIDENCE_VERIFY_H
#define CAIRN_RECORD_EVIDENCE_VERIFY_H

#include "record/evidence_bundle.h"

/*
 * Checks a bundle without the desk and without a network: desk and devices, each signature, the chain without gaps,
 * the order of times, time stamps, the way from an original to its copies, and the content. Whatever is found is said
 * in a sentence.
 */
enum evidence_finding {
	EVIDENCE_HOLDS,
	EVIDENCE_BROKEN,
	EVIDENCE_UNCHECKED, /* something to check it with was not there */
	EVIDENCE_REMARK,
};

typedef void evidence_say(void *arg, enum evidence_finding finding, const char *sentence);

struct evidence_verify_options {
	const uint8_t *desk_id; /* [32] that it must be; NULL: what the bundle says of itself */
	struct cairn_span ca;   /* of time-stamping authorities, PEM; empty: none */
	evidence_read *content; /* NULL: not here */
	void *content_arg;
	evidence_say *say;
	void *say_arg;
};

struct evidence_verdict {
	size_t broken;
	size_t unchecked;
	size_t entries; /* of the item's own log */
	size_t stamped; /* of these, under a time stamp that holds */
};

/* CAIRN_OK whatever was found; else the content could not be read, or there is no memory. */
CAIRN_NODISCARD int evidence_verify(struct evidence_verdict *verdict, const struct evidence_bundle *bundle,
    const struct evidence_verify_options *options);

/* "2026-11-22 14:05:09 UTC" */
#define EVIDENCE_WHEN_BYTES 32U
const char *evidence_when(char out[EVIDENCE_WHEN_BYTES], uint64_t at);

#endif
