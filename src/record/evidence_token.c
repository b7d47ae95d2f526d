// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/evidence_token.h"

#include <limits.h>
#include <string.h>

#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <sodium.h>

#include "record/evidence_sql.h"

/* --- asking --- */

static bool
set_imprint(TS_REQ *request, const uint8_t root[32])
{
	TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
	X509_ALGOR *algorithm = X509_ALGOR_new();
	uint8_t copy[32];
	bool good = imprint != NULL && algorithm != NULL;

	memcpy(copy, root, sizeof(copy));
	good = good && X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) == 1;
	good = good && TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1;
	good = good && TS_MSG_IMPRINT_set_msg(imprint, copy, sizeof(copy)) == 1;
	good = good && TS_REQ_set_msg_imprint(request, imprint) == 1;
	X509_ALGOR_free(algorithm);
	TS_MSG_IMPRINT_free(imprint);
	return good;
}

static bool
set_nonce(TS_REQ *request, uint64_t nonce)
{
	ASN1_INTEGER *n = ASN1_INTEGER_new();
	bool good = n != NULL && ASN1_INTEGER_set_uint64(n, nonce) == 1 && TS_REQ_set_nonce(request, n) == 1;

	ASN1_INTEGER_free(n);
	return good;
}

int
evidence_token_ask(uint8_t *out, size_t room, size_t *ret_bytes, const uint8_t root[32], uint64_t *ret_nonce)
{
	TS_REQ *request = TS_REQ_new();
	uint8_t *at = out;
	int size, err = CAIRN_ERR_NOMEM;

	/* The top bit is set, so that every request is equally long. */
	randombytes_buf(ret_nonce, sizeof(*ret_nonce));
	*ret_nonce |= UINT64_C(1) << 63;
	if (request != NULL && TS_REQ_set_version(request, 1) == 1 && set_imprint(request, root) &&
	    set_nonce(request, *ret_nonce) && TS_REQ_set_cert_req(request, 1) == 1) {
		size = i2d_TS_REQ(request, NULL);
		err = size < 0 || (size_t)size > room ? CAIRN_ERR_SPACE : CAIRN_OK;
		if (err == CAIRN_OK)
			*ret_bytes = (size_t)i2d_TS_REQ(request, &at);
	}
	TS_REQ_free(request);
	return err;
}

/* --- checking --- */

static TS_RESP *
read_answer(const uint8_t *answer, size_t size)
{
	const uint8_t *at = answer;
	TS_RESP *response;

	if (size > EVIDENCE_TOKEN_MAX)
		return NULL;
	response = d2i_TS_RESP(NULL, &at, (long)size);
	if (response != NULL && at != answer + size) {
		TS_RESP_free(response);
		return NULL;
	}
	return response;
}

/* Was it granted, and what does it say? */
static int
take_info(struct evidence_token *token, TS_RESP *response, TS_TST_INFO **ret_info)
{
	const ASN1_INTEGER *status = TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(response));
	TS_TST_INFO *info = TS_RESP_get_tst_info(response);
	struct tm tm;
	long granted = status == NULL ? -1 : ASN1_INTEGER_get(status);

	if (info == NULL || TS_RESP_get_token(response) == NULL ||
	    (granted != TS_STATUS_GRANTED && granted != TS_STATUS_GRANTED_WITH_MODS) ||
	    ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &tm) != 1)
		return CAIRN_ERR_FORMAT;
	token->at = (uint64_t)timegm(&tm);
	*ret_info = info;
	return CAIRN_OK;
}

static bool
is_imprint(TS_TST_INFO *info, const uint8_t root[32])
{
	TS_MSG_IMPRINT *imprint = TS_TST_INFO_get_msg_imprint(info);
	const ASN1_OBJECT *algorithm = NULL;
	const ASN1_OCTET_STRING *bytes;

	if (imprint == NULL)
		return false;
	X509_ALGOR_get0(&algorithm, NULL, NULL, TS_MSG_IMPRINT_get_algo(imprint));
	bytes = TS_MSG_IMPRINT_get_msg(imprint);
	return OBJ_obj2nid(algorithm) == NID_sha256 && bytes != NULL && ASN1_STRING_length(bytes) == 32 &&
	    memcmp(ASN1_STRING_get0_data(bytes), root, 32) == 0;
}

static bool
is_nonce(TS_TST_INFO *info, const uint64_t *nonce)
{
	uint64_t got = 0;

	if (nonce == NULL)
		return true;
	return TS_TST_INFO_get_nonce(info) != NULL &&
	    ASN1_INTEGER_get_uint64(&got, TS_TST_INFO_get_nonce(info)) == 1 && got == *nonce;
}

/* For whoever reads the report: the name in the certificate that the token was signed with. */
static void
take_name(struct evidence_token *token, PKCS7 *signed_token)
{
	STACK_OF(X509) *signers = PKCS7_get0_signers(signed_token, NULL, 0);
	BIO *text = BIO_new(BIO_s_mem());
	int n = 0;

	token->tsa[0] = '\0';
	if (signers != NULL && sk_X509_num(signers) > 0 && text != NULL &&
	    X509_NAME_print_ex(text, X509_get_subject_name(sk_X509_value(signers, 0)), 0, XN_FLAG_RFC2253) >= 0)
		n = BIO_read(text, token->tsa, sizeof(token->tsa) - 1);
	token->tsa[n > 0 ? n : 0] = '\0';
	sk_X509_free(signers);
	BIO_free(text);
}

/* Adds the certificates in ca; store may be NULL. Returns how many there are. */
static size_t
take_authorities(X509_STORE *store, struct cairn_span ca)
{
	BIO *text = ca.size > INT_MAX ? NULL : BIO_new_mem_buf(ca.text, (int)ca.size);
	STACK_OF(X509_INFO) *all = text == NULL ? NULL : PEM_X509_INFO_read_bio(text, NULL, NULL, NULL);
	size_t count = 0;

	for (int i = 0; i < sk_X509_INFO_num(all); i++) {
		X509 *certificate = sk_X509_INFO_value(all, i)->x509;

		count += certificate != NULL && (store == NULL || X509_STORE_add_cert(store, certificate) == 1);
	}
	sk_X509_INFO_pop_free(all, X509_INFO_free);
	BIO_free(text);
	return count;
}

bool
evidence_token_ca_good(struct cairn_span ca)
{
	return take_authorities(NULL, ca) > 0;
}

/* The authorities, as of the stamp's own time: a certificate may have run out since. */
static X509_STORE *
authorities(struct cairn_span ca, uint64_t at, int *ret_err)
{
	X509_STORE *store = X509_STORE_new();
	X509_VERIFY_PARAM *param = store == NULL ? NULL : X509_STORE_get0_param(store);

	*ret_err = param == NULL ? CAIRN_ERR_NOMEM : CAIRN_OK;
	if (param != NULL && take_authorities(store, ca) == 0)
		*ret_err = CAIRN_ERR_RANGE;
	if (*ret_err == CAIRN_OK)
		X509_VERIFY_PARAM_set_time(param, (time_t)at);
	if (*ret_err != CAIRN_OK) {
		X509_STORE_free(store);
		return NULL;
	}
	return store;
}

static int
check_signature(TS_RESP *response, struct cairn_span ca, uint64_t at)
{
	TS_VERIFY_CTX *context = TS_VERIFY_CTX_new();
	int err = CAIRN_OK;
	X509_STORE *store = authorities(ca, at, &err);

	if (context == NULL && err == CAIRN_OK)
		err = CAIRN_ERR_NOMEM;
	if (err == CAIRN_OK) {
		TS_VERIFY_CTX_set_store(context, store); /* owned by context from here on */
		store = NULL;
		TS_VERIFY_CTX_set_flags(context, TS_VFY_SIGNATURE | TS_VFY_VERSION);
		err = TS_RESP_verify_response(context, response) == 1 ? CAIRN_OK : CAIRN_ERR_CRYPTO;
	}
	X509_STORE_free(store);
	TS_VERIFY_CTX_free(context);
	return err;
}

int
evidence_token_check(struct evidence_token *token, const uint8_t *answer, size_t size, const uint8_t root[32],
    const uint64_t *nonce, struct cairn_span ca)
{
	TS_RESP *response = read_answer(answer, size);
	TS_TST_INFO *info;
	int err;

	memset(token, 0, sizeof(*token));
	if (response == NULL)
		return CAIRN_ERR_FORMAT;
	err = take_info(token, response, &info);
	if (err == CAIRN_OK && (!is_imprint(info, root) || !is_nonce(info, nonce)))
		err = CAIRN_ERR_CRYPTO;
	if (err == CAIRN_OK && ca.size > 0)
		err = check_signature(response, ca, token->at);
	if (err == CAIRN_OK)
		take_name(token, TS_RESP_get_token(response));
	TS_RESP_free(response);
	return err;
}

/* --- rows --- */

int
evidence_token_store(struct evidence *ev, const uint8_t *bytes, size_t size)
{
	struct evidence_token token;
	struct query q;
	int err = CAIRN_ERR_FORMAT;

	if (size > 32)
		err = evidence_token_check(&token, bytes + 32, size - 32, bytes, NULL, (struct cairn_span){NULL, 0});
	if (err != CAIRN_OK)
		return err;
	q = evidence_query(ev->options.db, EVIDENCE_SQL_TOKEN_ADD);
	bind_bytes(&q, bytes, 32);
	bind_bytes(&q, bytes + 32, size - 32);
	return query_run(&q);
}

int
evidence_token_get(struct evidence *ev, const uint8_t root[32], uint8_t *out, size_t *ret_bytes)
{
	struct query q = evidence_query(ev->options.db, EVIDENCE_SQL_TOKEN_GET);
	struct cairn_span response;
	bool found = false;
	int err;

	bind_bytes(&q, root, 32);
	if (query_row(&q)) {
		response = query_span(&q, 0);
		found = response.size <= EVIDENCE_TOKEN_MAX;
		if (found)
			memcpy(out, response.text, response.size);
		*ret_bytes = response.size;
	}
	err = query_end(&q);
	return err == CAIRN_OK && !found ? CAIRN_ERR_UNKNOWN : err;
}
