// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/apply.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/text.h"
#include "base/writer.h"
#include "record/sql.h"

int
record_prepare(struct db *db)
{
	int err = db_begin(db);

	return err == CAIRN_OK ? db_end(db, db_script(db, record_schema)) : err;
}

/* ---- the log ---- */

/* CAIRN_OK: new; CAIRN_ERR_STATE: the same is there; CAIRN_ERR_CONFLICT: another. */
static int
op_known(struct db *db, const void *bytes, size_t size, const struct record_origin *o)
{
	struct query q = record_query(db, RECORD_SQL_OP_GET);
	struct cairn_span compartment, old;
	bool same = false, there;
	int err;

	bind_bytes(&q, o->device, sizeof(o->device));
	bind_int(&q, o->counter);
	there = query_row(&q);
	if (there) {
		compartment = query_span(&q, 2);
		old = query_span(&q, 3);
		same = query_int(&q, 0) == o->lamport && query_int(&q, 1) == o->at &&
		    span_same(
			compartment, (struct cairn_span){(const char *)o->compartment, sizeof(o->compartment)}) &&
		    span_same(old, (struct cairn_span){bytes, size});
	}
	err = query_end(&q);
	if (err == CAIRN_OK && there)
		err = same ? CAIRN_ERR_STATE : CAIRN_ERR_CONFLICT;
	return err;
}

static int
op_keep(struct db *db, const struct record_op *op, const void *bytes, size_t size, const struct record_origin *o)
{
	struct query q = record_query(db, RECORD_SQL_OP_ADD);

	bind_bytes(&q, o->device, sizeof(o->device));
	bind_int(&q, o->counter);
	bind_int(&q, o->lamport);
	bind_int(&q, o->at);
	bind_bytes(&q, o->compartment, sizeof(o->compartment));
	bind_int(&q, op->kind);
	bind_bytes(&q, op->id, sizeof(op->id));
	bind_bytes(&q, bytes, size);
	bind_bytes(&q, o->signature, o->signature == NULL ? 0 : crypto_sign_BYTES);
	return query_run(&q);
}

/* ---- the state ---- */

static int
entity_find(struct db *db, const struct record_op *op, const struct record_origin *o, uint64_t *ret_row)
{
	struct query q = record_query(db, RECORD_SQL_ENTITY_FIND);

	bind_int(&q, op->kind);
	bind_bytes(&q, op->id, sizeof(op->id));
	bind_bytes(&q, o->compartment, sizeof(o->compartment));
	return query_number(&q, ret_row);
}

static int
entity_add(struct db *db, const struct record_op *op, const struct record_origin *o, uint64_t *ret_row)
{
	struct query q = record_query(db, RECORD_SQL_ENTITY_ADD);
	int err;

	bind_int(&q, op->kind);
	bind_bytes(&q, op->id, sizeof(op->id));
	bind_bytes(&q, o->compartment, sizeof(o->compartment));
	bind_int(&q, o->lamport);
	bind_bytes(&q, o->device, sizeof(o->device));
	bind_int(&q, o->at);
	err = query_run(&q);
	if (err == CAIRN_OK)
		*ret_row = db_last_row(db);
	return err;
}

static int
entity_changed(struct db *db, uint64_t row, const struct record_origin *o)
{
	struct query q = record_query(db, RECORD_SQL_ENTITY_CHANGED);

	bind_int(&q, row);
	bind_int(&q, o->lamport);
	bind_bytes(&q, o->device, sizeof(o->device));
	bind_int(&q, o->at);
	return query_run(&q);
}

static const void *
bytes_of(struct cairn_span text)
{
	return text.size == 0 ? "" : text.text;
}

static int
register_put(struct db *db, uint64_t row, const struct record_item *item, const struct record_origin *o)
{
	struct query q = record_query(db, RECORD_SQL_REGISTER_PUT);
	bool whole = item->action != RECORD_RETRACT || sodium_is_zero(item->note, sizeof(item->note));

	bind_int(&q, row);
	bind_int(&q, item->field);
	bind_int(&q, (uint64_t)item->action);
	bind_bytes(&q, whole ? (const void *)"" : item->note, whole ? 0 : sizeof(item->note));
	bind_int(&q, item->flag);
	bind_int(&q, item->at);
	bind_bytes(&q, bytes_of(item->text), item->text.size);
	bind_int(&q, o->lamport);
	bind_bytes(&q, o->device, sizeof(o->device));
	bind_int(&q, o->counter);
	return query_run(&q);
}

static int
element(struct db *db, enum record_statement which, uint64_t row, const struct record_item *item,
    const uint8_t *device, uint64_t counter)
{
	struct query q = record_query(db, which);

	bind_int(&q, row);
	bind_int(&q, item->field);
	bind_bytes(&q, bytes_of(item->text), item->text.size);
	bind_bytes(&q, device, CAIRN_DEVICE_ID_BYTES);
	bind_int(&q, counter);
	return query_run(&q);
}

static int
element_drop(struct db *db, uint64_t row, const struct record_item *item)
{
	int err = CAIRN_OK;

	for (size_t i = 0; err == CAIRN_OK && i < item->dot_count; i++) {
		const uint8_t *dot = item->dots + i * RECORD_DOT_BYTES;
		uint64_t counter = get_u64(dot + CAIRN_DEVICE_ID_BYTES);

		if (counter > INT64_MAX)
			return CAIRN_ERR_FORMAT;
		err = element(db, RECORD_SQL_ELEMENT_DROPPED, row, item, dot, counter);
		if (err == CAIRN_OK)
			err = element(db, RECORD_SQL_ELEMENT_UNADD, row, item, dot, counter);
	}
	return err;
}

static int
note_add(struct db *db, uint64_t row, const struct record_item *item)
{
	struct query q = record_query(db, RECORD_SQL_NOTE_ADD);
	uint8_t note[RECORD_ID_BYTES];

	record_note_id(note, item);
	bind_int(&q, row);
	bind_int(&q, item->field);
	bind_bytes(&q, note, sizeof(note));
	bind_int(&q, item->at);
	bind_bytes(&q, bytes_of(item->text), item->text.size);
	return query_run(&q);
}

static int
apply_item(struct db *db, uint64_t row, const struct record_item *item, const struct record_origin *o)
{
	switch (item->action) {
	case RECORD_ADD:
		return element(db, RECORD_SQL_ELEMENT_ADD, row, item, o->device, o->counter);
	case RECORD_DROP:
		return element_drop(db, row, item);
	case RECORD_NOTE:
		return note_add(db, row, item);
	default:
		return register_put(db, row, item, o);
	}
}

static int
apply_op(struct db *db, const struct record_op *op, const void *bytes, size_t size, const struct record_origin *o)
{
	uint64_t row = 0;
	int err = op_known(db, bytes, size, o);

	if (err != CAIRN_OK)
		return err == CAIRN_ERR_STATE ? CAIRN_OK : err;
	err = op_keep(db, op, bytes, size, o);
	if (err == CAIRN_OK)
		err = entity_find(db, op, o, &row);
	if (err == CAIRN_OK)
		err = row == 0 ? entity_add(db, op, o, &row) : entity_changed(db, row, o);
	for (size_t i = 0; err == CAIRN_OK && i < op->count; i++)
		err = apply_item(db, row, &op->items[i], o);
	return err;
}

int
record_apply(struct db *db, const void *bytes, size_t size, const struct record_origin *o)
{
	struct record_op *op;
	bool within = db_within(db);
	int err;

	if (o->counter == 0 || o->counter > INT64_MAX || o->lamport > INT64_MAX || o->at > INT64_MAX)
		return CAIRN_ERR_FORMAT;
	op = malloc(sizeof(*op));
	if (op == NULL)
		return CAIRN_ERR_NOMEM;
	err = record_op_read(op, bytes, size);
	if (err == CAIRN_OK && !within)
		err = db_begin(db);
	if (err == CAIRN_OK) {
		err = apply_op(db, op, bytes, size, o);
		if (!within)
			err = db_end(db, err);
	}
	free(op);
	return err;
}

int
record_clock(struct db *db, const uint8_t device[CAIRN_DEVICE_ID_BYTES], uint64_t *ret_counter, uint64_t *ret_lamport)
{
	struct query q = record_query(db, RECORD_SQL_OP_COUNTER);
	uint64_t counter, lamport;
	int err;

	bind_bytes(&q, device, CAIRN_DEVICE_ID_BYTES);
	err = query_number(&q, &counter);
	if (err != CAIRN_OK)
		return err;
	q = record_query(db, RECORD_SQL_OP_CLOCK);
	err = query_number(&q, &lamport);
	if (err != CAIRN_OK)
		return err;
	*ret_counter = counter + 1;
	*ret_lamport = lamport + 1;
	return CAIRN_OK;
}

int
record_restored(struct db *db)
{
	struct query q = record_query(db, RECORD_SQL_FLOOR_LEAP);

	return query_run(&q);
}

/* ---- signatures ---- */

#define SIGNED_BYTES (14U + 2 * CAIRN_HASH_BYTES + CAIRN_DEVICE_ID_BYTES + 24U + RECORD_COMPARTMENT_BYTES)

static void
signed_text(uint8_t out[SIGNED_BYTES], const struct record_origin *o, const void *bytes, size_t size,
    const uint8_t desk_id[CAIRN_HASH_BYTES])
{
	uint8_t hash[CAIRN_HASH_BYTES];
	struct writer w;

	cairn_hash(hash, bytes, size);
	writer_init(&w, out, SIGNED_BYTES);
	write_text(&w, "cairn/1 record");
	write_bytes(&w, desk_id, CAIRN_HASH_BYTES);
	write_bytes(&w, o->device, sizeof(o->device));
	write_u64(&w, o->counter);
	write_u64(&w, o->lamport);
	write_u64(&w, o->at);
	write_bytes(&w, o->compartment, sizeof(o->compartment));
	write_bytes(&w, hash, sizeof(hash));
}

void
record_sign(uint8_t signature[64], const struct record_origin *o, const void *bytes, size_t size,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t secret[64])
{
	uint8_t text[SIGNED_BYTES];

	signed_text(text, o, bytes, size, desk_id);
	crypto_sign_detached(signature, NULL, text, sizeof(text), secret);
}

int
record_verify(const struct record_origin *o, const void *bytes, size_t size, const uint8_t desk_id[CAIRN_HASH_BYTES],
    const uint8_t key[32])
{
	uint8_t text[SIGNED_BYTES];

	signed_text(text, o, bytes, size, desk_id);
	return crypto_sign_verify_detached(o->signature, text, sizeof(text), key) == 0 ? CAIRN_OK : CAIRN_ERR_CRYPTO;
}
