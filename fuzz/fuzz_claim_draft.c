// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz.h"
#include "site/claim_draft.h"
#include "site/claim_rules.h"

/* Whatever staff write is refused, or can be held against the rules and written, or refused then. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static uint8_t commitments[CLAIM_COMMITMENTS_MAX][CLAIM_COMMITMENT_BYTES];
	static char out[CLAIM_TEXT_MAX];
	struct claim_finding findings[CLAIM_FINDINGS_MAX];
	char fault[CLAIM_FAULT_BYTES];
	struct claim_draft draft;
	size_t written;
	bool refused;

	if (claim_draft_read(&draft, fault, bytes, size) != CAIRN_OK) {
		FUZZ_CHECK(fault[0] != '\0' && draft.root == NULL);
		return 0;
	}
	const struct claim_case x = {.claim = &draft.claim, .real = draft.secrets->count};

	draft.claim.day = 20000;
	(void)claim_rules_check(findings, &refused, &x);
	if (!refused && claim_secrets_fill(draft.secrets, draft.claim.accounts, commitments) == CAIRN_OK)
		(void)!claim_write(out, sizeof(out), &written, &draft.claim,
		    (const uint8_t(*)[CLAIM_COMMITMENT_BYTES])commitments,
		    claim_commitments_of(draft.claim.accounts));
	claim_draft_release(&draft);
	return 0;
}
