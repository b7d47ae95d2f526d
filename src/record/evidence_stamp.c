// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/evidence_stamp.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "cairn/tlog.h"
#include "record/evidence_sql.h"
#include "record/evidence_token.h"

#define LEAF_LABEL "cairn/1 stamp"

struct stamp_leaf {
	bool real;
	uint8_t item[EVIDENCE_ITEM_BYTES];
	uint8_t hash[EVIDENCE_HASH_BYTES];
	uint8_t blind[32];
	uint8_t leaf[32]; /* as RFC 6962 hashes it */
};

struct stamp {
	size_t real;
	struct stamp_leaf leaves[EVIDENCE_LEAVES];
	uint8_t op[32 + EVIDENCE_TOKEN_MAX]; /* root, then the answer */
	size_t answer_bytes;
};

void
evidence_leaf(uint8_t out[32], const uint8_t entry_hash[EVIDENCE_HASH_BYTES], const uint8_t blind[32])
{
	uint8_t text[sizeof(LEAF_LABEL) - 1 + EVIDENCE_HASH_BYTES + 32];

	memcpy(text, LEAF_LABEL, sizeof(LEAF_LABEL) - 1);
	memcpy(text + sizeof(LEAF_LABEL) - 1, entry_hash, EVIDENCE_HASH_BYTES);
	memcpy(text + sizeof(LEAF_LABEL) - 1 + EVIDENCE_HASH_BYTES, blind, 32);
	cairn_hash(out, text, sizeof(text));
}

int
evidence_stamp_check(const struct evidence_entry *stamped)
{
	uint8_t proof[CAIRN_PROOF_HASHES_MAX][32], commitment[32], leaf[32];
	struct cairn_span bytes = stamped->fields[EVIDENCE_FIELD_PROOF];

	if (bytes.size > sizeof(proof))
		return CAIRN_ERR_CRYPTO;
	memcpy(proof, bytes.text, bytes.size);
	evidence_leaf(commitment, evidence_get(stamped, EVIDENCE_FIELD_STAMPED_ENTRY),
	    evidence_get(stamped, EVIDENCE_FIELD_BLIND));
	cairn_tree_leaf(leaf, commitment, sizeof(commitment));
	return cairn_tree_inclusion_check(get_u32(evidence_get(stamped, EVIDENCE_FIELD_LEAF)),
	    get_u32(evidence_get(stamped, EVIDENCE_FIELD_LEAVES)), leaf, evidence_get(stamped, EVIDENCE_FIELD_ROOT),
	    (const uint8_t(*)[32])proof, bytes.size / 32);
}

/* --- the tree of a tick --- */

static int
take_pending(struct evidence *ev, struct stamp *s)
{
	struct query q = evidence_query(ev->options.db, EVIDENCE_SQL_PENDING_NEXT);

	s->real = 0;
	bind_int(&q, EVIDENCE_LEAVES);
	while (s->real < EVIDENCE_LEAVES && query_row(&q)) {
		struct stamp_leaf *l = &s->leaves[s->real++];

		l->real = true;
		query_bytes(&q, 0, l->item, sizeof(l->item));
		query_bytes(&q, 1, l->hash, sizeof(l->hash));
	}
	return query_end(&q);
}

/* Real ones and dummies are hashed alike, and lie in random order. */
static void
fill_and_shuffle(struct stamp *s)
{
	uint8_t commitment[32];

	for (size_t i = 0; i < EVIDENCE_LEAVES; i++) {
		struct stamp_leaf *l = &s->leaves[i];

		randombytes_buf(l->blind, sizeof(l->blind));
		if (!l->real)
			randombytes_buf(l->hash, sizeof(l->hash));
		evidence_leaf(commitment, l->hash, l->blind);
		cairn_tree_leaf(l->leaf, commitment, sizeof(commitment));
	}
	for (uint32_t i = EVIDENCE_LEAVES - 1; i > 0; i--) {
		uint32_t j = randombytes_uniform(i + 1);
		struct stamp_leaf swap = s->leaves[i];

		s->leaves[i] = s->leaves[j];
		s->leaves[j] = swap;
	}
}

/* The root of 2^level leaves that begin at index << level. */
static int
subtree(void *arg, uint8_t out[32], unsigned level, uint64_t index)
{
	const struct stamp *s = arg;
	struct cairn_tree tree;
	int err = CAIRN_OK;

	cairn_tree_init(&tree);
	for (uint64_t i = index << level; err == CAIRN_OK && i < (index + 1) << level; i++)
		err = i < EVIDENCE_LEAVES ? cairn_tree_append(&tree, s->leaves[i].leaf, 0) : CAIRN_ERR_RANGE;
	cairn_tree_root(out, &tree);
	return err;
}

/* --- what comes of it --- */

static int
emit_stamped(struct evidence *ev, struct stamp *s, uint32_t index, uint64_t now)
{
	const struct stamp_leaf *l = &s->leaves[index];
	struct evidence_entry e = {.action = EVIDENCE_STAMPED};
	uint8_t proof[CAIRN_PROOF_HASHES_MAX][32], leaf[4], leaves[4];
	size_t count = 0;
	int err = cairn_tree_inclusion_prove(proof, &count, index, EVIDENCE_LEAVES, subtree, s);

	if (err != CAIRN_OK)
		return err;
	memcpy(e.item, l->item, sizeof(e.item));
	put_u32(leaf, index);
	put_u32(leaves, EVIDENCE_LEAVES);
	evidence_set(&e, EVIDENCE_FIELD_STAMPED_ENTRY, l->hash, sizeof(l->hash));
	evidence_set(&e, EVIDENCE_FIELD_BLIND, l->blind, sizeof(l->blind));
	evidence_set(&e, EVIDENCE_FIELD_LEAF, leaf, sizeof(leaf));
	evidence_set(&e, EVIDENCE_FIELD_LEAVES, leaves, sizeof(leaves));
	evidence_set(&e, EVIDENCE_FIELD_PROOF, proof, count * 32);
	evidence_set(&e, EVIDENCE_FIELD_ROOT, s->op, 32);
	return evidence_emit(ev, &e, now, NULL);
}

static int
commit_stamp(struct evidence *ev, struct stamp *s, uint64_t now)
{
	const struct evidence_options *o = &ev->options;
	int err = s->real == 0 ? CAIRN_OK : db_begin(o->db);

	/* A tick of dummies alone leaves nothing behind. */
	if (err != CAIRN_OK || s->real == 0)
		return err;
	err = evidence_token_store(ev, s->op, 32 + s->answer_bytes);
	if (err == CAIRN_OK && o->sink != NULL)
		err = o->sink(o->sink_arg, EVIDENCE_OP_TOKEN, s->op, 32 + s->answer_bytes);
	for (uint32_t i = 0; err == CAIRN_OK && i < EVIDENCE_LEAVES; i++)
		if (s->leaves[i].real)
			err = emit_stamped(ev, s, i, now);
	return db_end(o->db, err);
}

static int
ask(struct evidence *ev, const struct evidence_tsa *tsa, struct stamp *s)
{
	uint8_t request[EVIDENCE_ASK_MAX];
	struct evidence_token token;
	size_t bytes = 0;
	uint64_t nonce;
	int err = evidence_token_ask(request, sizeof(request), &bytes, s->op, &nonce);

	if (err == CAIRN_OK)
		err = tsa->post(tsa->arg, request, bytes, s->op + 32, EVIDENCE_TOKEN_MAX, &s->answer_bytes);
	if (err == CAIRN_ERR_IO && ev->trouble[0] == '\0')
		return evidence_trouble(ev, err,
		    "the time-stamping authority gave no answer: what waits is asked again at the next tick");
	if (err != CAIRN_OK)
		return err;
	err = evidence_token_check(&token, s->op + 32, s->answer_bytes, s->op, &nonce, tsa->ca);
	if (err == CAIRN_ERR_RANGE)
		return evidence_trouble(ev, err, "there is no certificate in the file of authorities");
	if (err != CAIRN_OK)
		return evidence_trouble(ev, err, "the answer of the time-stamping authority %s",
		    err == CAIRN_ERR_FORMAT
			? "is a refusal, or none at all"
			: "does not hold: another hash, or not signed under the certificates given");
	return CAIRN_OK;
}

/* --- the pace --- */

static int
take_turn(struct evidence *ev, uint32_t pace, uint64_t now, struct evidence_tick *tick)
{
	struct query q;
	uint64_t last;
	int err = db_begin(ev->options.db);

	if (err != CAIRN_OK)
		return err;
	q = evidence_query(ev->options.db, EVIDENCE_SQL_TICK_GET);
	err = query_number(&q, &last);
	tick->next = (now / pace + 1) * pace;
	/* Not "before": a clock that once ran ahead would hold up all stamps until then. */
	tick->due = last / pace != now / pace;
	if (err == CAIRN_OK && tick->due) {
		q = evidence_query(ev->options.db, EVIDENCE_SQL_TICK_PUT);
		bind_int(&q, now);
		err = query_run(&q);
	}
	return db_end(ev->options.db, err);
}

static int
count_waiting(struct evidence *ev, uint64_t *ret)
{
	struct query q = evidence_query(ev->options.db, EVIDENCE_SQL_PENDING_COUNT);

	return query_number(&q, ret);
}

static int
tick_now(struct evidence *ev, const struct evidence_tsa *tsa, uint64_t now, struct evidence_tick *tick)
{
	struct stamp *s = sodium_malloc(sizeof(*s));
	int err = s == NULL ? CAIRN_ERR_NOMEM : CAIRN_OK;

	if (err == CAIRN_OK) {
		memset(s, 0, sizeof(*s));
		err = take_pending(ev, s);
	}
	if (err == CAIRN_OK) {
		fill_and_shuffle(s);
		err = subtree(s, s->op, 6, 0);
	}
	if (err == CAIRN_OK)
		err = ask(ev, tsa, s);
	if (err == CAIRN_OK)
		err = commit_stamp(ev, s, now);
	if (err == CAIRN_OK)
		tick->stamped = s->real;
	sodium_free(s);
	return err;
}

int
evidence_stamp_tick(struct evidence *ev, const struct evidence_tsa *tsa, uint64_t now, struct evidence_tick *tick)
{
	uint32_t pace = tsa->pace_s == 0 ? EVIDENCE_TICK_S : tsa->pace_s;
	int err;

	memset(tick, 0, sizeof(*tick));
	ev->trouble[0] = '\0';
	/* The turn is noted before the request goes out: a crash must not lead to two in one step. */
	err = take_turn(ev, pace, now, tick);
	if (err == CAIRN_OK && tick->due)
		err = tick_now(ev, tsa, now, tick);
	if (err == CAIRN_OK)
		err = count_waiting(ev, &tick->waiting);
	return evidence_state_trouble(ev, err);
}
