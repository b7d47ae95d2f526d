// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/nonces.h"
#include "run.h"

/* requests: what a relay does with one. */

/* The device of that id; NULL when the roster has none. */
static const json_t *
find_device(struct run *r, const uint8_t id[CAIRN_DEVICE_ID_BYTES])
{
	const json_t *devices = file_member(r, "requests", "devices");

	for (size_t i = 0; i < json_array_size(devices); i++) {
		const json_t *device = json_array_get(devices, i);

		if (memcmp(field_hex_of(r, device, "id", CAIRN_DEVICE_ID_BYTES), id, CAIRN_DEVICE_ID_BYTES) == 0)
			return device;
	}
	return NULL;
}

static void
device_row(struct run *r, const json_t *row)
{
	uint8_t key[32], secret[64];

	(void)field_hex_of(r, row, "id", CAIRN_DEVICE_ID_BYTES);
	crypto_sign_seed_keypair(key, secret, field_hex_of(r, row, "seed", 32));
	expect_bytes(r, "key", key, sizeof(key), field_hex(r, row, "key"));
}

static struct cairn_staff_request
field_request(struct run *r, const json_t *row)
{
	const struct bytes body = field_hex(r, row, "body");
	struct cairn_staff_request request = {
		.relay_key = field_hex_of(r, row, "relay_key", 32),
		.desk_id = field_hex_of(r, row, "desk_id", CAIRN_HASH_BYTES),
		.method = field_text(r, row, "method"),
		.target = field_text(r, row, "target"),
	};

	crypto_hash_sha256(request.body_hash, body.at, body.size);
	return request;
}

/* As a relay does it, but for the nonce. */
static bool
accepted(struct run *r, const json_t *row, struct cairn_authorization *auth)
{
	const struct cairn_staff_request request = field_request(r, row);
	const json_t *device;

	if (cairn_authorization_read(auth, field_text(r, row, "authorization")) != CAIRN_OK)
		return false;
	device = find_device(r, auth->device);
	if (device == NULL)
		return false;
	return cairn_authorization_check(auth, &request, field_hex_of(r, device, "key", 32),
	    field_number(r, row, "now", INT64_MAX)) == CAIRN_OK;
}

/* The text that was signed is what the row says, and signing it gives the header. */
static void
check_signing(struct run *r, const json_t *row, struct cairn_authorization *auth)
{
	const struct cairn_staff_request request = field_request(r, row);
	const struct cairn_span text = field_text(r, row, "text");
	const json_t *device = find_device(r, auth->device);
	char header[CAIRN_AUTHORIZATION_MAX];
	uint8_t key[32], secret[64];

	expect(r, crypto_sign_verify_detached(auth->signature, (const uint8_t *)text.text, text.size,
	    field_hex_of(r, device, "key", 32)) == 0, "the signature to be over text");
	crypto_sign_seed_keypair(key, secret, field_hex_of(r, device, "seed", 32));
	expect_ok(r, cairn_authorization_make(header, auth, &request, secret), "a header");
	expect_bytes(r, "authorization", header, strlen(header), text_bytes(field_text(r, row, "authorization")));
}

#define NONCE_SLOTS 16384U

static struct nonces *
new_nonces(struct run *r)
{
	struct nonces *nonces;

	expect_ok(r, nonces_new(&nonces, NONCE_SLOTS), "a memory of nonces");
	return nonces;
}

/* A relay that remembers. */
static bool
accepted_by(struct run *r, const json_t *row, struct nonces *nonces, struct cairn_authorization *auth)
{
	return accepted(r, row, auth) && nonces_use(nonces, auth->device, auth->nonce, auth->created,
	    field_number(r, row, "now", INT64_MAX)) == CAIRN_OK;
}

static void
request_ok(struct run *r, const json_t *row)
{
	struct nonces *nonces = new_nonces(r);
	struct cairn_authorization auth;
	const bool first = accepted_by(r, row, nonces, &auth);
	const bool again = accepted_by(r, row, nonces, &auth);

	nonces_free(nonces);
	expect(r, first, "accepted");
	expect(r, !again, "refused when it comes again");
	check_signing(r, row, &auth);
}

static void
request_refuse(struct run *r, const json_t *row)
{
	struct cairn_authorization auth;

	expect(r, !accepted(r, row, &auth), "refused");
}

/* One relay gets these, one after the other. */
static void
sequence_row(struct run *r, const json_t *row)
{
	const bool want = field_bool(r, row, "accepted");
	struct cairn_authorization auth;

	expect(r, r->state != NULL, "a relay");
	expect(r, accepted_by(r, row, r->state, &auth) == want, "%s", want ? "accepted" : "refused");
}

static void
sequence(struct run *r, const json_t *rows)
{
	struct nonces *nonces = NULL;

	if (nonces_new(&nonces, NONCE_SLOTS) == CAIRN_OK)
		r->state = nonces;
	run_rows(r, "sequence", rows, sequence_row);
	r->state = NULL;
	nonces_free(nonces);
}

static const struct member requests[] = {
	{"devices", MEMBER_ROWS, device_row}, {"ok", MEMBER_ROWS, request_ok},
	{"refuse", MEMBER_ROWS, request_refuse}, {"sequence", MEMBER_GROUP, sequence},
};
const struct section section_requests = SECTION("requests", requests);
