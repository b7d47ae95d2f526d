// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "cairn/desk_keys.h"
#include "core/note.h"

struct step {
	uint8_t from[32];
	uint8_t to[32];
};

static int
step_read(struct step *step, struct cairn_span text, const uint8_t desk_id[CAIRN_HASH_BYTES])
{
	struct cairn_span from, to, day;
	uint64_t number = 0;

	if (note_take_head(&text, "cairn identity 1", desk_id) != CAIRN_OK ||
	    !note_take(&from, &text, "from") || note_key(step->from, from) != CAIRN_OK ||
	    !note_take(&to, &text, "to") || note_key(step->to, to) != CAIRN_OK ||
	    !note_take(&day, &text, "day") || text_number(&number, day, UINT32_MAX) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	return text.size > 0 ? CAIRN_ERR_FORMAT : CAIRN_OK;
}

/*
 * Takes the first note off: its text, which has no empty line of its own, and the signatures below it. The next
 * begins where a line is no signature.
 */
static int
note_first(struct cairn_span *note, struct cairn_span *rest)
{
	static const char dash[] = "\xe2\x80\x94";
	struct cairn_span line, all = *rest, tail;

	do {
		if (!note_take_line(&line, rest))
			return CAIRN_ERR_FORMAT;
	} while (line.size > 0);
	for (tail = *rest; note_take_line(&line, &tail); *rest = tail)
		if (line.size < sizeof dash - 1 || memcmp(line.text, dash, sizeof dash - 1) != 0)
			break;
	*note = (struct cairn_span){all.text, all.size - rest->size};
	return CAIRN_OK;
}

/* A step that its own from signed. Whether from may speak for the desk is not asked here. */
static int
step_open(struct step *step, struct cairn_span bytes, const uint8_t desk_id[CAIRN_HASH_BYTES])
{
	char name[CAIRN_KEY_NAME_BYTES];
	struct cairn_note_key key = {.name = cairn_key_name(name, desk_id, "identity"), .type = CAIRN_KEY_ED25519};
	struct cairn_note note;
	int err = cairn_note_read(&note, bytes.text, bytes.size);

	if (err == CAIRN_OK)
		err = step_read(step, note.text, desk_id);
	if (err != CAIRN_OK)
		return err;
	memcpy(key.key, step->from, sizeof key.key);
	return cairn_note_open(&note, bytes.text, bytes.size, &key);
}

static bool
is_first(const uint8_t key[32], const uint8_t desk_id[CAIRN_HASH_BYTES])
{
	uint8_t hash[CAIRN_HASH_BYTES];

	cairn_hash(hash, key, 32);
	return sodium_memcmp(hash, desk_id, sizeof hash) == 0;
}

static int
chain_step(struct cairn_identity_chain *chain, const struct step *step,
    const uint8_t desk_id[CAIRN_HASH_BYTES])
{
	if (cairn_identity_is(chain, desk_id, step->from) != CAIRN_OK)
		return CAIRN_ERR_CRYPTO;
	if (chain->steps == 0)
		memcpy(chain->first, step->from, sizeof chain->first);
	memcpy(chain->now, step->to, sizeof chain->now);
	chain->steps++;
	return CAIRN_OK;
}

static int
chain_read(struct cairn_identity_chain *chain, struct cairn_span rest,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t *carried)
{
	bool met = carried == NULL || is_first(carried, desk_id);

	while (rest.size > 0) {
		struct cairn_span note;
		struct step step;
		int err = note_first(&note, &rest);

		if (err == CAIRN_OK)
			err = step_open(&step, note, desk_id);
		if (err == CAIRN_OK)
			err = chain_step(chain, &step, desk_id);
		if (err != CAIRN_OK)
			return err;
		met = met || sodium_memcmp(carried, step.to, sizeof step.to) == 0;
	}
	return met ? CAIRN_OK : CAIRN_ERR_CRYPTO;
}

int
cairn_identity_read(struct cairn_identity_chain *chain, const void *bytes, size_t size,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t *carried)
{
	int err;

	memset(chain, 0, sizeof *chain);
	err = chain_read(chain, (struct cairn_span){bytes, size}, desk_id, carried);
	if (err != CAIRN_OK)
		memset(chain, 0, sizeof *chain);
	return err;
}

int
cairn_identity_is(const struct cairn_identity_chain *chain, const uint8_t desk_id[CAIRN_HASH_BYTES],
    const uint8_t key[32])
{
	bool now = chain->steps == 0 ? is_first(key, desk_id) : sodium_memcmp(key, chain->now, 32) == 0;

	return now ? CAIRN_OK : CAIRN_ERR_CRYPTO;
}

int
cairn_identity_step(uint8_t *out, size_t room, size_t *ret_bytes, const uint8_t desk_id[CAIRN_HASH_BYTES],
    const uint8_t from_secret[64], const uint8_t to[32], uint32_t day)
{
	char name[CAIRN_KEY_NAME_BYTES];
	uint8_t from[32];
	struct writer w;

	if (crypto_sign_ed25519_sk_to_pk(from, from_secret) != 0)
		return CAIRN_ERR_CRYPTO;
	writer_init(&w, out, room);
	note_write_head(&w, "cairn identity 1", desk_id);
	write_text(&w, "from ");
	write_base64(&w, from, sizeof from);
	write_text(&w, "\nto ");
	write_base64(&w, to, 32);
	write_text(&w, "\nday ");
	write_decimal(&w, day);
	write_text(&w, "\n");
	return note_seal(&w, ret_bytes, cairn_key_name(name, desk_id, "identity"), from_secret);
}
