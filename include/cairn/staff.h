// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_STAFF_H
#define CAIRN_STAFF_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/desk_keys.h"
#include "cairn/err.h"
#include "cairn/hash.h"
#include "cairn/span.h"

/* How a staff device shows a relay that a request is its own (docs/protocol.md, section 8). */

#define CAIRN_NONCE_BYTES 16U
#define CAIRN_REQUEST_WINDOW_S 60U
#define CAIRN_AUTHORIZATION_MAX 256U /* with its zero */
#define CAIRN_STAFF_METHOD_MAX 16U
#define CAIRN_STAFF_TARGET_MAX 512U

/* What is signed, both sides. Method and target are printable ASCII without spaces, as HTTP has them. */
struct cairn_staff_request {
	const uint8_t *relay_key; /* [32] */
	const uint8_t *desk_id;   /* [32] */
	struct cairn_span method;
	struct cairn_span target; /* path and query as on the request line */
	uint8_t body_hash[CAIRN_SHA256_BYTES];
};

/* The header's fields. */
struct cairn_authorization {
	uint8_t device[CAIRN_DEVICE_ID_BYTES];
	uint64_t created; /* seconds since 1970 */
	uint8_t nonce[CAIRN_NONCE_BYTES];
	uint8_t signature[64];
};

/*
 * Signs, and writes the header's value with a zero at the end. auth->signature is filled in.
 * CAIRN_ERR_RANGE: a method or target that is empty, too long or not printable.
 */
CAIRN_NODISCARD int cairn_authorization_make(char out[CAIRN_AUTHORIZATION_MAX],
    struct cairn_authorization *auth, const struct cairn_staff_request *request, const uint8_t secret[64]);

/* Takes a header's value apart; CAIRN_ERR_FORMAT for any other order, space or case. */
CAIRN_NODISCARD int cairn_authorization_read(struct cairn_authorization *auth, struct cairn_span value);

/*
 * Checks window and signature. That the nonce is new, and that the device is in the roster, is the
 * relay's to check: a nonce only after this has passed. CAIRN_ERR_STALE, CAIRN_ERR_CRYPTO.
 */
CAIRN_NODISCARD int cairn_authorization_check(const struct cairn_authorization *auth,
    const struct cairn_staff_request *request, const uint8_t sign_key[32], uint64_t now);

#endif
