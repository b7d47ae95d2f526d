// SPDX-License-Identifier: GPL-3.0-or-later
#include "cairn/send.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/writer.h"
#include "core/delivery.h"
#include "core/status.h"

#define HOURS_PER_DAY 24U
#define SEEN_BYTES 44U
#define PAUSE_LEAST_MS 1000U
#define PAUSE_SPREAD_MS 4000U

enum { OPENING, EPOCH, DELIVER, REST, DONE };

void
cairn_send_init(struct cairn_send *send, const struct cairn_client *client, struct cairn_memory *memory,
    enum cairn_door door, const struct cairn_conversation *conv, const struct cairn_letter *letters,
    size_t count, const uint8_t *pass, const uint8_t entropy[32])
{
	memset(send, 0, sizeof *send);
	send->client = client;
	send->conv = conv;
	send->letters = letters;
	send->count = count;
	send->header.door = door;
	memcpy(send->entropy, entropy, sizeof send->entropy);
	cairn_opening_init(&send->opening, client, memory);
	delivery_init(&send->delivery, door, pass);
	if (count == 0 || count > CAIRN_SEND_CELLS_MAX)
		send->err = CAIRN_ERR_RANGE;
}

void
cairn_send_clear(struct cairn_send *send)
{
	sodium_memzero(send, sizeof *send);
}

/* Fresh randomness, 32 bytes at a time, out of what the caller gave. */
static void
draw(uint8_t out[32], struct cairn_send *send)
{
	uint8_t counter[4];

	put_u32(counter, send->draws++);
	cairn_derive(out, send->entropy, "draw", counter, sizeof counter);
}

/* ---- which key ---- */

static int
opened(struct cairn_send *send)
{
	struct cairn_epoch epoch;
	int err;

	cairn_opening_accept(&send->opening);
	send->header.day = send->client->hour / HOURS_PER_DAY;
	if (!cairn_card_has_door(&send->opening.card, send->header.door))
		return CAIRN_ERR_UNKNOWN;
	err = cairn_epochs_find(&epoch, &send->opening.epochs, send->header.door, send->header.day);
	if (err != CAIRN_OK)
		return err;
	send->header.gen = epoch.gen;
	send->state = EPOCH;
	return CAIRN_OK;
}

static void
ask_epoch(struct cairn_send *send)
{
	struct writer path;

	memset(&send->request, 0, sizeof send->request);
	send->request.method = "GET";
	send->request.answer_max = CAIRN_XWING_PUBLIC_BYTES;
	writer_init(&path, send->request.path, sizeof send->request.path - 1);
	write_text(&path, "board/epoch/");
	write_text(&path, cairn_door_name(send->header.door));
	write_text(&path, "/");
	write_decimal(&path, send->header.day);
	write_text(&path, ".");
	write_decimal(&path, send->header.gen);
}

/* ---- cells ---- */

static void
put_seen(struct cairn_tlv_writer *w, const struct cairn_seen *seen)
{
	uint8_t value[SEEN_BYTES];

	put_u64(value, seen->size);
	memcpy(value + 8, seen->root, sizeof seen->root);
	put_u32(value + 40, seen->hour);
	cairn_tlv_put(w, CAIRN_TLV_seen, value, sizeof value);
}

static int
fill(struct cairn_send *send, const struct cairn_letter *letter)
{
	struct cairn_records at = {letter->records, letter->bytes};
	struct cairn_record record;
	struct cairn_tlv_writer w;
	int err;

	err = cairn_drop_begin(&w, send->plain, &send->header, send->conv, send->epoch_public, letter->msgid);
	if (err != CAIRN_OK)
		return err;
	while (cairn_tlv_next(&at, &record))
		cairn_tlv_put(&w, record.type, record.value, record.bytes);
	/* A full cell goes without; the next one tells what was seen. */
	if (send->conv != NULL && cairn_tlv_room(&w) >= SEEN_BYTES)
		put_seen(&w, &send->opening.memory->checkpoint);
	return cairn_tlv_end(&w);
}

/* Seals the letter whose turn it is. */
static int
seal(struct cairn_send *send)
{
	uint8_t eseed[CAIRN_XWING_ESEED_BYTES];
	int err = fill(send, &send->letters[send->sent]);

	if (err == CAIRN_OK) {
		draw(eseed, send);
		draw(eseed + 32, send);
		err = cairn_drop_seal(send->cell, send->plain, &send->header, send->client->desk_id,
		    send->epoch_public, eseed);
	}
	sodium_memzero(eseed, sizeof eseed);
	sodium_memzero(send->plain, sizeof send->plain);
	if (err != CAIRN_OK)
		return err;
	cairn_hash(send->cell_hashes[send->sent], send->cell, sizeof send->cell);
	delivery_load(&send->delivery, send->cell, sizeof send->cell, NULL);
	send->state = DELIVER;
	return CAIRN_OK;
}

static int
take_epoch(struct cairn_send *send, const uint8_t *body, size_t bytes)
{
	struct cairn_epoch epoch;
	int err = cairn_epochs_find(&epoch, &send->opening.epochs, send->header.door, send->header.day);

	if (err != CAIRN_OK || (err = cairn_epoch_key_check(&epoch, body, bytes)) != CAIRN_OK)
		return err;
	memcpy(send->epoch_public, body, sizeof send->epoch_public);
	return seal(send);
}

/* A receipt of one of the relays that the card names. */
static int
check_receipt(const struct cairn_send *send)
{
	const struct cairn_delivery *d = &send->delivery;
	struct cairn_card_key relay;
	struct cairn_span value;
	size_t at = 0;

	while (cairn_card_next(&send->opening.card, "relay", &at, &value))
		if (cairn_card_key_read(&relay, value) == CAIRN_OK &&
		    cairn_receipt_check(NULL, d->receipt, d->receipt_bytes, send->client->desk_id,
		        send->cell_hashes[send->sent], relay.key) == CAIRN_OK)
			return CAIRN_OK;
	return CAIRN_ERR_CRYPTO;
}

static int
delivered(struct cairn_send *send)
{
	uint8_t random[32];
	int err = check_receipt(send);

	if (err != CAIRN_OK)
		return err;
	memcpy(send->receipts[send->sent], send->delivery.receipt, CAIRN_RECEIPT_BYTES);
	if (++send->sent == send->count) {
		send->state = DONE;
		return CAIRN_OK;
	}
	draw(random, send);
	send->pause_ms = PAUSE_LEAST_MS + get_u32(random) % PAUSE_SPREAD_MS;
	send->state = REST;
	return CAIRN_OK;
}

/* ---- the machine ---- */

static enum cairn_step
next_opening(struct cairn_send *send)
{
	enum cairn_step step = cairn_opening_next(&send->opening);

	send->request = send->opening.request;
	if (step == CAIRN_STEP_FAILED)
		send->err = send->opening.err;
	return step;
}

static enum cairn_step
next_delivery(struct cairn_send *send)
{
	enum cairn_step step = delivery_next(&send->delivery);

	send->request = send->delivery.request;
	send->pause_ms = send->delivery.pause_ms;
	send->err = send->delivery.err;
	return step;
}

enum cairn_step
cairn_send_next(struct cairn_send *send)
{
	if (send->err != CAIRN_OK)
		return CAIRN_STEP_FAILED;
	switch (send->state) {
	case OPENING:
		return next_opening(send);
	case EPOCH:
		ask_epoch(send);
		return CAIRN_STEP_REQUEST;
	case DELIVER:
		return next_delivery(send);
	case REST:
		send->err = seal(send);
		return send->err == CAIRN_OK ? CAIRN_STEP_PAUSE : CAIRN_STEP_FAILED;
	default:
		return CAIRN_STEP_DONE;
	}
}

static int
take_opening(struct cairn_send *send, int status, const uint8_t *body, size_t bytes)
{
	cairn_opening_answer(&send->opening, status, body, bytes);
	switch (cairn_opening_next(&send->opening)) {
	case CAIRN_STEP_DONE:
		return opened(send);
	case CAIRN_STEP_FAILED:
		return send->opening.err;
	default:
		return CAIRN_OK;
	}
}

static int
take_delivery(struct cairn_send *send, int status, const uint8_t *body, size_t bytes)
{
	delivery_answer(&send->delivery, status, body, bytes);
	return delivery_done(&send->delivery) ? delivered(send) : send->delivery.err;
}

void
cairn_send_answer(struct cairn_send *send, int status, const uint8_t *body, size_t bytes)
{
	int err = status_err(status);

	if (send->err != CAIRN_OK)
		return;
	if (send->state == OPENING)
		err = take_opening(send, status, body, bytes);
	else if (send->state == DELIVER)
		err = take_delivery(send, status, body, bytes);
	else if (send->state != EPOCH)
		err = CAIRN_ERR_STATE;
	else if (err == CAIRN_OK)
		err = take_epoch(send, body, bytes);
	send->err = err;
}
