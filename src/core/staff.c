// SPDX-License-Identifier: GPL-3.0-or-later
#include "cairn/staff.h"

#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "base/writer.h"

#define TEXT_MAX (512U + CAIRN_STAFF_TARGET_MAX)

/* Methods and targets as HTTP has them: a newline in one would let it pass for two lines. */
static bool
is_printable(struct cairn_span s)
{
	for (size_t i = 0; i < s.size; i++)
		if (s.text[i] <= ' ' || s.text[i] > '~')
			return false;
	return s.size > 0;
}

static void
hex_line(struct writer *w, const uint8_t *bytes, size_t size)
{
	write_hex(w, bytes, size);
	write_text(w, "\n");
}

static void
span_line(struct writer *w, struct cairn_span s)
{
	write_bytes(w, s.text, s.size);
	write_text(w, "\n");
}

/* The nine lines that are signed. */
static int
request_text(uint8_t out[TEXT_MAX], size_t *ret_bytes, const struct cairn_staff_request *request,
    const struct cairn_authorization *auth)
{
	struct writer w;

	if (!is_printable(request->method) || !is_printable(request->target))
		return CAIRN_ERR_RANGE;
	if (request->method.size > CAIRN_STAFF_METHOD_MAX || request->target.size > CAIRN_STAFF_TARGET_MAX)
		return CAIRN_ERR_RANGE;
	writer_init(&w, out, TEXT_MAX);
	write_text(&w, "cairn/1 request\n");
	hex_line(&w, request->relay_key, 32);
	hex_line(&w, request->desk_id, CAIRN_HASH_BYTES);
	hex_line(&w, auth->device, sizeof auth->device);
	span_line(&w, request->method);
	span_line(&w, request->target);
	hex_line(&w, request->body_hash, sizeof request->body_hash);
	write_decimal(&w, auth->created);
	write_text(&w, "\n");
	write_hex(&w, auth->nonce, sizeof auth->nonce);
	return writer_end(&w, ret_bytes);
}

int
cairn_authorization_make(char out[CAIRN_AUTHORIZATION_MAX], struct cairn_authorization *auth,
    const struct cairn_staff_request *request, const uint8_t secret[64])
{
	uint8_t text[TEXT_MAX];
	struct writer w;
	size_t bytes;
	int err;

	if ((err = request_text(text, &bytes, request, auth)) != CAIRN_OK)
		return err;
	crypto_sign_detached(auth->signature, NULL, text, bytes, secret);
	writer_init(&w, out, CAIRN_AUTHORIZATION_MAX);
	write_text(&w, "Cairn device=");
	write_hex(&w, auth->device, sizeof auth->device);
	write_text(&w, ",created=");
	write_decimal(&w, auth->created);
	write_text(&w, ",nonce=");
	write_hex(&w, auth->nonce, sizeof auth->nonce);
	write_text(&w, ",sig=");
	write_base64(&w, auth->signature, sizeof auth->signature);
	write_u8(&w, 0);
	return writer_end(&w, NULL);
}

/* Takes "prefix...," off the front: what stands between is *field. */
static int
field_take(struct cairn_span *field, struct cairn_span *rest, const char *prefix)
{
	size_t size = strlen(prefix);
	struct cairn_span piece = span_cut(rest, ',');

	if (piece.size < size || memcmp(piece.text, prefix, size) != 0)
		return CAIRN_ERR_FORMAT;
	*field = (struct cairn_span){piece.text + size, piece.size - size};
	return CAIRN_OK;
}

int
cairn_authorization_read(struct cairn_authorization *auth, struct cairn_span value)
{
	struct cairn_span device, created, nonce, sig;
	struct cairn_authorization read;
	size_t bytes = 0;

	if (field_take(&device, &value, "Cairn device=") != CAIRN_OK ||
	    field_take(&created, &value, "created=") != CAIRN_OK ||
	    field_take(&nonce, &value, "nonce=") != CAIRN_OK || field_take(&sig, &value, "sig=") != CAIRN_OK ||
	    value.text != NULL)
		return CAIRN_ERR_FORMAT;
	if (text_hex(read.device, sizeof read.device, device) != CAIRN_OK ||
	    text_number(&read.created, created, UINT64_MAX) != CAIRN_OK ||
	    text_hex(read.nonce, sizeof read.nonce, nonce) != CAIRN_OK ||
	    text_base64(read.signature, sizeof read.signature, &bytes, sig) != CAIRN_OK ||
	    bytes != sizeof read.signature)
		return CAIRN_ERR_FORMAT;
	*auth = read;
	return CAIRN_OK;
}

int
cairn_authorization_check(const struct cairn_authorization *auth, const struct cairn_staff_request *request,
    const uint8_t sign_key[32], uint64_t now)
{
	uint64_t apart = now > auth->created ? now - auth->created : auth->created - now;
	uint8_t text[TEXT_MAX];
	size_t bytes;

	if (apart > CAIRN_REQUEST_WINDOW_S)
		return CAIRN_ERR_STALE;
	if (request_text(text, &bytes, request, auth) != CAIRN_OK)
		return CAIRN_ERR_CRYPTO;
	if (crypto_sign_verify_detached(auth->signature, text, bytes, sign_key) != 0)
		return CAIRN_ERR_CRYPTO;
	return CAIRN_OK;
}
