// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "record/evidence.h"
#include "record/evidence_sql.h"
#include "record/evidence_token.h"

/* The custody log as rows: entries, and those that no other names yet. */

static int
run_pair(struct db *db, enum evidence_statement which, const uint8_t *item, const uint8_t *hash)
{
	struct query q = evidence_query(db, which);

	bind_bytes(&q, item, EVIDENCE_ITEM_BYTES);
	bind_bytes(&q, hash, EVIDENCE_HASH_BYTES);
	return query_run(&q);
}

static int
have_entry(struct db *db, const uint8_t *item, const uint8_t *hash, bool *ret_have)
{
	struct query q = evidence_query(db, EVIDENCE_SQL_ENTRY_HAVE);
	uint64_t count;
	int err;

	bind_bytes(&q, item, EVIDENCE_ITEM_BYTES);
	bind_bytes(&q, hash, EVIDENCE_HASH_BYTES);
	err = query_number(&q, &count);
	*ret_have = count > 0;
	return err;
}

static int
add_item(struct db *db, const struct evidence_entry *e)
{
	struct query q = evidence_query(db, EVIDENCE_SQL_ITEM_ADD);
	int err;

	bind_bytes(&q, e->item, EVIDENCE_ITEM_BYTES);
	bind_int(&q, e->at);
	err = query_run(&q);
	/* Two beginnings of one item: somebody made one up. */
	return err == CAIRN_OK && db_changes(db) == 0 ? CAIRN_ERR_CONFLICT : err;
}

static int
add_row(struct db *db, const struct evidence_entry *e, const uint8_t *hash, const uint8_t *bytes, size_t size)
{
	struct query q = evidence_query(db, EVIDENCE_SQL_ENTRY_ADD);

	bind_bytes(&q, e->item, EVIDENCE_ITEM_BYTES);
	bind_bytes(&q, hash, EVIDENCE_HASH_BYTES);
	bind_bytes(&q, bytes, size);
	return query_run(&q);
}

/* A stamped entry waits no more, whichever device had it stamped. */
static int
drop_pending(struct db *db, const struct evidence_entry *e)
{
	struct query q = evidence_query(db, EVIDENCE_SQL_PENDING_DROP);

	bind_bytes(&q, evidence_get(e, EVIDENCE_FIELD_STAMPED_ENTRY), EVIDENCE_HASH_BYTES);
	return query_run(&q);
}

static int
store(struct db *db, const struct evidence_entry *e, const uint8_t *hash, const uint8_t *bytes, size_t size)
{
	int err = e->prev_count == 0 ? add_item(db, e) : CAIRN_OK;

	if (err == CAIRN_OK)
		err = add_row(db, e, hash, bytes, size);
	for (size_t i = 0; err == CAIRN_OK && i < e->prev_count; i++)
		err = run_pair(db, EVIDENCE_SQL_HEAD_DROP, e->item, e->prevs[i]);
	if (err == CAIRN_OK)
		err = run_pair(db, EVIDENCE_SQL_HEAD_ADD, e->item, hash);
	if (err == CAIRN_OK && e->action == EVIDENCE_STAMPED)
		err = drop_pending(db, e);
	return err;
}

/* All that this device knows of the item, up to EVIDENCE_PREVS_MAX; more is joined by the entries after. */
static int
take_heads(struct db *db, struct evidence_entry *e)
{
	struct query q = evidence_query(db, EVIDENCE_SQL_HEAD_OF);

	e->prev_count = 0;
	bind_bytes(&q, e->item, EVIDENCE_ITEM_BYTES);
	while (e->prev_count < EVIDENCE_PREVS_MAX && query_row(&q))
		query_bytes(&q, 0, e->prevs[e->prev_count++], EVIDENCE_HASH_BYTES);
	return query_end(&q);
}

int
evidence_emit(struct evidence *ev, struct evidence_entry *e, uint64_t now, uint8_t ret_hash[EVIDENCE_HASH_BYTES])
{
	const struct evidence_options *o = &ev->options;
	uint8_t bytes[EVIDENCE_ENTRY_MAX], hash[EVIDENCE_HASH_BYTES];
	size_t size = 0;
	int err = take_heads(o->db, e);

	e->at = now;
	memcpy(e->device, o->device, sizeof(e->device));
	if (err == CAIRN_OK)
		err = evidence_entry_write(bytes, sizeof(bytes), &size, e, o->desk_id, o->sign_secret);
	if (err != CAIRN_OK)
		return err;
	evidence_entry_hash(hash, bytes, size);
	err = store(o->db, e, hash, bytes, size);
	/* What only says that another was stamped needs no stamp: there would be no end of it. */
	if (err == CAIRN_OK && e->action != EVIDENCE_STAMPED)
		err = run_pair(o->db, EVIDENCE_SQL_PENDING_ADD, e->item, hash);
	if (err == CAIRN_OK && o->sink != NULL)
		err = o->sink(o->sink_arg, EVIDENCE_OP_ENTRY, bytes, size);
	if (err == CAIRN_OK && ret_hash != NULL)
		memcpy(ret_hash, hash, sizeof(hash));
	return err;
}

/* --- from other devices --- */

static int
apply_entry(struct evidence *ev, const uint8_t *bytes, size_t size, const uint8_t *origin)
{
	struct evidence_entry e;
	uint8_t hash[EVIDENCE_HASH_BYTES];
	bool have = false;
	int err = evidence_entry_read(&e, bytes, size);

	if (err != CAIRN_OK)
		return err;
	if (memcmp(e.sign_key, origin, sizeof(e.sign_key)) != 0)
		return CAIRN_ERR_CRYPTO;
	err = evidence_entry_check(bytes, size, &e, ev->options.desk_id);
	evidence_entry_hash(hash, bytes, size);
	if (err == CAIRN_OK)
		err = have_entry(ev->options.db, e.item, hash, &have);
	if (err != CAIRN_OK || have)
		return err;
	for (size_t i = 0; err == CAIRN_OK && i < e.prev_count; i++) {
		err = have_entry(ev->options.db, e.item, e.prevs[i], &have);
		if (err == CAIRN_OK && !have)
			err = CAIRN_ERR_UNKNOWN;
	}
	return err == CAIRN_OK ? store(ev->options.db, &e, hash, bytes, size) : err;
}

int
evidence_apply(struct evidence *ev, enum evidence_op op, const uint8_t *bytes, size_t size, const uint8_t origin[32])
{
	bool own = !db_within(ev->options.db);
	int err = own ? db_begin(ev->options.db) : CAIRN_OK;

	if (err != CAIRN_OK)
		return err;
	switch (op) {
	case EVIDENCE_OP_ENTRY:
		err = apply_entry(ev, bytes, size, origin);
		break;
	case EVIDENCE_OP_TOKEN:
		err = evidence_token_store(ev, bytes, size);
		break;
	default:
		err = CAIRN_ERR_FORMAT;
	}
	return own ? db_end(ev->options.db, err) : err;
}

int
evidence_keep_roster(struct evidence *ev, const uint8_t *note, size_t size, uint64_t serial)
{
	struct query q = evidence_query(ev->options.db, EVIDENCE_SQL_ROSTER_ADD);

	bind_int(&q, serial);
	bind_bytes(&q, note, size);
	return evidence_state_trouble(ev, query_run(&q));
}

int
evidence_log(struct evidence *ev, const uint8_t item[EVIDENCE_ITEM_BYTES], evidence_each *each, void *arg)
{
	struct query q = evidence_query(ev->options.db, EVIDENCE_SQL_ENTRY_OF);
	int err = CAIRN_OK, end;

	bind_bytes(&q, item, EVIDENCE_ITEM_BYTES);
	while (err == CAIRN_OK && query_row(&q)) {
		struct cairn_span bytes = query_span(&q, 0);

		err = each(arg, (const uint8_t *)bytes.text, bytes.size);
	}
	end = query_end(&q);
	return err != CAIRN_OK ? err : evidence_state_trouble(ev, end);
}

int
evidence_note_act(struct evidence *ev, const struct evidence_item *item, enum evidence_action action,
    const char *party, const char *note, uint64_t now)
{
	struct evidence_entry e = {.action = action};
	int err = db_begin(ev->options.db);

	if (err != CAIRN_OK)
		return evidence_state_trouble(ev, err);
	memcpy(e.item, item->id, sizeof(e.item));
	evidence_set_text(&e, EVIDENCE_FIELD_PARTY, party);
	evidence_set_text(&e, EVIDENCE_FIELD_NOTE, note);
	if (action == EVIDENCE_VERIFIED)
		evidence_set(&e, EVIDENCE_FIELD_SHA256, item->sha256, sizeof(item->sha256));
	err = evidence_emit(ev, &e, now, NULL);
	err = db_end(ev->options.db, err);
	if (err == CAIRN_ERR_FORMAT)
		return evidence_trouble(ev, err, "a name may have 512 bytes of UTF-8, a note 2048");
	return evidence_state_trouble(ev, err);
}
