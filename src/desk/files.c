// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/files.h"

#include <sodium.h>

#include "base/writer.h"
#include "desk/sealed.h"
#include "desk/words.h"

#define FILES_IDS_MAX 256U /* in one request */

/* A file that is being fetched; secret. */
struct fetching {
	struct desk *desk;
	uint64_t id;
	uint64_t conv;
	enum cairn_door door;
	uint8_t record[203];
	size_t record_bytes;
	struct cairn_manifest manifest;
	enum file_state state;
	uint64_t tries;
	uint8_t ids[FILES_IDS_MAX * CAIRN_BLOB_ID_BYTES];
	uint8_t piece[CAIRN_BLOB_PIECE_BYTES];
};

const char *
file_state_name(enum file_state state)
{
	static const char *const names[] = {"not fetched yet", "kept", "kept", "missing on the relay",
	    "broken: not what the sender described", "too large"};

	return state <= FILE_TOO_LARGE ? names[state] : "unknown";
}

/* Its key opens in a row of this message only. */
static struct sealed_row
file_row(uint64_t message)
{
	return (struct sealed_row){"file", message, 0, 0};
}

int
files_want(struct db *state, uint64_t conv, uint64_t message, enum cairn_door door,
    const struct cairn_record *record)
{
	uint8_t blank[203], sealed[ERASURE_SEALED_BYTES];
	struct cairn_manifest manifest;
	bool too_large;
	struct query q;
	int err;

	/* The record was checked with its cell. */
	if (record->bytes > sizeof(blank) ||
	    cairn_manifest_read(&manifest, record->value, record->bytes) != CAIRN_OK)
		return CAIRN_OK;
	too_large = manifest.size > CAIRN_FILE_SIZE_MAX;
	memcpy(blank, record->value, record->bytes);
	memset(blank, 0, CAIRN_KEY_BYTES);
	err = sealed_make(state, sealed, manifest.fk, file_row(message));
	sodium_memzero(&manifest.fk, sizeof(manifest.fk));
	if (err != CAIRN_OK)
		return err;
	q = query(state, SQL_FILE_ADD);
	bind_int(&q, conv);
	bind_int(&q, message);
	bind_int(&q, door);
	bind_bytes(&q, too_large ? NULL : sealed, sizeof(sealed));
	bind_bytes(&q, blank, record->bytes);
	bind_int(&q, too_large ? CAIRN_FILE_SIZE_MAX : manifest.size);
	bind_int(&q, too_large ? FILE_TOO_LARGE : FILE_WANTED);
	return query_run(&q);
}

/* The next open file behind *after. */
static int
fetching_next(struct fetching *f, uint64_t after, bool *ret_found)
{
	struct query q = query(f->desk->state, SQL_FILE_OPEN);
	struct cairn_span record;
	uint8_t fk[CAIRN_KEY_BYTES];
	int err;

	bind_int(&q, after);
	*ret_found = query_row(&q);
	if (*ret_found) {
		f->id = query_int(&q, 0);
		f->door = (enum cairn_door)query_int(&q, 1);
		query_sealed(&q, 2, fk, file_row(query_int(&q, 6)));
		record = query_span(&q, 3);
		f->state = (enum file_state)query_int(&q, 4);
		f->tries = query_int(&q, 5);
		f->conv = query_int(&q, 7);
		f->record_bytes = record.size <= sizeof(f->record) ? record.size : 0;
		memcpy(f->record, record.text, f->record_bytes);
		memcpy(f->record, fk, sizeof(fk));
	}
	err = query_end(&q);
	if (err == CAIRN_OK && *ret_found)
		err = cairn_manifest_read(&f->manifest, f->record, f->record_bytes);
	sodium_memzero(fk, sizeof(fk));
	return desk_state_trouble(f->desk, err);
}

/* Claims or deletes all blobs, as many to a request as fit. */
static int
blobs_all(struct fetching *f, const char *what)
{
	struct cairn_request request = {.method = "POST", .staff = true, .answer_max = 64};
	int err = CAIRN_OK;

	snprintf(request.path, sizeof(request.path), "drop/%s/blob/%s", cairn_door_name(f->door), what);
	for (uint32_t i = 0; i < f->manifest.count && err == CAIRN_OK; i += FILES_IDS_MAX) {
		uint32_t n = f->manifest.count - i;

		if (n > FILES_IDS_MAX)
			n = FILES_IDS_MAX;
		for (uint32_t j = 0; j < n; j++)
			cairn_blob_id(f->ids + j * CAIRN_BLOB_ID_BYTES, f->manifest.fk, i + j);
		request.body = f->ids;
		request.body_bytes = n * CAIRN_BLOB_ID_BYTES;
		err = desk_exchange(f->desk, &request, NULL, NULL, NULL);
	}
	return err;
}

/* CAIRN_ERR_UNKNOWN: not there. CAIRN_ERR_CRYPTO: not a blob of this file. */
static int
blob_get(struct fetching *f, uint32_t i)
{
	struct cairn_request request = {.method = "GET", .staff = true, .answer_max = CAIRN_BLOB_BYTES};
	uint8_t id[CAIRN_BLOB_ID_BYTES];
	char hex[2 * CAIRN_BLOB_ID_BYTES + 1];
	const uint8_t *body;
	size_t bytes;
	int err;

	cairn_blob_id(id, f->manifest.fk, i);
	sodium_bin2hex(hex, sizeof(hex), id, sizeof(id));
	snprintf(request.path, sizeof(request.path), "drop/%s/blob/%s", cairn_door_name(f->door), hex);
	err = desk_exchange(f->desk, &request, NULL, &body, &bytes);
	if (err != CAIRN_OK)
		return err;
	if (bytes != CAIRN_BLOB_BYTES || cairn_blob_open(f->piece, body, &f->manifest, i) != CAIRN_OK)
		return CAIRN_ERR_CRYPTO;
	return CAIRN_OK;
}

static int
piece_keep(struct fetching *f, uint32_t i)
{
	size_t bytes = cairn_file_piece_bytes(f->manifest.size, i);
	uint8_t *sealed = malloc(bytes + WORDS_COST);
	struct query q;
	int err = sealed == NULL ? CAIRN_ERR_NOMEM : words_seal(f->desk->state, sealed, f->conv, f->piece, bytes);

	if (err == CAIRN_OK) {
		q = query(f->desk->state, SQL_PIECE_ADD);
		bind_int(&q, f->id);
		bind_int(&q, i);
		bind_bytes(&q, sealed, bytes + WORDS_COST);
		err = query_run(&q);
	}
	free(sealed);
	return desk_state_trouble(f->desk, err);
}

int
files_piece(struct db *state, uint64_t file, uint32_t i, uint8_t *out, size_t bytes)
{
	struct query q = query(state, SQL_PIECE_GET);
	uint8_t *piece = NULL;
	size_t got = 0;

	bind_int(&q, file);
	bind_int(&q, i);
	if (query_row(&q))
		q.err = words_open(&q, 0, &piece, &got, query_int(&q, 1), 0);
	else if (q.err == CAIRN_OK)
		q.err = CAIRN_ERR_UNKNOWN;
	if (q.err == CAIRN_OK && got != bytes)
		q.err = CAIRN_ERR_FORMAT;
	if (q.err == CAIRN_OK && bytes > 0)
		memcpy(out, piece, bytes);
	if (piece != NULL)
		sodium_memzero(piece, got);
	free(piece);
	return query_end(&q);
}

/* Is what is kept the file that the sender described? */
static int
file_check(struct db *state, uint64_t file, const struct cairn_manifest *manifest, uint8_t *piece)
{
	crypto_hash_sha256_state sha;
	uint8_t hash[CAIRN_SHA256_BYTES];
	int err = CAIRN_OK;

	crypto_hash_sha256_init(&sha);
	for (uint32_t i = 0; i < manifest->count && err == CAIRN_OK; i++) {
		size_t bytes = cairn_file_piece_bytes(manifest->size, i);

		err = files_piece(state, file, i, piece, bytes);
		if (err == CAIRN_OK)
			crypto_hash_sha256_update(&sha, piece, bytes);
	}
	crypto_hash_sha256_final(&sha, hash);
	if (err == CAIRN_OK && memcmp(hash, manifest->sha256, sizeof(hash)) != 0)
		err = CAIRN_ERR_CRYPTO;
	return err;
}

static int
file_run(struct fetching *f, enum desk_statement which, bool with_state, enum file_state state)
{
	struct query q = query(f->desk->state, which);

	bind_int(&q, f->id);
	if (with_state)
		bind_int(&q, state);
	return desk_state_trouble(f->desk, query_run(&q));
}

/* In a transaction. The key goes: to be erased with the round's others. */
static int
file_closed(struct fetching *f, enum file_state state)
{
	int err = file_run(f, SQL_FILE_CLOSED, true, state);

	return err == CAIRN_OK ? desk_state_trouble(f->desk, erasure_owe(erasure_of(f->desk->state))) : err;
}

/* It will not come any more: pieces and key go. */
static int
file_give_up(struct fetching *f, struct files_tally *tally, enum file_state state)
{
	int err = desk_state_trouble(f->desk, db_begin(f->desk->state));

	if (err != CAIRN_OK)
		return err;
	err = file_run(f, SQL_PIECE_DROP, false, state);
	if (err == CAIRN_OK)
		err = file_closed(f, state);
	err = desk_state_trouble(f->desk, db_end(f->desk->state, err));
	if (err == CAIRN_OK)
		tally->failed++;
	return err;
}

/* Not there, or not what was described: asked again at the next ticks, and given up after so many. */
static int
file_not_yet(struct fetching *f, struct files_tally *tally, enum file_state at_last)
{
	int err;

	if (f->tries + 1 >= FILES_TRIES)
		return file_give_up(f, tally, at_last);
	tally->waiting++;
	err = at_last == FILE_BROKEN ? file_run(f, SQL_PIECE_DROP, false, f->state) : CAIRN_OK;
	return err == CAIRN_OK ? file_run(f, SQL_FILE_TRIED, false, f->state) : err;
}

static int
file_pieces(struct fetching *f, files_progress *progress, void *arg, bool *stopped)
{
	struct query q = query(f->desk->state, SQL_PIECE_COUNT);
	uint64_t have;
	int err;

	bind_int(&q, f->id);
	err = desk_state_trouble(f->desk, query_number(&q, &have));
	if (err == CAIRN_OK && have == 0)
		err = blobs_all(f, "claim");
	for (uint32_t i = (uint32_t)have; i < f->manifest.count && err == CAIRN_OK && !*stopped; i++) {
		err = blob_get(f, i);
		if (err == CAIRN_OK)
			err = piece_keep(f, i);
		if (err == CAIRN_OK && progress != NULL)
			*stopped = !progress(arg, i + 1, f->manifest.count);
	}
	return err;
}

/* The relay may forget the blobs now, and the key with them. */
static int
file_close(struct fetching *f, struct files_tally *tally)
{
	int err = blobs_all(f, "delete");

	if (err == CAIRN_OK)
		err = desk_state_trouble(f->desk, db_begin(f->desk->state));
	if (err == CAIRN_OK)
		err = desk_state_trouble(f->desk, db_end(f->desk->state, file_closed(f, FILE_KEPT)));
	if (err == CAIRN_OK) {
		tally->kept++;
		tally->bytes += f->manifest.size;
	}
	return err;
}

static int
file_fetch(struct fetching *f, struct files_tally *tally, files_progress *progress, void *arg, bool *stopped)
{
	int err = CAIRN_OK;

	if (f->state == FILE_WANTED) {
		err = file_pieces(f, progress, arg, stopped);
		if (err == CAIRN_OK && *stopped)
			return CAIRN_OK;
		if (err == CAIRN_OK)
			err = file_check(f->desk->state, f->id, &f->manifest, f->piece);
		if (err == CAIRN_ERR_UNKNOWN)
			return file_not_yet(f, tally, FILE_MISSING);
		if (err == CAIRN_ERR_CRYPTO)
			return file_not_yet(f, tally, FILE_BROKEN);
		if (err == CAIRN_OK)
			err = file_run(f, SQL_FILE_STATE, true, FILE_FETCHED);
	}
	return err == CAIRN_OK ? file_close(f, tally) : err;
}

int
files_fetch(struct desk *desk, struct files_tally *tally, files_progress *progress, void *arg)
{
	struct fetching *f = sodium_malloc(sizeof(*f));
	bool found = true, stopped = false;
	uint64_t after = 0;
	int err = f == NULL ? CAIRN_ERR_NOMEM : CAIRN_OK;

	while (err == CAIRN_OK && !stopped) {
		f->desk = desk;
		err = fetching_next(f, after, &found);
		if (err != CAIRN_OK || !found)
			break;
		after = f->id;
		err = file_fetch(f, tally, progress, arg, &stopped);
	}
	sodium_free(f);
	return err;
}
