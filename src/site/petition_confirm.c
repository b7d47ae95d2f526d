// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/petition.h"

#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "site/petition_inside.h"
#include "site/petition_sql.h"

#define CODE_BEGIN "cairn-"
#define CODE_BYTES (PETITION_CODE_DIGITS / 2U)
#define NUMBER_MOST 999999999999U

/* Codes are made of the petition's key, so none is kept, and none is good once it is closed. */
static void
code_of(uint8_t code[CODE_BYTES], const uint8_t key[ERASURE_KEY_BYTES], uint64_t n,
    const uint8_t mark[PETITION_MARK_BYTES])
{
	static const char label[] = "confirm";
	uint8_t hash[32], number[8];
	crypto_generichash_state state;

	for (size_t i = 0; i < sizeof(number); i++)
		number[i] = (uint8_t)(n >> (56 - 8 * i));
	crypto_generichash_init(&state, key, ERASURE_KEY_BYTES, sizeof(hash));
	crypto_generichash_update(&state, (const uint8_t *)label, sizeof(label));
	crypto_generichash_update(&state, number, sizeof(number));
	crypto_generichash_update(&state, mark, PETITION_MARK_BYTES);
	crypto_generichash_final(&state, hash, sizeof(hash));
	memcpy(code, hash, CODE_BYTES);
	sodium_memzero(hash, sizeof(hash));
	sodium_memzero(&state, sizeof(state));
}

int
petition_address_next(struct db *db, struct petition_address *out, uint64_t petition, uint64_t after, bool *ret_found)
{
	uint8_t key[ERASURE_KEY_BYTES], code[CODE_BYTES], mark[PETITION_MARK_BYTES];
	char room[ERASABLE_WHO_MAX], hex[2 * CODE_BYTES + 1];
	struct query q;
	int err = petition_key_open(db, key, petition, PETITION_KEY_PRINTS);

	*ret_found = false;
	memset(out, 0, sizeof(*out));
	if (err != CAIRN_OK)
		return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err; /* closed: nobody is written to any more */
	q = petition_query(db, PETITION_SQL_ADDRESS_NEXT);
	bind_int(&q, petition);
	bind_int(&q, after);
	*ret_found = query_row(&q);
	if (*ret_found) {
		out->n = query_int(&q, 0);
		query_bytes(&q, 1, mark, sizeof(mark));
		(void)erasable_open(&q, 2, 3, petition_who(room, "address", petition, mark), (uint8_t *)out->address,
		    PETITION_ADDRESS_MAX);
		code_of(code, key, out->n, mark);
		sodium_bin2hex(hex, sizeof(hex), code, sizeof(code));
		snprintf(out->code, sizeof(out->code), CODE_BEGIN "%llu-%s", (unsigned long long)out->n, hex);
	}
	sodium_memzero(key, sizeof(key));
	return query_end(&q);
}

int
petition_address_sent(struct db *db, uint64_t n)
{
	struct query q = petition_query(db, PETITION_SQL_ADDRESS_SENT);

	bind_int(&q, n);
	return query_run(&q);
}

/* ---- codes that came back ---- */

static size_t
digits_at(struct cairn_span text, const char *digits)
{
	size_t count = 0;

	while (count < text.size && strchr(digits, text.text[count]) != NULL && text.text[count] != '\0')
		count++;
	return count;
}

/* What stands behind "cairn-" is a number, a hyphen and the digits, and then nothing that could belong to them. */
static bool
code_at(struct cairn_span text, uint64_t *ret_n, struct cairn_span *ret_digits)
{
	size_t number = digits_at(text, "0123456789");
	struct cairn_span rest;

	if (number == text.size || text.text[number] != '-' ||
	    text_number(ret_n, (struct cairn_span){text.text, number}, NUMBER_MOST) != CAIRN_OK)
		return false;
	rest = (struct cairn_span){text.text + number + 1, text.size - number - 1};
	if (digits_at(rest, "0123456789abcdef") != PETITION_CODE_DIGITS)
		return false;
	*ret_digits = (struct cairn_span){rest.text, PETITION_CODE_DIGITS};
	return true;
}

bool
petition_code_next(struct cairn_span *text, uint64_t *ret_n, struct cairn_span *ret_digits)
{
	static const size_t begin = sizeof(CODE_BEGIN) - 1;
	const char *at;

	while (text->size > begin && (at = memmem(text->text, text->size, CODE_BEGIN, begin)) != NULL) {
		size_t past = (size_t)(at - text->text) + begin;

		*text = (struct cairn_span){text->text + past, text->size - past};
		if (code_at(*text, ret_n, ret_digits))
			return true;
	}
	return false;
}

/* The row that a code is of. */
struct confirming {
	uint64_t n, petition;
	uint8_t mark[PETITION_MARK_BYTES], print[PETITION_PRINT_BYTES];
	bool found;
};

static int
confirming_get(struct db *db, struct confirming *c)
{
	struct query q = petition_query(db, PETITION_SQL_ADDRESS_GET);

	bind_int(&q, c->n);
	c->found = query_row(&q);
	if (c->found) {
		c->petition = query_int(&q, 0);
		query_bytes(&q, 1, c->mark, sizeof(c->mark));
		query_bytes(&q, 2, c->print, sizeof(c->print));
	}
	return query_end(&q);
}

static int
code_check(struct db *db, struct confirming *c, struct cairn_span digits)
{
	uint8_t key[ERASURE_KEY_BYTES], code[CODE_BYTES], given[CODE_BYTES];
	int err = petition_key_open(db, key, c->petition, PETITION_KEY_PRINTS);

	if (err == CAIRN_OK) {
		code_of(code, key, c->n, c->mark);
		c->found = text_hex(given, sizeof(given), digits) == CAIRN_OK &&
		    sodium_memcmp(code, given, sizeof(code)) == 0;
	}
	sodium_memzero(key, sizeof(key));
	sodium_memzero(code, sizeof(code));
	return err;
}

static int
confirm_row(struct db *db, struct petition_confirmed *out, const struct confirming *c)
{
	uint64_t counted = 0;
	struct query q;
	int err = petition_print_count(db, c->petition, c->print, false, &counted);

	if (err == CAIRN_OK)
		err = mark_state_put(db, c->petition, c->mark, counted > 0 ? MARK_SAME : MARK_COUNTED);
	if (err != CAIRN_OK)
		return err;
	q = petition_query(db, PETITION_SQL_ADDRESS_DROP);
	bind_int(&q, c->n);
	err = query_run(&q);
	if (counted > 0)
		out->same++;
	else
		out->counted++;
	return err == CAIRN_OK ? erasure_owe(erasure_of(db)) : err;
}

int
petition_confirm(struct db *db, struct petition_confirmed *out, struct cairn_span text)
{
	struct cairn_span digits;
	struct confirming c;
	int err = CAIRN_OK;

	*out = (struct petition_confirmed){0};
	while (err == CAIRN_OK && petition_code_next(&text, &c.n, &digits)) {
		err = confirming_get(db, &c);
		if (err == CAIRN_OK && c.found)
			err = code_check(db, &c, digits);
		if (err == CAIRN_OK && c.found)
			err = confirm_row(db, out, &c);
		else if (err == CAIRN_OK)
			out->unknown++;
	}
	return err;
}
