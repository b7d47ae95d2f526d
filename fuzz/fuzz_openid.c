// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "fuzz.h"
#include "site/openid.h"

/*
 * What strangers seal to the desk as a token (0), the JSON within one (1: head, a line feed, claims), and what an
 * issuer answers (2: its words, a zero, its keys). Nobody has the private half of the key here: no token is ever a
 * proof.
 */
#define KEY                                                                     \
	"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"

static const struct issuer_claim claims[] = {{"preferred_username", "openid profile"}, {"email", "openid email"}};

static void
try_token(const GPtrArray *issuers, struct cairn_span text)
{
	struct openid_wanted wanted = {.from_s = 1000, .to_s = 2000};
	const struct issuer *issuer = NULL;
	char name[OPENID_NAME_MAX + 1];
	const char *why = NULL;
	struct openid_token t;

	FUZZ_CHECK(openid_check(name, &issuer, &why, issuers, text, &wanted) != CAIRN_OK);
	FUZZ_CHECK(name[0] == '\0' || strlen(name) <= OPENID_NAME_MAX);
	FUZZ_CHECK(issuer == NULL && why != NULL);
	if (openid_read(&t, &why, text) == CAIRN_OK) {
		FUZZ_CHECK(t.covered.size < text.size && text.text[t.covered.size] == '.');
		for (guint i = 0; i < issuers->len; i++)
			if (openid_claims(name, &t, &why, issuers->pdata[i], &wanted) == CAIRN_OK)
				FUZZ_CHECK(name[0] != '\0' && text_is_utf8((const uint8_t *)name, strlen(name)) &&
				    strchr(name, '\n') == NULL);
	}
	openid_clear(&t);
}

static size_t
put(char *out, size_t room, const void *bytes, size_t size)
{
	if (sodium_base64_encoded_len(size, sodium_base64_VARIANT_URLSAFE_NO_PADDING) > room)
		return 0;
	sodium_bin2base64(out, room, bytes, size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return strlen(out);
}

static void
try_json(const GPtrArray *issuers, struct cairn_span text)
{
	static const uint8_t signature[64];
	static char token[OPENID_TOKEN_MAX * 3];
	struct cairn_span head = span_cut(&text, '\n');
	size_t used = put(token, OPENID_TOKEN_MAX, head.text, head.size);

	token[used++] = '.';
	used += put(token + used, OPENID_TOKEN_MAX, text.size > 0 ? text.text : "", text.size);
	token[used++] = '.';
	used += put(token + used, OPENID_TOKEN_MAX, signature, sizeof signature);
	try_token(issuers, (struct cairn_span){token, used});
}

static void
try_answer(const struct issuer *issuer, struct cairn_span text)
{
	struct cairn_span discovery = span_cut(&text, '\0');
	struct cairn_span answer = text.text == NULL ? (struct cairn_span){"", 0} : text;
	GString *out = g_string_new(NULL);
	struct site_fault fault;
	char *keys = issuer_keys_address(issuer, discovery, &fault);

	FUZZ_CHECK(keys == NULL || strpbrk(keys, " ;,\"'<>") == NULL);
	if (issuer_file(out, issuer, discovery, answer, 20000, &fault) == CAIRN_OK)
		FUZZ_CHECK(out->len > 0);
	g_free(keys);
	g_string_free(out, TRUE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct issuer list[2] = {
	    {.address = (char *)(uintptr_t) "https://a", .client = (char *)(uintptr_t) "c", .claim = &claims[0]},
	    {.address = (char *)(uintptr_t) "https://b", .client = (char *)(uintptr_t) "c", .claim = &claims[1]}};
	GPtrArray *issuers = g_ptr_array_new();
	json_error_t error;
	struct cairn_span rest;

	if (size > 0) {
		rest = (struct cairn_span){(const char *)bytes + 1, size - 1};
		list[0].keys = list[1].keys = json_pack("[o]", json_loads(KEY, 0, &error));
		g_ptr_array_add(issuers, &list[0]);
		g_ptr_array_add(issuers, &list[1]);
		if (bytes[0] == 0)
			try_token(issuers, rest);
		else if (bytes[0] == 1)
			try_json(issuers, rest);
		else
			try_answer(&list[0], rest);
		json_decref(list[0].keys);
	}
	g_ptr_array_free(issuers, TRUE);
	return 0;
}
