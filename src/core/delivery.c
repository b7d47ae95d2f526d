// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/delivery.h"

#include <string.h>

#include <sodium.h>

#include "base/writer.h"
#include "core/status.h"

#define TRIES_MAX 6U
#define WORK_SLICE 16U /* nonces between two calls: some 20 ms */
#define BACK_OFF_MS 2000U

enum { ASK, WORK, POST, REST, DONE };

void
delivery_init(struct cairn_delivery *d, enum cairn_door door, const uint8_t *pass)
{
	memset(d, 0, sizeof *d);
	d->door = door;
	d->state = DONE;
	if (pass != NULL) {
		d->has_pass = true;
		memcpy(d->pass, pass, sizeof d->pass);
	}
}

static void
write_path(struct cairn_request *request, enum cairn_door door, const uint8_t *id)
{
	struct writer path;

	writer_init(&path, request->path, sizeof request->path - 1);
	write_text(&path, "drop/");
	write_text(&path, cairn_door_name(door));
	if (id != NULL) {
		write_text(&path, "/blob/");
		write_hex(&path, id, CAIRN_BLOB_ID_BYTES);
	}
}

void
delivery_load(struct cairn_delivery *d, const uint8_t *body, size_t body_bytes, const uint8_t *id)
{
	memset(&d->post, 0, sizeof d->post);
	d->post.method = id == NULL ? "POST" : "PUT";
	write_path(&d->post, d->door, id);
	d->post.body = body;
	d->post.body_bytes = body_bytes;
	d->post.answer_max = CAIRN_RECEIPT_BYTES;
	cairn_hash(d->body_hash, body, body_bytes);
	delivery_again(d);
}

void
delivery_again(struct cairn_delivery *d)
{
	d->err = CAIRN_OK;
	d->tries = 0;
	d->state = ASK;
}

static void
ask_door(struct cairn_delivery *d)
{
	memset(&d->request, 0, sizeof d->request);
	d->request.method = "GET";
	d->request.answer_max = CAIRN_DOOR_ANSWER_MAX;
	write_path(&d->request, d->door, NULL);
}

/* A slice of the search for a nonce; true once there is one, in post.work. */
static bool
work(struct cairn_delivery *d)
{
	uint8_t nonce[CAIRN_WORK_NONCE_BYTES];
	int err = cairn_work_search(nonce, &d->work_next, WORK_SLICE, d->asked.difficulty, d->body_hash,
	    d->asked.challenge);

	if (err == CAIRN_ERR_BUSY)
		return false;
	if (err != CAIRN_OK)
		d->err = err;
	else
		sodium_bin2hex(d->post.work, sizeof d->post.work, nonce, sizeof nonce);
	return err == CAIRN_OK;
}

static enum cairn_step
next_post(struct cairn_delivery *d)
{
	d->request = d->post;
	if (d->has_pass) {
		d->request.work[0] = '\0';
		sodium_bin2hex(d->request.pass, sizeof d->request.pass, d->pass, sizeof d->pass);
	}
	return CAIRN_STEP_REQUEST;
}

enum cairn_step
delivery_next(struct cairn_delivery *d)
{
	if (d->err != CAIRN_OK)
		return CAIRN_STEP_FAILED;
	switch (d->state) {
	case ASK:
		ask_door(d);
		return CAIRN_STEP_REQUEST;
	case WORK:
		if (!work(d))
			return d->err == CAIRN_OK ? CAIRN_STEP_WORK : CAIRN_STEP_FAILED;
		d->state = POST;
		return next_post(d);
	case POST:
		return next_post(d);
	case REST:
		d->state = ASK;
		return CAIRN_STEP_PAUSE;
	default:
		return CAIRN_STEP_DONE;
	}
}

static int
take_door(struct cairn_delivery *d, const uint8_t *body, size_t bytes)
{
	struct cairn_span text = {(const char *)body, bytes};
	int err = cairn_door_answer_read(&d->asked, text);

	if (err != CAIRN_OK)
		return err;
	d->post.work[0] = '\0';
	d->work_next = 0;
	d->state = d->asked.difficulty == 0 || d->has_pass ? POST : WORK;
	if (d->state == WORK && !cairn_work_accepted(d->asked.difficulty))
		return CAIRN_ERR_BUSY;
	return CAIRN_OK;
}

static int
take_receipt(struct cairn_delivery *d, const uint8_t *body, size_t bytes)
{
	if (bytes > sizeof d->receipt)
		return CAIRN_ERR_FORMAT;
	if (bytes > 0)
		memcpy(d->receipt, body, bytes);
	d->receipt_bytes = bytes;
	d->state = DONE;
	return CAIRN_OK;
}

/* Longer each time; the door is asked anew, for its challenge may have passed meanwhile. */
static int
rest(struct cairn_delivery *d)
{
	if (++d->tries >= TRIES_MAX)
		return CAIRN_ERR_BUSY;
	d->pause_ms = BACK_OFF_MS << (d->tries - 1);
	d->state = REST;
	return CAIRN_OK;
}

void
delivery_answer(struct cairn_delivery *d, int status, const uint8_t *body, size_t bytes)
{
	int err = status_err(status);

	if (d->err != CAIRN_OK || (d->state != ASK && d->state != POST)) {
		d->err = CAIRN_ERR_STATE;
		return;
	}
	if (err == CAIRN_ERR_BUSY) {
		err = rest(d);
	} else if (status == 403 && d->state == POST) {
		/* The pass was refused, or the work was not enough: no other pass is offered. */
		d->has_pass = false;
		err = ++d->tries >= TRIES_MAX ? CAIRN_ERR_BUSY : CAIRN_OK;
		d->state = ASK;
	} else if (err == CAIRN_OK) {
		err = d->state == ASK ? take_door(d, body, bytes) : take_receipt(d, body, bytes);
	}
	d->err = err;
}

bool
delivery_done(const struct cairn_delivery *d)
{
	return d->state == DONE && d->err == CAIRN_OK;
}
