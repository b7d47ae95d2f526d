// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_TLOG_PROOF_H
#define CAIRN_SITE_TLOG_PROOF_H

#include <stdbool.h>

#include "base/writer.h"
#include "cairn/span.h"
#include "cairn/tlog.h"

/*
 * c2sp.org/tlog-proof: that an entry is in a log, to be checked offline. A line "c2sp.org/tlog-proof@v1", perhaps
 * "extra <base64>", "index <n>", the hashes of the proof a line each, an empty line, the checkpoint.
 */
#define TLOG_PROOF_TITLE "c2sp.org/tlog-proof@v1"
#define TLOG_PROOF_EXTRA_MAX 4096U

struct tlog_proof {
	struct cairn_span extra; /* in base64; none: NULL */
	uint64_t index;
	size_t count;
	uint8_t hashes[CAIRN_PROOF_HASHES_MAX][32];
	struct cairn_span checkpoint; /* a note; not looked at */
};

/* CAIRN_ERR_FORMAT; proof is zeros then. */
CAIRN_NODISCARD int tlog_proof_read(struct tlog_proof *proof, struct cairn_span text);

/* extra is not written. writer_end() tells whether it fitted. */
void tlog_proof_write(struct writer *w, const struct tlog_proof *proof);

#endif
