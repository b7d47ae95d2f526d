// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/claim_draft.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/text.h"

static int __attribute__((format(printf, 2, 3)))
refuse(char *fault, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(fault, CLAIM_FAULT_BYTES, format, args);
	va_end(args);
	return CAIRN_ERR_FORMAT;
}

static struct cairn_span
string_span(const json_t *value)
{
	return (struct cairn_span){json_string_value(value), json_string_length(value)};
}

/* Exactly these keys. */
static bool
has_keys(json_t *object, const char *const *keys, size_t count)
{
	if (!json_is_object(object) || json_object_size(object) != count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (json_object_get(object, keys[i]) == NULL)
			return false;
	return true;
}

static bool
number_take(uint32_t *out, const json_t *value)
{
	if (!json_is_integer(value) || json_integer_value(value) < 0 || json_integer_value(value) > UINT32_MAX)
		return false;
	*out = (uint32_t)json_integer_value(value);
	return true;
}

static int
place_read(struct claim *claim, char *fault, json_t *place)
{
	static const char *const keys[] = {"level", "name"};
	struct cairn_span level = string_span(json_object_get(place, "level"));

	if (!has_keys(place, keys, 2) || level.text == NULL || !json_is_string(json_object_get(place, "name")))
		return refuse(fault, "\"place\" has a level and a name");
	claim->place = string_span(json_object_get(place, "name"));
	for (unsigned i = 0; i < CLAIM_PLACE_LEVELS; i++)
		if (span_is(level, claim_place_words[i])) {
			claim->place_level = (enum claim_place_level)i;
			return CAIRN_OK;
		}
	return refuse(fault, "a place is a country or a region, and nothing finer");
}

static int
sayings_read(struct claim *claim, char *fault, json_t *says)
{
	const char *lang;
	json_t *text;

	if (!json_is_object(says) || json_object_size(says) == 0 || json_object_size(says) > CLAIM_SAYINGS_MAX)
		return refuse(fault, "\"says\" has 1 to %u languages", CLAIM_SAYINGS_MAX);
	json_object_foreach(says, lang, text) {
		struct claim_saying *saying = &claim->sayings[claim->saying_count++];

		if (!json_is_string(text))
			return refuse(fault, "what is said in \"%.35s\" is not a text", lang);
		saying->lang = (struct cairn_span){lang, strlen(lang)};
		saying->text = string_span(text);
	}
	return CAIRN_OK;
}

static int
account_read(struct claim_secret *secret, char *fault, json_t *object)
{
	static const char *const keys[] = {"code", "sha256"};
	struct cairn_span code, hash;

	if (!has_keys(object, keys, 2))
		return refuse(fault, "an account has a code and its SHA-256");
	code = string_span(json_object_get(object, "code"));
	hash = string_span(json_object_get(object, "sha256"));
	if (code.text == NULL || hash.text == NULL || !claim_code_ok(code))
		return refuse(fault, "an account's code is none");
	if (text_hex(secret->account, sizeof secret->account, hash) != CAIRN_OK)
		return refuse(fault, "the SHA-256 of %.*s is not 64 hex digits", (int)code.size, code.text);
	memcpy(secret->code, code.text, code.size);
	return CAIRN_OK;
}

static int
accounts_read(struct claim_secrets *secrets, char *fault, json_t *list)
{
	json_t *account;
	size_t i;

	if (!json_is_array(list) || json_array_size(list) > CLAIM_COMMITMENTS_MAX)
		return refuse(fault, "\"sealed\" is a list of at most %u accounts", CLAIM_COMMITMENTS_MAX);
	json_array_foreach(list, i, account) {
		int err = account_read(&secrets->items[secrets->count], fault, account);

		if (err != CAIRN_OK)
			return err;
		secrets->count++;
	}
	return CAIRN_OK;
}

static int
root_read(struct claim_draft *draft, char *fault)
{
	static const char *const keys[] = {"cairn", "accounts", "ways", "before", "place", "says", "sealed"};
	struct claim *claim = &draft->claim;
	json_t *root = draft->root;
	int err;

	if (!has_keys(root, keys, sizeof keys / sizeof keys[0]))
		return refuse(fault,
		    "a draft has cairn, accounts, ways, before, place, says and sealed, and nothing else");
	if (!json_is_string(json_object_get(root, "cairn")) ||
	    strcmp(json_string_value(json_object_get(root, "cairn")), "claim draft 1") != 0)
		return refuse(fault, "\"cairn\" is not \"claim draft 1\"");
	if (!number_take(&claim->accounts, json_object_get(root, "accounts")) ||
	    !number_take(&claim->ways, json_object_get(root, "ways")))
		return refuse(fault, "\"accounts\" and \"ways\" are numbers");
	if (!json_is_string(json_object_get(root, "before")))
		return refuse(fault, "\"before\" is a month or quarter");
	claim->before = string_span(json_object_get(root, "before"));
	err = place_read(claim, fault, json_object_get(root, "place"));
	if (err == CAIRN_OK)
		err = sayings_read(claim, fault, json_object_get(root, "says"));
	return err == CAIRN_OK ? accounts_read(draft->secrets, fault, json_object_get(root, "sealed")) : err;
}

int
claim_draft_read(struct claim_draft *draft, char fault[CLAIM_FAULT_BYTES], const void *bytes, size_t size)
{
	json_error_t error;
	int err;

	memset(draft, 0, sizeof *draft);
	fault[0] = '\0';
	if (size > CLAIM_DRAFT_BYTES_MAX)
		return refuse(fault, "too long to be a draft");
	draft->root = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &error);
	if (draft->root == NULL)
		return refuse(fault, "line %d: %.100s", error.line, error.text);
	draft->secrets = sodium_malloc(sizeof *draft->secrets);
	if (draft->secrets != NULL)
		memset(draft->secrets, 0, sizeof *draft->secrets);
	err = draft->secrets == NULL ? CAIRN_ERR_NOMEM : root_read(draft, fault);
	if (err == CAIRN_ERR_NOMEM)
		(void)refuse(fault, "out of memory");
	if (err != CAIRN_OK)
		claim_draft_release(draft);
	return err;
}

void
claim_draft_release(struct claim_draft *draft)
{
	json_decref(draft->root);
	sodium_free(draft->secrets);
	memset(draft, 0, sizeof *draft);
}
