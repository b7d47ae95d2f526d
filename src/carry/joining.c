// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/joining.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "carry/day_keys.h"
#include "carry/feed.h"
#include "carry/keys.h"
#include "carry/leave.h"
#include "carry/new_keys.h"
#include "carry/notes.h"
#include "carry/rotation.h"
#include "carry/say.h"
#include "carry/state_tables.h"

#define NEXT "next key" /* a note: what was promised of the desk's next key, and by whom */
#define PIECES "pieces" /* a note: how many came. They are counted, since a relay can leave one out as deleted */

bool
joining(struct carry *carry)
{
	struct query q = carry_query(carry, CARRY_JOINING_GET);
	bool there = query_row(&q);

	return query_end(&q) == CAIRN_OK && there;
}

/* What the welcome gave, for the second reading. */
static int
welcome_read(struct carry *carry, struct carry_welcome *w)
{
	struct query q = carry_query(carry, CARRY_JOINING_GET);
	uint8_t sealed[ERASURE_SEALED_BYTES];
	int err = CAIRN_ERR_STATE;
	int end;

	if (query_row(&q)) {
		w->seq = query_int(&q, 0);
		query_bytes(&q, 1, w->prev, sizeof(w->prev));
		w->gen = (uint32_t)query_int(&q, 2);
		w->day = (uint32_t)query_int(&q, 3);
		query_bytes(&q, 4, sealed, sizeof(sealed));
		query_bytes(&q, 5, w->from, sizeof(w->from));
		err = erasure_open(carry->erasure, w->key, sealed, "joining", 7);
		w->next.gen = (uint32_t)query_int(&q, 6);
		w->next.day = (uint32_t)query_int(&q, 7);
		query_bytes(&q, 8, w->next.author, sizeof(w->next.author));
		query_bytes(&q, 9, sealed, sizeof(sealed));
		if (err == CAIRN_OK)
			err = erasure_open(carry->erasure, w->next.key, sealed, "joining next", 12);
	}
	end = query_end(&q);
	return end != CAIRN_OK ? end : err;
}

int
joining_clear(struct carry *carry)
{
	struct query was = carry_query(carry, CARRY_WAS_IN_ADD);
	int err;

	bind_id(&was, carry->self.device);
	err = query_run(&was);
	return err == CAIRN_OK ? state_clear(carry) : err;
}

/*
 * A device that was here before has passed over what happened meanwhile: what it was removed from, or was destroyed,
 * goes now, before it shows anything, out of all rooms; of the rest it asks for the keys, and with them for what it
 * has missed.
 */
static int
left_behind(struct carry *carry)
{
	struct carry_compartment c = {.n = CARRY_DESK};
	struct query q;
	int err = CAIRN_OK;

	while (err == CAIRN_OK) {
		q = carry_query(carry, CARRY_WAS_IN_LOST);
		bind_id(&q, carry->self.device);
		err = query_number(&q, &c.n);
		if (err != CAIRN_OK || c.n == 0)
			break;
		err = compartment_at(carry, &c, c.n);
		if (err == CAIRN_OK)
			err = compartment_erase(carry, &c);
		if (err != CAIRN_OK)
			break;
		q = carry_query(carry, CARRY_WAS_IN_DROP);
		bind_id(&q, c.id);
		err = query_run(&q);
	}
	for (size_t i = 0; i < 3 && err == CAIRN_OK; i++) {
		static const enum carry_statement forget[] = {
		    CARRY_WAS_IN_END, CARRY_KEYS_FORGET, CARRY_HOLES_FORGET};

		q = carry_query(carry, forget[i]);
		err = query_run(&q);
	}
	return err;
}

/*
 * Compartments that this device was made a member of while nobody could give it a key: what was said there since has
 * passed it by. Of those whose key was given already it knows by itself that it lacks it (duties.c).
 */
static int
wanted_say(struct carry *carry)
{
	struct carry_device self;
	uint64_t *of = NULL;
	size_t count = 0;
	int err = device_self(carry, &self);

	if (err == CAIRN_OK)
		err = member_of(carry, &of, &count, self.n);
	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		struct op_keys_wanted wanted;
		struct carry_compartment c;
		struct carry_member member;

		err = compartment_at(carry, &c, of[i]);
		if (err == CAIRN_OK)
			err = member_get(carry, &member, c.n, self.n);
		memcpy(wanted.compartment, c.id, OP_ID_BYTES);
		if (err == CAIRN_OK && c.n != CARRY_DESK && c.k == 0 && member.granted < c.gen && !member.snapshot)
			err = say(carry, carry_desk_compartment, OP_KEYS_WANTED, &wanted, carry->now, NULL);
	}
	free(of);
	return err;
}

/* All pieces are there: back to where the state was taken. */
static int
joining_end(struct carry *carry)
{
	static const char *const notes[] = {"welcome", PIECES, NEXT};
	const struct op_keys_wanted wanted = {{0}};
	struct carry_welcome w;
	struct query q;
	bool said;
	int err = left_behind(carry);

	if (err == CAIRN_OK)
		err = welcome_read(carry, &w);
	if (err == CAIRN_OK)
		err = key_put(carry, CARRY_DESK, w.gen, w.day, w.key);
	if (err == CAIRN_OK && w.next.gen != 0)
		err = new_key_keep(carry, w.next.key, carry_desk_compartment, w.next.gen, w.next.day);
	sodium_memzero(w.key, sizeof(w.key));
	sodium_memzero(&w.next, sizeof(w.next));
	if (err == CAIRN_OK)
		err = feed_position_move(carry, w.seq, w.prev, 0);
	/*
	 * The state may have day keys for this device whose seeds it has no more: boxes go to those that it says now.
	 */
	carry->day_keys_day = 0;
	if (err == CAIRN_OK)
		err = day_keys_say(carry, &said, carry->now);
	/* Boxes that came before the state was taken are not read. */
	if (err == CAIRN_OK)
		err = say(carry, carry_desk_compartment, OP_KEYS_WANTED, &wanted, carry->now, NULL);
	if (err == CAIRN_OK)
		err = wanted_say(carry);
	if (err != CAIRN_OK)
		return err;
	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]) && err == CAIRN_OK; i++) {
		q = carry_query(carry, CARRY_NOTE_DROP);
		bind_text(&q, (struct cairn_span){notes[i], strlen(notes[i])});
		err = query_run(&q);
	}
	if (err != CAIRN_OK)
		return err;
	q = carry_query(carry, CARRY_JOINING_END);
	err = query_run(&q);
	return err == CAIRN_OK ? erasure_owe(carry->erasure) : err;
}

static int
piece_count(struct carry *carry, uint64_t *ret)
{
	return carry_note_serial(carry, PIECES, ret);
}

static bool
pieces_check(struct carry *carry, const struct op_state *end)
{
	uint64_t came;

	return end->rows.size == 4 && piece_count(carry, &came) == CAIRN_OK &&
	    get_u32((const uint8_t *)end->rows.text) == came;
}

static int
state_lacks(struct carry *carry)
{
	return carry_trouble(carry, CAIRN_ERR_CONFLICT,
	    "a part of the desk's state did not come: the relay has taken it away. Have the device admitted "
	    "again, and tell the security officer");
}

static int
state_take(struct carry *carry, const struct op_state *said, uint64_t seq)
{
	struct reader r;
	uint64_t pieces;
	int err = CAIRN_OK;

	if (said->seq != seq || memcmp(said->device, carry->self.device, OP_ID_BYTES) != 0)
		return CAIRN_OK;
	if (said->table == STATE_END)
		return pieces_check(carry, said) ? joining_end(carry) : state_lacks(carry);
	err = piece_count(carry, &pieces);
	if (err == CAIRN_OK)
		err = carry_note_put(carry, PIECES, (struct cairn_span){"", 0}, pieces + 1);
	if (err != CAIRN_OK)
		return err;
	reader_init(&r, said->rows.text, said->rows.size);
	while (err == CAIRN_OK && r.left > 0)
		err = state_row_read(carry, &r, said->table);
	return err;
}

/* Whose records are the desk's is in the roster that the welcome brought; nothing else is known yet. */
static int
author_key(struct carry *carry, uint8_t key[32], const struct cairn_feed_head *head)
{
	struct cairn_roster roster;
	struct cairn_device line;
	uint8_t *note;
	size_t bytes;
	uint64_t serial;
	int err = carry_note_get(carry, "welcome", &note, &bytes, &serial);

	if (err == CAIRN_OK && note == NULL)
		err = CAIRN_ERR_STATE;
	if (err == CAIRN_OK)
		err = cairn_roster_open(&roster, note, bytes, carry->self.desk_id, carry->self.identity_key, 0);
	if (err == CAIRN_OK)
		err = cairn_roster_find(&line, &roster, head->device, head->day);
	if (err == CAIRN_OK)
		memcpy(key, line.sign_key, 32);
	free(note);
	return err;
}

/*
 * The desk's key may change while the state is still being said: what was promised of the next one, and by whom, is
 * noted; it comes in a box, as to all others, and is in force when another device has written under it (rotation.h).
 */
static int
next_said(struct carry *carry, const struct op_rotate *said, const uint8_t sender[OP_ID_BYTES])
{
	uint8_t bytes[CAIRN_HASH_BYTES + OP_ID_BYTES];

	if (!feed_is_desk(said->compartment))
		return CAIRN_OK;
	memcpy(bytes, said->promise, CAIRN_HASH_BYTES);
	memcpy(bytes + CAIRN_HASH_BYTES, sender, OP_ID_BYTES);
	return carry_note_put(carry, NEXT, (struct cairn_span){(const char *)bytes, sizeof(bytes)},
	    said->from_gen + 1U);
}

int
joining_next(struct carry *carry, const struct next_key *next)
{
	struct op_rotate said = {.from_gen = next->gen - 1U};
	int err;

	if (next->gen == 0)
		return CAIRN_OK;
	rotation_promise(said.promise, next->key, next->gen, next->day);
	err = next_said(carry, &said, next->author);
	return err == CAIRN_OK ? new_key_keep(carry, next->key, carry_desk_compartment, next->gen, next->day) : err;
}

/* What was promised of that generation, and by whom; *ret_there. */
static int
next_promise(struct carry *carry, bool *ret_there, uint8_t promise[CAIRN_HASH_BYTES], uint8_t author[OP_ID_BYTES],
    uint32_t gen)
{
	uint8_t *bytes;
	uint64_t serial;
	size_t size;
	int err = carry_note_get(carry, NEXT, &bytes, &size, &serial);

	*ret_there = err == CAIRN_OK && bytes != NULL && size == CAIRN_HASH_BYTES + OP_ID_BYTES && serial == gen;
	if (*ret_there) {
		memcpy(promise, bytes, CAIRN_HASH_BYTES);
		memcpy(author, bytes + CAIRN_HASH_BYTES, OP_ID_BYTES);
	}
	free(bytes);
	return err;
}

static int
next_key_take(struct carry *carry, const struct box_grant *grant, const uint8_t sender[OP_ID_BYTES])
{
	uint8_t promise[CAIRN_HASH_BYTES], is[CAIRN_HASH_BYTES], author[OP_ID_BYTES];
	bool there;
	int err = next_promise(carry, &there, promise, author, grant->gen);

	rotation_promise(is, grant->secret, grant->gen, grant->day);
	if (err != CAIRN_OK || !there || memcmp(author, sender, sizeof(author)) != 0 ||
	    memcmp(is, promise, sizeof(is)) != 0)
		return err;
	return new_key_keep(carry, grant->secret, carry_desk_compartment, grant->gen, grant->day);
}

static int
desk_key_take(struct carry *carry, const struct op_box *box, const uint8_t sender[OP_ID_BYTES])
{
	struct box_grant *grants;
	struct cairn_xwing_key key;
	size_t count = 0;
	int err;

	if (memcmp(box->recipient, carry->self.device, OP_ID_BYTES) != 0)
		return CAIRN_OK;
	err = day_key_mine(carry, &key, box->day);
	if (err != CAIRN_OK)
		return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
	grants = sodium_allocarray(BOX_GRANTS_MAX, sizeof(*grants));
	if (grants == NULL)
		err = CAIRN_ERR_NOMEM;
	else if (box_open(grants, &count, box, carry->self.desk_id, sender, &key) != CAIRN_OK)
		count = 0;
	cairn_xwing_key_clear(&key);
	for (size_t i = 0; i < count && err == CAIRN_OK; i++)
		if (grants[i].what == BOX_KEY && feed_is_desk(grants[i].id))
			err = next_key_take(carry, &grants[i], sender);
	sodium_free(grants);
	return err;
}

static int
joining_op(struct carry *carry, const struct op *op, const uint8_t sender[OP_ID_BYTES], bool welcomed, uint64_t seq)
{
	union op_any said;

	if (op->type == OP_STATE && welcomed && op_body_read(&said.state, sizeof(said.state), op) == CAIRN_OK)
		return state_take(carry, &said.state, seq);
	if (op->type == OP_ROTATE && op_body_read(&said.rotate, sizeof(said.rotate), op) == CAIRN_OK)
		return next_said(carry, &said.rotate, sender);
	if (op->type == OP_BOX && op_body_read(&said.box, sizeof(said.box), op) == CAIRN_OK)
		return desk_key_take(carry, &said.box, sender);
	return CAIRN_OK;
}

static int
joining_ops(struct carry *carry, struct cairn_span ops, const uint8_t sender[OP_ID_BYTES],
    const struct carry_welcome *w)
{
	/* From whom people took the welcome, and from nobody else: what is said fills the tables. */
	bool welcomed = memcmp(sender, w->from, OP_ID_BYTES) == 0;
	struct op op;
	size_t at = 0;
	int err = CAIRN_OK;

	while (err == CAIRN_OK && at < ops.size && joining(carry)) {
		if (op_next(&op, ops, &at) != CAIRN_OK)
			return CAIRN_OK;
		err = joining_op(carry, &op, sender, welcomed, w->seq);
	}
	return err;
}

/*
 * No key, or not that one's: passed over, as by everybody, since whoever has a device could stop each joining by it.
 * Where the desk's key did change without a box for this device, the state does not come to an end, and it is
 * admitted again.
 */
static bool
unreadable(int err)
{
	return err == CAIRN_ERR_UNKNOWN || err == CAIRN_ERR_STALE || err == CAIRN_ERR_RANGE ||
	    err == CAIRN_ERR_CRYPTO || err == CAIRN_ERR_FORMAT;
}

/* The key of a generation that is to come, by another device than the one that made it. */
static int
next_key_of(struct carry *carry, uint8_t key[CAIRN_KEY_BYTES], const struct cairn_feed_head *head)
{
	uint8_t promise[CAIRN_HASH_BYTES], author[OP_ID_BYTES];
	bool there;
	int err = next_promise(carry, &there, promise, author, head->gen);

	if (err != CAIRN_OK)
		return err;
	return there && memcmp(author, head->device, sizeof(author)) != 0
	    ? rotation_key(carry, key, promise, head->gen, head->day)
	    : CAIRN_ERR_UNKNOWN;
}

/* Opens it, under the key held or the one that is to come, which it then brings in force. */
static int
joining_unseal(struct carry *carry, struct feed_envelope *envelope, const struct cairn_feed_head *head,
    const uint8_t *record, size_t bytes)
{
	uint8_t key[CAIRN_KEY_BYTES];
	int err = key_of_day(carry, key, CARRY_DESK, head->gen, head->day);
	bool next = err == CAIRN_ERR_UNKNOWN;

	if (next)
		err = next_key_of(carry, key, head);
	if (err == CAIRN_OK)
		err = feed_record_open(envelope, carry->scratch, record, bytes, key);
	sodium_memzero(key, sizeof(key));
	if (err != CAIRN_OK || !next)
		return err;
	if (!feed_is_desk(envelope->compartment))
		return CAIRN_ERR_FORMAT; /* it brings none in force, as in apply_record() */
	return new_key_take(carry, carry_desk_compartment, CARRY_DESK, head->gen);
}

static int
joining_open(struct carry *carry, const struct cairn_feed_head *head, const uint8_t *record, size_t bytes,
    const struct carry_welcome *w)
{
	struct feed_envelope envelope;
	uint8_t sign_key[32];
	int err = author_key(carry, sign_key, head);

	if (err == CAIRN_OK)
		err = cairn_feed_record_verify(carry->self.desk_id, record, bytes, sign_key);
	if (unreadable(err))
		return CAIRN_OK; /* of a device that came later: it does not say the state; or nobody's */
	if (err == CAIRN_OK)
		err = joining_unseal(carry, &envelope, head, record, bytes);
	if (err == CAIRN_OK && feed_is_desk(envelope.compartment))
		return joining_ops(carry, envelope.inner, head->device, w);
	return unreadable(err) ? CAIRN_OK : err;
}

int
joining_record(struct carry *carry, struct applied *tally, const uint8_t *record, size_t bytes)
{
	struct feed_position position;
	struct carry_welcome w;
	struct cairn_feed_head head;
	uint8_t hash[CAIRN_HASH_BYTES];
	bool none; /* nobody's, as in apply_record() */
	int err = feed_position_get(carry, &position);

	if (err == CAIRN_OK)
		err = welcome_read(carry, &w);
	sodium_memzero(w.key, sizeof(w.key));
	sodium_memzero(&w.next, sizeof(w.next));
	if (err != CAIRN_OK)
		return err;
	none = cairn_feed_record_head(&head, record, bytes) != CAIRN_OK;
	if (!none && (head.seq != position.next || memcmp(head.prev, position.prev, CAIRN_HASH_BYTES) != 0))
		return carry_trouble(carry, CAIRN_ERR_CONFLICT,
		    "the feed does not go on from what the welcome said: the relay shows another one. Have the "
		    "device "
		    "admitted again, and tell the security officer");
	cairn_hash(hash, record, bytes);
	err = feed_position_move(carry, position.next + 1, hash, 0);
	if (err == CAIRN_OK && !none)
		err = joining_open(carry, &head, record, bytes, &w);
	tally->records++;
	return err;
}

/* A device that has its tables already does not take them again. */
int
apply_state(struct applying *a, const void *body)
{
	(void)a;
	(void)body;
	return CAIRN_OK;
}
