// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz.h"
#include "record/evidence_verify.h"

static void
count(void *arg, enum evidence_finding finding, const char *sentence)
{
	size_t *counts = arg;

	FUZZ_CHECK(sentence[0] != '\0');
	counts[finding]++;
}

/* Whatever a stranger puts into a bundle: it is refused, or judged, and what was found is counted rightly. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	size_t counts[4] = {0};
	struct evidence_verify_options options = {.say = count, .say_arg = counts};
	struct evidence_verdict verdict;
	struct evidence_bundle bundle;

	if (evidence_bundle_read(&bundle, bytes, size) != CAIRN_OK)
		return 0;
	FUZZ_CHECK(bundle.desk_id != NULL && bundle.item != NULL);
	FUZZ_CHECK(evidence_verify(&verdict, &bundle, &options) == CAIRN_OK);
	FUZZ_CHECK(verdict.broken == counts[EVIDENCE_BROKEN] && verdict.unchecked == counts[EVIDENCE_UNCHECKED]);
	FUZZ_CHECK(verdict.stamped == 0 && verdict.entries <= bundle.entry_count);
	evidence_bundle_free(&bundle);
	return 0;
}
