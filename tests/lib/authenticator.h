// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TESTS_LIB_AUTHENTICATOR_H
#define TESTS_LIB_AUTHENTICATOR_H

#include <fido.h>
#include <stdbool.h>

/*
 * A FIDO2 token in software, which answers at the level of CTAP messages: getInfo, makeCredential, getAssertion and
 * the key agreement of clientPIN, with the extension hmac-secret. What it keeps of a credential is its id and the
 * secret of hmac-secret; its signatures are not real ones, as nobody looks at them.
 */
struct authenticator {
	uint8_t credential[32];
	uint8_t secret[32]; /* CredRandom */
	bool has_credential;
	bool refuses;  /* nobody touches it */
	unsigned made; /* credentials */
	unsigned answered;
};

/* An open device that is this token. The caller closes and frees it. One at a time. */
fido_dev_t *authenticator_open(struct authenticator *a);

#endif
