// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/claim_file.h"

#include <string.h>

#include "base/text.h"
#include "core/note.h"

#define SITE_KEYS_MAX 8U /* on a card: more are not tried */

int
claim_file_split(struct cairn_span *note, struct cairn_span *proof, struct cairn_span file)
{
	static const char begin[] = "\n" TLOG_PROOF_TITLE "\n";
	const char *at = file.size > CLAIM_FILE_MAX || file.size == 0 ? NULL :
	    memmem(file.text, file.size, begin, sizeof begin - 1);

	if (at == NULL)
		return CAIRN_ERR_FORMAT;
	*note = (struct cairn_span){file.text, (size_t)(at + 1 - file.text)};
	*proof = (struct cairn_span){at + 1, file.size - note->size};
	return CAIRN_OK;
}

/* ---- the log's side ---- */

/* keys[0] is left for a site key; the witnesses of the card go behind it, each once. */
static size_t
witness_keys(struct cairn_note_key keys[CAIRN_NOTE_KEYS_MAX], const struct cairn_card *card)
{
	struct cairn_span value;
	size_t count = 1;

	for (size_t at = 0; count < CAIRN_NOTE_KEYS_MAX && cairn_card_next(card, "witness", &at, &value);) {
		struct cairn_card_key witness;
		bool twice = false;

		if (cairn_card_key_read(&witness, value) != CAIRN_OK)
			continue;
		for (size_t i = 1; i < count; i++)
			twice |= span_same(keys[i].name, witness.word) && memcmp(keys[i].key, witness.key, 32) == 0;
		if (twice)
			continue;
		keys[count] = (struct cairn_note_key){.name = witness.word, .type = CAIRN_KEY_COSIGNATURE};
		memcpy(keys[count++].key, witness.key, 32);
	}
	return count;
}

/* Tries the site keys of the card, one after the other. */
static int
checkpoint_open(struct claim_check *found, struct site_checkpoint *checkpoint, struct cairn_span note,
    const struct cairn_card *card, const uint8_t desk_id[CAIRN_HASH_BYTES])
{
	struct cairn_note_key keys[CAIRN_NOTE_KEYS_MAX];
	char name[CAIRN_KEY_NAME_BYTES];
	size_t count = witness_keys(keys, card), tried = 0;
	struct cairn_span value;
	uint64_t signed_by = 0;
	int err = CAIRN_ERR_UNKNOWN;

	found->witnesses = (unsigned)(count - 1);
	keys[0] = (struct cairn_note_key){.name = cairn_key_name(name, desk_id, "site"), .type = CAIRN_KEY_ED25519};
	for (size_t at = 0; err != CAIRN_OK && tried++ < SITE_KEYS_MAX && cairn_card_next(card, "site-key", &at,
	    &value);)
		if (note_key(keys[0].key, value) == CAIRN_OK)
			err = site_checkpoint_open(checkpoint, &signed_by, note.text, note.size, keys, count);
	found->log_size = checkpoint->size;
	found->cosigned = (unsigned)__builtin_popcountll(signed_by & ~UINT64_C(1));
	return err;
}

static int
log_check(struct claim_check *found, struct cairn_span note, const struct tlog_proof *proof,
    const struct cairn_card *card, const uint8_t desk_id[CAIRN_HASH_BYTES])
{
	struct site_checkpoint checkpoint = {0};
	uint8_t entry[SITE_ENTRY_BYTES], leaf[32];
	int err;

	found->stage = CLAIM_STAGE_LOG;
	err = checkpoint_open(found, &checkpoint, proof->checkpoint, card, desk_id);
	if (err != CAIRN_OK)
		return err;
	found->stage = CLAIM_STAGE_INCLUSION;
	found->index = proof->index;
	site_entry(entry, SITE_ENTRY_CLAIM, note.text, note.size);
	cairn_tree_leaf(leaf, entry, sizeof entry);
	return cairn_tree_inclusion_check(proof->index, checkpoint.size, leaf, checkpoint.root, proof->hashes,
	    proof->count);
}

/* ---- the claim's side ---- */

static size_t
lines_of(struct cairn_span text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.size; i++)
		count += text.text[i] == '\n';
	return count;
}

static int
approval_check(struct claim_check *found, const struct cairn_note *note, const struct cairn_roster *roster)
{
	int err;

	if (roster == NULL)
		return CAIRN_OK;
	found->has_roster = true;
	err = claim_approvals_check(&found->approvals, note, &found->claim, roster);
	return err == CAIRN_OK && !found->approvals.agreed ? CAIRN_ERR_DENIED : err;
}

static int
form_check(struct claim_check *found, struct cairn_note *note, struct cairn_span *note_bytes,
    struct tlog_proof *proof, struct cairn_span file)
{
	struct cairn_span proof_text;
	int err = claim_file_split(note_bytes, &proof_text, file);

	if (err == CAIRN_OK)
		err = cairn_note_read(note, note_bytes->text, note_bytes->size);
	if (err == CAIRN_OK)
		err = tlog_proof_read(proof, proof_text);
	if (err == CAIRN_OK && proof->extra.text != NULL)
		err = CAIRN_ERR_FORMAT;
	if (err == CAIRN_OK)
		err = claim_read(&found->claim, note->text);
	if (err == CAIRN_OK)
		found->signature_count = lines_of(note->signatures);
	return err;
}

int
claim_check(struct claim_check *found, struct cairn_span file, const struct cairn_card *card,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const struct cairn_roster *roster)
{
	struct tlog_proof proof;
	struct cairn_span note_bytes;
	struct cairn_note note;
	int err;

	memset(found, 0, sizeof *found);
	err = form_check(found, &note, &note_bytes, &proof, file);
	if (err != CAIRN_OK)
		return err;
	found->stage = CLAIM_STAGE_DESK;
	if (memcmp(found->claim.desk_id, desk_id, CAIRN_HASH_BYTES) != 0)
		return CAIRN_ERR_UNKNOWN;
	found->stage = CLAIM_STAGE_APPROVAL;
	err = approval_check(found, &note, roster);
	if (err == CAIRN_OK)
		err = log_check(found, note_bytes, &proof, card, desk_id);
	if (err == CAIRN_OK)
		found->stage = CLAIM_STAGE_DONE;
	return err;
}

/* ---- publishing ---- */

int
claim_publish(struct site_log *log, const void *bytes, size_t size, const struct cairn_roster *roster,
    const uint8_t site_secret[64])
{
	struct claim_approvals approvals;
	struct cairn_note note;
	struct claim claim;
	uint8_t entry[SITE_ENTRY_BYTES];
	uint64_t index;
	int err = cairn_note_read(&note, bytes, size);

	if (err == CAIRN_OK)
		err = claim_read(&claim, note.text);
	if (err == CAIRN_OK && memcmp(claim.desk_id, log->desk_id, sizeof claim.desk_id) != 0)
		err = CAIRN_ERR_FORMAT;
	if (err == CAIRN_OK)
		err = claim_approvals_check(&approvals, &note, &claim, roster);
	if (err == CAIRN_OK && !approvals.agreed)
		err = CAIRN_ERR_DENIED;
	if (err != CAIRN_OK)
		return err;
	site_entry(entry, SITE_ENTRY_CLAIM, bytes, size);
	if (site_log_find(log, &index, entry) != CAIRN_OK)
		err = site_log_append(log, &index, entry);
	return err == CAIRN_OK && log->size > log->signed_size ? site_log_sign(log, site_secret) : err;
}

int
claim_file_make(uint8_t *out, size_t room, size_t *ret_bytes, const struct site_log *log, const void *note,
    size_t size)
{
	struct tlog_proof proof = {0};
	uint8_t entry[SITE_ENTRY_BYTES];
	struct writer w;
	int err;

	site_entry(entry, SITE_ENTRY_CLAIM, note, size);
	err = site_log_find(log, &proof.index, entry);
	if (err == CAIRN_OK)
		err = site_log_prove(log, proof.hashes, &proof.count, proof.index);
	if (err != CAIRN_OK)
		return err;
	proof.checkpoint = (struct cairn_span){(const char *)log->checkpoint, log->checkpoint_bytes};
	writer_init(&w, out, room);
	write_bytes(&w, note, size);
	tlog_proof_write(&w, &proof);
	return writer_end(&w, ret_bytes);
}
