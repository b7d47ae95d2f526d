// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/drop.h"

#include <stdlib.h>
#include <string.h>

#include "cairn/drop.h"
#include "relay/admission.h"
#include "relay/clock.h"
#include "relay/leases.h"

/* --- a cell comes --- */

/* Back in the connection's thread: the cell is on disk, or is not. */
static void
receipt(struct request *request)
{
	const struct store_put *put = &request->cell.put;
	uint8_t out[CAIRN_RECEIPT_BYTES];

	if (put->err != CAIRN_OK) {
		request->status = MHD_HTTP_SERVICE_UNAVAILABLE;
		return;
	}
	cairn_receipt_sign(out, request->match.desk, request->hash, put->hour, request->relay->key->secret);
	request_answer(request, MHD_HTTP_OK, out, sizeof out);
}

static void
written(struct commit_cell *cell)
{
	struct request *request = (struct request *)(void *)((char *)cell - offsetof(struct request, cell));

	request->resumed = receipt;
	request_resume(request);
}

/* The request sleeps already. */
static void
write_cell(struct request *request)
{
	if (commit_put(request->relay->commit, &request->cell))
		return;
	request->status = MHD_HTTP_SERVICE_UNAVAILABLE;
	request_resume(request);
}

static void
verify(struct request *request)
{
	if (admission_check(request)) {
		write_cell(request);
		return;
	}
	request->status = MHD_HTTP_FORBIDDEN;
	request_resume(request);
}

static bool
cell_ok(const struct request *request, struct cairn_drop_header *header)
{
	return request->body_bytes == CAIRN_DROP_CELL_BYTES &&
	    cairn_drop_header_read(header, request->body) == CAIRN_OK && header->door == request->match.door &&
	    cairn_drop_day_taken(header->day, clock_hour());
}

void
drop_post(struct request *request)
{
	struct cairn_drop_header header;

	if (!cell_ok(request, &header)) {
		request->status = MHD_HTTP_BAD_REQUEST;
		return;
	}
	cairn_hash(request->hash, request->body, request->body_bytes);
	request->cell.done = written;
	request->cell.put = (struct store_put){
		.desk = request->match.desk,
		.door = header.door,
		.day = header.day,
		.hash = request->hash,
		.cell = request->body,
		.quota = request->relay->settings.cells[header.door],
	};
	if (admission_asks(request)) {
		request_hand_on(request, request->relay->verifiers, verify);
		return;
	}
	request_suspend(request);
	write_cell(request);
}

void
drop_spent(struct request *request)
{
	/* No pass is taken yet, so none is spent. */
	request_answer(request, MHD_HTTP_OK, "", 0);
}

/* --- the desk collects --- */

struct collection {
	struct request *request;
	uint8_t *cells;
	size_t count;
	uint64_t now;
};

static bool
lease(void *arg, const uint8_t *hash, const uint8_t *cell)
{
	struct collection *c = arg;
	struct leases *leases = c->request->relay->leases;
	const uint8_t *desk = c->request->match.desk;

	if (leases_out(leases, desk, hash, c->now))
		return true;
	if (leases_add(leases, desk, hash, c->now, c->now + DROP_LEASE_S) != CAIRN_OK)
		return false;
	memcpy(c->cells + c->count * CAIRN_DROP_CELL_BYTES, cell, CAIRN_DROP_CELL_BYTES);
	c->count++;
	return c->count < c->request->match.number;
}

void
drop_lease(struct request *request)
{
	struct collection c = {.request = request, .now = clock_monotonic_ms() / 1000};
	int err;

	if (request->match.number < 1 || request->match.number > DROP_LEASE_CELLS_MAX) {
		request->status = MHD_HTTP_BAD_REQUEST;
		return;
	}
	c.cells = malloc((size_t)request->match.number * CAIRN_DROP_CELL_BYTES);
	err = c.cells == NULL ? CAIRN_ERR_NOMEM : store_visit_cells(request->relay->store, request->match.desk,
	    request->match.door, lease, &c);
	if (err != CAIRN_OK)
		request->status = request_status_of(err);
	else
		request_answer(request, MHD_HTTP_OK, c.cells, c.count * CAIRN_DROP_CELL_BYTES);
	free(c.cells);
}

void
drop_delete(struct request *request)
{
	const uint8_t (*hashes)[CAIRN_HASH_BYTES] = (const uint8_t (*)[CAIRN_HASH_BYTES])request->body;
	size_t count = request->body_bytes / CAIRN_HASH_BYTES;
	int err;

	if (count == 0 || request->body_bytes % CAIRN_HASH_BYTES != 0) {
		request->status = MHD_HTTP_BAD_REQUEST;
		return;
	}
	err = store_remove(request->relay->store, request->match.desk, request->match.door, hashes, count);
	for (size_t i = 0; err == CAIRN_OK && i < count; i++)
		leases_drop(request->relay->leases, request->match.desk, hashes[i]);
	request->status = request_status_of(err);
}
