// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/blob.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "relay/admission.h"
#include "relay/answer.h"
#include "relay/blobs.h"
#include "relay/clock.h"
#include "relay/files.h"

/* --- one comes --- */

/* A name that nobody can tell, and that is no clue to any order. */
static int
make_temp(struct request *request)
{
	uint8_t random[8];
	char hex[2 * sizeof random + 1];

	randombytes_buf(random, sizeof random);
	sodium_bin2hex(hex, sizeof hex, random, sizeof random);
	snprintf(request->temp, sizeof request->temp, "tmp/%s", hex);
	request->file = openat(request->relay->data, request->temp,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (request->file >= 0)
		return CAIRN_OK;
	request->temp[0] = '\0';
	return file_error();
}

unsigned
blob_begin(struct request *request)
{
	struct relay *relay = request->relay;
	unsigned refused = admission_begin(request);

	if (refused != 0)
		return refused;
	if (!blobs_room(relay->blobs, request->match.desk, request->match.door,
	        relay->settings.blobs[request->match.door]))
		return MHD_HTTP_SERVICE_UNAVAILABLE;
	crypto_generichash_init(&request->hashing, NULL, 0, CAIRN_HASH_BYTES);
	return make_temp(request) == CAIRN_OK ? 0 : MHD_HTTP_SERVICE_UNAVAILABLE;
}

unsigned
blob_piece(struct request *request, const uint8_t *bytes, size_t size)
{
	crypto_generichash_update(&request->hashing, bytes, size);
	request->body_bytes += size;
	return file_write_all(request->file, bytes, size) == CAIRN_OK ? 0 : MHD_HTTP_SERVICE_UNAVAILABLE;
}

static void
keep(struct request *request)
{
	request->status = request_status_of(blobs_put(request->relay->blobs, request->match.desk,
	    request->match.door, request->match.id, request->temp, request->file, clock_hour()));
	request_resume(request);
}

static void
verify(struct request *request)
{
	if (admission_check(request)) {
		request_pass_on(request, request->relay->keeper, keep);
		return;
	}
	request->status = MHD_HTTP_FORBIDDEN;
	request_resume(request);
}

void
blob_put(struct request *request)
{
	if (request->body_bytes != CAIRN_BLOB_BYTES) {
		request->status = MHD_HTTP_BAD_REQUEST;
		return;
	}
	crypto_generichash_final(&request->hashing, request->hash, sizeof request->hash);
	if (admission_asks(request))
		request_hand_on(request, request->relay->verifiers, verify);
	else
		request_hand_on(request, request->relay->keeper, keep);
}

/* --- the desk's --- */

void
blob_get(struct request *request)
{
	struct MHD_Response *response;
	int fd;
	int err = blobs_open(request->relay->blobs, &fd, request->match.desk, request->match.door,
	    request->match.id);

	request->status = request_status_of(err);
	if (err != CAIRN_OK)
		return;
	request->status = MHD_HTTP_SERVICE_UNAVAILABLE;
	response = MHD_create_response_from_fd(CAIRN_BLOB_BYTES, fd);
	if (response == NULL) {
		close(fd);
		return;
	}
	request->response = response;
	request->status = MHD_HTTP_OK;
	if (answer_headers(response) != CAIRN_OK) {
		MHD_destroy_response(response);
		request->response = NULL;
		request->status = MHD_HTTP_SERVICE_UNAVAILABLE;
	}
}

/* The body as 1 to 256 ids; 0: it is none. */
static size_t
ids_of(const struct request *request, const uint8_t (**ids)[CAIRN_BLOB_ID_BYTES])
{
	*ids = (const uint8_t (*)[CAIRN_BLOB_ID_BYTES])request->body;
	return request->body_bytes % CAIRN_BLOB_ID_BYTES != 0 ? 0 : request->body_bytes / CAIRN_BLOB_ID_BYTES;
}

void
blob_claim(struct request *request)
{
	const uint8_t (*ids)[CAIRN_BLOB_ID_BYTES];
	size_t count = ids_of(request, &ids);

	request->status = count == 0 ? MHD_HTTP_BAD_REQUEST : request_status_of(
	    store_claim(request->relay->store, request->match.desk, request->match.door, ids, count));
}

void
blob_delete(struct request *request)
{
	const uint8_t (*ids)[CAIRN_BLOB_ID_BYTES];
	size_t count = ids_of(request, &ids);
	int err = CAIRN_OK;

	for (size_t i = 0; err == CAIRN_OK && i < count; i++)
		err = blobs_remove(request->relay->blobs, request->match.desk, request->match.door, ids[i]);
	if (err == CAIRN_OK && count > 0)
		err = store_unclaim(request->relay->store, request->match.desk, request->match.door, ids, count);
	request->status = count == 0 ? MHD_HTTP_BAD_REQUEST : request_status_of(err);
}
