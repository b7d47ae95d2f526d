// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "cairn/send.h"
#include "core/delivery.h"

#define PACE_MS 250U        /* between two blobs, always the same */
#define LAST_LEAST_MS 1000U /* before the cell with the manifest, at random */
#define LAST_SPREAD_MS 4000U

enum { READ, DELIVER, REST, LAST, DONE };

static crypto_hash_sha256_state *
sha256_of(struct cairn_attach *attach)
{
	_Static_assert(sizeof(crypto_hash_sha256_state) <= sizeof attach->sha256_state,
	    "room for libsodium's state");
	return (crypto_hash_sha256_state *)attach->sha256_state;
}

int
cairn_attach_init(struct cairn_attach *attach, enum cairn_door door, uint64_t size,
    struct cairn_span media_type, const uint8_t entropy[32])
{
	struct cairn_manifest *m = &attach->manifest;

	memset(attach, 0, sizeof *attach);
	attach->err = CAIRN_ERR_RANGE;
	if (size == 0 || size > CAIRN_FILE_SIZE_MAX || media_type.size < 3 ||
	    media_type.size > CAIRN_MEDIA_TYPE_MAX)
		return CAIRN_ERR_RANGE;
	attach->err = CAIRN_OK;
	memcpy(attach->entropy, entropy, sizeof attach->entropy);
	memcpy(attach->media_type, media_type.text, media_type.size);
	cairn_derive(m->fk, entropy, "file", NULL, 0);
	m->size = size;
	m->count = cairn_file_blobs(size);
	m->media_type = (struct cairn_span){attach->media_type, media_type.size};
	crypto_hash_sha256_init(sha256_of(attach));
	delivery_init(&attach->delivery, door, NULL);
	return CAIRN_OK;
}

void
cairn_attach_clear(struct cairn_attach *attach)
{
	sodium_memzero(attach, sizeof *attach);
}

static enum cairn_step
next_read(struct cairn_attach *attach)
{
	attach->offset = (uint64_t)attach->sent * CAIRN_BLOB_PIECE_BYTES;
	attach->want = cairn_file_piece_bytes(attach->manifest.size, attach->sent);
	return CAIRN_STEP_READ;
}

static enum cairn_step
next_delivery(struct cairn_attach *attach)
{
	enum cairn_step step = delivery_next(&attach->delivery);

	attach->request = attach->delivery.request;
	attach->pause_ms = attach->delivery.pause_ms;
	attach->err = attach->delivery.err;
	return step;
}

static enum cairn_step
pause(struct cairn_attach *attach, uint32_t ms, unsigned then)
{
	attach->pause_ms = ms;
	attach->state = then;
	return CAIRN_STEP_PAUSE;
}

enum cairn_step
cairn_attach_next(struct cairn_attach *attach)
{
	uint8_t random[32];

	if (attach->err != CAIRN_OK)
		return CAIRN_STEP_FAILED;
	switch (attach->state) {
	case READ:
		return next_read(attach);
	case DELIVER:
		return next_delivery(attach);
	case REST:
		return pause(attach, PACE_MS, READ);
	case LAST:
		cairn_derive(random, attach->entropy, "last pause", NULL, 0);
		return pause(attach, LAST_LEAST_MS + get_u32(random) % LAST_SPREAD_MS, DONE);
	default:
		return CAIRN_STEP_DONE;
	}
}

void
cairn_attach_read(struct cairn_attach *attach, size_t got)
{
	uint8_t id[CAIRN_BLOB_ID_BYTES];

	if (attach->err != CAIRN_OK || attach->state != READ) {
		attach->err = CAIRN_ERR_STATE;
		return;
	}
	if (got != attach->want) {
		attach->err = CAIRN_ERR_IO;
		return;
	}
	crypto_hash_sha256_update(sha256_of(attach), attach->piece, got);
	cairn_blob_id(id, attach->manifest.fk, attach->sent);
	cairn_blob_seal(attach->blob, attach->piece, got, attach->manifest.fk, attach->sent);
	sodium_memzero(attach->piece, sizeof attach->piece);
	delivery_load(&attach->delivery, attach->blob, sizeof attach->blob, id);
	attach->state = DELIVER;
}

void
cairn_attach_answer(struct cairn_attach *attach, int status, const uint8_t *body, size_t bytes)
{
	if (attach->err != CAIRN_OK || attach->state != DELIVER) {
		attach->err = CAIRN_ERR_STATE;
		return;
	}
	delivery_answer(&attach->delivery, status, body, bytes);
	attach->err = attach->delivery.err;
	if (!delivery_done(&attach->delivery))
		return;
	attach->state = REST;
	if (++attach->sent == attach->manifest.count) {
		crypto_hash_sha256_final(sha256_of(attach), attach->manifest.sha256);
		attach->state = LAST;
	}
}

void
cairn_attach_resume(struct cairn_attach *attach)
{
	if (attach->state == DELIVER && (attach->err == CAIRN_ERR_IO || attach->err == CAIRN_ERR_BUSY)) {
		attach->err = CAIRN_OK;
		delivery_again(&attach->delivery);
	}
}
