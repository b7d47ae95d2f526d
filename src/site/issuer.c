// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/issuer.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cairn/campaign.h"
#include "site/document.h"
#include "site/fault.h"
#include "site/jwk.h"
#include "site/posting_conf.h"
#include "site/text.h"

#define ADDRESS_MAX 300U
#define CLIENT_MAX 200U
#define TITLE_MAX 80U

/* At most issuers "name" and "nickname" are whatever somebody typed there last: see docs/site.md. */
static const struct issuer_claim claims[] = {
    {"preferred_username", "openid profile"},
    {"nickname", "openid profile"},
    {"name", "openid profile"},
    {"email", "openid email"},
    {"sub", "openid"},
};

static const char *const addresses[] = {"authorization_endpoint", "token_endpoint"};
#define SAYS_ISSUER "authorization_response_iss_parameter_supported"
#define TAKES_CLAIMS "claims_parameter_supported"

/* ---- a line of site.md ---- */

/* It stands in attributes and in a policy, where a blank, a comma or a semicolon would begin something else. */
static bool
is_address(struct cairn_span text, const char *more)
{
	for (size_t i = 0; i < text.size; i++)
		if (!g_ascii_isalnum(text.text[i]) && strchr("-._~:/%[]", text.text[i]) == NULL &&
		    strchr(more, text.text[i]) == NULL)
			return false;
	return text.size <= ADDRESS_MAX && text_is_web(text) &&
	    (text_starts(text, "https://") || posting_is_here(text.text));
}

static bool
is_client(struct cairn_span text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.text[i] <= ' ' || text.text[i] > '~' || strchr("\"'<>&", text.text[i]) != NULL)
			return false;
	return text.size > 0 && text.size <= CLIENT_MAX;
}

static const struct issuer_claim *
claim_of(struct cairn_span name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(claims); i++)
		if (span_is(name, claims[i].name))
			return &claims[i];
	return NULL;
}

/* NULL: a part is missing or wrong. */
static struct issuer *
line_read(struct cairn_span value)
{
	struct cairn_span name = head_part(&value, '|'), title = head_part(&value, '|');
	struct cairn_span address = head_part(&value, '|'), client = head_part(&value, '|');
	const struct issuer_claim *claim = claim_of(text_trim(value));
	struct issuer *issuer;

	if (!cairn_slug_ok(name) || title.size == 0 || title.size > TITLE_MAX || !text_is_line(title) ||
	    !is_address(address, "") || !is_client(client) || claim == NULL)
		return NULL;
	issuer = g_new0(struct issuer, 1);
	issuer->name = g_strndup(name.text, name.size);
	issuer->title = g_strndup(title.text, title.size);
	issuer->address = g_strndup(address.text, address.size);
	issuer->client = g_strndup(client.text, client.size);
	issuer->claim = claim;
	return issuer;
}

void
issuer_free(void *what)
{
	struct issuer *issuer = what;

	if (issuer == NULL)
		return;
	g_free(issuer->name);
	g_free(issuer->title);
	g_free(issuer->address);
	g_free(issuer->client);
	g_free(issuer->authorize);
	g_free(issuer->token);
	json_decref(issuer->keys);
	g_free(issuer);
}

bool
issuer_line_ok(struct cairn_span value)
{
	struct issuer *issuer = line_read(value);
	bool good = issuer != NULL;

	issuer_free(issuer);
	return good;
}

int
issuer_line(struct issuer **ret, const struct head *site, const char *name, struct site_fault *fault)
{
	struct cairn_span value;
	size_t at = 0;

	while (head_next(site, "issuer", &at, &value)) {
		struct issuer *issuer = line_read(value);

		if (issuer != NULL && strcmp(issuer->name, name) == 0) {
			*ret = issuer;
			return CAIRN_OK;
		}
		issuer_free(issuer);
	}
	return fault_set(fault, CAIRN_ERR_UNKNOWN, "site.md", 0, "has no issuer of the name \"%.60s\"", name);
}

const struct issuer *
issuer_find(const GPtrArray *issuers, const char *address)
{
	for (guint i = 0; address != NULL && i < issuers->len; i++) {
		const struct issuer *issuer = issuers->pdata[i];

		if (strcmp(issuer->address, address) == 0)
			return issuer;
	}
	return NULL;
}

/* ---- its file ---- */

static const char *
said(const json_t *object, const char *member)
{
	const char *value = json_string_value(json_object_get(object, member));

	return value == NULL ? "" : value;
}

/* What is wrong with it; NULL: nothing. */
static const char *
wrong_with(const struct issuer *issuer, const json_t *object)
{
	const json_t *says = json_object_get(object, SAYS_ISSUER), *takes = json_object_get(object, TAKES_CLAIMS);

	if (strcmp(said(object, "issuer"), issuer->address) != 0)
		return "its \"issuer\" is not the address in site.md";
	if (!is_address(text_of(said(object, addresses[0])), "?=&") || !is_address(text_of(said(object,
	    addresses[1])), ""))
		return "its endpoints are no https addresses of plain letters";
	if ((says != NULL && !json_is_boolean(says)) || (takes != NULL && !json_is_boolean(takes)))
		return SAYS_ISSUER " and " TAKES_CLAIMS " are true or false";
	return NULL;
}

/* What an issuer says of itself, in its file or fetched; NULL where *wrong says what is wrong with it. */
static json_t *
about(const struct issuer *issuer, struct cairn_span text, const char **wrong)
{
	json_error_t error;
	json_t *object = json_loadb(text.text, text.size, JSON_REJECT_DUPLICATES, &error);

	*wrong = json_is_object(object) ? wrong_with(issuer, object) : "is no JSON object";
	if (*wrong == NULL)
		return object;
	json_decref(object);
	return NULL;
}

static bool
are_keys(const json_t *keys)
{
	json_t *key;
	size_t i;

	if (!json_is_array(keys) || json_array_size(keys) == 0 || json_array_size(keys) > ISSUER_KEYS_MAX)
		return false;
	json_array_foreach(keys, i, key)
		if (!json_is_object(key))
			return false;
	return true;
}

static void
take_hash(struct issuer *issuer)
{
	struct key key;

	key_begin(&key, "issuer");
	key_span(&key, text_of(issuer->name));
	key_span(&key, text_of(issuer->title));
	key_span(&key, text_of(issuer->address));
	key_span(&key, text_of(issuer->client));
	key_span(&key, text_of(issuer->claim->name));
	key_span(&key, text_of(issuer->authorize));
	key_span(&key, text_of(issuer->token));
	key_number(&key, issuer->says_issuer);
	key_number(&key, issuer->takes_claims);
	key_end(&key, issuer->hash);
}

static int
file_read(struct issuer *issuer, struct cairn_span text, const char *file, struct site_fault *fault)
{
	const char *wrong;
	json_t *object = about(issuer, text, &wrong), *keys = json_object_get(object, "keys");

	if (wrong == NULL && !are_keys(keys))
		wrong = "its \"keys\" are no list of keys";
	if (wrong == NULL) {
		issuer->authorize = g_strdup(said(object, addresses[0]));
		issuer->token = g_strdup(said(object, addresses[1]));
		issuer->says_issuer = json_is_true(json_object_get(object, SAYS_ISSUER));
		issuer->takes_claims = json_is_true(json_object_get(object, TAKES_CLAIMS));
		issuer->keys = json_incref(keys);
		take_hash(issuer);
	}
	json_decref(object);
	return wrong == NULL ? CAIRN_OK : fault_set(fault, CAIRN_ERR_FORMAT, file, 0, "%s", wrong);
}

static int
file_load(struct issuer *issuer, int source, struct site_fault *fault)
{
	char *file = g_strdup_printf("issuers/%s.json", issuer->name);
	size_t bytes;
	int err;
	char *text = source_file(source, file, ISSUER_BYTES_MAX, &bytes, &err, fault);

	if (err == CAIRN_OK)
		err = file_read(issuer, (struct cairn_span){text, bytes}, file, fault);
	else if (err == CAIRN_ERR_UNKNOWN)
		err = fault_set(fault, err, file, 0, "is not there: 'cairn site issuer %s SOURCE' fetches it",
		    issuer->name);
	free(text);
	g_free(file);
	return err;
}

int
issuers_load(GPtrArray **ret, int source, const struct head *site, struct site_fault *fault)
{
	struct cairn_span value;
	size_t at = 0;
	int err = CAIRN_OK;

	*ret = g_ptr_array_new_with_free_func(issuer_free);
	while (err == CAIRN_OK && head_next(site, "issuer", &at, &value)) {
		struct issuer *issuer = line_read(value);

		if (issuer == NULL || issuer_find(*ret, issuer->address) != NULL || (*ret)->len == ISSUERS_MAX)
			err = fault_set(fault, CAIRN_ERR_FORMAT, "site.md", 0,
			    "at most %u issuers, each address once", ISSUERS_MAX);
		else
			err = file_load(issuer, source, fault);
		if (err == CAIRN_OK)
			g_ptr_array_add(*ret, issuer);
		else
			issuer_free(issuer);
	}
	return err;
}

/* ---- what is fetched ---- */

char *
issuer_keys_address(const struct issuer *issuer, struct cairn_span discovery, struct site_fault *fault)
{
	const char *wrong;
	json_t *object = about(issuer, discovery, &wrong);
	char *address = NULL;

	if (object != NULL && !is_address(text_of(said(object, "jwks_uri")), "?=&"))
		wrong = "says of no address where its keys are";
	if (wrong == NULL)
		address = g_strdup(said(object, "jwks_uri"));
	else
		(void)fault_set(fault, CAIRN_ERR_FORMAT, issuer->address, 0, "what it answers: %s", wrong);
	json_decref(object);
	return address;
}

/* Of all keys those that are used here. */
static json_t *
public_keys(struct cairn_span text)
{
	json_error_t error;
	json_t *object = json_loadb(text.text, text.size, JSON_REJECT_DUPLICATES, &error), *out = json_array(), *key;
	size_t i;

	json_array_foreach(json_object_get(object, "keys"), i, key) {
		json_t *copy = json_array_size(out) < ISSUER_KEYS_MAX ? jwk_public(key) : NULL;

		if (copy != NULL)
			json_array_append_new(out, copy);
	}
	json_decref(object);
	return out;
}

int
issuer_file(GString *out, const struct issuer *issuer, struct cairn_span discovery, struct cairn_span keys,
    uint32_t today, struct site_fault *fault)
{
	const char *wrong;
	char day[11], *text = NULL;
	json_t *object = about(issuer, discovery, &wrong), *list = public_keys(keys), *file = NULL;

	day_text(day, today);
	if (wrong == NULL && json_array_size(list) == 0)
		wrong = "it has no key that is used here (RSA of 2048 bits or more, P-256, Ed25519)";
	if (wrong == NULL)
		file = json_pack("{s:s, s:s, s:s, s:b, s:b, s:s, s:O}", "issuer", issuer->address, addresses[0],
		    said(object, addresses[0]), addresses[1], said(object, addresses[1]), SAYS_ISSUER,
		    json_is_true(json_object_get(object, SAYS_ISSUER)), TAKES_CLAIMS,
		    json_is_true(json_object_get(object, TAKES_CLAIMS)), "fetched", day, "keys", list);
	if (file != NULL)
		text = json_dumps(file, JSON_INDENT(1));
	if (text != NULL)
		g_string_printf(out, "%s\n", text);
	json_decref(object);
	json_decref(list);
	json_decref(file);
	free(text);
	return text != NULL ? CAIRN_OK
			    : fault_set(fault, CAIRN_ERR_FORMAT, issuer->address, 0, "what it answers: %s",
				  wrong == NULL ? "out of memory" : wrong);
}
