// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/openid.h"

#include <string.h>
#include <strings.h>

#include <sodium.h>

#include "base/text.h"
#include "site/text.h"

static int
refuse(const char **why, int err, const char *text)
{
	*why = text;
	return err;
}

static const char *
said(const json_t *object, const char *member)
{
	return json_string_value(json_object_get(object, member));
}

static bool
said_is(const json_t *object, const char *member, const char *wanted)
{
	const char *value = said(object, member);

	return value != NULL && strcmp(value, wanted) == 0;
}

/* ---- reading ---- */

/* base64url without padding, in its one form. */
static bool
decode(uint8_t *out, size_t room, size_t *ret_bytes, struct cairn_span part)
{
	return part.size > 0 &&
	    sodium_base642bin(out, room, part.text, part.size, NULL, ret_bytes, NULL,
		sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0;
}

static json_t *
object_of(struct cairn_span part)
{
	uint8_t text[OPENID_TOKEN_MAX];
	json_error_t error;
	size_t bytes = 0;
	json_t *object;

	if (!decode(text, sizeof text, &bytes, part))
		return NULL;
	/* What stands twice is read one way here and another there. */
	object = json_loadb((const char *)text, bytes, JSON_REJECT_DUPLICATES, &error);
	if (json_is_object(object))
		return object;
	json_decref(object);
	return NULL;
}

int
openid_read(struct openid_token *t, const char **why, struct cairn_span token)
{
	struct cairn_span rest = token, head, claims;

	*t = (struct openid_token){.head = NULL};
	if (token.size == 0 || token.size > OPENID_TOKEN_MAX)
		return refuse(why, CAIRN_ERR_FORMAT, "it is empty, or too long for a token");
	head = span_cut(&rest, '.');
	claims = span_cut(&rest, '.');
	/* A fourth part would be one of an encrypted token: its dots are not in the alphabet. */
	if (rest.text == NULL || !decode(t->signature, sizeof t->signature, &t->signature_bytes, rest))
		return refuse(why, CAIRN_ERR_FORMAT, "it is not three parts of which the last is a signature");
	t->covered = (struct cairn_span){token.text, (size_t)(claims.text + claims.size - token.text)};
	t->head = object_of(head);
	t->claims = object_of(claims);
	if (t->head == NULL || t->claims == NULL)
		return refuse(why, CAIRN_ERR_FORMAT, "its parts are no JSON objects");
	return CAIRN_OK;
}

void
openid_clear(struct openid_token *t)
{
	json_decref(t->head);
	json_decref(t->claims);
	*t = (struct openid_token){.head = NULL};
}

/* ---- the signature ---- */

/* The one key that it may be under. Two that fit: nobody guesses. */
static const json_t *
key_of(const struct openid_token *t, const struct issuer *issuer, const char *alg)
{
	const json_t *kid = json_object_get(t->head, "kid"), *found = NULL;
	json_t *key;
	size_t i;

	if (kid != NULL && !json_is_string(kid))
		return NULL;
	json_array_foreach(issuer->keys, i, key) {
		if (!jwk_fits(key, alg, json_string_value(kid)))
			continue;
		if (found != NULL)
			return NULL;
		found = key;
	}
	return found;
}

/* Keys that a token brings along, or says where to get, are never looked at. */
static int
check_signature(const struct openid_token *t, const char **why, const struct issuer *issuer)
{
	const char *alg = said(t->head, "alg"), *type = said(t->head, "typ");
	const json_t *key;

	if (alg == NULL || json_object_get(t->head, "crit") != NULL ||
	    (json_object_get(t->head, "typ") != NULL && (type == NULL || strcasecmp(type, "JWT") != 0)))
		return refuse(why, CAIRN_ERR_FORMAT, "its head is not one of an ID token");
	key = key_of(t, issuer, alg);
	if (key == NULL)
		return refuse(why, CAIRN_ERR_KEY,
		    "it is under no key that is here: fetch the issuer's anew ('cairn site issuer'), or it is "
		    "forged");
	if (jwk_verify(key, alg, t->covered, t->signature, t->signature_bytes) != CAIRN_OK)
		return refuse(why, CAIRN_ERR_CRYPTO, "its signature is not the issuer's");
	return CAIRN_OK;
}

/* ---- what it says ---- */

/* For this client alone, or for it among others that the issuer vouches to be handed to it. */
static bool
is_for(const json_t *claims, const char *client)
{
	const json_t *audience = json_object_get(claims, "aud"), *party = json_object_get(claims, "azp");
	bool there = said_is(claims, "aud", client);
	json_t *one;
	size_t i;

	json_array_foreach(audience, i, one)
		there = there || (json_is_string(one) && strcmp(json_string_value(one), client) == 0);
	if (party == NULL)
		return there && (json_is_string(audience) || json_array_size(audience) == 1);
	return there && said_is(claims, "azp", client);
}

static bool
time_fits(const json_t *claims, const struct openid_wanted *wanted)
{
	const json_t *expires = json_object_get(claims, "exp"), *issued = json_object_get(claims, "iat");
	const json_t *before = json_object_get(claims, "nbf");
	json_int_t latest = (json_int_t)wanted->to_s + (json_int_t)OPENID_SKEW_S;

	return json_is_integer(expires) && json_is_integer(issued) &&
	    json_integer_value(expires) >= (json_int_t)wanted->from_s && json_integer_value(issued) <= latest &&
	    json_integer_value(issued) <= json_integer_value(expires) &&
	    (before == NULL || (json_is_integer(before) && json_integer_value(before) <= latest));
}

/* What cannot be seen makes two names look the same. Joiners stay: some scripts need them. */
static bool
unseen(uint32_t code)
{
	return text_is_trick(code) || code == 0xad || code == 0x200b || (code >= 0x2060 && code <= 0x2064) ||
	    code == 0xfeff;
}

static bool
shows(struct cairn_span text)
{
	bool letters = false;

	while (text.size > 0) {
		uint32_t code = text_next(&text);

		if (unseen(code))
			return false;
		letters = letters || (code > ' ' && code != 0xa0 && code != 0x200c && code != 0x200d &&
		    code != 0x3000);
	}
	return letters;
}

static bool
take_name(char name[OPENID_NAME_MAX + 1], const json_t *claims, const char *claim)
{
	const json_t *value = json_object_get(claims, claim);
	struct cairn_span text = {json_string_value(value), json_string_length(value)};

	if (text.text == NULL || text.size == 0 || text.size > OPENID_NAME_MAX || !text_is_line(text) || !shows(text))
		return false;
	/* An address that nobody confirmed is anybody's. */
	if (strcmp(claim, "email") == 0 && !json_is_true(json_object_get(claims, "email_verified")))
		return false;
	memcpy(name, text.text, text.size);
	name[text.size] = '\0';
	return true;
}

int
openid_claims(char name[OPENID_NAME_MAX + 1], const struct openid_token *t, const char **why,
    const struct issuer *issuer, const struct openid_wanted *wanted)
{
	char nonce[2 * CAIRN_HASH_BYTES + 1];

	if (!said_is(t->claims, "iss", issuer->address))
		return refuse(why, CAIRN_ERR_UNKNOWN, "it is not of that issuer");
	if (!is_for(t->claims, issuer->client))
		return refuse(why, CAIRN_ERR_DENIED, "it was made for another site");
	sodium_bin2hex(nonce, sizeof nonce, wanted->hash, sizeof wanted->hash);
	if (!said_is(t->claims, "nonce", nonce))
		return refuse(why, CAIRN_ERR_DENIED, "it was made for another comment, or for other words");
	if (!time_fits(t->claims, wanted))
		return refuse(why, CAIRN_ERR_DENIED,
		    "it did not hold any more, or not yet, when the comment arrived");
	if (!take_name(name, t->claims, issuer->claim->name))
		return refuse(why, CAIRN_ERR_DENIED,
		    "it has no name that could be shown, or one that nobody confirmed");
	return CAIRN_OK;
}

int
openid_check(char name[OPENID_NAME_MAX + 1], const struct issuer **ret_issuer, const char **why,
    const GPtrArray *issuers, struct cairn_span token, const struct openid_wanted *wanted)
{
	const struct issuer *issuer = NULL;
	struct openid_token t;
	int err = openid_read(&t, why, token);

	name[0] = '\0';
	if (err == CAIRN_OK && (issuer = issuer_find(issuers, said(t.claims, "iss"))) == NULL)
		err = refuse(why, CAIRN_ERR_UNKNOWN, "it is of no issuer that site.md lists");
	if (err == CAIRN_OK)
		err = check_signature(&t, why, issuer);
	if (err == CAIRN_OK)
		err = openid_claims(name, &t, why, issuer, wanted);
	if (err == CAIRN_OK)
		*ret_issuer = issuer;
	openid_clear(&t);
	return err;
}
