// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/reader.h"
#include "carry/membership.h"
#include "carry/ops.h"
#include "fuzz.h"
#include "lib/many.h"
#include "record/read.h"
#include "record/together.h"

/*
 * What another device of the desk says of record and evidence, as the feed brings it: one operation after the other,
 * each u8 how, u16 length, body. What stands behind a signature is out of a fuzzer's reach: so a body may be taken as
 * what that device signs. Whatever it is, it stops nothing; twice is as once; and nothing of a case comes into the
 * desk's own record.
 */
enum how {
	AS_EVIDENCE = 1, /* else of the record */
	IN_A_CASE = 2,   /* told in a testimony, else in the desk's compartment of kind record */
	GIVEN_AGAIN = 4, /* by the device that reads, as for a new member */
	SIGNED = 8,      /* by the other device: behind its key in an entry, or behind a head of 24 bytes */
	CHAINED = 16,    /* an entry stands on the one before */
};

#define ENTRY_KEY 44U   /* where an entry has its key, */
#define ENTRY_PREVS 76U /* and behind it what it stands on */

static const char *const counted[] = {"SELECT count(*) FROM record_op", "SELECT count(*) FROM evidence_entry",
    "SELECT count(*) FROM evidence_token", "SELECT count(*) FROM evidence_waiting"};
#define COUNTED (sizeof(counted) / sizeof(counted[0]))

static struct desk desk;
static struct many_device *other;
static uint8_t places[2][OP_ID_BYTES];
static uint8_t last_entry[EVIDENCE_HASH_BYTES];

/* Two devices, the desk's compartment of kind record, and one testimony. */
static void
begin(void)
{
	uint8_t cases[2][OP_ID_BYTES] = {{0}};
	struct many *m = many_new("documentation");
	struct many_device *self = &m->devices[0];

	other = many_join(m, "documentation");
	FUZZ_CHECK(carry_open(self->carry, places[0], KIND_RECORD, cases[0], NULL, 0, false, m->now) == CAIRN_OK);
	FUZZ_CHECK(carry_open(self->carry, places[1], KIND_TESTIMONY, cases[1], NULL, 0, false, m->now) == CAIRN_OK);
	many_settle(m);
	FUZZ_CHECK(evidence_prepare(self->db) == CAIRN_OK && record_prepare(self->db) == CAIRN_OK);
	desk.state = self->db;
	desk.carry = self->carry;
	memcpy(desk.self.desk_id, self->self.desk_id, sizeof(desk.self.desk_id));
	memcpy(desk.self.device_id, self->self.device, sizeof(desk.self.device_id));
}

/* ---- signing ---- */

static size_t
sign_record(uint8_t *out, const uint8_t *in, size_t size, const uint8_t *place)
{
	struct record_origin origin = {.counter = 0};
	uint8_t signature[crypto_sign_BYTES];
	struct reader r;

	reader_init(&r, in, size);
	take_u64(&r, &origin.counter);
	take_u64(&r, &origin.lamport);
	take_u64(&r, &origin.at);
	if (r.failed)
		return 0;
	memcpy(origin.device, other->self.device, sizeof(origin.device));
	if (place == places[1])
		memcpy(origin.compartment, place, sizeof(origin.compartment));
	record_sign(signature, &origin, in + 24, size - 24, desk.self.desk_id, other->self.sign_secret);
	memcpy(out, origin.device, sizeof(origin.device));
	memcpy(out + 16, in, 24);
	memcpy(out + 40, signature, sizeof(signature));
	memcpy(out + 40 + sizeof(signature), in + 24, size - 24);
	return size + 16 + sizeof(signature);
}

/* In place: key, what it stands on, signature. */
static size_t
sign_evidence(uint8_t *out, const uint8_t *in, size_t size, bool chained)
{
	static const char context[] = "cairn/1 custody";
	uint8_t text[sizeof(context) - 1 + CAIRN_HASH_BYTES + OP_BODY_MAX];
	size_t signed_bytes = size - 1 - crypto_sign_BYTES;

	memcpy(out, in, size);
	if (size < 1 + ENTRY_PREVS + EVIDENCE_HASH_BYTES + crypto_sign_BYTES || out[0] != EVIDENCE_OP_ENTRY)
		return size;
	memcpy(out + 1 + ENTRY_KEY, other->self.sign_secret + 32, 32);
	if (chained)
		memcpy(out + 1 + ENTRY_PREVS, last_entry, sizeof(last_entry));
	memcpy(text, context, sizeof(context) - 1);
	memcpy(text + sizeof(context) - 1, desk.self.desk_id, CAIRN_HASH_BYTES);
	memcpy(text + sizeof(context) - 1 + CAIRN_HASH_BYTES, out + 1, signed_bytes);
	crypto_sign_detached(out + size - crypto_sign_BYTES, NULL, text,
	    sizeof(context) - 1 + CAIRN_HASH_BYTES + signed_bytes, other->self.sign_secret);
	evidence_entry_hash(last_entry, out + 1, size - 1);
	return size;
}

/* ---- telling ---- */

static uint64_t
count(const char *sql)
{
	struct query q = db_query(desk.state, sql);
	uint64_t n;

	FUZZ_CHECK(query_number(&q, &n) == CAIRN_OK);
	return n;
}

/* As the engine hands it on; twice, as a feed that was read again does. */
static void
tell(const struct op *op, const uint8_t *place)
{
	uint64_t before[COUNTED];

	FUZZ_CHECK(record_room.applied(&desk, op, place) == CAIRN_OK);
	for (size_t i = 0; i < COUNTED; i++)
		before[i] = count(counted[i]);
	FUZZ_CHECK(record_room.applied(&desk, op, place) == CAIRN_OK);
	for (size_t i = 0; i < COUNTED; i++)
		FUZZ_CHECK(before[i] == count(counted[i]));
}

/* An operation with that body, as its own device says it, or as another gives it again. */
static void
say_one(uint16_t type, const uint8_t *bytes, size_t size, const uint8_t *place, bool again)
{
	static uint8_t body[2][OP_BODY_MAX];
	struct op_record said = {{(const char *)bytes, size}};
	struct op op = {.type = type, .counter = 1, .lamport = 1000, .time = 1000};
	struct writer w;

	memcpy(op.device, other->self.device, sizeof(op.device));
	writer_init(&w, body[0], sizeof(body[0]));
	op_body_write(&w, type, &said); /* both types have the one field */
	op.body = (struct cairn_span){(const char *)body[0], w.used};
	if (again) {
		struct op_again give = {.counter = 1, .lamport = 1000, .time = 1000, .type = type, .body = op.body};

		memcpy(give.device, op.device, sizeof(give.device));
		memcpy(op.device, desk.self.device_id, sizeof(op.device));
		op.type = OP_AGAIN;
		writer_init(&w, body[1], sizeof(body[1]));
		op_body_write(&w, OP_AGAIN, &give);
		op.body = (struct cairn_span){(const char *)body[1], w.used};
	}
	if (!w.failed)
		tell(&op, place);
}

static void
take_one(uint8_t how, const uint8_t *bytes, size_t size)
{
	static uint8_t body[OP_BODY_MAX];
	const uint8_t *place = places[(how & IN_A_CASE) != 0];
	uint16_t type = (how & AS_EVIDENCE) != 0 ? OP_EVIDENCE : OP_RECORD;

	if (size > OP_BODY_MAX - 256)
		return;
	if ((how & SIGNED) == 0)
		memcpy(body, bytes, size);
	else if (type == OP_RECORD)
		size = sign_record(body, bytes, size, place);
	else
		size = sign_evidence(body, bytes, size, (how & CHAINED) != 0);
	say_one(type, body, size, place, (how & GIVEN_AGAIN) != 0);
}

/* ---- what is there then ---- */

static int
see_item(void *arg, const struct evidence_item *item)
{
	(void)arg;
	FUZZ_CHECK(!item->here && item->media[EVIDENCE_MEDIA_MAX - 1] == '\0');
	return CAIRN_OK;
}

static void
look(void)
{
	struct evidence ev = {.options = {.db = desk.state}, .folder = -1};
	struct record_head *heads;
	size_t n;

	FUZZ_CHECK(evidence_list(&ev, see_item, NULL) == CAIRN_OK);
	FUZZ_CHECK(record_list(desk.state, NULL, &heads, &n) == CAIRN_OK);
	for (size_t i = 0; i < n; i++) {
		struct record_change change;

		FUZZ_CHECK(record_load(desk.state, &heads[i], &change) == CAIRN_OK);
		FUZZ_CHECK(sodium_is_zero(heads[i].compartment, OP_ID_BYTES) ||
		    memcmp(heads[i].compartment, places[1], OP_ID_BYTES) == 0);
		record_change_clear(&change);
	}
	free(heads);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct reader r;

	if (other == NULL)
		begin();
	memset(last_entry, 0, sizeof(last_entry));
	FUZZ_CHECK(db_begin(desk.state) == CAIRN_OK);
	reader_init(&r, bytes, size);
	for (;;) {
		const uint8_t *body;
		uint16_t length = 0;
		uint8_t how = 0;

		take_u8(&r, &how);
		take_u16(&r, &length);
		body = take_view(&r, length);
		if (r.failed)
			break;
		take_one(how, body, length);
	}
	look();
	FUZZ_CHECK(db_end(desk.state, CAIRN_ERR_STATE) == CAIRN_ERR_STATE);
	return 0;
}
