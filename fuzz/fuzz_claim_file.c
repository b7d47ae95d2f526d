// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk.h"
#include "site/claim_file.h"

/* The card of the desk of the vectors, with the board key as the key of its site. */
static void
open_card(struct cairn_card *card, uint8_t desk_id[CAIRN_HASH_BYTES])
{
	static uint8_t *note;
	static size_t size;
	struct cairn_identity_chain chain;
	uint8_t identity[32], site[32], secret[64];
	char text[1024], hex[65], a[64], b[64];

	fuzz_desk_id(desk_id);
	if (note == NULL) {
		fuzz_key(identity, secret, FUZZ_IDENTITY_SEED);
		fuzz_key(site, secret, FUZZ_BOARD_SEED);
		sodium_bin2hex(hex, sizeof(hex), desk_id, 32);
		sodium_bin2base64(a, sizeof(a), identity, 32, sodium_base64_VARIANT_ORIGINAL);
		sodium_bin2base64(b, sizeof(b), site, 32, sodium_base64_VARIANT_ORIGINAL);
		FUZZ_CHECK(snprintf(text, sizeof(text),
		               "cairn card 1\ndesk %s\nserial 1\nnot-after 20000\nname a\nidentity %s\nboard-key "
		    "%s\nbatch 8\n"
		               "min-version 1\nlang en\nrelay https://r %s\ndoor intake\nsite-key %s\nwitness w %s\n",
		               hex, a, b, b, b, b) < (int)sizeof(text));
		note = fuzz_sign(&size, (const uint8_t *)text, strlen(text), "identity");
		FUZZ_CHECK(note != NULL);
	}
	FUZZ_CHECK(cairn_identity_read(&chain, "", 0, desk_id, NULL) == CAIRN_OK);
	FUZZ_CHECK(cairn_card_open(card, note, size, desk_id, &chain, 20000, NULL) == CAIRN_OK);
}

/* Nothing that a fuzzer makes is signed: what is taken apart must stay within its bytes, and be refused. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct cairn_span file = {(const char *)bytes, size}, note, proof_text;
	struct claim_check found;
	struct cairn_card card;
	struct tlog_proof proof;
	uint8_t desk_id[CAIRN_HASH_BYTES];

	open_card(&card, desk_id);
	if (claim_file_split(&note, &proof_text, file) == CAIRN_OK) {
		FUZZ_CHECK(note.size + proof_text.size == size && note.text + note.size == proof_text.text);
		if (tlog_proof_read(&proof, proof_text) == CAIRN_OK)
			FUZZ_CHECK(proof.count <= CAIRN_PROOF_HASHES_MAX && fuzz_within(proof.checkpoint, bytes,
			    size));
	}
	FUZZ_CHECK(claim_check(&found, file, &card, desk_id, NULL) != CAIRN_OK || found.stage == CLAIM_STAGE_DONE);
	return 0;
}
