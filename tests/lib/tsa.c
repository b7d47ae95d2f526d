// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/tsa.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include "cairn/err.h"

#define YEAR_S (365L * 86400L)

static void
must(int good, const char *what)
{
	if (good == 1)
		return;
	fprintf(stderr, "tsa: %s\n", what);
	abort();
}

static void
add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX context;
	X509_EXTENSION *extension;

	X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	must(extension != NULL, value);
	must(X509_add_ext(certificate, extension, -1), value);
	X509_EXTENSION_free(extension);
}

static X509 *
make_certificate(EVP_PKEY *key, X509 *issuer, const char *name, long serial)
{
	X509 *c = X509_new();
	X509_NAME *subject = X509_get_subject_name(c);

	must(X509_set_version(c, 2), "version");
	must(ASN1_INTEGER_set(X509_get_serialNumber(c), serial), "serial");
	must(
	    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0), "name");
	must(X509_set_issuer_name(c, issuer == NULL ? subject : X509_get_subject_name(issuer)), "issuer");
	must(X509_gmtime_adj(X509_getm_notBefore(c), -10 * YEAR_S) != NULL, "from");
	must(X509_gmtime_adj(X509_getm_notAfter(c), 10 * YEAR_S) != NULL, "to");
	must(X509_set_pubkey(c, key), "key");
	if (issuer == NULL) {
		add_extension(c, c, NID_basic_constraints, "critical,CA:TRUE");
		add_extension(c, c, NID_key_usage, "critical,keyCertSign");
	} else {
		add_extension(c, issuer, NID_key_usage, "critical,digitalSignature");
		add_extension(c, issuer, NID_ext_key_usage, "critical,timeStamping");
	}
	must(X509_sign(c, key, EVP_sha256()) > 0, "sign");
	return c;
}

void
tsa_init(struct tsa *tsa)
{
	BIO *out = BIO_new(BIO_s_mem());

	memset(tsa, 0, sizeof(*tsa));
	tsa->key = EVP_EC_gen("P-256");
	must(tsa->key != NULL, "key");
	tsa->authority = make_certificate(tsa->key, NULL, "Authority of Nobody", 1);
	tsa->signer = make_certificate(tsa->key, tsa->authority, "Time of Nobody", 2);
	must(out != NULL && PEM_write_bio_X509(out, tsa->authority), "certificate");
	must(BIO_read(out, tsa->pem, sizeof(tsa->pem) - 1) > 0, "certificate");
	BIO_free(out);
}

struct cairn_span
tsa_pem(const struct tsa *tsa)
{
	return (struct cairn_span){tsa->pem, strlen(tsa->pem)};
}

void
tsa_release(struct tsa *tsa)
{
	X509_free(tsa->authority);
	X509_free(tsa->signer);
	EVP_PKEY_free(tsa->key);
}

static ASN1_INTEGER *
on_serial(struct TS_resp_ctx *context, void *arg)
{
	ASN1_INTEGER *serial = ASN1_INTEGER_new();

	(void)context;
	must(ASN1_INTEGER_set(serial, (long)((struct tsa *)arg)->asked), "serial");
	return serial;
}

static int
on_time(struct TS_resp_ctx *context, void *arg, long *seconds, long *microseconds)
{
	(void)context;
	*seconds = (long)(time(NULL) + ((struct tsa *)arg)->shift_s);
	*microseconds = 0;
	return 1;
}

static TS_RESP_CTX *
make_context(struct tsa *tsa)
{
	TS_RESP_CTX *context = TS_RESP_CTX_new();
	ASN1_OBJECT *policy = OBJ_txt2obj("1.2.3.4.1", 1);

	must(context != NULL && policy != NULL, "context");
	TS_RESP_CTX_set_serial_cb(context, on_serial, tsa);
	TS_RESP_CTX_set_time_cb(context, on_time, tsa);
	must(TS_RESP_CTX_set_signer_cert(context, tsa->signer), "signer");
	must(TS_RESP_CTX_set_signer_key(context, tsa->key), "key");
	must(TS_RESP_CTX_set_signer_digest(context, EVP_sha256()), "digest");
	must(TS_RESP_CTX_set_ess_cert_id_digest(context, EVP_sha256()), "digest");
	must(TS_RESP_CTX_set_def_policy(context, policy), "policy");
	must(TS_RESP_CTX_add_md(context, EVP_sha256()), "digest");
	ASN1_OBJECT_free(policy);
	return context;
}

/* The request as it came, or for another imprint. */
static BIO *
read_ask(const struct tsa *tsa, const uint8_t *ask, size_t bytes)
{
	uint8_t *copy = malloc(bytes), *imprint = NULL;
	const uint8_t *at = ask;
	TS_REQ *request = d2i_TS_REQ(NULL, &at, (long)bytes);
	BIO *bio;

	must(request != NULL && copy != NULL && at == ask + bytes, "request");
	memcpy(copy, ask, bytes);
	if (tsa->take != NULL) {
		imprint = memmem(
		    copy, bytes, ASN1_STRING_get0_data(TS_MSG_IMPRINT_get_msg(TS_REQ_get_msg_imprint(request))), 32);
		must(imprint != NULL, "imprint");
		memcpy(imprint, tsa->take, 32);
	}
	bio = BIO_new(BIO_s_mem());
	must(BIO_write(bio, copy, (int)bytes) == (int)bytes, "bio");
	TS_REQ_free(request);
	free(copy);
	return bio;
}

static void
answer_anew(struct tsa *tsa, const uint8_t *ask, size_t bytes)
{
	TS_RESP_CTX *context = make_context(tsa);
	BIO *bio = read_ask(tsa, ask, bytes);
	TS_RESP *response = TS_RESP_create_response(context, bio);
	uint8_t *at = tsa->last;
	int size = response == NULL ? -1 : i2d_TS_RESP(response, NULL);

	must(size > 0 && (size_t)size <= sizeof(tsa->last), "response");
	tsa->last_bytes = (size_t)i2d_TS_RESP(response, &at);
	TS_RESP_free(response);
	TS_RESP_CTX_free(context);
	BIO_free(bio);
}

int
tsa_post(void *arg, const uint8_t *ask, size_t ask_bytes, uint8_t *answer, size_t room, size_t *ret_bytes)
{
	struct tsa *tsa = arg;

	tsa->asked++;
	tsa->ask_bytes = ask_bytes;
	if (tsa->err != CAIRN_OK)
		return tsa->err;
	if (!tsa->replay)
		answer_anew(tsa, ask, ask_bytes);
	must(tsa->last_bytes <= room, "room");
	memcpy(answer, tsa->last, tsa->last_bytes);
	*ret_bytes = tsa->last_bytes;
	return CAIRN_OK;
}
