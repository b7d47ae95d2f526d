// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/authenticator.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <sodium.h>

#define CMD_INIT 0x06
#define CMD_CBOR 0x10
#define MAKE_CREDENTIAL 0x01
#define GET_ASSERTION 0x02
#define GET_INFO 0x04
#define CLIENT_PIN 0x06
#define NO_CREDENTIALS 0x2e
#define OPERATION_DENIED 0x27
#define UP 0x01
#define AT 0x40
#define ED 0x80

static struct authenticator *token;
static EVP_PKEY *agreement;
static uint8_t answer[1024];
static size_t answered;

static void
must(bool good)
{
	if (!good)
		abort();
}

/* --- writing CBOR, as little as this takes --- */

static void
raw(const void *bytes, size_t size)
{
	must(answered + size <= sizeof(answer));
	memcpy(answer + answered, bytes, size);
	answered += size;
}

static void
byte(uint8_t b)
{
	raw(&b, 1);
}

static void
string(const void *bytes, size_t size)
{
	if (size < 24) {
		byte((uint8_t)(0x40 | size));
	} else if (size < 256) {
		byte(0x58);
		byte((uint8_t)size);
	} else {
		byte(0x59);
		byte((uint8_t)(size >> 8));
		byte((uint8_t)size);
	}
	raw(bytes, size);
}

static void
text(const char *t)
{
	must(strlen(t) < 24);
	byte((uint8_t)(0x60 | strlen(t)));
	raw(t, strlen(t));
}

/* --- the key agreement: P-256, as a COSE key --- */

static void
coordinates(uint8_t x[32], uint8_t y[32])
{
	uint8_t point[65];
	size_t size;

	must(EVP_PKEY_get_octet_string_param(agreement, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point), &size) == 1 &&
	    size == sizeof(point));
	memcpy(x, point + 1, 32);
	memcpy(y, point + 33, 32);
}

static void
cose_key(uint8_t algorithm)
{
	uint8_t x[32], y[32];

	coordinates(x, y);
	raw("\xa5\x01\x02\x03", 4);
	if (algorithm == 7)
		byte(0x26); /* -7, ES256 */
	else
		raw("\x38\x18", 2); /* -25, ECDH-ES with HKDF-256 */
	raw("\x20\x01\x21", 3);
	string(x, sizeof(x));
	byte(0x22);
	string(y, sizeof(y));
}

/* SHA-256 of the x of the shared point. */
static void
shared_secret(uint8_t out[32], const uint8_t x[32], const uint8_t y[32])
{
	uint8_t point[65] = {4}, z[32];
	EVP_PKEY *peer = EVP_PKEY_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(agreement, NULL);
	size_t size = sizeof(z);

	memcpy(point + 1, x, 32);
	memcpy(point + 33, y, 32);
	must(EVP_PKEY_copy_parameters(peer, agreement) == 1 &&
	    EVP_PKEY_set1_encoded_public_key(peer, point, sizeof(point)) == 1);
	must(EVP_PKEY_derive_init(ctx) == 1 && EVP_PKEY_derive_set_peer(ctx, peer) == 1 &&
	    EVP_PKEY_derive(ctx, z, &size) == 1 && size == sizeof(z));
	SHA256(z, sizeof(z), out);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(peer);
}

static void
aes(uint8_t out[32], const uint8_t in[32], const uint8_t key[32], int encrypt)
{
	static const uint8_t iv[16];
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n;

	must(EVP_CipherInit_ex(ctx, EVP_aes_256_cbc(), NULL, key, iv, encrypt) == 1 &&
	    EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 && EVP_CipherUpdate(ctx, out, &n, in, 32) == 1 && n == 32);
	EVP_CIPHER_CTX_free(ctx);
}

/* --- reading requests: what is looked for stands behind a mark --- */

static const uint8_t *
behind(const uint8_t *from, const uint8_t *end, const void *mark, size_t mark_bytes)
{
	const uint8_t *at = from < end ? memmem(from, (size_t)(end - from), mark, mark_bytes) : NULL;

	must(at != NULL);
	return at + mark_bytes;
}

static void
auth_data(const char *party, uint8_t flags)
{
	uint8_t hash[32];

	SHA256((const uint8_t *)party, strlen(party), hash);
	raw(hash, sizeof(hash));
	byte(flags);
	raw("\0\0\0\1", 4);
}

/* The data that a string will hold is written first, to know its size. */
static void
wrap(size_t from)
{
	uint8_t data[512];
	size_t size = answered - from;

	must(size <= sizeof(data));
	memcpy(data, answer + from, size);
	answered = from;
	string(data, size);
}

static void
get_info(void)
{
	byte(0);
	byte(0xa5);
	raw("\x01\x81", 2);
	text("FIDO_2_0");
	raw("\x02\x81", 2);
	text("hmac-secret");
	byte(0x03);
	string("0123456789abcdef", 16);
	raw("\x04\xa1", 2);
	text("up");
	byte(0xf5);
	raw("\x06\x81\x01", 3);
}

static void
make_credential(void)
{
	size_t from;

	if (token->refuses) {
		byte(OPERATION_DENIED);
		return;
	}
	randombytes_buf(token->credential, sizeof(token->credential));
	randombytes_buf(token->secret, sizeof(token->secret));
	token->has_credential = true;
	token->made++;
	raw("\0\xa3\x01", 3);
	text("none");
	byte(0x02);
	from = answered;
	auth_data("cairn", UP | AT | ED);
	raw("0123456789abcdef\0\x20", 18);
	raw(token->credential, sizeof(token->credential));
	cose_key(7);
	byte(0xa1);
	text("hmac-secret");
	byte(0xf5);
	wrap(from);
	raw("\x03\xa0", 2);
}

static void
client_pin(void)
{
	raw("\0\xa1\x01", 3);
	cose_key(25);
}

static void
get_assertion(const uint8_t *request, size_t size)
{
	const uint8_t *end = request + size, *hmac, *x, *y, *salt_sealed, *salt_auth;
	uint8_t shared[32], salt[32], mac[32], output[32], sealed[32];
	size_t from;

	if (token->refuses || !token->has_credential ||
	    memmem(request, size, token->credential, sizeof(token->credential)) == NULL) {
		byte(token->refuses ? OPERATION_DENIED : NO_CREDENTIALS);
		return;
	}
	hmac = behind(request, end, "hmac-secret", 11);
	x = behind(hmac, end, "\x21\x58\x20", 3);
	y = behind(x + 32, end, "\x22\x58\x20", 3);
	salt_sealed = behind(y + 32, end, "\x02\x58\x20", 3);
	salt_auth = behind(salt_sealed + 32, end, "\x03\x50", 2);
	shared_secret(shared, x, y);
	HMAC(EVP_sha256(), shared, sizeof(shared), salt_sealed, 32, mac, NULL);
	must(memcmp(mac, salt_auth, 16) == 0);
	aes(salt, salt_sealed, shared, 0);
	HMAC(EVP_sha256(), token->secret, sizeof(token->secret), salt, sizeof(salt), output, NULL);
	aes(sealed, output, shared, 1);
	token->answered++;
	raw("\0\xa3\x01\xa2", 4);
	text("id");
	string(token->credential, sizeof(token->credential));
	text("type");
	text("public-key");
	byte(0x02);
	from = answered;
	auth_data("cairn", UP | ED);
	byte(0xa1);
	text("hmac-secret");
	string(sealed, sizeof(sealed));
	wrap(from);
	byte(0x03);
	string("a signature", 11);
}

/* --- the transport: whole messages --- */

static int
transmit(fido_dev_t *device, uint8_t command, const unsigned char *bytes, size_t size)
{
	static const uint8_t info[] = {0, 0, 0, 1, 2, 1, 0, 0, 0x04};

	(void)device;
	answered = 0;
	if (command == CMD_INIT) {
		raw(bytes, 8);
		raw(info, sizeof(info));
		return 0;
	}
	must(command == CMD_CBOR && size > 0);
	switch (bytes[0]) {
	case GET_INFO:
		get_info();
		break;
	case MAKE_CREDENTIAL:
		make_credential();
		break;
	case CLIENT_PIN:
		client_pin();
		break;
	case GET_ASSERTION:
		get_assertion(bytes, size);
		break;
	default:
		return -1;
	}
	return 0;
}

static int
receive(fido_dev_t *device, uint8_t command, unsigned char *out, size_t room, int ms)
{
	(void)device;
	(void)command;
	(void)ms;
	must(answered <= room);
	memcpy(out, answer, answered);
	return (int)answered;
}

static void *
io_open(const char *path)
{
	(void)path;
	return answer;
}

static void
io_close(void *handle)
{
	(void)handle;
}

static int
io_read(void *handle, unsigned char *out, size_t room, int ms)
{
	(void)handle;
	(void)out;
	(void)room;
	(void)ms;
	return -1;
}

static int
io_write(void *handle, const unsigned char *bytes, size_t size)
{
	(void)handle;
	(void)bytes;
	(void)size;
	return -1;
}

fido_dev_t *
authenticator_open(struct authenticator *a)
{
	static const fido_dev_io_t io = {io_open, io_close, io_read, io_write};
	static const fido_dev_transport_t transport = {receive, transmit};
	fido_dev_t *device;

	fido_init(0);
	token = a;
	if (agreement == NULL)
		agreement = EVP_EC_gen("P-256");
	device = fido_dev_new();
	must(agreement != NULL && device != NULL && fido_dev_set_io_functions(device, &io) == FIDO_OK &&
	    fido_dev_set_transport_functions(device, &transport) == FIDO_OK &&
	    fido_dev_open(device, "software") == FIDO_OK);
	return device;
}
