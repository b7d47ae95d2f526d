// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/claim_secrets.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "core/note.h"

static void
hash_into(crypto_generichash_state *state, const void *bytes, size_t size)
{
	crypto_generichash_update(state, bytes, size);
}

void
claim_commit(uint8_t out[CLAIM_COMMITMENT_BYTES], const uint8_t claim_id[CLAIM_ID_BYTES],
    const struct claim_secret *secret)
{
	const char *label = secret->dummy ? "cairn/1 dummy" : "cairn/1 account";
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, CLAIM_COMMITMENT_BYTES);
	hash_into(&state, label, strlen(label));
	hash_into(&state, claim_id, CLAIM_ID_BYTES);
	hash_into(&state, secret->blinding, sizeof secret->blinding);
	if (!secret->dummy)
		hash_into(&state, secret->account, sizeof secret->account);
	crypto_generichash_final(&state, out, CLAIM_COMMITMENT_BYTES);
	sodium_memzero(&state, sizeof state);
}

bool
claim_code_ok(struct cairn_span code)
{
	static const char allowed[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._-";

	if (code.size == 0 || code.size >= CLAIM_CODE_BYTES)
		return false;
	for (size_t i = 0; i < code.size; i++)
		if (code.text[i] == '\0' || strchr(allowed, code.text[i]) == NULL)
			return false;
	return code.text[0] != '.' && code.text[0] != '-' && code.text[0] != '_';
}

/* ---- making ---- */

static void
swap(struct claim_secret *a, struct claim_secret *b)
{
	struct claim_secret keep = *a;

	*a = *b;
	*b = keep;
	sodium_memzero(&keep, sizeof keep);
}

/* Fisher and Yates: any order is as likely as any other. */
static void
shuffle(struct claim_secrets *s)
{
	for (size_t i = s->count; i > 1; i--)
		swap(&s->items[i - 1], &s->items[randombytes_uniform((uint32_t)i)]);
}

static int
accounts_check(const struct claim_secrets *s)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct claim_secret *a = &s->items[i];

		if (a->dummy || !claim_code_ok((struct cairn_span){a->code, strnlen(a->code, sizeof a->code)}))
			return CAIRN_ERR_FORMAT;
		for (size_t j = 0; j < i; j++)
			if (strcmp(a->code, s->items[j].code) == 0 ||
			    memcmp(a->account, s->items[j].account, sizeof a->account) == 0)
				return CAIRN_ERR_CONFLICT;
	}
	return CAIRN_OK;
}

static int
ascending(const void *a, const void *b)
{
	return memcmp(a, b, CLAIM_COMMITMENT_BYTES);
}

int
claim_secrets_fill(struct claim_secrets *secrets, uint32_t accounts, uint8_t (*commitments)[CLAIM_COMMITMENT_BYTES])
{
	uint32_t wanted = claim_commitments_of(accounts);
	int err;

	if (wanted == 0 || secrets->count < accounts || secrets->count > CLAIM_COMMITMENTS_MAX)
		return CAIRN_ERR_RANGE;
	err = accounts_check(secrets);
	if (err != CAIRN_OK)
		return err;
	shuffle(secrets);
	if (secrets->count > wanted) {
		sodium_memzero(&secrets->items[wanted], (secrets->count - wanted) * sizeof secrets->items[0]);
		secrets->count = wanted;
	}
	while (secrets->count < wanted)
		secrets->items[secrets->count++] = (struct claim_secret){.dummy = true};
	shuffle(secrets);
	for (uint32_t i = 0; i < wanted; i++) {
		randombytes_buf(secrets->items[i].blinding, sizeof secrets->items[i].blinding);
		claim_commit(commitments[i], secrets->claim_id, &secrets->items[i]);
	}
	qsort(commitments, wanted, sizeof commitments[0], ascending);
	return CAIRN_OK;
}

/* ---- as text ---- */

int
claim_secrets_write(uint8_t *out, size_t room, size_t *ret_bytes, const struct claim_secrets *secrets)
{
	struct writer w;

	writer_init(&w, out, room);
	note_write_head(&w, "cairn claim-secrets 1", secrets->desk_id);
	write_text(&w, "claim ");
	write_hex(&w, secrets->claim_id, sizeof secrets->claim_id);
	write_text(&w, "\n");
	for (size_t i = 0; i < secrets->count; i++) {
		const struct claim_secret *s = &secrets->items[i];

		write_text(&w, s->dummy ? "dummy " : "account ");
		if (!s->dummy) {
			write_text(&w, s->code);
			write_text(&w, " ");
			write_hex(&w, s->account, sizeof s->account);
			write_text(&w, " ");
		}
		write_hex(&w, s->blinding, sizeof s->blinding);
		write_text(&w, "\n");
	}
	return writer_end(&w, ret_bytes);
}

static int
item_read(struct claim_secret *s, struct cairn_span line)
{
	struct cairn_span value, words[3];

	if (note_line(&value, line, "dummy")) {
		s->dummy = true;
		return text_hex(s->blinding, sizeof s->blinding, value);
	}
	if (!note_line(&value, line, "account") || note_words(words, 3, value) != CAIRN_OK ||
	    !claim_code_ok(words[0]) ||
	    text_hex(s->account, sizeof s->account, words[1]) != CAIRN_OK ||
	    text_hex(s->blinding, sizeof s->blinding, words[2]) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	memcpy(s->code, words[0].text, words[0].size);
	return CAIRN_OK;
}

static int
secrets_read(struct claim_secrets *secrets, struct cairn_span rest)
{
	struct cairn_span line, value;

	if (!note_take_line(&line, &rest) || !span_is(line, "cairn claim-secrets 1") ||
	    !note_take(&value, &rest, "desk") ||
	    text_hex(secrets->desk_id, sizeof secrets->desk_id, value) != CAIRN_OK ||
	    !note_take(&value, &rest, "claim") ||
	    text_hex(secrets->claim_id, sizeof secrets->claim_id, value) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	while (note_take_line(&line, &rest)) {
		if (secrets->count == CLAIM_COMMITMENTS_MAX ||
		    item_read(&secrets->items[secrets->count], line) != CAIRN_OK)
			return CAIRN_ERR_FORMAT;
		secrets->count++;
	}
	return CAIRN_OK;
}

int
claim_secrets_read(struct claim_secrets *secrets, struct cairn_span text)
{
	int err = CAIRN_ERR_FORMAT;

	sodium_memzero(secrets, sizeof *secrets);
	if (text.size > 0 && text.size <= CLAIM_SECRETS_TEXT_MAX && text.text[text.size - 1] == '\n')
		err = secrets_read(secrets, text);
	if (err != CAIRN_OK)
		sodium_memzero(secrets, sizeof *secrets);
	return err;
}

int
claim_secrets_match(const struct claim_secrets *secrets, const struct claim *claim)
{
	uint8_t commitment[CLAIM_COMMITMENT_BYTES];

	if (memcmp(secrets->desk_id, claim->desk_id, sizeof claim->desk_id) != 0 ||
	    memcmp(secrets->claim_id, claim->id, sizeof claim->id) != 0 ||
	    secrets->count != claim_commitments_of(claim->accounts))
		return CAIRN_ERR_CONFLICT;
	for (size_t i = 0; i < secrets->count; i++) {
		claim_commit(commitment, secrets->claim_id, &secrets->items[i]);
		if (!claim_has_commitment(claim, commitment))
			return CAIRN_ERR_CONFLICT;
	}
	return CAIRN_OK;
}
