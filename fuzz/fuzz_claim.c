// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "desk.h"
#include "site/claim_diff.h"
#include "site/claim_rules.h"

/* What was taken is within its limits, can be held against the rules, and is written as it was read. */
static void
write_again(const struct claim *claim, const uint8_t *bytes, size_t size)
{
	static uint8_t commitments[CLAIM_COMMITMENTS_MAX][CLAIM_COMMITMENT_BYTES];
	static char out[CLAIM_TEXT_MAX];
	size_t count = 0, written = 0;

	for (size_t at = 0; claim_commitment_next(claim, &at, commitments[count]);)
		count++;
	FUZZ_CHECK(count == claim_commitments_of(claim->accounts));
	FUZZ_CHECK(claim_write(out, sizeof(out), &written, claim,
	    (const uint8_t(*)[CLAIM_COMMITMENT_BYTES])commitments,
	               count) == CAIRN_OK);
	FUZZ_CHECK(written == size && memcmp(out, bytes, size) == 0);
}

static void
hold_against_rules(const struct claim *claim)
{
	const struct claim_case x = {.claim = claim, .real = claim->accounts, .has_graph = true, .graph_ways =
	    claim->ways};
	struct claim_finding findings[CLAIM_FINDINGS_MAX];
	bool refused;
	FILE *out = fopen("/dev/null", "w");

	FUZZ_CHECK(out != NULL);
	FUZZ_CHECK(claim_rules_check(findings, &refused, &x) <= CLAIM_FINDINGS_MAX);
	(void)claim_diff(out, claim, claim, 1);
	(void)fclose(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct claim claim;

	if (claim_read(&claim, (struct cairn_span){(const char *)bytes, size}) != CAIRN_OK)
		return 0;
	FUZZ_CHECK(claim.ways >= CLAIM_LEAST_WAYS && claim.ways <= claim.accounts);
	FUZZ_CHECK(fuzz_within(claim.place, bytes, size) && fuzz_within(claim.before, bytes, size));
	write_again(&claim, bytes, size);
	hold_against_rules(&claim);
	return 0;
}
