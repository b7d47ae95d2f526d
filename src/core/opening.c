// SPDX-License-Identifier: GPL-3.0-or-later
#include "cairn/opening.h"

#include <string.h>

#include <sodium.h>

#include "base/writer.h"
#include "core/status.h"

#define HOURS_PER_DAY 24U
#define WITNESSES_MAX 63U

static const struct opening_file {
	const char *path;
	size_t max;
	size_t at; /* in struct cairn_opening */
} files[CAIRN_OPENING_FILES] = {
	{"board/checkpoint", CAIRN_CHECKPOINT_BYTES_MAX, offsetof(struct cairn_opening, checkpoint_file)},
	{"board/identity", CAIRN_IDENTITY_BYTES_MAX, offsetof(struct cairn_opening, identity_file)},
	{"board/card", CAIRN_NOTE_BYTES_MAX, offsetof(struct cairn_opening, card_file)},
	{"board/days", CAIRN_DAYS_BYTES_MAX, offsetof(struct cairn_opening, days_file)},
	{"board/epochs", CAIRN_EPOCHS_BYTES_MAX, offsetof(struct cairn_opening, epochs_file)},
};
enum { CHECKPOINT, IDENTITY, CARD, DAYS, EPOCHS };

void
cairn_opening_init(struct cairn_opening *o, const struct cairn_client *client, struct cairn_memory *memory)
{
	memset(o, 0, sizeof *o);
	o->client = client;
	o->memory = memory;
}

static bool
file_is(const struct cairn_opening *o, unsigned file, const uint8_t hash[CAIRN_SHA256_BYTES])
{
	uint8_t got[CAIRN_SHA256_BYTES];

	crypto_hash_sha256(got, (const uint8_t *)o + files[file].at, o->bytes[file]);
	return memcmp(got, hash, sizeof got) == 0;
}

/* The checkpoint's hour against the client's own, before anything else that goes by a date. */
static int
check_clock(struct cairn_opening *o, struct cairn_span origin)
{
	struct cairn_note note;
	uint32_t own = o->client->hour;
	uint32_t theirs;
	int err;

	if ((err = cairn_note_read(&note, o->checkpoint_file, o->bytes[CHECKPOINT])) != CAIRN_OK ||
	    (err = cairn_checkpoint_read(&o->checkpoint, note.text, origin)) != CAIRN_OK)
		return err;
	theirs = o->checkpoint.hour;
	if (!o->client->hour_confirmed &&
	    (own > theirs ? own - theirs : theirs - own) > HOURS_PER_DAY)
		return CAIRN_ERR_CLOCK;
	return CAIRN_OK;
}

/* Identity key by the chain, card by the identity key. */
static int
check_card(struct cairn_opening *o)
{
	const struct cairn_client *c = o->client;
	struct cairn_memory *m = o->memory;
	const uint8_t *carried = c->has_identity ? c->identity_key : NULL;
	int err;

	if (m->has_card)
		carried = m->identity_key;
	err = cairn_identity_read(&o->identity, o->identity_file, o->bytes[IDENTITY], c->desk_id, carried);
	if (err != CAIRN_OK)
		return err;
	err = cairn_card_open(&o->card, o->card_file, o->bytes[CARD], c->desk_id, &o->identity,
	    c->hour / HOURS_PER_DAY, m->has_card ? &m->card : NULL);
	if (err != CAIRN_OK)
		return err;
	m->has_card = true;
	m->card.serial = o->card.serial;
	memcpy(m->card.text_hash, o->card.text_hash, sizeof m->card.text_hash);
	memcpy(m->identity_key, o->card.identity_key, sizeof m->identity_key);
	return CAIRN_OK;
}

/* Checkpoint by the card's board key and witnesses, and the files that it vouches for. */
static int
check_checkpoint(struct cairn_opening *o, struct cairn_span origin)
{
	struct cairn_note_key keys[1 + WITNESSES_MAX];
	struct cairn_span value;
	uint64_t signed_by;
	size_t count = 1;
	size_t at = 0;
	int err;

	keys[0].name = origin;
	keys[0].type = CAIRN_KEY_ED25519;
	memcpy(keys[0].key, o->card.board_key, sizeof keys[0].key);
	while (count <= WITNESSES_MAX && cairn_card_next(&o->card, "witness", &at, &value)) {
		struct cairn_card_key witness;

		if ((err = cairn_card_key_read(&witness, value)) != CAIRN_OK)
			return err;
		keys[count].name = witness.word;
		keys[count].type = CAIRN_KEY_COSIGNATURE;
		memcpy(keys[count].key, witness.key, sizeof witness.key);
		count++;
	}
	err = cairn_checkpoint_open(&o->checkpoint, &signed_by, o->checkpoint_file, o->bytes[CHECKPOINT],
	    keys, count);
	if (err != CAIRN_OK)
		return err;
	o->witnesses = signed_by >> 1;
	if (!file_is(o, CARD, o->checkpoint.card_hash) || !file_is(o, DAYS, o->checkpoint.days_hash) ||
	    !file_is(o, EPOCHS, o->checkpoint.epochs_hash))
		return CAIRN_ERR_CRYPTO;
	return CAIRN_OK;
}

/* Against the newest board that this client got: no older one, and no other one of the same size. */
static int
check_memory(const struct cairn_opening *o)
{
	const struct cairn_memory *m = o->memory;
	const struct cairn_checkpoint *now = &o->checkpoint;
	struct cairn_note before;

	if (!m->has_checkpoint)
		return CAIRN_OK;
	if (now->size < m->checkpoint.size || now->hour < m->checkpoint.hour)
		return CAIRN_ERR_STALE;
	if (now->size > m->checkpoint.size)
		return CAIRN_OK;
	if (cairn_note_read(&before, m->note, m->note_bytes) != CAIRN_OK ||
	    before.text.size != now->text.size ||
	    memcmp(before.text.text, now->text.text, now->text.size) != 0)
		return CAIRN_ERR_CONFLICT;
	return CAIRN_OK;
}

static int
check(struct cairn_opening *o)
{
	char name[CAIRN_KEY_NAME_BYTES];
	struct cairn_span origin = cairn_key_name(name, o->client->desk_id, "board");
	int err;

	if ((err = check_clock(o, origin)) != CAIRN_OK || (err = check_card(o)) != CAIRN_OK ||
	    (err = check_checkpoint(o, origin)) != CAIRN_OK || (err = check_memory(o)) != CAIRN_OK)
		return err;
	err = cairn_days_read(&o->days, o->days_file, o->bytes[DAYS], o->checkpoint.size);
	if (err != CAIRN_OK)
		return err;
	return cairn_epochs_open(&o->epochs, o->epochs_file, o->bytes[EPOCHS], o->client->desk_id,
	    o->card.board_key);
}

enum cairn_step
cairn_opening_next(struct cairn_opening *o)
{
	struct writer path;

	if (o->err != CAIRN_OK)
		return CAIRN_STEP_FAILED;
	if (o->done)
		return CAIRN_STEP_DONE;
	memset(&o->request, 0, sizeof o->request);
	o->request.method = "GET";
	o->request.answer_max = files[o->file].max;
	writer_init(&path, o->request.path, sizeof o->request.path - 1);
	write_text(&path, files[o->file].path);
	return CAIRN_STEP_REQUEST;
}

/* The desk may have published between two of the requests: all are made once more, then it counts. */
static void
all_fetched(struct cairn_opening *o)
{
	int err = check(o);

	if (err == CAIRN_OK) {
		o->done = true;
	} else if (o->again || err == CAIRN_ERR_CLOCK || err == CAIRN_ERR_CONFLICT) {
		o->err = err;
	} else {
		o->again = true;
		o->file = 0;
	}
}

void
cairn_opening_answer(struct cairn_opening *o, int status, const uint8_t *body, size_t bytes)
{
	int err = status_err(status);

	if (o->done || o->err != CAIRN_OK) {
		o->err = CAIRN_ERR_STATE;
		return;
	}
	/* No chain is the same as an empty one: there is no successor. */
	if (o->file == IDENTITY && err == CAIRN_ERR_UNKNOWN) {
		err = CAIRN_OK;
		bytes = 0;
	}
	if (err == CAIRN_OK && bytes > files[o->file].max)
		err = CAIRN_ERR_FORMAT;
	if (err != CAIRN_OK) {
		o->err = err;
		return;
	}
	if (bytes > 0)
		memcpy((uint8_t *)o + files[o->file].at, body, bytes);
	o->bytes[o->file] = bytes;
	if (++o->file == CAIRN_OPENING_FILES)
		all_fetched(o);
}

void
cairn_opening_accept(const struct cairn_opening *o)
{
	struct cairn_memory *m = o->memory;

	m->has_checkpoint = true;
	m->checkpoint.size = o->checkpoint.size;
	m->checkpoint.hour = o->checkpoint.hour;
	memcpy(m->checkpoint.root, o->checkpoint.root, sizeof m->checkpoint.root);
	m->note_bytes = o->bytes[CHECKPOINT];
	memcpy(m->note, o->checkpoint_file, m->note_bytes);
}

uint32_t
cairn_opening_age_hours(const struct cairn_opening *o)
{
	return o->client->hour > o->checkpoint.hour ? o->client->hour - o->checkpoint.hour : 0;
}
