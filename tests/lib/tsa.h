// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TESTS_LIB_TSA_H
#define TESTS_LIB_TSA_H

#include <stddef.h>
#include <stdint.h>

#include <openssl/x509.h>

#include "cairn/span.h"

/* A time-stamping authority in this process, by OpenSSL's own. Whatever cannot happen aborts. */
struct tsa {
	EVP_PKEY *key;
	X509 *authority;
	X509 *signer;
	char pem[2048]; /* the authority's certificate */
	/* what a test may set */
	int err;          /* if not 0, no answer comes */
	const char *take; /* granted for this imprint instead of the one asked for: 32 bytes */
	int replay;       /* the answer before comes again */
	int64_t shift_s;  /* the authority's clock against ours */
	/* what it saw */
	unsigned asked;
	size_t ask_bytes;
	uint8_t last[32768];
	size_t last_bytes;
};

void tsa_init(struct tsa *tsa);
/* The certificate that its answers lead to. */
struct cairn_span tsa_pem(const struct tsa *tsa);
void tsa_release(struct tsa *tsa);

/* As evidence_post has it; arg is a struct tsa. */
int tsa_post(void *arg, const uint8_t *ask, size_t ask_bytes, uint8_t *answer, size_t room, size_t *ret_bytes);

#endif
