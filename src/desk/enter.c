// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/enter.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "carry/day_keys.h"
#include "carry/joining.h"
#include "desk/card.h"
#include "desk/in_step.h"
#include "desk/mailbox.h"

#define STATE_ROUNDS 30U /* of waiting for the desk's state, each MAILBOX_WAIT_S at most */

int
enter_prepare(struct db *state, const struct enter_desk *of, uint64_t now)
{
	struct desk_self *self = sodium_malloc(sizeof(*self));
	uint8_t public_key[32];
	int err;

	if (self == NULL)
		return CAIRN_ERR_NOMEM;
	memset(self, 0, sizeof(*self));
	memcpy(self->desk_id, of->desk_id, sizeof(self->desk_id));
	memcpy(self->identity_key, of->identity_key, sizeof(self->identity_key));
	memcpy(self->relay_key, of->relay_key, sizeof(self->relay_key));
	snprintf(self->relay_url, sizeof(self->relay_url), "%s", of->relay_url);
	crypto_sign_keypair(public_key, self->sign_secret);
	randombytes_buf(self->xwing_seed, sizeof(self->xwing_seed));
	randombytes_buf(self->device_id, sizeof(self->device_id));
	self->batch_cells = CAIRN_BATCH_CELLS;
	self->intake_days = DESK_INTAKE_DAYS;
	self->campaign_days = DESK_CAMPAIGN_DAYS;
	self->trusted_day = self->turned_day = desk_day(now);
	err = db_begin(state);
	if (err == CAIRN_OK)
		err = db_end(state, desk_self_write(state, self));
	sodium_free(self);
	return err;
}

void
enter_end(struct entering *e)
{
	if (e == NULL)
		return;
	join_clear(&e->join);
	sodium_free(e);
}

/* What this device says of itself, and its day keys, whose seeds open the welcome. */
static int
keys_fill(struct entering *e, struct cairn_span alias, uint32_t today)
{
	const struct desk_self *self = &e->desk->self;
	struct cairn_xwing_key key;
	int err;

	memcpy(e->keys.device, self->device_id, sizeof(e->keys.device));
	memcpy(e->keys.sign_key, self->sign_secret + 32, sizeof(e->keys.sign_key));
	cairn_xwing_key_init(&key, self->xwing_seed);
	memcpy(e->keys.receive_key, key.public_key, sizeof(e->keys.receive_key));
	cairn_xwing_key_clear(&key);
	memcpy(e->keys.alias, alias.text, alias.size);
	e->keys.alias_bytes = (uint16_t)alias.size;
	e->keys.first_day = today;
	err = db_begin(e->desk->state);
	if (err != CAIRN_OK)
		return err;
	err = day_keys_make(e->desk->carry, e->keys.day_keys, today, OP_DAY_KEYS_MAX);
	for (uint32_t i = 0; i < OP_DAY_KEYS_MAX && err == CAIRN_OK; i++)
		err = day_seed_mine(e->desk->carry, e->seeds[i], today + i);
	return db_end(e->desk->state, err);
}

static int
between(struct desk *desk, int err)
{
	return desk_trouble(desk, err,
	    "what came was not made with this code: check the code; if it was right, somebody is in between, "
	    "who may be "
	    "the relay: tell the security officer, and begin anew with another code");
}

/* Messages 1 to 3. */
static int
digits_get(struct entering *e, const uint8_t root[JOIN_ROOT_BYTES])
{
	struct desk *desk = e->desk;
	int err = join_new_begin(&e->join, desk->self.desk_id, root, &e->keys, e->message, &e->bytes);

	if (err != CAIRN_OK)
		return desk_trouble(desk, err, "the device's name must be 1 to 64 bytes of plain text");
	err = mailbox_put(desk, e->slot, 1, e->message, e->bytes);
	if (err == CAIRN_OK)
		err = mailbox_get(desk, e->slot, 2, e->message, &e->bytes);
	if (err != CAIRN_OK)
		return err;
	if (join_new_answer(&e->join, e->message, e->bytes, e->message, &e->bytes) != CAIRN_OK)
		return between(desk, CAIRN_ERR_CRYPTO);
	return mailbox_put(desk, e->slot, 3, e->message, e->bytes);
}

static int
code_use(struct entering *e, struct cairn_span code)
{
	uint8_t root[JOIN_ROOT_BYTES];
	int err = join_code_read(root, e->desk->self.desk_id, code);

	if (err == CAIRN_ERR_FORMAT)
		return desk_trouble(e->desk, err, "this is no code: ten letters and digits, like k7m2x-9d4tq");
	if (err != CAIRN_OK)
		return desk_trouble(e->desk, err, "not enough memory to read the code: close other programs");
	join_slot(e->slot, root);
	err = digits_get(e, root);
	sodium_memzero(root, sizeof(root));
	return err;
}

int
enter_begin(struct entering **ret, struct desk *desk, struct cairn_span code, struct cairn_span alias, uint64_t now)
{
	struct entering *e;
	int err;

	*ret = NULL;
	if (alias.size == 0 || alias.size > OP_ALIAS_MAX)
		return desk_trouble(desk, CAIRN_ERR_RANGE, "the device's name must be 1 to 64 bytes of plain text");
	e = sodium_malloc(sizeof(*e));
	if (e == NULL)
		return desk_trouble(desk, CAIRN_ERR_NOMEM, "not enough memory: close other programs");
	memset(e, 0, sizeof(*e));
	e->desk = desk;
	err = desk_state_trouble(desk, keys_fill(e, alias, desk_day(now)));
	if (err == CAIRN_OK)
		err = code_use(e, code);
	if (err == CAIRN_OK)
		*ret = e;
	else
		enter_end(e);
	return err;
}

/* The roster is the desk's, and names the admin that people compared with, and this device as it is. */
static int
welcome_check(const struct entering *e, const struct join_welcome *welcome, const uint8_t admin[OP_ID_BYTES],
    const uint8_t admin_key[32], uint32_t today)
{
	const struct desk_self *self = &e->desk->self;
	struct cairn_roster roster;
	struct cairn_device line;
	uint8_t hash[CAIRN_SHA256_BYTES];
	int err = CAIRN_ERR_CRYPTO;

	if (memcmp(welcome->identity_key, self->identity_key, 32) == 0)
		err = cairn_roster_open(&roster, welcome->note.text, welcome->note.size, self->desk_id,
		    self->identity_key, 0);
	if (err == CAIRN_OK)
		err = cairn_roster_find(&line, &roster, admin, today);
	if (err == CAIRN_OK && memcmp(line.sign_key, admin_key, 32) != 0)
		err = CAIRN_ERR_CRYPTO;
	if (err == CAIRN_OK)
		err = cairn_roster_find(&line, &roster, self->device_id, today);
	crypto_hash_sha256(hash, e->keys.receive_key, sizeof(e->keys.receive_key));
	if (err == CAIRN_OK && (sodium_memcmp(line.sign_key, self->sign_secret + 32, 32) != 0 ||
	    memcmp(line.xwing_hash, hash, sizeof(hash)) != 0))
		err = CAIRN_ERR_CRYPTO;
	return err == CAIRN_OK ? CAIRN_OK : desk_trouble(e->desk, CAIRN_ERR_CRYPTO,
	    "the welcome does not hold (%s): the roster in it is not this desk's, or names other keys. Check "
	    "that the "
	    "desk's address is right, then begin anew", cairn_strerror(err));
}

static int
roster_take(struct desk *desk, struct cairn_span note)
{
	struct cairn_roster roster;
	int err = cairn_roster_open(&roster, note.text, note.size, desk->self.desk_id, desk->self.identity_key, 0);

	if (err == CAIRN_OK)
		err = state_note_put(desk->state, "roster", (const uint8_t *)note.text, note.size, roster.serial);
	return err;
}

static int
welcome_take(struct entering *e, uint32_t today)
{
	struct carry_welcome given = {.seq = 0};
	struct join_welcome welcome;
	uint8_t admin[OP_ID_BYTES], admin_key[32];
	struct desk *desk = e->desk;
	int err;

	memcpy(admin, e->join.admin, sizeof(admin));
	memcpy(admin_key, e->join.admin_key, sizeof(admin_key));
	if (join_new_welcome(&e->join, e->message, e->bytes, e->seeds, &welcome, e->room) != CAIRN_OK)
		return between(desk, CAIRN_ERR_CRYPTO);
	err = welcome_check(e, &welcome, admin, admin_key, today);
	if (err != CAIRN_OK)
		return err;
	given.seq = welcome.seq;
	given.gen = welcome.gen;
	given.day = welcome.day;
	memcpy(given.prev, welcome.head, sizeof(given.prev));
	memcpy(given.key, welcome.ck, sizeof(given.key));
	given.next = welcome.next;
	memcpy(given.from, admin, sizeof(given.from));
	err = roster_take(desk, welcome.note);
	if (err == CAIRN_OK)
		err = carry_join(desk->carry, &given, welcome.note);
	sodium_memzero(&given, sizeof(given));
	sodium_memzero(&welcome, sizeof(welcome));
	sodium_memzero(e->room, sizeof(e->room));
	return desk_state_trouble(desk, err);
}

/* The feed, until whoever admits this device has said all of the desk's state. */
static int
state_wait(struct desk *desk, uint64_t (*clock)(void))
{
	struct sync sync;
	int err = desk_sync(desk, &sync, 0, clock(), NULL, NULL);

	for (unsigned i = 0; i < STATE_ROUNDS && err == CAIRN_OK && joining(desk->carry); i++)
		err = desk_sync(desk, &sync, MAILBOX_WAIT_S, clock(), NULL, NULL);
	if (err == CAIRN_OK && joining(desk->carry))
		err = desk_trouble(desk, CAIRN_ERR_STALE,
		    "this device is admitted, but not all of the desk's state has come: 'cairn desk sync' goes on");
	/* Once more, from the state on: what has been said since, and what this device has to say. */
	return err == CAIRN_OK ? desk_sync(desk, &sync, 0, clock(), NULL, NULL) : err;
}

/* The card, where there is one: the desk's name, and how long the card holds. A desk without a board has none. */
static int
card_fetch(struct desk *desk, uint32_t today)
{
	struct cairn_request request = {.method = "GET", .path = "board/card", .answer_max = CAIRN_NOTE_BYTES_MAX};
	struct cairn_identity_chain chain;
	struct cairn_card card;
	const uint8_t *body;
	size_t bytes, name;
	int err = cairn_identity_read(&chain, NULL, 0, desk->self.desk_id, NULL);

	if (err != CAIRN_OK || desk_exchange(desk, &request, NULL, &body, &bytes) != CAIRN_OK ||
	    cairn_card_open(&card, body, bytes, desk->self.desk_id, &chain, today, NULL) != CAIRN_OK)
		return CAIRN_OK;
	name = card.name.size < DESK_NAME_MAX ? card.name.size : DESK_NAME_MAX;
	memcpy(desk->self.name, card.name.text, name);
	desk->self.name[name] = '\0';
	desk->self.batch_cells = card.batch_cells;
	err = state_note_put(desk->state, "card", body, bytes, card.serial);
	if (err == CAIRN_OK)
		err = desk_self_named(desk->state, &desk->self);
	return desk_state_trouble(desk, err);
}

int
enter_finish(struct entering *e, uint64_t (*clock)(void))
{
	struct desk *desk = e->desk;
	int err = CAIRN_OK;

	if (join_new_confirm(&e->join) != CAIRN_OK)
		err = desk_trouble(desk, CAIRN_ERR_STATE, "there is nothing to confirm: begin anew");
	if (err == CAIRN_OK)
		err = mailbox_get(desk, e->slot, 4, e->message, &e->bytes);
	if (err == CAIRN_OK)
		err = welcome_take(e, desk_day(clock()));
	e->admitted = err == CAIRN_OK;
	if (err == CAIRN_OK)
		err = card_fetch(desk, desk_day(clock()));
	return err == CAIRN_OK ? state_wait(desk, clock) : err;
}
