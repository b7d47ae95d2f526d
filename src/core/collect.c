// SPDX-License-Identifier: GPL-3.0-or-later
#include "cairn/collect.h"

#include <string.h>

#include "base/writer.h"
#include "core/status.h"

enum { LEASE, STORE, DELETE, DONE };

void
cairn_collect_init(struct cairn_collect *collect, enum cairn_door door)
{
	memset(collect, 0, sizeof *collect);
	collect->door = door;
}

static void
ask(struct cairn_collect *collect, const char *what)
{
	struct cairn_request *request = &collect->request;
	struct writer path;

	memset(request, 0, sizeof *request);
	request->method = "POST";
	request->staff = true;
	writer_init(&path, request->path, sizeof request->path - 1);
	write_text(&path, "drop/");
	write_text(&path, cairn_door_name(collect->door));
	write_text(&path, what);
}

static void
ask_lease(struct cairn_collect *collect)
{
	struct writer path;

	ask(collect, "/lease?max=");
	path = (struct writer){.room = (uint8_t *)collect->request.path,
	    .size = sizeof collect->request.path - 1,
	    .used = strlen(collect->request.path)};
	write_decimal(&path, CAIRN_LEASE_CELLS_MAX);
	collect->request.answer_max = sizeof collect->cells;
}

static void
ask_delete(struct cairn_collect *collect)
{
	ask(collect, "/delete");
	collect->request.body = collect->hashes[0];
	collect->request.body_bytes = collect->count * CAIRN_HASH_BYTES;
}

enum cairn_step
cairn_collect_next(struct cairn_collect *collect)
{
	if (collect->err != CAIRN_OK)
		return CAIRN_STEP_FAILED;
	switch (collect->state) {
	case LEASE:
		ask_lease(collect);
		return CAIRN_STEP_REQUEST;
	case STORE:
		return CAIRN_STEP_STORE;
	case DELETE:
		ask_delete(collect);
		return CAIRN_STEP_REQUEST;
	default:
		return CAIRN_STEP_DONE;
	}
}

static int
take_cells(struct cairn_collect *collect, const uint8_t *body, size_t bytes)
{
	if (bytes > sizeof collect->cells || bytes % CAIRN_DROP_CELL_BYTES != 0)
		return CAIRN_ERR_FORMAT;
	collect->count = bytes / CAIRN_DROP_CELL_BYTES;
	if (bytes > 0)
		memcpy(collect->cells, body, bytes);
	for (size_t i = 0; i < collect->count; i++)
		cairn_hash(collect->hashes[i], collect->cells[i], CAIRN_DROP_CELL_BYTES);
	collect->state = collect->count == 0 ? DONE : STORE;
	return CAIRN_OK;
}

void
cairn_collect_answer(struct cairn_collect *collect, int status, const uint8_t *body, size_t bytes)
{
	int err = status_err(status);

	if (collect->err != CAIRN_OK)
		return;
	if (collect->state == LEASE) {
		collect->err = err == CAIRN_OK ? take_cells(collect, body, bytes) : err;
	} else if (collect->state == DELETE) {
		collect->err = err;
		collect->collected += collect->count;
		collect->state = LEASE;
	} else {
		collect->err = CAIRN_ERR_STATE;
	}
}

void
cairn_collect_stored(struct cairn_collect *collect)
{
	if (collect->state == STORE)
		collect->state = DELETE;
	else
		collect->err = CAIRN_ERR_STATE;
}
