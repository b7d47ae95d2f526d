// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_CLAIM_H
#define CAIRN_SITE_CLAIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/writer.h"
#include "cairn/err.h"
#include "cairn/hash.h"
#include "cairn/span.h"

/*
 * A public claim names no source: at least so many accounts, from at least so many independent ways, before a month
 * or quarter, with a commitment to each sealed account among dummies (docs/protocol.md, section 16). Numbers go by
 * steps, so that two claims cannot be subtracted down to one person; the commitments are as many as the step says, so
 * that they count nothing.
 */

/* X(at least so many accounts, commitments of such a claim) */
#define CLAIM_STEPS(X) \
	X(5, 16)       \
	X(10, 32)      \
	X(20, 64)      \
	X(50, 128)     \
	X(100, 256)    \
	X(200, 512)    \
	X(500, 1024)

#define CLAIM_ID_BYTES 16U
#define CLAIM_COMMITMENT_BYTES 32U
#define CLAIM_COMMITMENTS_MAX 1024U
#define CLAIM_LEAST_WAYS 2U
#define CLAIM_SAYINGS_MAX 16U
#define CLAIM_LANG_MAX 35U
#define CLAIM_SAYING_MAX 400U /* bytes */
#define CLAIM_PLACE_MAX 100U

/* Nothing finer can be said. */
enum claim_place_level {
	CLAIM_COUNTRY,
	CLAIM_REGION,
	CLAIM_PLACE_LEVELS,
};
extern const char *const claim_place_words[]; /* "country", "region" */

struct claim_saying {
	struct cairn_span lang;
	struct cairn_span text;
};

/* A view of the text it was read from. */
struct claim {
	uint8_t desk_id[CAIRN_HASH_BYTES];
	uint8_t id[CLAIM_ID_BYTES];
	uint32_t day; /* on which it was written; its devices are valid on it */
	uint32_t accounts;
	uint32_t ways;
	struct cairn_span before; /* "2017-05": before May; "2017-Q2": before April */
	enum claim_place_level place_level;
	struct cairn_span place;
	size_t saying_count;
	struct claim_saying sayings[CLAIM_SAYINGS_MAX];
	struct cairn_span commitments; /* the lines */
};

/* How many commitments a claim of that step has; 0: that number is no step. */
uint32_t claim_commitments_of(uint32_t accounts);
/* The highest step that is at most real; 0: too few to be published. */
uint32_t claim_step(uint64_t real);

/* The first day that is no longer before, or false: not a month or quarter from 1970 on. */
bool claim_before_day(uint32_t *ret_day, struct cairn_span before);

/*
 * The text of a claim, as a note has it. CAIRN_ERR_FORMAT: a line that is none, or out of place, a number that is no
 * step, ways that are fewer than two or more than accounts, a date that is not past on its day, commitments that are
 * not as many as the step says or not ascending. claim is zeros then.
 */
CAIRN_NODISCARD int claim_read(struct claim *claim, struct cairn_span text);

/* One after the other, from *at = 0; false when there are no more. */
bool claim_commitment_next(const struct claim *claim, size_t *at, uint8_t out[CLAIM_COMMITMENT_BYTES]);
bool claim_has_commitment(const struct claim *claim, const uint8_t commitment[CLAIM_COMMITMENT_BYTES]);

/*
 * The other way round; claim->commitments is not looked at. What comes out is read again: CAIRN_ERR_FORMAT when it is
 * no claim. CAIRN_ERR_SPACE.
 */
#define CLAIM_TEXT_MAX 65000U /* leaves room for two signatures in a note of 65,536 */
CAIRN_NODISCARD int claim_write(char *out, size_t room, size_t *ret_bytes, const struct claim *claim,
    const uint8_t (*commitments)[CLAIM_COMMITMENT_BYTES], size_t count);

#endif
