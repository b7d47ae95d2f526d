// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/petition.h"

#include <ctype.h>
#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "site/erasable.h"
#include "site/petition_inside.h"
#include "site/petition_sql.h"
#include "site/text.h"

int
petition_prepare(struct db *db)
{
	return db_script(db, petition_schema);
}

/* ---- keys ---- */

static const char *const key_names[] = {[PETITION_KEY_PRINTS] = "prints key", [PETITION_KEY_NAMES] = "names key"};

struct erasable
petition_who(char room[ERASABLE_WHO_MAX], const char *what, uint64_t petition, const uint8_t *mark)
{
	int bytes = snprintf(room, ERASABLE_WHO_MAX, "petition %s %llu ", what, (unsigned long long)petition);

	if (mark != NULL) {
		memcpy(room + bytes, mark, PETITION_MARK_BYTES);
		bytes += (int)PETITION_MARK_BYTES;
	}
	return (struct erasable){room, (size_t)bytes};
}

int
petition_key_open(struct db *db, uint8_t key[ERASURE_KEY_BYTES], uint64_t petition, enum petition_key which)
{
	struct query q = petition_query(db, PETITION_SQL_KEY_GET);
	uint8_t sealed[ERASURE_SEALED_BYTES];
	char room[ERASABLE_WHO_MAX];
	struct erasable who = petition_who(room, key_names[which], petition, NULL);
	bool found;
	int err;

	memset(key, 0, ERASURE_KEY_BYTES);
	bind_int(&q, petition);
	bind_int(&q, which);
	found = query_row(&q);
	if (found) {
		query_bytes(&q, 0, sealed, sizeof(sealed));
		if (q.err == CAIRN_OK)
			q.err = erasure_open(erasure_of(db), key, sealed, who.who, who.who_bytes);
	}
	err = query_end(&q);
	return err == CAIRN_OK && !found ? CAIRN_ERR_UNKNOWN : err;
}

static int
key_make(struct db *db, uint8_t key[ERASURE_KEY_BYTES], uint64_t petition, enum petition_key which)
{
	uint8_t sealed[ERASURE_SEALED_BYTES];
	char room[ERASABLE_WHO_MAX];
	struct erasable who = petition_who(room, key_names[which], petition, NULL);
	struct query q;
	int err;

	randombytes_buf(key, ERASURE_KEY_BYTES);
	err = erasure_seal(erasure_of(db), sealed, key, who.who, who.who_bytes);
	if (err != CAIRN_OK)
		return err;
	q = petition_query(db, PETITION_SQL_KEY_ADD);
	bind_int(&q, petition);
	bind_int(&q, which);
	bind_bytes(&q, sealed, sizeof(sealed));
	return query_run(&q);
}

/* Made at its first use; anew where a vault was made out of a backup. */
static int
key_want(struct db *db, uint8_t key[ERASURE_KEY_BYTES], uint64_t petition, enum petition_key which)
{
	int err = petition_key_open(db, key, petition, which);

	return err == CAIRN_ERR_UNKNOWN ? key_make(db, key, petition, which) : err;
}

static int
petition_make(struct db *db, uint64_t *ret_n, struct cairn_span name)
{
	struct query q = petition_query(db, PETITION_SQL_ADD);
	int err;

	bind_text(&q, name);
	err = query_run(&q);
	*ret_n = db_last_row(db);
	return err;
}

static int
row_find(struct db *db, struct petition_count *out, struct cairn_span name)
{
	struct query q = petition_query(db, PETITION_SQL_GET);
	bool found;
	int err;

	*out = (struct petition_count){0};
	bind_text(&q, name);
	found = query_row(&q);
	if (found) {
		out->n = query_int(&q, 0);
		out->closed = query_int(&q, 1);
		out->repeated = query_int(&q, 2);
	}
	err = query_end(&q);
	return err == CAIRN_OK && !found ? CAIRN_ERR_UNKNOWN : err;
}

int
petition_find(struct db *db, uint64_t *ret_n, struct cairn_span name, bool make)
{
	struct petition_count row;
	int err = row_find(db, &row, name);

	*ret_n = row.n;
	return err == CAIRN_ERR_UNKNOWN && make ? petition_make(db, ret_n, name) : err;
}

/* ---- a signature ---- */

/* One that is on its way into the count. */
struct signing {
	struct db *db;
	const struct petition_signature *given;
	uint64_t n;
	enum mark_state state;
	uint8_t print[PETITION_PRINT_BYTES];
	bool has_print;
	uint8_t name[PETITION_NAME_MAX + ERASABLE_COST];
	bool has_name;
};

int
mark_state_get(struct db *db, uint64_t petition, const uint8_t mark[PETITION_MARK_BYTES], enum mark_state *ret,
    bool *ret_found)
{
	struct query q = petition_query(db, PETITION_SQL_MARK_GET);

	bind_int(&q, petition);
	bind_bytes(&q, mark, PETITION_MARK_BYTES);
	*ret_found = query_row(&q);
	*ret = *ret_found ? (enum mark_state)query_int(&q, 0) : MARK_COUNTED;
	return query_end(&q);
}

int
mark_state_put(struct db *db, uint64_t petition, const uint8_t mark[PETITION_MARK_BYTES], enum mark_state state)
{
	struct query q = petition_query(db, PETITION_SQL_MARK_STATE);

	bind_int(&q, petition);
	bind_bytes(&q, mark, PETITION_MARK_BYTES);
	bind_int(&q, state);
	return query_run(&q);
}

int
petition_print_count(struct db *db, uint64_t petition, const uint8_t print[PETITION_PRINT_BYTES], bool waiting,
    uint64_t *ret)
{
	struct query q = petition_query(db, waiting ? PETITION_SQL_PRINT_WAITING : PETITION_SQL_PRINT_COUNTED);

	bind_int(&q, petition);
	bind_bytes(&q, print, PETITION_PRINT_BYTES);
	return query_number(&q, ret);
}

/* Whoever does not say where he is, or is where an address endangers him, should not have been asked. */
static bool
address_wanted(const struct petition_rules *rules, const struct petition_rule *rule,
    const struct petition_signature *s)
{
	struct cairn_span hostile = rules->hostile;

	if (!rule->asks_e_mail || s->e_mail.size == 0 || s->e_mail.size > PETITION_ADDRESS_MAX ||
	    s->country.size == 0)
		return false;
	while (hostile.size > 0)
		if (span_same(span_trim(span_cut(&hostile, ',')), s->country))
			return false;
	return true;
}

/* No case: "A@b.example" and "a@B.example" are one person's. */
static int
print_make(struct signing *s)
{
	static const char label[] = "address";
	uint8_t key[ERASURE_KEY_BYTES];
	crypto_generichash_state hash;
	int err = key_want(s->db, key, s->n, PETITION_KEY_PRINTS);

	if (err == CAIRN_OK) {
		crypto_generichash_init(&hash, key, sizeof(key), sizeof(s->print));
		crypto_generichash_update(&hash, (const uint8_t *)label, sizeof(label));
		for (size_t i = 0; i < s->given->e_mail.size; i++) {
			uint8_t c = (uint8_t)tolower((uint8_t)s->given->e_mail.text[i]);

			crypto_generichash_update(&hash, &c, 1);
		}
		crypto_generichash_final(&hash, s->print, sizeof(s->print));
		sodium_memzero(&hash, sizeof(hash));
		s->has_print = true;
	}
	sodium_memzero(key, sizeof(key));
	return err;
}

static int
address_keep(struct signing *s)
{
	uint8_t key[ERASURE_SEALED_BYTES], words[PETITION_ADDRESS_MAX + ERASABLE_COST];
	struct cairn_span address = s->given->e_mail;
	char room[ERASABLE_WHO_MAX];
	struct query q;
	int err = erasable_seal(s->db, key, words, petition_who(room, "address", s->n, s->given->mark), address.text,
	    address.size);

	if (err != CAIRN_OK)
		return err;
	q = petition_query(s->db, PETITION_SQL_ADDRESS_ADD);
	bind_int(&q, s->n);
	bind_bytes(&q, s->given->mark, PETITION_MARK_BYTES);
	bind_bytes(&q, key, sizeof(key));
	bind_bytes(&q, words, address.size + ERASABLE_COST);
	return query_run(&q);
}

static int
signing_address(struct signing *s)
{
	uint64_t counted = 0, waiting = 0;
	int err = print_make(s);

	if (err == CAIRN_OK)
		err = petition_print_count(s->db, s->n, s->print, false, &counted);
	if (err == CAIRN_OK && counted == 0)
		err = petition_print_count(s->db, s->n, s->print, true, &waiting);
	if (err != CAIRN_OK)
		return err;
	s->state = counted > 0 || waiting >= PETITION_LETTERS_MAX ? MARK_SAME : MARK_WAITS;
	return s->state == MARK_WAITS ? address_keep(s) : CAIRN_OK;
}

static int
signing_name(struct signing *s)
{
	uint8_t key[ERASURE_KEY_BYTES];
	char room[ERASABLE_WHO_MAX];
	int err = key_want(s->db, key, s->n, PETITION_KEY_NAMES);

	if (err == CAIRN_OK)
		words_under(s->name, key, petition_who(room, "name", s->n, s->given->mark), s->given->name.text,
		    s->given->name.size);
	s->has_name = err == CAIRN_OK;
	sodium_memzero(key, sizeof(key));
	return err;
}

static int
signing_add(struct signing *s)
{
	struct query q = petition_query(s->db, PETITION_SQL_MARK_ADD);
	struct cairn_span country = s->given->country;

	bind_int(&q, s->n);
	bind_bytes(&q, s->given->mark, PETITION_MARK_BYTES);
	bind_int(&q, s->state);
	if (country.size == 0)
		bind_null(&q);
	else
		bind_text(&q, country);
	bind_bytes(&q, s->has_print ? s->print : NULL, sizeof(s->print));
	bind_bytes(&q, s->has_name ? s->name : NULL, s->given->name.size + ERASABLE_COST);
	return query_run(&q);
}

/* A mark that is there already. */
static int
sign_again(struct db *db, enum petition_taken *ret, uint64_t n, const uint8_t *mark, enum mark_state state)
{
	struct query q;

	if (state == MARK_AHEAD) {
		*ret = PETITION_WITHDRAWN;
		return mark_state_put(db, n, mark, MARK_WITHDRAWN);
	}
	*ret = PETITION_REPEATED;
	q = petition_query(db, PETITION_SQL_REPEATED);
	bind_int(&q, n);
	return query_run(&q);
}

static int
sign_new(struct signing *s, enum petition_taken *ret, bool address)
{
	static const enum petition_taken taken[] = {
	    [MARK_COUNTED] = PETITION_COUNTED, [MARK_WAITS] = PETITION_WAITS, [MARK_SAME] = PETITION_SAME};
	int err = address ? signing_address(s) : CAIRN_OK;

	if (err == CAIRN_OK && s->given->name.size > 0 && s->given->name.size <= PETITION_NAME_MAX &&
	    s->state != MARK_SAME)
		err = signing_name(s);
	if (err == CAIRN_OK)
		err = signing_add(s);
	*ret = taken[s->state];
	return err;
}

int
petition_sign(struct db *db, enum petition_taken *ret, const struct petition_rules *rules,
    const struct petition_rule *rule, const struct petition_signature *signature)
{
	struct signing s = {.db = db, .given = signature};
	struct petition_count row;
	enum mark_state state;
	bool found;
	int err = petition_find(db, &s.n, rule->name, true);

	if (err == CAIRN_OK)
		err = row_find(db, &row, rule->name);
	if (err == CAIRN_OK)
		err = mark_state_get(db, s.n, signature->mark, &state, &found);
	if (err != CAIRN_OK)
		return err;
	if (found)
		return sign_again(db, ret, s.n, signature->mark, state);
	if (row.closed != 0 || (rule->closes != 0 && signature->day > rule->closes)) {
		*ret = PETITION_LATE;
		return CAIRN_OK;
	}
	return sign_new(&s, ret, address_wanted(rules, rule, signature));
}

/* ---- taken back ---- */

static int
withdraw_known(struct db *db, uint64_t n, const uint8_t mark[PETITION_MARK_BYTES])
{
	static const enum petition_statement each[] = {PETITION_SQL_MARK_WITHDRAW, PETITION_SQL_ADDRESS_DROP_MARK};
	int err = CAIRN_OK;

	for (size_t i = 0; i < sizeof(each) / sizeof(each[0]) && err == CAIRN_OK; i++) {
		struct query q = petition_query(db, each[i]);

		bind_int(&q, n);
		bind_bytes(&q, mark, PETITION_MARK_BYTES);
		err = query_run(&q);
	}
	return err == CAIRN_OK && db_changes(db) > 0 ? erasure_owe(erasure_of(db)) : err;
}

int
petition_withdraw(struct db *db, bool *ret_new, struct cairn_span name, const uint8_t code[CAIRN_CODE_BYTES])
{
	struct petition_signature none = {.day = 0};
	struct signing s = {.db = db, .given = &none, .state = MARK_AHEAD};
	uint8_t mark[CAIRN_MARK_BYTES];
	enum mark_state state;
	bool found;
	int err = cairn_petition_mark(mark, name, code);

	*ret_new = false;
	if (err == CAIRN_OK)
		err = petition_find(db, &s.n, name, true);
	if (err == CAIRN_OK)
		err = mark_state_get(db, s.n, mark, &state, &found);
	if (err != CAIRN_OK)
		return err;
	memcpy(none.mark, mark, sizeof(none.mark));
	if (!found)
		return signing_add(&s);
	*ret_new = state == MARK_COUNTED;
	/* What was not counted is out of the count already: only its traces go. */
	if (state == MARK_WITHDRAWN || state == MARK_AHEAD)
		return CAIRN_OK;
	err = withdraw_known(db, s.n, mark);
	return err == CAIRN_OK && state != MARK_COUNTED ? mark_state_put(db, s.n, mark, MARK_AHEAD) : err;
}

/* ---- the count ---- */

static void
count_state(struct petition_count *out, enum mark_state state, uint64_t count)
{
	switch (state) {
	case MARK_COUNTED:
		out->counted = count;
		break;
	case MARK_WITHDRAWN:
		out->withdrawn = count;
		break;
	case MARK_WAITS:
		out->waiting = count;
		break;
	case MARK_SAME:
		out->same = count;
		break;
	default:
		break;
	}
}

int
petition_counted(struct db *db, struct petition_count *out, struct cairn_span name)
{
	struct query q;
	int err = row_find(db, out, name);

	if (err != CAIRN_OK)
		return err;
	q = petition_query(db, PETITION_SQL_MARK_COUNT);
	bind_int(&q, out->n);
	while (query_row(&q))
		count_state(out, (enum mark_state)query_int(&q, 0), query_int(&q, 1));
	return query_end(&q);
}

int
petition_next(struct db *db, char name[CAIRN_SLUG_MAX + 1])
{
	struct query q = petition_query(db, PETITION_SQL_LIST);
	char before[CAIRN_SLUG_MAX + 1];

	memcpy(before, name, sizeof(before));
	bind_text(&q, text_of(before));
	name[0] = '\0';
	if (query_row(&q))
		query_text(&q, 0, name, CAIRN_SLUG_MAX + 1);
	return query_end(&q);
}

static int
close_within(struct db *db, uint64_t n, uint64_t now)
{
	static const enum petition_statement rest[] = {
	    PETITION_SQL_KEY_DROP, PETITION_SQL_CLOSE_MARKS, PETITION_SQL_CLOSE_ADDRESSES};
	struct query q = petition_query(db, PETITION_SQL_CLOSE);
	int err;

	bind_int(&q, n);
	bind_int(&q, now);
	err = query_run(&q);
	for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]) && err == CAIRN_OK; i++) {
		q = petition_query(db, rest[i]);
		bind_int(&q, n);
		err = query_run(&q);
	}
	return err == CAIRN_OK ? erasure_owe(erasure_of(db)) : err;
}

int
petition_close(struct db *db, struct cairn_span name, uint64_t now)
{
	struct petition_count row;
	int err = db_begin(db);

	if (err != CAIRN_OK)
		return err;
	err = row_find(db, &row, name);
	if (err == CAIRN_OK && row.closed != 0)
		err = CAIRN_ERR_CONFLICT;
	if (err == CAIRN_OK)
		err = close_within(db, row.n, now);
	err = db_end(db, err);
	return err == CAIRN_OK ? erasure_settle(erasure_of(db)) : err;
}
