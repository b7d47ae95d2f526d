// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/bytes.h"
#include "desk/state.h"
#include "desk/words.h"
#include "site/campaign_take.h"
#include "site/letter.h"
#include "site/petition_inside.h"

#define NOW (UINT64_C(20779) * 86400)
#define TODAY 20779U
#define NAME "protect-them"
#define MANY 100000U

static const struct erasure_column columns[] = {STATE_ERASURE_COLUMNS, PETITION_ERASURE_COLUMNS, ERASURE_COLUMNS_END};

/* A desk's database, the letters that are put into it, and what the sources say. */
struct desk_room {
	char path[64];
	struct db *db;
	struct petition_rule rule;
	struct petition_rules rules;
	uint64_t letters;
	struct campaign_tally tally;
};

static struct cairn_span
span(const char *text)
{
	return (struct cairn_span){text, strlen(text)};
}

static int
begin(void **state)
{
	struct desk_room *r = calloc(1, sizeof(*r));
	struct erasure *erasure;
	int fd;

	snprintf(r->path, sizeof(r->path), "/tmp/cairn-petition-XXXXXX");
	fd = mkstemp(r->path);
	assert_true(fd >= 0);
	close(fd);
	assert_ok(db_open(&r->db, r->path, NULL));
	assert_ok(state_tables(r->db));
	assert_ok(erasure_new_memory(&erasure, r->db, columns));
	assert_ok(petition_prepare(r->db));
	r->rule = (struct petition_rule){span(NAME), true, 0};
	r->rules = (struct petition_rules){&r->rule, 1, {"RU,BY", 5}};
	*state = r;
	return 0;
}

static int
end(void **state)
{
	struct desk_room *r = *state;

	db_close(r->db);
	unlink(r->path);
	free(r);
	return 0;
}

/* ---- letters ---- */

struct pen {
	uint8_t bytes[CAIRN_DROP_PLAIN_BYTES];
	size_t used;
};

static void
put(struct pen *pen, uint16_t type, const void *value, size_t bytes)
{
	put_u16(pen->bytes + pen->used, type);
	put_u16(pen->bytes + pen->used + 2, (uint16_t)bytes);
	memcpy(pen->bytes + pen->used + 4, value, bytes);
	pen->used += 4 + bytes;
}

/* As receive_cell() keeps a letter without a conversation. In a transaction. */
static void
post(struct desk_room *r, const struct pen *pen)
{
	uint8_t sealed[CAIRN_DROP_PLAIN_BYTES + WORDS_COST], msgid[CAIRN_MSGID_BYTES] = {0};
	struct query q;

	put_u64(msgid, ++r->letters);
	assert_ok(words_seal(r->db, sealed, 0, pen->bytes, pen->used));
	q = db_query(r->db, "INSERT INTO message (conv, msgid, door, day, at, records) VALUES (0,?,2,20779,1,?)");
	bind_bytes(&q, msgid, sizeof(msgid));
	bind_bytes(&q, sealed, pen->used + WORDS_COST);
	assert_ok(query_run(&q));
}

static void
code_of(uint8_t code[CAIRN_CODE_BYTES], uint64_t who)
{
	memset(code, 7, CAIRN_CODE_BYTES);
	put_u64(code, who);
}

static void
sign_for(struct desk_room *r, const char *petition, uint64_t who, const char *country, const char *e_mail,
    const char *name)
{
	uint8_t value[CAIRN_MARK_BYTES + CAIRN_SLUG_MAX], code[CAIRN_CODE_BYTES];
	struct pen pen = {.used = 0};

	code_of(code, who);
	assert_ok(cairn_petition_mark(value, span(petition), code));
	memcpy(value + CAIRN_MARK_BYTES, petition, strlen(petition));
	put(&pen, CAIRN_TLV_signature, value, CAIRN_MARK_BYTES + strlen(petition));
	if (country != NULL)
		put(&pen, CAIRN_TLV_country, country, 2);
	if (e_mail != NULL)
		put(&pen, CAIRN_TLV_e_mail, e_mail, strlen(e_mail));
	if (name != NULL)
		put(&pen, CAIRN_TLV_name, name, strlen(name));
	post(r, &pen);
}

static void
withdraw(struct desk_room *r, uint64_t who)
{
	uint8_t value[CAIRN_CODE_BYTES + CAIRN_SLUG_MAX];
	struct pen pen = {.used = 0};

	code_of(value, who);
	memcpy(value + CAIRN_CODE_BYTES, NAME, strlen(NAME));
	put(&pen, CAIRN_TLV_withdrawal, value, CAIRN_CODE_BYTES + strlen(NAME));
	post(r, &pen);
}

#define WITHIN(r, what)                      \
	do {                                 \
		assert_ok(db_begin((r)->db)); \
		what;                        \
		assert_ok(db_end((r)->db, CAIRN_OK)); \
	} while (0)

static struct petition_count
taken(struct desk_room *r)
{
	struct petition_count count;

	assert_ok(campaign_take(r->db, &r->tally, &r->rules));
	assert_ok(petition_counted(r->db, &count, span(NAME)));
	return count;
}

static uint64_t
number(struct desk_room *r, const char *sql)
{
	struct query q = db_query(r->db, sql);
	uint64_t n;

	assert_ok(query_number(&q, &n));
	return n;
}

/* Answers every letter that waits, as a mailbox would hold it. Returns how many there were. */
static size_t
answer_all(struct desk_room *r, struct petition_confirmed *confirmed)
{
	GString *box = g_string_new("From: somebody\n");
	struct petition_address a = {.n = 0};
	size_t count = 0;
	uint64_t n;
	bool found = true;

	assert_ok(petition_find(r->db, &n, span(NAME), false));
	while (found) {
		assert_ok(petition_address_next(r->db, &a, n, a.n, &found));
		if (found)
			g_string_append_printf(box, "Subject: Re: %s\n\n> hello\n", a.code);
		count += found;
	}
	WITHIN(r, assert_ok(petition_confirm(r->db, confirmed, (struct cairn_span){box->str, box->len})));
	g_string_free(box, TRUE);
	return count;
}

/* ---- tests ---- */

/* Of each 100 letters: 10 the same mark again, 10 an address that has signed, 5 of the others taken back. */
static void
a_hundred_thousand_signatures_are_counted_exactly(void **state)
{
	struct desk_room *r = *state;
	struct petition_confirmed confirmed;
	struct petition_count count;
	uint32_t who[MANY];
	char address[48];
	GString *marks = g_string_new(NULL);

	assert_ok(db_begin(r->db));
	for (uint32_t i = 0; i < MANY; i++)
		who[i] = i;
	for (uint32_t i = MANY - 1; i > 0; i--) {
		uint32_t j = randombytes_uniform(i + 1), was = who[i];

		who[i] = who[j];
		who[j] = was;
	}
	for (uint32_t i = 0; i < MANY; i++) {
		uint32_t kind = who[i] % 100, base = who[i] - kind;

		/* 0 to 9 have an address; 10 to 19 sign with it again; 20 to 29 are the marks of 30 to 39 again. */
		snprintf(address, sizeof(address), kind < 10 ? "a%u@b.example" : "A%u@B.example", base + kind % 10);
		sign_for(r, NAME, kind >= 20 && kind < 30 ? base + kind + 10 : who[i], kind % 2 == 0 ? "DE" : "GB",
		    kind < 20 ? address : NULL, NULL);
	}
	for (uint32_t i = 0; i < MANY; i++)
		if (who[i] % 100 >= 95)
			withdraw(r, who[i]);
	assert_ok(db_end(r->db, CAIRN_OK));
	count = taken(r);
	assert_int_equal(count.waiting, MANY / 5);
	assert_int_equal(answer_all(r, &confirmed), MANY / 5);
	assert_int_equal(confirmed.counted, MANY / 10);
	assert_int_equal(confirmed.same, MANY / 10);
	assert_ok(petition_counted(r->db, &count, span(NAME)));
	assert_int_equal(count.counted, MANY - MANY / 5 - MANY / 20);
	assert_int_equal(count.withdrawn, MANY / 20);
	assert_int_equal(count.repeated, MANY / 10);
	assert_int_equal(count.same, MANY / 10);
	assert_ok(petition_write_marks(r->db, marks, span(NAME)));
	assert_int_equal(marks->len, count.counted * 33);
	g_string_free(marks, TRUE);
	assert_true(r->tally.erased);
	assert_int_equal(number(r, "SELECT count(*) FROM message"), 0);
}

static void
each_signer_finds_his_mark_until_he_withdraws(void **state)
{
	struct desk_room *r = *state;
	uint8_t code[CAIRN_CODE_BYTES], mark[CAIRN_MARK_BYTES];
	char hex[33];
	GString *marks = g_string_new(NULL);

	code_of(code, 5);
	assert_ok(cairn_petition_mark(mark, span(NAME), code));
	sodium_bin2hex(hex, sizeof(hex), mark, 16);
	WITHIN(r, sign_for(r, NAME, 5, NULL, NULL, NULL));
	assert_int_equal(taken(r).counted, 1);
	assert_ok(petition_write_marks(r->db, marks, span(NAME)));
	assert_non_null(strstr(marks->str, hex));
	WITHIN(r, withdraw(r, 5));
	assert_int_equal(taken(r).counted, 0);
	g_string_truncate(marks, 0);
	assert_ok(petition_write_marks(r->db, marks, span(NAME)));
	assert_null(strstr(marks->str, hex));
	g_string_free(marks, TRUE);
}

static void
a_withdrawal_that_comes_first_still_holds(void **state)
{
	struct desk_room *r = *state;
	struct petition_count count;

	WITHIN(r, withdraw(r, 5));
	assert_int_equal(taken(r).withdrawn, 0);
	WITHIN(r, sign_for(r, NAME, 5, NULL, NULL, NULL));
	count = taken(r);
	assert_int_equal(count.counted, 0);
	assert_int_equal(count.withdrawn, 1);
}

static void
a_mark_that_only_ends_otherwise_is_the_same(void **state)
{
	struct desk_room *r = *state;
	uint8_t value[CAIRN_MARK_BYTES + sizeof(NAME) - 1] = {1};
	struct pen pen = {.used = 0}, other = {.used = 0};

	memcpy(value + CAIRN_MARK_BYTES, NAME, sizeof(NAME) - 1);
	put(&pen, CAIRN_TLV_signature, value, sizeof(value));
	value[CAIRN_MARK_BYTES - 1] = 1;
	put(&other, CAIRN_TLV_signature, value, sizeof(value));
	WITHIN(r, post(r, &pen); post(r, &other));
	assert_int_equal(taken(r).counted, 1);
	assert_int_equal(r->tally.signatures[PETITION_REPEATED], 1);
}

static void
an_address_is_kept_only_where_it_may_be_asked(void **state)
{
	struct desk_room *r = *state;

	WITHIN(r, sign_for(r, NAME, 1, "BY", "a@b.example", NULL); sign_for(r, NAME, 2, NULL, "a@b.example", NULL));
	assert_int_equal(taken(r).counted, 2);
	r->rule.asks_e_mail = false;
	WITHIN(r, sign_for(r, NAME, 3, "DE", "a@b.example", NULL));
	assert_int_equal(taken(r).counted, 3);
	assert_int_equal(number(r, "SELECT count(*) FROM petition_address"), 0);
	assert_int_equal(number(r, "SELECT count(*) FROM petition_mark WHERE print IS NOT NULL"), 0);
}

static void
a_confirmed_address_is_erased_and_its_fingerprint_stays(void **state)
{
	struct desk_room *r = *state;
	struct petition_confirmed confirmed;

	WITHIN(r, sign_for(r, NAME, 1, "DE", "a@b.example", NULL));
	assert_int_equal(taken(r).counted, 0);
	assert_int_equal(answer_all(r, &confirmed), 1);
	assert_int_equal(confirmed.counted, 1);
	assert_int_equal(number(r, "SELECT count(*) FROM petition_address"), 0);
	WITHIN(r, sign_for(r, NAME, 2, "DE", "A@b.Example", NULL));
	assert_int_equal(taken(r).counted, 1);
	assert_int_equal(r->tally.signatures[PETITION_SAME], 1);
}

static void
a_wrong_code_confirms_nobody(void **state)
{
	static const char box[] = "cairn-1-000000000000000000000000 cairn-1-00 cairn-9-000000000000000000000000 "
	    "cairn-";
	struct desk_room *r = *state;
	struct petition_confirmed confirmed;

	WITHIN(r, sign_for(r, NAME, 1, "DE", "a@b.example", NULL));
	(void)taken(r);
	WITHIN(r, assert_ok(petition_confirm(r->db, &confirmed, span(box))));
	assert_int_equal(confirmed.counted, 0);
	assert_int_equal(confirmed.unknown, 2);
	assert_int_equal(taken(r).waiting, 1);
}

static void
nobody_has_a_stranger_written_to_again_and_again(void **state)
{
	struct desk_room *r = *state;

	assert_ok(db_begin(r->db));
	for (uint64_t i = 0; i < 20; i++)
		sign_for(r, NAME, i, "DE", "victim@b.example", NULL);
	assert_ok(db_end(r->db, CAIRN_OK));
	assert_int_equal(taken(r).waiting, PETITION_LETTERS_MAX);
	assert_int_equal(number(r, "SELECT count(*) FROM petition_address"), PETITION_LETTERS_MAX);
}

static void
closing_erases_the_key_of_fingerprints_and_what_waits(void **state)
{
	struct desk_room *r = *state;
	uint8_t key[ERASURE_KEY_BYTES];
	struct petition_count count;

	WITHIN(r, sign_for(r, NAME, 1, "DE", "a@b.example", NULL); sign_for(r, NAME, 2, "DE", NULL, NULL));
	count = taken(r);
	assert_ok(petition_key_open(r->db, key, count.n, PETITION_KEY_PRINTS));
	assert_ok(petition_close(r->db, span(NAME), NOW));
	assert_err(petition_key_open(r->db, key, count.n, PETITION_KEY_PRINTS), CAIRN_ERR_UNKNOWN);
	assert_int_equal(number(r, "SELECT count(*) FROM petition_address"), 0);
	assert_int_equal(number(r, "SELECT count(*) FROM petition_mark WHERE print IS NOT NULL"), 0);
	assert_err(petition_close(r->db, span(NAME), NOW), CAIRN_ERR_CONFLICT);
}

static void
a_closed_petition_counts_nobody_more_and_lets_go(void **state)
{
	struct desk_room *r = *state;
	struct petition_count count;

	WITHIN(r, sign_for(r, NAME, 1, "DE", NULL, NULL));
	(void)taken(r);
	assert_ok(petition_close(r->db, span(NAME), NOW));
	WITHIN(r, sign_for(r, NAME, 2, "DE", NULL, NULL); withdraw(r, 1));
	count = taken(r);
	assert_int_equal(r->tally.signatures[PETITION_LATE], 1);
	assert_int_equal(count.counted, 0);
	assert_int_equal(count.withdrawn, 1);
}

static void
signatures_of_a_petition_that_is_not_in_the_sources_stay_where_they_are(void **state)
{
	struct desk_room *r = *state;

	WITHIN(r, sign_for(r, "another", 1, NULL, NULL, NULL); sign_for(r, NAME, 1, NULL, NULL, NULL));
	assert_int_equal(taken(r).counted, 1);
	assert_int_equal(r->tally.left, 1);
	assert_false(r->tally.erased);
	r->rule.name = span("another");
	assert_ok(campaign_take(r->db, &r->tally, &r->rules));
	assert_int_equal(r->tally.signatures[PETITION_COUNTED], 1);
	assert_true(r->tally.erased);
}

static void
a_small_country_is_not_named(void **state)
{
	struct desk_room *r = *state;
	GString *text = g_string_new(NULL);

	assert_ok(db_begin(r->db));
	for (uint64_t i = 0; i < PETITION_COUNTRY_LEAST; i++)
		sign_for(r, NAME, i, "DE", NULL, NULL);
	sign_for(r, NAME, 99, "AD", NULL, NULL);
	assert_ok(db_end(r->db, CAIRN_OK));
	assert_int_equal(taken(r).counted, PETITION_COUNTRY_LEAST + 1);
	assert_ok(petition_write_count(r->db, text, span(NAME), NOW));
	assert_non_null(strstr(text->str, "\"DE\""));
	assert_null(strstr(text->str, "\"AD\""));
	g_string_free(text, TRUE);
}

static void
on_name(void *arg, struct cairn_span name, struct cairn_span country)
{
	assert_int_equal(name.size, 5);
	assert_memory_equal(name.text, "Amina", 5);
	assert_memory_equal(country.text, "DE", 2);
	++*(size_t *)arg;
}

static void
names_are_given_out_of_those_who_are_counted(void **state)
{
	struct desk_room *r = *state;
	size_t count = 0;

	WITHIN(r, sign_for(r, NAME, 1, "DE", NULL, "Amina"); sign_for(r, NAME, 2, "DE", NULL, "Boris"));
	(void)taken(r);
	WITHIN(r, withdraw(r, 2));
	(void)taken(r);
	assert_ok(petition_names(r->db, span(NAME), on_name, &count));
	assert_int_equal(count, 1);
}

static void
a_comment_waits_and_is_gone_once_refused(void **state)
{
	struct desk_room *r = *state;
	struct letter *letter = malloc(sizeof(*letter));
	struct pen pen = {.used = 0};
	uint8_t text[CAIRN_TEXT_HEAD_BYTES + 5] = {0};

	text[9] = 1;
	memcpy(text + CAIRN_TEXT_HEAD_BYTES, "hello", 5);
	put(&pen, CAIRN_TLV_comment, "an-entry", 8);
	put(&pen, CAIRN_TLV_text, text, sizeof(text));
	put(&pen, CAIRN_TLV_proof, "\002https://home.example/", 22);
	WITHIN(r, post(r, &pen));
	assert_ok(campaign_take(r->db, &r->tally, &r->rules));
	assert_ok(letter_next(r->db, letter, 0));
	assert_int_equal(letter->kind, LETTER_COMMENT);
	assert_memory_equal(letter->text.text, "hello", 5);
	assert_int_equal(letter->page.size, 21);
	assert_ok(letter_decided(r->db, letter->n, false));
	assert_err(letter_get(r->db, letter, letter->n), CAIRN_ERR_UNKNOWN);
	/* The same cell again is the same letter. */
	r->letters--;
	WITHIN(r, post(r, &pen));
	assert_ok(campaign_take(r->db, &r->tally, &r->rules));
	assert_ok(letter_next(r->db, letter, 0));
	assert_int_equal(letter->n, 0);
	free(letter);
}

/* ---- who comments ---- */

#define ISSUER "https://op.example"

/* What a comment says; one thing at a time is changed. */
struct said {
	const char *entry, *name, *words;
	uint8_t blind[CAIRN_BLIND_BYTES];
};

static char *
base64url(const void *bytes, size_t size)
{
	static char rooms[4][4000];
	static size_t next;
	char *room = rooms[next++ % 4];

	return sodium_bin2base64(room, sizeof(rooms[0]), bytes, size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* An issuer's token for that comment, of today. */
static void
token_for(char out[4000], const struct said *said, const uint8_t secret[crypto_sign_SECRETKEYBYTES])
{
	uint8_t hash[CAIRN_HASH_BYTES], sig[crypto_sign_BYTES];
	char nonce[2 * CAIRN_HASH_BYTES + 1], claims[1000];
	int used;

	cairn_comment_hash(hash, said->blind, span(said->entry), span(said->name), span(said->words));
	sodium_bin2hex(nonce, sizeof(nonce), hash, sizeof(hash));
	snprintf(claims, sizeof(claims),
	    "{\"iss\":\"" ISSUER "\",\"aud\":\"site\",\"iat\":%llu,\"exp\":%llu,\"nonce\":\"%s\",\"sub\":\"maria\"}",
	    (unsigned long long)NOW, (unsigned long long)NOW + 3600, nonce);
	used = snprintf(out, 4000, "%s.%s", base64url("{\"alg\":\"EdDSA\"}", 15), base64url(claims, strlen(claims)));
	crypto_sign_detached(sig, NULL, (const uint8_t *)out, (unsigned long long)used, secret);
	snprintf(out + used, 4000 - (size_t)used, ".%s", base64url(sig, sizeof(sig)));
}

/* That comment with that token, as the desk finds it. */
static void
come_with(struct desk_room *r, struct letter *letter, const struct said *said, const char *token)
{
	uint8_t text[CAIRN_TEXT_HEAD_BYTES + 100] = {[9] = 1}, proof[4000] = {CAIRN_PROOF_OPENID};
	struct pen pen = {.used = 0};
	uint64_t last = letter->n;

	memcpy(text + CAIRN_TEXT_HEAD_BYTES, said->words, strlen(said->words));
	memcpy(proof + 1, said->blind, CAIRN_BLIND_BYTES);
	memcpy(proof + 1 + CAIRN_BLIND_BYTES, token, strlen(token));
	put(&pen, CAIRN_TLV_comment, said->entry, strlen(said->entry));
	put(&pen, CAIRN_TLV_text, text, CAIRN_TEXT_HEAD_BYTES + strlen(said->words));
	if (said->name[0] != '\0')
		put(&pen, CAIRN_TLV_name, said->name, strlen(said->name));
	put(&pen, CAIRN_TLV_proof, proof, 1 + CAIRN_BLIND_BYTES + strlen(token));
	WITHIN(r, post(r, &pen));
	assert_ok(campaign_take(r->db, &r->tally, &r->rules));
	assert_ok(letter_next(r->db, letter, last));
	assert_int_not_equal(letter->n, 0);
}

static GPtrArray *
issuers_with(const uint8_t key[crypto_sign_PUBLICKEYBYTES])
{
	static const struct issuer_claim sub = {"sub", "openid"};
	struct issuer *issuer = g_new0(struct issuer, 1);
	GPtrArray *list = g_ptr_array_new_with_free_func(issuer_free);

	issuer->address = g_strdup(ISSUER);
	issuer->client = g_strdup("site");
	issuer->title = g_strdup("The Sign-in");
	issuer->claim = &sub;
	issuer->keys = json_pack("[{s:s, s:s, s:s}]", "kty", "OKP", "crv", "Ed25519", "x",
	    base64url(key, crypto_sign_PUBLICKEYBYTES));
	g_ptr_array_add(list, issuer);
	return list;
}

static void
a_token_names_whoever_wrote_the_comment_and_no_other(void **state)
{
	static const struct said original = {"an-entry", "", "I was there.", {1, 2, 3}};
	static const struct said others[] = {{"an-entry2", "", "I was there.", {1, 2, 3}},
	    {"an-entry", "Somebody else", "I was there.", {1, 2, 3}}, {"an-entry", "", "I was not there.", {1, 2, 3}},
	    {"an-entry", "", "I was there.", {1, 2, 4}}};
	uint8_t key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
	struct letter *letter = calloc(1, sizeof(*letter));
	struct letter_named named;
	GPtrArray *issuers;
	char token[4000];
	const char *why;

	crypto_sign_keypair(key, secret);
	issuers = issuers_with(key);
	token_for(token, &original, secret);
	come_with(*state, letter, &original, token);
	assert_ok(letter_named(&named, &why, letter, issuers));
	assert_string_equal(named.name, "maria");
	assert_string_equal(named.by, "The Sign-in");
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		come_with(*state, letter, &others[i], token);
		assert_err(letter_named(&named, &why, letter, issuers), CAIRN_ERR_DENIED);
		assert_string_equal(named.name, "");
	}
	/* What came days after it ran out, or before it was made, is no proof, even of the same comment. */
	come_with(*state, letter, &original, token);
	letter->day += 3;
	assert_err(letter_named(&named, &why, letter, issuers), CAIRN_ERR_DENIED);
	letter->day -= 6;
	assert_err(letter_named(&named, &why, letter, issuers), CAIRN_ERR_DENIED);
	g_ptr_array_free(issuers, TRUE);
	free(letter);
}

static void
what_is_published_has_the_name_and_not_the_token(void **state)
{
	static const struct said said = {"an-entry", "The Pope", "I was there.", {1}};
	struct letter_named named = {"maria", "The Sign-in"};
	struct letter *letter = calloc(1, sizeof(*letter));
	GString *file = g_string_new(NULL), *out = g_string_new(NULL);
	char folder[] = "/tmp/cairn-comment-XXXXXX", entries[64];
	struct site_fault fault;
	int fd, there;

	assert_non_null(mkdtemp(folder));
	snprintf(entries, sizeof(entries), "%s/entries", folder);
	assert_int_equal(mkdir(entries, 0700), 0);
	fd = open(folder, O_RDONLY | O_DIRECTORY);
	there = openat(fd, "entries/an-entry.md", O_CREAT | O_WRONLY, 0600);
	close(there);
	come_with(*state, letter, &said, "the-token.of.maria");
	assert_ok(letter_comment_file(file, out, fd, letter, &named, &fault));
	assert_non_null(strstr(out->str, "\"named\": \"maria\""));
	assert_non_null(strstr(out->str, "\"named-by\": \"The Sign-in\""));
	assert_null(strstr(out->str, "Pope"));
	assert_null(strstr(out->str, "the-token"));
	unlinkat(fd, "entries/an-entry.md", 0);
	unlinkat(fd, "entries", AT_REMOVEDIR);
	close(fd);
	rmdir(folder);
	g_string_free(file, TRUE);
	g_string_free(out, TRUE);
	free(letter);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_hundred_thousand_signatures_are_counted_exactly),
	    CASE(each_signer_finds_his_mark_until_he_withdraws),
	    CASE(a_withdrawal_that_comes_first_still_holds),
	    CASE(a_mark_that_only_ends_otherwise_is_the_same),
	    CASE(an_address_is_kept_only_where_it_may_be_asked),
	    CASE(a_confirmed_address_is_erased_and_its_fingerprint_stays),
	    CASE(a_wrong_code_confirms_nobody),
	    CASE(nobody_has_a_stranger_written_to_again_and_again),
	    CASE(closing_erases_the_key_of_fingerprints_and_what_waits),
	    CASE(a_closed_petition_counts_nobody_more_and_lets_go),
	    CASE(signatures_of_a_petition_that_is_not_in_the_sources_stay_where_they_are),
	    CASE(a_small_country_is_not_named),
	    CASE(names_are_given_out_of_those_who_are_counted),
	    CASE(a_comment_waits_and_is_gone_once_refused),
	    CASE(a_token_names_whoever_wrote_the_comment_and_no_other),
	    CASE(what_is_published_has_the_name_and_not_the_token),
	};

	if (sodium_init() < 0)
		return 1;
	return RUN_TESTS(tests);
}
