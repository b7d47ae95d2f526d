// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/letter.h"

#include <string.h>

#include <sodium.h>

#include "site/erasable.h"
#include "site/petition_sql.h"

#define DAY_S UINT64_C(86400)
/* A relay takes cells whose day is its own, or the one before or after; it tells the desk no hour. */
#define ARRIVAL_DAYS 1U

static struct erasable
letter_who(uint8_t room[ERASABLE_WHO_MAX], const uint8_t msgid[CAIRN_MSGID_BYTES])
{
	static const char what[] = "site letter";

	memcpy(room, what, sizeof(what));
	memcpy(room + sizeof(what), msgid, CAIRN_MSGID_BYTES);
	return (struct erasable){room, sizeof(what) + CAIRN_MSGID_BYTES};
}

int
letter_add(struct db *db, const uint8_t msgid[CAIRN_MSGID_BYTES], uint32_t day, const uint8_t *records, size_t bytes)
{
	uint8_t key[ERASURE_SEALED_BYTES], words[CAIRN_DROP_PLAIN_BYTES + ERASABLE_COST], room[ERASABLE_WHO_MAX];
	struct query q;
	int err;

	if (bytes > CAIRN_DROP_PLAIN_BYTES)
		return CAIRN_ERR_RANGE;
	err = erasable_seal(db, key, words, letter_who(room, msgid), records, bytes);
	if (err != CAIRN_OK)
		return err;
	q = petition_query(db, PETITION_SQL_LETTER_ADD);
	bind_bytes(&q, msgid, CAIRN_MSGID_BYTES);
	bind_int(&q, day);
	bind_bytes(&q, key, sizeof(key));
	bind_bytes(&q, words, bytes + ERASABLE_COST);
	return query_run(&q);
}

/* ---- what it says ---- */

static struct cairn_span
value(const struct letter *letter, uint16_t type)
{
	struct cairn_record record;

	if (!cairn_tlv_find(letter->records, sizeof(letter->records), type, &record))
		return (struct cairn_span){"", 0};
	return (struct cairn_span){(const char *)record.value, record.bytes};
}

static void
read_text(struct letter *out)
{
	struct cairn_text_part part;
	struct cairn_record record;

	out->text = (struct cairn_span){"", 0};
	if (cairn_tlv_find(out->records, sizeof(out->records), CAIRN_TLV_text, &record) &&
	    cairn_text_read(&part, &record) == CAIRN_OK)
		out->text = (struct cairn_span){part.text, part.bytes};
}

static void
read_proof(struct letter *out)
{
	struct cairn_record record;
	struct cairn_proof proof;

	out->page = out->token = (struct cairn_span){"", 0};
	if (!cairn_tlv_find(out->records, sizeof(out->records), CAIRN_TLV_proof, &record) ||
	    cairn_proof_read(&proof, &record) != CAIRN_OK)
		return;
	if (proof.kind == CAIRN_PROOF_PAGE)
		out->page = proof.value;
	else
		out->token = proof.value;
	memcpy(out->blind, proof.blind, sizeof out->blind);
}

int
letter_read(struct letter *out)
{
	struct cairn_record record;

	if (out->bytes + 2 > sizeof(out->records))
		return CAIRN_ERR_FORMAT;
	memset(out->records + out->bytes, 0, sizeof(out->records) - out->bytes);
	out->entry = value(out, CAIRN_TLV_comment);
	out->name = value(out, CAIRN_TLV_name);
	out->country = value(out, CAIRN_TLV_country);
	out->title = value(out, CAIRN_TLV_title);
	out->place = value(out, CAIRN_TLV_place);
	read_text(out);
	read_proof(out);
	out->kind = LETTER_COMMENT;
	if (cairn_slug_ok(out->entry))
		return out->text.size > 0 ? CAIRN_OK : CAIRN_ERR_FORMAT;
	out->kind = LETTER_GATHERING;
	if (!cairn_tlv_find(out->records, sizeof(out->records), CAIRN_TLV_gathering, &record))
		return CAIRN_ERR_FORMAT;
	return cairn_gathering_read(&out->when, &record);
}

/* The comment as a proof is bound to it. */
static void
hash_of(uint8_t hash[CAIRN_HASH_BYTES], const struct letter *letter)
{
	cairn_comment_hash(hash, letter->token.size > 0 ? letter->blind : NULL, letter->entry, letter->name,
	    letter->text);
}

void
letter_code(char out[LETTER_CODE_BYTES], const struct letter *letter)
{
	uint8_t hash[CAIRN_HASH_BYTES];

	hash_of(hash, letter);
	memcpy(out, "cairn-", 6);
	sodium_bin2hex(out + 6, LETTER_CODE_BYTES - 6, hash, 16);
}

int
letter_named(struct letter_named *named, const char **why, const struct letter *letter, const GPtrArray *issuers)
{
	struct openid_wanted wanted = {.from_s =
	    letter->day < ARRIVAL_DAYS ? 0 : (letter->day - ARRIVAL_DAYS) * DAY_S,
	    .to_s = (letter->day + ARRIVAL_DAYS + 1) * DAY_S};
	const struct issuer *issuer;
	int err;

	*named = (struct letter_named){.name = ""};
	*why = "no token came with it";
	if (letter->token.size == 0 || letter->kind != LETTER_COMMENT)
		return CAIRN_ERR_STATE;
	hash_of(wanted.hash, letter);
	err = openid_check(named->name, &issuer, why, issuers, letter->token, &wanted);
	if (err == CAIRN_OK)
		(void)g_strlcpy(named->by, issuer->title, sizeof named->by);
	else
		named->name[0] = '\0';
	return err;
}

/* ---- those that wait ---- */

static int
letter_row(struct db *db, struct letter *out, enum petition_statement which, uint64_t n)
{
	struct query q = petition_query(db, which);
	uint8_t msgid[CAIRN_MSGID_BYTES], room[ERASABLE_WHO_MAX];
	bool found;
	int err;

	memset(out, 0, sizeof(*out));
	bind_int(&q, n);
	found = query_row(&q) && query_int(&q, 2) == 0;
	if (found) {
		out->n = query_int(&q, 0);
		out->day = (uint32_t)query_int(&q, 1);
		out->proven = query_int(&q, 3) != 0;
		query_bytes(&q, 6, msgid, sizeof(msgid));
		out->bytes = erasable_open(&q, 4, 5, letter_who(room, msgid), out->records, sizeof(out->records));
	}
	err = query_end(&q);
	return err == CAIRN_OK && !found ? CAIRN_ERR_UNKNOWN : err;
}

int
letter_next(struct db *db, struct letter *out, uint64_t n)
{
	int err;

	/* What says nothing is for nobody to decide. */
	while ((err = letter_row(db, out, PETITION_SQL_LETTER_LIST, n)) == CAIRN_OK && letter_read(out) != CAIRN_OK)
		n = out->n;
	if (err != CAIRN_ERR_UNKNOWN)
		return err;
	out->n = 0;
	return CAIRN_OK;
}

int
letter_get(struct db *db, struct letter *out, uint64_t n)
{
	int err = letter_row(db, out, PETITION_SQL_LETTER_GET, n);

	return err == CAIRN_OK ? letter_read(out) : err;
}

int
letter_decided(struct db *db, uint64_t n, bool accepted)
{
	struct query q;
	int err = db_begin(db);

	if (err != CAIRN_OK)
		return err;
	q = petition_query(db, PETITION_SQL_LETTER_DONE);
	bind_int(&q, n);
	bind_int(&q, accepted ? 1 : 2);
	err = query_run(&q);
	if (err == CAIRN_OK)
		err = erasure_owe(erasure_of(db));
	err = db_end(db, err);
	return err == CAIRN_OK ? erasure_settle(erasure_of(db)) : err;
}

int
letter_proven(struct db *db, uint64_t n)
{
	struct query q = petition_query(db, PETITION_SQL_LETTER_PROVEN);

	bind_int(&q, n);
	return query_run(&q);
}
