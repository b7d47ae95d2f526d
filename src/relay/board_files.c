// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/board_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "relay/answer.h"
#include "relay/append.h"
#include "relay/board.h"
#include "relay/board_cache.h"
#include "relay/clock.h"
#include "relay/desks.h"
#include "relay/files.h"
#include "relay/head.h"
#include "relay/log.h"
#include "relay/range.h"
#include "relay/tiles.h"

/* --- loading a file --- */

static int
copy_span(uint8_t **ret, size_t *ret_bytes, struct cairn_span span)
{
	*ret = malloc(span.size + 1);
	if (*ret == NULL)
		return CAIRN_ERR_NOMEM;
	if (span.size > 0)
		memcpy(*ret, span.text, span.size);
	*ret_bytes = span.size;
	return CAIRN_OK;
}

/* A part of the head. Every part is there as soon as a board is, if empty. */
static int
load_part(uint8_t **ret, size_t *ret_bytes, int data, const uint8_t *desk, enum board_kind kind)
{
	struct head head;
	int err = head_load(&head, data, desk);
	const struct cairn_span parts[] = {
		[BOARD_CHECKPOINT] = head.checkpoint,
		[BOARD_CARD] = head.card,
		[BOARD_IDENTITY] = head.identity,
		[BOARD_DAYS] = head.days,
		[BOARD_EPOCHS] = head.epochs,
	};

	if (err == CAIRN_OK)
		err = head.checkpoint.size == 0 ? CAIRN_ERR_UNKNOWN : copy_span(ret, ret_bytes, parts[kind]);
	head_clear(&head);
	return err;
}

/* As much of a tile as was asked for, which may be less than it has by now. */
static int
cut_tile(uint8_t *bytes, size_t *size, const struct board_name *name)
{
	size_t need = (size_t)name->width * 32;

	if (name->level == CAIRN_TILE_ENTRIES)
		return tiles_bundle_prefix(size, bytes, *size, name->width);
	if (*size < need)
		return CAIRN_ERR_FORMAT;
	*size = need;
	return CAIRN_OK;
}

/* Is it below the checkpoint that is shown? What is being appended lies on the disk before it is. */
static int
check_shown(int data, const uint8_t *desk, const struct board_name *name)
{
	uint64_t size;
	int err;

	if (name->kind == BOARD_EPOCH_KEY)
		return CAIRN_OK;
	if ((err = head_size(&size, data, desk)) != CAIRN_OK)
		return err;
	if (name->kind == BOARD_BATCH)
		return name->n < size ? CAIRN_OK : CAIRN_ERR_UNKNOWN;
	return cairn_tile_width(size, name->level, name->n) >= name->width ? CAIRN_OK : CAIRN_ERR_UNKNOWN;
}

static int
load_own_file(uint8_t **ret, size_t *ret_bytes, int data, const uint8_t *desk, const struct board_name *name)
{
	char path[FILES_PATH_MAX];
	int err;

	if ((err = check_shown(data, desk, name)) != CAIRN_OK ||
	    (err = board_name_path(path, name, desk)) != CAIRN_OK ||
	    (err = file_read(ret, ret_bytes, data, path, BUNDLE_BYTES_MAX)) != CAIRN_OK)
		return err;
	if (name->kind == BOARD_TILE && (err = cut_tile(*ret, ret_bytes, name)) != CAIRN_OK) {
		free(*ret);
		*ret = NULL;
	}
	return err;
}

static bool
lasts(const struct board_name *name)
{
	return name->kind == BOARD_BATCH || (name->kind == BOARD_TILE && name->width == CAIRN_TILE_WIDTH);
}

static int
load(struct board_file **ret, const struct relay *relay, const uint8_t *desk, const struct board_name *name)
{
	uint64_t time = board_cache_time(relay->cache);
	uint8_t *bytes = NULL;
	size_t size = 0;
	int err;

	if (name->kind <= BOARD_EPOCHS)
		err = load_part(&bytes, &size, relay->data, desk, (enum board_kind)name->kind);
	else
		err = load_own_file(&bytes, &size, relay->data, desk, name);
	if (err != CAIRN_OK)
		return err;
	*ret = board_cache_put(relay->cache, desk, name, bytes, size, lasts(name), time);
	return *ret == NULL ? CAIRN_ERR_NOMEM : CAIRN_OK;
}

/* --- answering --- */

static struct MHD_Response *
part_of(const struct board_file *file, const struct range *range)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(range->bytes,
	    (void *)(uintptr_t)(file->bytes + range->first), MHD_RESPMEM_MUST_COPY);
	char text[80];

	snprintf(text, sizeof text, "bytes %zu-%zu/%zu", range->first, range->first + range->bytes - 1, file->size);
	if (r != NULL && (answer_headers(r) != CAIRN_OK ||
	    MHD_add_response_header(r, "Content-Range", text) != MHD_YES)) {
		MHD_destroy_response(r);
		return NULL;
	}
	return r;
}

/* Takes file over. */
static void
answer_range(struct request *request, struct board_file *file, struct cairn_span header)
{
	struct range range;

	switch (range_read(&range, header, file->size)) {
	case CAIRN_OK:
		request->response = part_of(file, &range);
		request->status = MHD_HTTP_PARTIAL_CONTENT;
		if (request->response == NULL)
			request->status = MHD_HTTP_SERVICE_UNAVAILABLE;
		break;
	case CAIRN_ERR_RANGE:
		request->status = MHD_HTTP_RANGE_NOT_SATISFIABLE;
		break;
	default:
		request->board_file = file;
		request->status = MHD_HTTP_OK;
		return;
	}
	board_file_release(file);
}

void
board_get(struct request *request)
{
	const struct relay *relay = request->relay;
	struct board_file *file = NULL;
	struct cairn_span range;
	struct board_name name;
	int err = board_name_read(&name, request->match.rest);

	if (err != CAIRN_OK) {
		request->status = MHD_HTTP_NOT_FOUND;
		return;
	}
	file = board_cache_get(relay->cache, request->match.desk, &name);
	if (file == NULL)
		err = load(&file, relay, request->match.desk, &name);
	if (err != CAIRN_OK) {
		request->status = err == CAIRN_ERR_FORMAT ? MHD_HTTP_NOT_FOUND : request_status_of(err);
		return;
	}
	range = request_header(request, MHD_HTTP_HEADER_RANGE);
	/* If-Range names a version, and there is none to be named: the whole, then. */
	if (range.text != NULL && request_header(request, MHD_HTTP_HEADER_IF_RANGE).text == NULL) {
		answer_range(request, file, range);
		return;
	}
	request->board_file = file;
	request->status = MHD_HTTP_OK;
}

void
board_options(struct request *request)
{
	request->options = true;
	request->status = MHD_HTTP_NO_CONTENT;
}

/* --- the desk --- */

/* 409 shows the checkpoint that stands, nothing where there is none. */
static void
answer_conflict(struct request *request)
{
	struct head head;

	if (head_load(&head, request->relay->data, request->match.desk) == CAIRN_OK)
		request_answer(request, MHD_HTTP_CONFLICT, head.checkpoint.text == NULL ? "" : head.checkpoint.text,
		    head.checkpoint.size);
	else
		request->status = MHD_HTTP_SERVICE_UNAVAILABLE;
	head_clear(&head);
}

void
board_post_append(struct request *request)
{
	struct relay *relay = request->relay;
	struct append *append = malloc(sizeof *append);
	int err = append == NULL ? CAIRN_ERR_NOMEM : append_read(append, request->body, request->body_bytes);

	if (err == CAIRN_OK)
		err = board_append(relay->data, request->match.desk, request->match.number, append, clock_hour());
	free(append);
	if (err == CAIRN_OK) {
		board_cache_forget(relay->cache, request->match.desk);
		if (board_tidy(relay->data, request->match.desk) != CAIRN_OK)
			log_line(LOG_LEVEL_WARNING, "could not remove what is past of a board; it is tried again");
	}
	if (err == CAIRN_ERR_CONFLICT)
		answer_conflict(request);
	else
		request->status = request_status_of(err);
}

static void
keep_roster(struct request *request)
{
	int err = desk_roster_put(request->relay->data, request->match.desk, request->match.id, request->body,
	    request->body_bytes);

	request->status = err == CAIRN_ERR_CONFLICT || err == CAIRN_ERR_UNKNOWN ? MHD_HTTP_BAD_REQUEST :
	    request_status_of(err);
	request_resume(request);
}

void
board_post_roster(struct request *request)
{
	request_hand_on(request, request->relay->keeper, keep_roster);
}
