// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stdlib.h>

#include "lib/claimed.h"
#include "site/claim_diff.h"
#include "site/claim_draft.h"
#include "site/claim_rules.h"

static struct claimed *c;
static char text[CLAIM_TEXT_MAX + 256];

static int
set_up(void **state)
{
	(void)state;
	c = calloc(1, sizeof *c);
	claimed_init(c, 20, 23);
	claimed_write(c);
	memcpy(text, c->note, c->note_bytes);
	text[c->note_bytes] = '\0';
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	claimed_release(c);
	free(c);
	return 0;
}

/* ---- numbers and dates ---- */

static void
numbers_go_by_steps(void **state)
{
	static const struct {
		uint64_t real;
		uint32_t step;
	} rows[] = {{0, 0}, {4, 0}, {5, 5}, {9, 5}, {10, 10}, {199, 100}, {200, 200}, {500, 500}, {100000, 500}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(claim_step(rows[i].real), rows[i].step);
	assert_int_equal(claim_commitments_of(20), 64);
	assert_int_equal(claim_commitments_of(21), 0);
	assert_int_equal(claim_commitments_of(0), 0);
}

static void
before_is_a_month_or_a_quarter(void **state)
{
	static const struct {
		const char *text;
		uint32_t day; /* 0: refused */
	} rows[] = {
	    {"1970-01", 0}, {"1970-02", 31}, {"2017-05", 17287}, {"2017-Q2", 17257}, {"2017-Q1", 17167}, {"2000-03",
	    11017},
	    {"2100-03", 47541}, {"2017-5", 0}, {"2017-05-01", 0}, {"2017", 0}, {"2017-00", 0}, {"2017-13", 0},
	    {"2017-Q0", 0},
	    {"2017-Q5", 0}, {"2017-q2", 0}, {"1969-12", 0}, {"17-05", 0}, {"", 0}, {"2017-0a", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint32_t day = 0;
		bool ok = claim_before_day(&day, span_of(rows[i].text));

		if (day != rows[i].day || (i > 0 && ok != (rows[i].day != 0)))
			fail_msg("%s: %u", rows[i].text, day);
	}
}

/* ---- the text ---- */

static void
a_text_is_read_as_it_was_written(void **state)
{
	struct claim claim;
	uint8_t commitment[CLAIM_COMMITMENT_BYTES];
	size_t count = 0;

	(void)state;
	assert_ok(claim_read(&claim, span_of(text)));
	assert_int_equal(claim.accounts, 20);
	assert_int_equal(claim.ways, 3);
	assert_int_equal(claim.day, CLAIMED_DAY);
	assert_int_equal(claim.place_level, CLAIM_REGION);
	assert_int_equal(claim.saying_count, 2);
	assert_memory_equal(claim.id, c->claim.id, sizeof claim.id);
	for (size_t at = 0; claim_commitment_next(&claim, &at, commitment); count++)
		assert_true(claim_has_commitment(&claim, commitment));
	assert_int_equal(count, 64);
}

static void
whatever_is_not_a_claim_refuses(void **state)
{
	static const struct {
		const char *old, *new;
	} rows[] = {
	    {"claim 1\n", "claim 2\n"}, {"desk ", "Desk "}, {"\nclaim 07", "\nclaim 0"}, {"day 17400", "day 017400"},
	    {"day 17400", "day 17347"}, {"accounts 20", "accounts 21"}, {"accounts 20", "accounts 10"},
	    {"accounts 20", "accounts 50"}, {"accounts 20\n", ""}, {"ways 3", "ways 1"}, {"ways 3", "ways 0"},
	    {"ways 3", "ways 21"}, {"ways 3", "ways -3"}, {"before 2017-Q3", "before 2017-08-01"},
	    {"before 2017-Q3", "before 2017-Q4"}, {"before 2017-Q3", "before 2018-01"}, {"place region",
	    "place city"},
	    {"place region Chechnya", "place region "}, {"place region Chechnya", "place region"}, {"says en",
	    "says ru"},
	    {"says en", "says e_n"}, {"says en Men", "says en  Men\nextra"}, {"commitment ", "commitment  "},
	    {"commitment ", "dummy "},
	};
	struct claim claim;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		memcpy(text, c->note, c->note_bytes);
		text[c->note_bytes] = '\0';
		assert_ok(claim_read(&claim, span_of(text)));
		assert_int_equal(replace(text, sizeof text, rows[i].old, rows[i].new), 0);
		if (claim_read(&claim, span_of(text)) != CAIRN_ERR_FORMAT)
			fail_msg("%s for %s", rows[i].new, rows[i].old);
		assert_int_equal(claim.accounts, 0);
	}
}

static void
commitments_are_as_many_as_the_step_says_and_ascend(void **state)
{
	struct claim claim;
	char *first = strstr(text, "commitment "), *second = strchr(first, '\n') + 1;
	size_t line = (size_t)(second - first), size = strlen(text);
	char keep[64];

	(void)state;
	/* One less, one more, two the same, two in another order. */
	assert_err(claim_read(&claim, (struct cairn_span){text, size - line}), CAIRN_ERR_FORMAT);
	memcpy(text + size, text + size - line, line);
	assert_err(claim_read(&claim, (struct cairn_span){text, size + line}), CAIRN_ERR_FORMAT);
	memcpy(keep, second, line);
	memcpy(second, first, line);
	assert_err(claim_read(&claim, (struct cairn_span){text, size}), CAIRN_ERR_FORMAT);
	memcpy(first, keep, line);
	assert_err(claim_read(&claim, (struct cairn_span){text, size}), CAIRN_ERR_FORMAT);
}

/* Whatever the numbers, what can be written is read as it was. */
static void
every_step_and_number_of_accounts_makes_a_claim(void **state)
{
	static const struct {
		uint32_t accounts;
		size_t real;
	} rows[] = {{5, 5}, {5, 9}, {10, 10}, {10, 500}, {50, 77}, {100, 100}, {200, 199 + 1}, {500, 500}, {500,
	    1024}};
	struct claimed *other = calloc(1, sizeof *other);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		size_t accounts = 0;
		struct claim claim;

		claimed_init(other, rows[i].accounts, rows[i].real);
		claimed_write(other);
		assert_ok(claim_read(&claim, (struct cairn_span){(const char *)other->note, other->note_bytes}));
		assert_int_equal(other->secrets.count, claim_commitments_of(rows[i].accounts));
		assert_ok(claim_secrets_match(&other->secrets, &claim));
		for (size_t j = 0; j < other->secrets.count; j++)
			accounts += !other->secrets.items[j].dummy;
		assert_int_equal(accounts, rows[i].real < other->secrets.count ? rows[i].real : other->secrets.count);
		claimed_release(other);
	}
	free(other);
}

/* ---- what stands behind it ---- */

static void
fewer_accounts_than_are_claimed_make_no_claim(void **state)
{
	uint8_t out[64][CLAIM_COMMITMENT_BYTES];
	struct claim_secrets *s = calloc(1, sizeof *s);

	(void)state;
	for (s->count = 0; s->count < 19; s->count++) {
		(void)snprintf(s->items[s->count].code, CLAIM_CODE_BYTES, "A%zu", s->count);
		s->items[s->count].account[0] = (uint8_t)s->count;
	}
	assert_err(claim_secrets_fill(s, 20, out), CAIRN_ERR_RANGE);
	assert_err(claim_secrets_fill(s, 11, out), CAIRN_ERR_RANGE);
	s->items[3].account[0] = 4;
	assert_err(claim_secrets_fill(s, 10, out), CAIRN_ERR_CONFLICT);
	s->items[3].account[0] = 3;
	memcpy(s->items[3].code, s->items[4].code, CLAIM_CODE_BYTES);
	assert_err(claim_secrets_fill(s, 10, out), CAIRN_ERR_CONFLICT);
	s->items[3].code[0] = '\0';
	assert_err(claim_secrets_fill(s, 10, out), CAIRN_ERR_FORMAT);
	free(s);
}

/*
 * Which commitments are accounts can be told from nothing: over many claims, each place in the sorted list holds an
 * account as often as any other, and so does each first bit.
 */
static void
dummies_cannot_be_told_from_accounts(void **state)
{
	enum { CLAIMS = 600, COUNT = 16, REAL = 8 };
	static unsigned at_place[COUNT], first_bit;
	uint8_t out[COUNT][CLAIM_COMMITMENT_BYTES], own[CLAIM_COMMITMENT_BYTES];
	struct claim_secrets *s = calloc(1, sizeof *s);

	(void)state;
	for (unsigned i = 0; i < CLAIMS; i++) {
		memset(s, 0, sizeof *s);
		for (s->count = 0; s->count < REAL; s->count++) {
			(void)snprintf(s->items[s->count].code, CLAIM_CODE_BYTES, "A%zu", s->count);
			s->items[s->count].account[0] = (uint8_t)s->count;
		}
		assert_ok(claim_secrets_fill(s, 5, out));
		for (size_t j = 0; j < COUNT; j++) {
			if (s->items[j].dummy)
				continue;
			claim_commit(own, s->claim_id, &s->items[j]);
			first_bit += own[0] >> 7;
			for (size_t k = 0; k < COUNT; k++)
				at_place[k] += memcmp(own, out[k], sizeof own) == 0;
		}
	}
	/* Half of 600, and 2400 of 4800; six standard deviations are 73 and 208. */
	for (size_t k = 0; k < COUNT; k++)
		assert_in_range(at_place[k], 300 - 73, 300 + 73);
	assert_in_range(first_bit, 2400 - 208, 2400 + 208);
	free(s);
}

static void
one_account_has_another_commitment_each_time(void **state)
{
	uint8_t a[CLAIM_COMMITMENT_BYTES], b[CLAIM_COMMITMENT_BYTES];
	struct claim_secret secret = {.account = {1}, .blinding = {2}};
	uint8_t id[CLAIM_ID_BYTES] = {3};

	(void)state;
	claim_commit(a, id, &secret);
	secret.blinding[31] ^= 1;
	claim_commit(b, id, &secret);
	assert_memory_not_equal(a, b, sizeof a);
	secret.blinding[31] ^= 1;
	id[0] ^= 1;
	claim_commit(b, id, &secret);
	assert_memory_not_equal(a, b, sizeof a);
	id[0] ^= 1;
	secret.account[0] ^= 1;
	claim_commit(b, id, &secret);
	assert_memory_not_equal(a, b, sizeof a);
	secret.account[0] ^= 1;
	secret.dummy = true;
	claim_commit(b, id, &secret);
	assert_memory_not_equal(a, b, sizeof a);
}

/* Made by another BLAKE2b: Python's hashlib, digest_size=32. */
static void
a_commitment_is_the_hash_that_the_protocol_says(void **state)
{
	static const uint8_t account[] = {
	    0xb6, 0x89, 0x6d, 0xae, 0x79, 0x01, 0xcc, 0x43, 0x45, 0xa8, 0x1d, 0x97, 0x48, 0x3a, 0x7c, 0x8c,
	    0x46, 0x62, 0x63, 0x26, 0x02, 0xd3, 0xed, 0xaf, 0x97, 0x43, 0xd6, 0x23, 0x70, 0x09, 0xe3, 0xe3};
	static const uint8_t dummy[] = {
	    0xb0, 0x24, 0x3a, 0xfe, 0x60, 0x33, 0x58, 0xd9, 0xd4, 0x53, 0x7b, 0x53, 0x31, 0xcc, 0xdd, 0x21,
	    0x98, 0x3d, 0x48, 0x4a, 0xaa, 0x0e, 0x3f, 0xe7, 0xbd, 0xe7, 0xec, 0xe8, 0x28, 0x2a, 0xa0, 0xea};
	uint8_t out[CLAIM_COMMITMENT_BYTES], id[CLAIM_ID_BYTES];
	struct claim_secret secret = {0};

	(void)state;
	memset(id, 1, sizeof id);
	memset(secret.blinding, 2, sizeof secret.blinding);
	memset(secret.account, 3, sizeof secret.account);
	claim_commit(out, id, &secret);
	assert_memory_equal(out, account, sizeof out);
	secret.dummy = true;
	claim_commit(out, id, &secret);
	assert_memory_equal(out, dummy, sizeof out);
}

static void
secrets_are_read_as_they_were_written(void **state)
{
	static uint8_t out[CLAIM_SECRETS_TEXT_MAX];
	struct claim_secrets *again = calloc(1, sizeof *again);
	size_t size = 0;

	(void)state;
	assert_ok(claim_secrets_write(out, sizeof out, &size, &c->secrets));
	assert_ok(claim_secrets_read(again, (struct cairn_span){(const char *)out, size}));
	assert_int_equal(again->count, c->secrets.count);
	assert_memory_equal(again->items, c->secrets.items, sizeof again->items);
	assert_err(claim_secrets_read(again, (struct cairn_span){(const char *)out, size - 1}), CAIRN_ERR_FORMAT);
	assert_int_equal(again->count, 0);
	free(again);
}

static void
secrets_of_another_claim_do_not_match(void **state)
{
	struct claim claim;

	(void)state;
	assert_ok(claim_read(&claim, span_of(text)));
	assert_ok(claim_secrets_match(&c->secrets, &claim));
	c->secrets.items[5].blinding[0] ^= 1;
	assert_err(claim_secrets_match(&c->secrets, &claim), CAIRN_ERR_CONFLICT);
	c->secrets.items[5].blinding[0] ^= 1;
	c->secrets.claim_id[0] ^= 1;
	assert_err(claim_secrets_match(&c->secrets, &claim), CAIRN_ERR_CONFLICT);
}

/* ---- rules ---- */

static bool
finds(const struct claim_case *x, const char *words, bool *refused)
{
	struct claim_finding findings[CLAIM_FINDINGS_MAX];
	size_t count = claim_rules_check(findings, refused, x);

	for (size_t i = 0; i < count; i++)
		if (strstr(findings[i].rule->words, words) != NULL)
			return true;
	return false;
}

static void
a_coarse_claim_breaks_no_rule(void **state)
{
	struct claim_finding findings[CLAIM_FINDINGS_MAX];
	struct claim claim = c->claim;
	const struct claim_case x = {.claim = &claim, .real = 23, .has_graph = true, .graph_ways = 3,
	    .has_record = true};
	bool refused;

	(void)state;
	claim.before = span_of("2017-05");
	assert_int_equal(claim_rules_check(findings, &refused, &x), 0);
	assert_false(refused);
}

static void
each_rule_is_found_broken(void **state)
{
	static const struct {
		const char *says, *place, *before, *words;
		uint64_t real;
		uint32_t accounts, ways, graph_ways;
		bool refused;
	} rows[] = {
	    {"Men were held", "X", "2017-05", "held back", 4, 5, 2, 9, true},
	    {"Men were held", "X", "2017-05", "no step", 40, 21, 2, 9, true},
	    {"Men were held", "X", "2017-05", "than there are", 40, 50, 2, 9, true},
	    {"Men were held", "X", "2017-05", "one way", 40, 20, 1, 9, true},
	    {"Men were held", "X", "2017-05", "than accounts", 40, 20, 21, 99, true},
	    {"Men were held", "X", "2017-05", "the sources have", 40, 20, 4, 3, true},
	    {"Men were held", "X", "2017-05", "not computed", 40, 20, 4, 0, false},
	    {"Men were held", "X", "2017-05-03", "no month or quarter", 40, 20, 2, 9, true},
	    {"Men were held", "X", "2017-10", "not past", 40, 20, 2, 9, true},
	    {"Men were held", "X", "2017-08", "so recent", 40, 20, 2, 9, false},
	    {"Men were held", "X", "2017-05", "country alone", 40, 10, 2, 9, false},
	    {"Men were held", "X 12", "2017-05", "finer than a region", 40, 20, 2, 9, true},
	    {"Write to a@b.example", "X", "2017-05", "an address", 40, 20, 2, 9, true},
	    {"He said \xc2\xabhelp me", "X", "2017-05", "own words", 40, 20, 2, 9, false},
	    {"Aged 23 and 24", "X", "2017-05", "a number", 40, 20, 2, 9, false},
	    {"Held in the house of Ramzan there", "X", "2017-05", "like a name", 40, 20, 2, 9, false},
	    {"Held with his brother", "X", "2017-05", "singles", 40, 20, 2, 9, false},
	    {"\xd0\x95\xd0\xb3\xd0\xbe \xd0\xb1\xd1\x80\xd0\xb0\xd1\x82", "X", "2017-05", "singles", 40, 20, 2, 9,
	    false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct claim claim = c->claim;
		const struct claim_case x = {.claim = &claim, .real = rows[i].real, .has_graph =
		    rows[i].graph_ways > 0,
		    .graph_ways = rows[i].graph_ways,
		    .has_record = true};
		bool refused = false;

		claim.accounts = rows[i].accounts;
		claim.ways = rows[i].ways;
		claim.before = span_of(rows[i].before);
		claim.place = span_of(rows[i].place);
		claim.saying_count = 1;
		claim.sayings[0].text = span_of(rows[i].says);
		if (!finds(&x, rows[i].words, &refused) || refused != rows[i].refused)
			fail_msg("row %zu: %s", i, rows[i].words);
	}
}

static void
accounts_that_the_record_does_not_bear_out_are_refused(void **state)
{
	struct claim claim = c->claim;
	struct claim_case x = {.claim = &claim, .real = 40, .has_graph = true, .graph_ways = 9};
	bool refused;

	(void)state;
	claim.before = span_of("2017-05");
	assert_true(finds(&x, "not asked for consent", &refused) && !refused);
	x.has_record = true;
	x.without_consent = 1;
	assert_true(finds(&x, "do not allow", &refused) && refused);
	x.without_consent = 0;
	x.not_sealed = 1;
	assert_true(finds(&x, "no original", &refused) && refused);
}

static void
what_is_public_already_is_no_news(void **state)
{
	struct claim public = c->claim, now = c->claim;
	char *said = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&said, &size);

	(void)state;
	assert_int_equal(claim_diff(out, &now, &public, 1), 1);
	now.accounts = 50;
	now.ways = 4;
	now.place = span_of("Dagestan");
	now.before = span_of("2017-08");
	now.sayings[0].text = span_of("Men were held and killed");
	assert_int_equal(claim_diff(out, &now, &public, 1), 3);
	now.place = public.place;
	now.before = public.before;
	assert_int_equal(claim_diff(out, &now, &public, 1), 2);
	assert_int_equal(fclose(out), 0);
	assert_non_null(strstr(said, "new place: Dagestan\n"));
	assert_non_null(strstr(said, "new date: before 2017-08\n"));
	assert_non_null(strstr(said, "new words (en): killed\n"));
	assert_non_null(strstr(said, "the date is the same"));
	assert_non_null(strstr(said, "4 ways, not 3"));
	free(said);
}

/* ---- drafts ---- */

#define DRAFT_HEAD "{\"cairn\":\"claim draft 1\",\"accounts\":5,\"ways\":2,\"before\":\"2017-05\","
#define PLACE "\"place\":{\"level\":\"country\",\"name\":\"Russia\"},"
#define SAYS "\"says\":{\"en\":\"Men were held\"},"
#define HASH "0101010101010101010101010101010101010101010101010101010101010101"
#define SEALED "\"sealed\":[{\"code\":\"A1\",\"sha256\":\"" HASH "\"}]}"

static void
a_draft_is_read(void **state)
{
	static const char draft_text[] = DRAFT_HEAD PLACE SAYS SEALED;
	char fault[CLAIM_FAULT_BYTES];
	struct claim_draft draft;

	(void)state;
	assert_ok(claim_draft_read(&draft, fault, draft_text, sizeof draft_text - 1));
	assert_int_equal(draft.claim.accounts, 5);
	assert_int_equal(draft.claim.place_level, CLAIM_COUNTRY);
	assert_int_equal(draft.secrets->count, 1);
	assert_string_equal(draft.secrets->items[0].code, "A1");
	assert_int_equal(draft.secrets->items[0].account[31], 1);
	claim_draft_release(&draft);
}

static void
what_is_no_draft_refuses(void **state)
{
	static const char *const rows[] = {
	    "", "{}", "[]", DRAFT_HEAD PLACE SAYS "\"more\":1," SEALED, DRAFT_HEAD SAYS SEALED,
	    DRAFT_HEAD PLACE SEALED,
	    DRAFT_HEAD PLACE SAYS "\"sealed\":{}}", DRAFT_HEAD PLACE SAYS "\"sealed\":[{\"code\":\"A1\"}]}",
	    DRAFT_HEAD PLACE SAYS "\"sealed\":[{\"code\":\"A 1\",\"sha256\":\"" HASH "\"}]}",
	    DRAFT_HEAD PLACE SAYS "\"sealed\":[{\"code\":\"A1\",\"sha256\":\"01\"}]}",
	    DRAFT_HEAD "\"place\":{\"level\":\"city\",\"name\":\"Grozny\"}," SAYS SEALED,
	    DRAFT_HEAD PLACE "\"says\":{}," SEALED, DRAFT_HEAD PLACE "\"says\":{\"en\":1}," SEALED,
	    "{\"cairn\":\"claim draft 1\",\"accounts\":-5,\"ways\":2,\"before\":\"2017-05\"," PLACE SAYS SEALED,
	    "{\"cairn\":\"claim draft 2\",\"accounts\":5,\"ways\":2,\"before\":\"2017-05\"," PLACE SAYS SEALED,
	};
	char fault[CLAIM_FAULT_BYTES];
	struct claim_draft draft;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (claim_draft_read(&draft, fault, rows[i], strlen(rows[i])) != CAIRN_ERR_FORMAT)
			fail_msg("row %zu", i);
		assert_true(fault[0] != '\0');
		assert_null(draft.root);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(numbers_go_by_steps),
	    cmocka_unit_test(before_is_a_month_or_a_quarter),
	    cmocka_unit_test_setup_teardown(a_text_is_read_as_it_was_written, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(whatever_is_not_a_claim_refuses, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(commitments_are_as_many_as_the_step_says_and_ascend, set_up, tear_down),
	    cmocka_unit_test(every_step_and_number_of_accounts_makes_a_claim),
	    cmocka_unit_test(fewer_accounts_than_are_claimed_make_no_claim),
	    cmocka_unit_test(dummies_cannot_be_told_from_accounts),
	    cmocka_unit_test(one_account_has_another_commitment_each_time),
	    cmocka_unit_test(a_commitment_is_the_hash_that_the_protocol_says),
	    cmocka_unit_test_setup_teardown(secrets_are_read_as_they_were_written, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(secrets_of_another_claim_do_not_match, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_coarse_claim_breaks_no_rule, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(each_rule_is_found_broken, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(accounts_that_the_record_does_not_bear_out_are_refused, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(what_is_public_already_is_no_news, set_up, tear_down),
	    cmocka_unit_test(a_draft_is_read),
	    cmocka_unit_test(what_is_no_draft_refuses),
	};

	if (sodium_init() < 0)
		return 1;
	return RUN_TESTS(tests);
}
