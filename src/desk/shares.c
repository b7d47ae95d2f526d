// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/shares.h"

#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "base/writer.h"
#include "carry/threshold.h"

#define SHARE_CHECK_BYTES 8U

int
shares_split(struct share out[SHARES], const uint8_t seed[SHARE_SEED_BYTES],
    const uint8_t desk_id[CAIRN_HASH_BYTES])
{
	struct threshold_share shares[SHARES];
	int err = threshold_split(shares, SHARES_NEEDED, SHARES, seed);

	sodium_memzero(out, SHARES * sizeof(*out));
	for (size_t i = 0; i < SHARES && err == CAIRN_OK; i++) {
		out[i].number = shares[i].number;
		memcpy(out[i].desk_id, desk_id, CAIRN_HASH_BYTES);
		memcpy(out[i].bytes, shares[i].bytes, SHARE_SEED_BYTES);
	}
	sodium_memzero(shares, sizeof(shares));
	return err;
}

/* Is it the seed of that public key? */
static int
seed_check(const uint8_t seed[SHARE_SEED_BYTES], const uint8_t identity_key[32])
{
	uint8_t public_key[32], secret[64];

	crypto_sign_seed_keypair(public_key, secret, seed);
	sodium_memzero(secret, sizeof(secret));
	return memcmp(public_key, identity_key, sizeof(public_key)) == 0 ? CAIRN_OK : CAIRN_ERR_CRYPTO;
}

int
shares_join(uint8_t seed[SHARE_SEED_BYTES], const struct share *a, const struct share *b,
    const uint8_t identity_key[32])
{
	struct threshold_share pair[SHARES_NEEDED] = {{.number = a->number}, {.number = b->number}};
	int err;

	sodium_memzero(seed, SHARE_SEED_BYTES);
	if (memcmp(a->desk_id, b->desk_id, CAIRN_HASH_BYTES) != 0)
		return CAIRN_ERR_CONFLICT;
	memcpy(pair[0].bytes, a->bytes, SHARE_SEED_BYTES);
	memcpy(pair[1].bytes, b->bytes, SHARE_SEED_BYTES);
	err = threshold_join(seed, pair, SHARES_NEEDED);
	if (err == CAIRN_OK)
		err = seed_check(seed, identity_key);
	if (err != CAIRN_OK)
		sodium_memzero(seed, SHARE_SEED_BYTES);
	sodium_memzero(pair, sizeof(pair));
	return err;
}

void
share_backup_name(char out[SHARE_NAME_MAX], const struct share *share)
{
	char id[9];

	sodium_bin2hex(id, sizeof(id), share->desk_id, 4);
	snprintf(out, SHARE_NAME_MAX, "cairn-backup-%s-share-%u-of-%u.txt", id, share->number, SHARES);
}

void
share_file_name(char out[SHARE_NAME_MAX], const struct share *share)
{
	char id[9];

	sodium_bin2hex(id, sizeof(id), share->desk_id, 4);
	snprintf(out, SHARE_NAME_MAX, "cairn-desk-%s-share-%u-of-%u.txt", id, share->number, SHARES);
}

/* The lines that count, whatever stands around them: what the check is over. */
static void
share_check(uint8_t out[SHARE_CHECK_BYTES], const struct share *share)
{
	uint8_t text[1 + CAIRN_HASH_BYTES + SHARE_SEED_BYTES];
	uint8_t hash[CAIRN_HASH_BYTES];

	text[0] = share->number;
	memcpy(text + 1, share->desk_id, CAIRN_HASH_BYTES);
	memcpy(text + 1 + CAIRN_HASH_BYTES, share->bytes, SHARE_SEED_BYTES);
	cairn_hash(hash, text, sizeof(text));
	memcpy(out, hash, SHARE_CHECK_BYTES);
	sodium_memzero(text, sizeof(text));
	sodium_memzero(hash, sizeof(hash));
}

/* What people read above the lines that count. */
struct share_words {
	const char *what;
	const char *use;
};

static int
share_compose(char out[SHARE_TEXT_MAX], size_t *ret_bytes, const struct share *share, const char *name,
    const struct share_words *words)
{
	uint8_t check[SHARE_CHECK_BYTES];
	struct writer w;

	share_check(check, share);
	writer_init(&w, out, SHARE_TEXT_MAX - 1);
	write_text(&w, "This is part ");
	write_decimal(&w, share->number);
	write_text(&w, " of 3 of ");
	write_text(&w, words->what);
	write_text(&w, " of the desk \"");
	write_text(&w, name);
	write_text(&w, "\".\n\n"
		       "Two of the three parts give the whole key; one alone tells nothing. Three people keep one\n"
		       "each, apart from each other and from the desk's computers, on paper or "
		       "on a stick of its own.\n");
	write_text(&w, words->use);
	write_text(&w, "\nshare ");
	write_decimal(&w, share->number);
	write_text(&w, "\ndesk ");
	write_hex(&w, share->desk_id, CAIRN_HASH_BYTES);
	write_text(&w, "\npart ");
	write_hex(&w, share->bytes, SHARE_SEED_BYTES);
	write_text(&w, "\ncheck ");
	write_hex(&w, check, sizeof(check));
	write_text(&w, "\n");
	out[w.used] = '\0';
	sodium_memzero(check, sizeof(check));
	return writer_end(&w, ret_bytes);
}

int
share_write(char out[SHARE_TEXT_MAX], size_t *ret_bytes, const struct share *share, const char *name)
{
	static const struct share_words words = {"the identity key",
	    "Two of them together make a new card ('cairn desk card --renew --share FILE --share FILE').\n"
	    "Whoever has two of them is the desk. If one is lost or seen by others, make three new ones of the\n"
	    "two that are left ('cairn desk shares'), and destroy all old ones.\n"};

	return share_compose(out, ret_bytes, share, name, &words);
}

int
share_write_backup(char out[SHARE_TEXT_MAX], size_t *ret_bytes, const struct share *share, const char *name)
{
	static const struct share_words words = {"the key of a backup",
	    "Two of them give a device's own keys back ('cairn desk restore --share FILE --share FILE').\n"
	    "They open nothing without the backup and its passphrase.\n"};

	return share_compose(out, ret_bytes, share, name, &words);
}

struct share_found {
	struct share share;
	uint8_t check[SHARE_CHECK_BYTES];
	unsigned lines; /* a bit for each */
};

/* One line of the file; what is not one of the four is for people. */
static int
share_line(struct share_found *found, struct cairn_span line)
{
	struct cairn_span word = span_cut(&line, ' ');
	uint64_t number;

	if (line.text == NULL)
		return CAIRN_OK;
	if (span_is(word, "share")) {
		found->lines |= 1;
		if (text_number(&number, line, SHARES) != CAIRN_OK || number == 0)
			return CAIRN_ERR_FORMAT;
		found->share.number = (uint8_t)number;
		return CAIRN_OK;
	}
	if (span_is(word, "desk")) {
		found->lines |= 2;
		return text_hex(found->share.desk_id, CAIRN_HASH_BYTES, line);
	}
	if (span_is(word, "part")) {
		found->lines |= 4;
		return text_hex(found->share.bytes, SHARE_SEED_BYTES, line);
	}
	if (span_is(word, "check")) {
		found->lines |= 8;
		return text_hex(found->check, SHARE_CHECK_BYTES, line);
	}
	return CAIRN_OK;
}

int
share_read(struct share *share, const char *text, size_t bytes)
{
	struct cairn_span rest = {text, bytes};
	struct share_found found = {.lines = 0};
	uint8_t check[SHARE_CHECK_BYTES];
	int err = bytes > SHARE_TEXT_MAX ? CAIRN_ERR_FORMAT : CAIRN_OK;

	while (err == CAIRN_OK && rest.text != NULL) {
		struct cairn_span line = span_cut(&rest, '\n');

		if (line.size > 0 && line.text[line.size - 1] == '\r')
			line.size--;
		err = share_line(&found, line);
	}
	if (err == CAIRN_OK && found.lines != 15)
		err = CAIRN_ERR_FORMAT;
	if (err == CAIRN_OK) {
		share_check(check, &found.share);
		if (sodium_memcmp(check, found.check, sizeof(check)) != 0)
			err = CAIRN_ERR_CRYPTO;
	}
	sodium_memzero(share, sizeof(*share));
	if (err == CAIRN_OK)
		*share = found.share;
	sodium_memzero(&found, sizeof(found));
	return err;
}
