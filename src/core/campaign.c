// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/campaign.h"

#include <string.h>

#include <sodium.h>

#include "base/text.h"

#define MARK_LABEL "cairn/1 petition"
#define COMMENT_LABEL "cairn/1 comment"

static bool
in_slug(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

bool
cairn_slug_ok(struct cairn_span slug)
{
	if (slug.size == 0 || slug.size > CAIRN_SLUG_MAX || slug.text[0] == '-' || slug.text[slug.size - 1] == '-')
		return false;
	for (size_t i = 0; i < slug.size; i++)
		if (!in_slug(slug.text[i]))
			return false;
	return true;
}

int
cairn_petition_mark(uint8_t mark[CAIRN_MARK_BYTES], struct cairn_span petition,
    const uint8_t code[CAIRN_CODE_BYTES])
{
	uint8_t input[sizeof MARK_LABEL - 1 + CAIRN_SLUG_MAX + CAIRN_CODE_BYTES];
	size_t used = sizeof MARK_LABEL - 1;

	if (!cairn_slug_ok(petition))
		return CAIRN_ERR_FORMAT;
	memcpy(input, MARK_LABEL, used);
	memcpy(input + used, petition.text, petition.size);
	used += petition.size;
	memcpy(input + used, code, CAIRN_CODE_BYTES);
	cairn_hash(mark, input, used + CAIRN_CODE_BYTES);
	sodium_memzero(input, sizeof input);
	return CAIRN_OK;
}

void
cairn_comment_hash(uint8_t hash[CAIRN_HASH_BYTES], const uint8_t blind[CAIRN_BLIND_BYTES], struct cairn_span entry,
    struct cairn_span name, struct cairn_span words)
{
	static const uint8_t none[CAIRN_BLIND_BYTES], end[1];
	crypto_generichash_blake2b_state state;

	crypto_generichash_blake2b_init(&state, NULL, 0, CAIRN_HASH_BYTES);
	crypto_generichash_blake2b_update(&state, (const uint8_t *)COMMENT_LABEL, sizeof COMMENT_LABEL - 1);
	crypto_generichash_blake2b_update(&state, blind == NULL ? none : blind, CAIRN_BLIND_BYTES);
	crypto_generichash_blake2b_update(&state, (const uint8_t *)entry.text, entry.size);
	crypto_generichash_blake2b_update(&state, end, sizeof end);
	crypto_generichash_blake2b_update(&state, (const uint8_t *)name.text, name.size);
	crypto_generichash_blake2b_update(&state, end, sizeof end);
	crypto_generichash_blake2b_update(&state, (const uint8_t *)words.text, words.size);
	crypto_generichash_blake2b_final(&state, hash, CAIRN_HASH_BYTES);
	sodium_memzero(&state, sizeof state);
}

/* What stands behind the first head bytes. */
static struct cairn_span
rest(const struct cairn_record *record, size_t head)
{
	return (struct cairn_span){(const char *)record->value + head, record->bytes - head};
}

int
cairn_signature_read(struct cairn_signature *out, const struct cairn_record *record)
{
	if (record->bytes <= CAIRN_MARK_BYTES || !cairn_slug_ok(rest(record, CAIRN_MARK_BYTES)))
		return CAIRN_ERR_FORMAT;
	memcpy(out->mark, record->value, sizeof out->mark);
	out->petition = rest(record, CAIRN_MARK_BYTES);
	return CAIRN_OK;
}

int
cairn_withdrawal_read(struct cairn_withdrawal *out, const struct cairn_record *record)
{
	if (record->bytes <= CAIRN_CODE_BYTES || !cairn_slug_ok(rest(record, CAIRN_CODE_BYTES)))
		return CAIRN_ERR_FORMAT;
	memcpy(out->code, record->value, sizeof out->code);
	out->petition = rest(record, CAIRN_CODE_BYTES);
	return CAIRN_OK;
}

/* ---- gatherings ---- */

/* Two digits, 0 to most; -1 for anything else. */
static int
two_digits(const char *at, int most)
{
	int n;

	if (at[0] < '0' || at[0] > '9' || at[1] < '0' || at[1] > '9')
		return -1;
	n = (at[0] - '0') * 10 + at[1] - '0';
	return n <= most ? n : -1;
}

static int
month_days(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

static bool
time_ok(const char *at)
{
	int century = two_digits(at, 99), year = two_digits(at + 2, 99);
	int month = two_digits(at + 5, 12), day = two_digits(at + 8, 31);

	return century > 0 && year >= 0 && month > 0 && day > 0 && at[4] == '-' && at[7] == '-' && at[10] == 'T' &&
	    at[13] == ':' && day <= month_days(century * 100 + year, month) && two_digits(at + 11, 23) >= 0 &&
	    two_digits(at + 14, 59) >= 0;
}

/* Letters, digits, and what else stands in names of the zone database; no word of it is empty or a path. */
static bool
zone_ok(struct cairn_span zone)
{
	char before = '/';

	for (size_t i = 0; i < zone.size; before = zone.text[i++]) {
		char c = zone.text[i];
		char lower = (char)(c | 0x20);
		bool letter = lower >= 'a' && lower <= 'z';

		if (before == '/' && !letter)
			return false;
		if (!letter && (c < '0' || c > '9') && c != '/' && c != '_' && c != '-' && c != '+')
			return false;
	}
	return before != '/';
}

int
cairn_gathering_read(struct cairn_gathering *out, const struct cairn_record *record)
{
	if (record->bytes <= CAIRN_GATHERING_TIME_BYTES || !time_ok((const char *)record->value) ||
	    !zone_ok(rest(record, CAIRN_GATHERING_TIME_BYTES)))
		return CAIRN_ERR_FORMAT;
	out->begins = (struct cairn_span){(const char *)record->value, CAIRN_GATHERING_TIME_BYTES};
	out->zone = rest(record, CAIRN_GATHERING_TIME_BYTES);
	return CAIRN_OK;
}

/* ---- the rest ---- */

static bool
printable(struct cairn_span text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.text[i] <= ' ' || text.text[i] > '~')
			return false;
	return true;
}

static bool
is_https(struct cairn_span text)
{
	static const char https[] = "https://";

	return text.size >= sizeof https && memcmp(text.text, https, sizeof https - 1) == 0;
}

int
cairn_proof_read(struct cairn_proof *out, const struct cairn_record *record)
{
	struct cairn_proof proof = {.kind = CAIRN_PROOF_PAGE};
	size_t head = 1;

	if (record->bytes > 1 + CAIRN_BLIND_BYTES && record->value[0] == CAIRN_PROOF_OPENID) {
		proof.kind = CAIRN_PROOF_OPENID;
		memcpy(proof.blind, record->value + 1, sizeof proof.blind);
		head += sizeof proof.blind;
	} else if (record->bytes < 2 || record->value[0] != CAIRN_PROOF_PAGE) {
		return CAIRN_ERR_FORMAT;
	}
	proof.value = rest(record, head);
	if (!printable(proof.value) || (proof.kind == CAIRN_PROOF_PAGE && !is_https(proof.value)))
		return CAIRN_ERR_FORMAT;
	*out = proof;
	return CAIRN_OK;
}

int
campaign_signature_check(const struct cairn_record *record, uint32_t day)
{
	struct cairn_signature read;

	(void)day;
	return cairn_signature_read(&read, record);
}

int
campaign_withdrawal_check(const struct cairn_record *record, uint32_t day)
{
	struct cairn_withdrawal read;

	(void)day;
	return cairn_withdrawal_read(&read, record);
}

int
campaign_gathering_check(const struct cairn_record *record, uint32_t day)
{
	struct cairn_gathering read;

	(void)day;
	return cairn_gathering_read(&read, record);
}

int
campaign_proof_check(const struct cairn_record *record, uint32_t day)
{
	struct cairn_proof read;

	(void)day;
	return cairn_proof_read(&read, record);
}

int
campaign_comment_check(const struct cairn_record *record, uint32_t day)
{
	(void)day;
	return cairn_slug_ok(rest(record, 0)) ? CAIRN_OK : CAIRN_ERR_FORMAT;
}

int
campaign_country_check(const struct cairn_record *record, uint32_t day)
{
	(void)day;
	for (size_t i = 0; i < record->bytes; i++)
		if (record->value[i] < 'A' || record->value[i] > 'Z')
			return CAIRN_ERR_FORMAT;
	return CAIRN_OK;
}

/*
 * Enough to be handed to a mail server without meaning anything else there: whether it exists is asked by a letter.
 */
int
campaign_e_mail_check(const struct cairn_record *record, uint32_t day)
{
	struct cairn_span address = rest(record, 0);
	struct cairn_span user = span_cut(&address, '@');

	(void)day;
	if (user.size == 0 || user.text[0] == '-' || address.size == 0 || memchr(address.text, '@',
	    address.size) != NULL)
		return CAIRN_ERR_FORMAT;
	for (size_t i = 0; i < record->bytes; i++)
		if (record->value[i] <= ' ' || record->value[i] > '~' ||
		    memchr("<>()[],;:\\\"", record->value[i], 11) != NULL)
			return CAIRN_ERR_FORMAT;
	return CAIRN_OK;
}
