// SPDX-License-Identifier: GPL-3.0-or-later
#include "vault/token.h"

#include <string.h>

#include <sodium.h>

/* What the token is told that this is for. It never leaves this machine otherwise. */
#define TOKEN_PARTY "cairn"
#define TOKEN_SECRET_BYTES 32U

static int
token_err(int rc)
{
	switch (rc) {
	case FIDO_OK:
		return CAIRN_OK;
	case FIDO_ERR_NO_CREDENTIALS:
	case FIDO_ERR_INVALID_CREDENTIAL:
	case FIDO_ERR_UNSUPPORTED_EXTENSION:
	case FIDO_ERR_UNSUPPORTED_OPTION:
		return CAIRN_ERR_UNKNOWN;
	case FIDO_ERR_PIN_INVALID:
	case FIDO_ERR_PIN_REQUIRED:
	case FIDO_ERR_PIN_BLOCKED:
	case FIDO_ERR_PIN_AUTH_BLOCKED:
	case FIDO_ERR_PIN_AUTH_INVALID:
	case FIDO_ERR_PIN_NOT_SET:
	case FIDO_ERR_OPERATION_DENIED:
	case FIDO_ERR_ACTION_TIMEOUT:
	case FIDO_ERR_USER_ACTION_TIMEOUT:
	case FIDO_ERR_KEEPALIVE_CANCEL:
		return CAIRN_ERR_DENIED;
	case FIDO_ERR_INTERNAL:
		return CAIRN_ERR_NOMEM;
	default:
		return CAIRN_ERR_IO;
	}
}

/* Nobody checks what the token signs: only its secret counts. */
static int
credential_describe(fido_cred_t *cred)
{
	uint8_t hash[32], user[32];
	int rc = fido_cred_set_type(cred, COSE_ES256);

	randombytes_buf(hash, sizeof(hash));
	randombytes_buf(user, sizeof(user));
	if (rc == FIDO_OK)
		rc = fido_cred_set_clientdata_hash(cred, hash, sizeof(hash));
	if (rc == FIDO_OK)
		rc = fido_cred_set_rp(cred, TOKEN_PARTY, TOKEN_PARTY);
	if (rc == FIDO_OK)
		rc = fido_cred_set_user(cred, user, sizeof(user), "vault", NULL, NULL);
	if (rc == FIDO_OK)
		rc = fido_cred_set_extensions(cred, FIDO_EXT_HMAC_SECRET);
	return rc;
}

static int
credential_make(struct header_token *token, fido_dev_t *device, const char *pin)
{
	fido_cred_t *cred = fido_cred_new();
	int err = cred == NULL ? CAIRN_ERR_NOMEM : token_err(credential_describe(cred));

	if (err == CAIRN_OK)
		err = token_err(fido_dev_make_cred(device, cred, pin));
	if (err == CAIRN_OK && (fido_cred_id_len(cred) == 0 || fido_cred_id_len(cred) > sizeof(token->credential)))
		err = CAIRN_ERR_UNKNOWN;
	if (err == CAIRN_OK) {
		token->credential_bytes = (uint16_t)fido_cred_id_len(cred);
		memcpy(token->credential, fido_cred_id_ptr(cred), token->credential_bytes);
	}
	fido_cred_free(&cred);
	return err;
}

static int
assertion_describe(fido_assert_t *assertion, const struct header_token *token)
{
	uint8_t hash[32];
	int rc = fido_assert_set_rp(assertion, TOKEN_PARTY);

	randombytes_buf(hash, sizeof(hash));
	if (rc == FIDO_OK)
		rc = fido_assert_set_clientdata_hash(assertion, hash, sizeof(hash));
	if (rc == FIDO_OK)
		rc = fido_assert_allow_cred(assertion, token->credential, token->credential_bytes);
	if (rc == FIDO_OK)
		rc = fido_assert_set_extensions(assertion, FIDO_EXT_HMAC_SECRET);
	if (rc == FIDO_OK)
		rc = fido_assert_set_hmac_salt(assertion, token->salt, sizeof(token->salt));
	if (rc == FIDO_OK)
		rc = fido_assert_set_up(assertion, FIDO_OPT_TRUE);
	return rc;
}

int
token_answer(uint8_t secret[32], fido_dev_t *device, const char *pin, const struct header_token *token)
{
	fido_assert_t *assertion = fido_assert_new();
	int err = assertion == NULL ? CAIRN_ERR_NOMEM : token_err(assertion_describe(assertion, token));

	memset(secret, 0, TOKEN_SECRET_BYTES);
	if (err == CAIRN_OK)
		err = token_err(fido_dev_get_assert(device, assertion, pin));
	if (err == CAIRN_OK && (fido_assert_count(assertion) != 1 ||
				   fido_assert_hmac_secret_len(assertion, 0) != TOKEN_SECRET_BYTES))
		err = CAIRN_ERR_UNKNOWN;
	if (err == CAIRN_OK)
		memcpy(secret, fido_assert_hmac_secret_ptr(assertion, 0), TOKEN_SECRET_BYTES);
	fido_assert_free(&assertion); /* which wipes what it held */
	return err;
}

int
token_enroll(struct vault_enrolled *enrolled, fido_dev_t *device, const char *pin)
{
	int err;

	memset(enrolled, 0, sizeof(*enrolled));
	randombytes_buf(enrolled->token.salt, sizeof(enrolled->token.salt));
	err = credential_make(&enrolled->token, device, pin);
	if (err == CAIRN_OK)
		err = token_answer(enrolled->secret, device, pin, &enrolled->token);
	if (err != CAIRN_OK)
		sodium_memzero(enrolled, sizeof(*enrolled));
	return err;
}
