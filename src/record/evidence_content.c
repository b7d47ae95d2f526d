// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "record/evidence.h"
#include "record/evidence_cleaner.h"
#include "record/evidence_digest.h"
#include "record/evidence_key.h"
#include "record/evidence_making.h"
#include "record/evidence_sql.h"

/* Taking originals in, giving content out, destroying it. */

static int
commit_original(
    struct evidence_making *m, struct evidence *ev, const struct evidence_intake *in, const char *media, uint64_t now)
{
	struct evidence_entry root = {.action = EVIDENCE_RECEIVED};
	int err = db_begin(ev->options.db);

	if (err != CAIRN_OK)
		return err;
	evidence_set_text(&root, EVIDENCE_FIELD_PARTY, in->party);
	evidence_set_text(&root, EVIDENCE_FIELD_NOTE, in->note);
	err = evidence_making_root(m, &root, media, in->name, now);
	return db_end(ev->options.db, err);
}

int
evidence_add(struct evidence *ev, const struct evidence_intake *in, uint64_t now, uint8_t ret_id[EVIDENCE_ITEM_BYTES])
{
	char media[EVIDENCE_MEDIA_MAX];
	struct evidence_making *m;
	bool tried = false;
	int err;

	ev->trouble[0] = '\0';
	err = evidence_making_begin(&m, ev);
	if (err == CAIRN_OK)
		err = evidence_making_stream(m, in->read, in->arg);
	if (err == CAIRN_OK) {
		evidence_cleaner_type(ev, evidence_making_head(m), media);
		tried = true;
		err = commit_original(m, ev, in, media, now);
	}
	if (err == CAIRN_OK)
		memcpy(ret_id, evidence_making_id(m), EVIDENCE_ITEM_BYTES);
	evidence_making_end(m, tried);
	if (err == CAIRN_ERR_FORMAT)
		return evidence_trouble(ev, err, "a name may have 512 bytes of UTF-8, a note 2048");
	return evidence_state_trouble(ev, err);
}

/* --- giving out --- */

int
evidence_content_here(struct evidence *ev, const struct evidence_item *item)
{
	if (item->here)
		return CAIRN_OK;
	if (item->erased)
		return evidence_trouble(ev, CAIRN_ERR_UNKNOWN, "this item was erased: its log is all that is left");
	return evidence_trouble(ev, CAIRN_ERR_UNKNOWN, "the content of this item is not on this device");
}

static int
give_pieces(
    struct evidence *ev, struct evidence_reader *r, struct evidence_digest *digest, evidence_write *write, void *arg)
{
	int err = CAIRN_OK;

	for (uint64_t i = 0; err == CAIRN_OK && i < r->pieces; i++) {
		size_t bytes;

		err = evidence_reader_piece(r, i, &bytes);
		if (err == CAIRN_ERR_CRYPTO)
			return evidence_trouble(ev, err,
			    "piece %llu of %llu is damaged on disk, or was changed: bytes %llu to %llu of the "
			    "content",
			    (unsigned long long)i + 1, (unsigned long long)r->pieces,
			    (unsigned long long)i * EVIDENCE_PIECE_BYTES,
			    ((unsigned long long)i + 1) * EVIDENCE_PIECE_BYTES - 1);
		if (err != CAIRN_OK)
			break;
		evidence_digest_put(digest, r->piece, bytes);
		if (bytes > 0 && write != NULL)
			err = write(arg, r->piece, bytes);
	}
	return err;
}

static int
give(struct evidence *ev, const struct evidence_item *item, struct evidence_reader *r, evidence_write *write,
    void *arg)
{
	struct evidence_digest digest = {0};
	uint8_t sha256[32], blake2b[32];
	int err = evidence_digest_begin(&digest);

	if (err == CAIRN_OK)
		err = give_pieces(ev, r, &digest, write, arg);
	evidence_digest_end(&digest, sha256, blake2b);
	if (err == CAIRN_OK && (memcmp(sha256, item->sha256, 32) != 0 || memcmp(blake2b, item->blake2b, 32) != 0))
		return evidence_trouble(ev, CAIRN_ERR_CRYPTO, "the content is not what the log says was taken in");
	return err;
}

int
evidence_content(struct evidence *ev, const struct evidence_item *item, evidence_write *write, void *arg)
{
	struct evidence_reader *r;
	uint8_t key[CAIRN_KEY_BYTES];
	int err;

	ev->trouble[0] = '\0';
	err = evidence_content_here(ev, item);
	if (err != CAIRN_OK)
		return err;
	r = sodium_malloc(sizeof(*r));
	if (r == NULL)
		return evidence_state_trouble(ev, CAIRN_ERR_NOMEM);
	r->fd = -1;
	err = evidence_key_get(ev, item->id, key);
	if (err == CAIRN_OK) {
		err = evidence_reader_begin(r, ev->folder, item->file, key, item->size);
		if (err == CAIRN_ERR_UNKNOWN)
			err = evidence_trouble(ev, err, "the sealed file of this item is gone from the disk");
		if (err == CAIRN_ERR_CRYPTO)
			err = evidence_trouble(
			    ev, err, "the sealed file of this item is cut short, or longer than it was");
	}
	if (err == CAIRN_OK)
		err = give(ev, item, r, write, arg);
	evidence_reader_end(r);
	sodium_free(r);
	sodium_memzero(key, sizeof(key));
	return evidence_state_trouble(ev, err);
}

int
evidence_name(struct evidence *ev, const struct evidence_item *item, char *out)
{
	uint8_t key[CAIRN_KEY_BYTES];
	int err;

	out[0] = '\0';
	if (item->name_bytes == 0 || item->erased)
		return CAIRN_OK;
	err = evidence_key_get(ev, item->id, key);
	if (err == CAIRN_OK)
		err = evidence_name_open(out, item->name, item->name_bytes, key, item->id);
	sodium_memzero(key, sizeof(key));
	return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
}

/* --- destroying --- */

static int
run_item(struct db *db, enum evidence_statement which, const uint8_t *item)
{
	struct query q = evidence_query(db, which);

	bind_bytes(&q, item, EVIDENCE_ITEM_BYTES);
	return query_run(&q);
}

static int
erase_rows(struct evidence *ev, const struct evidence_item *item, const char *note, uint64_t now)
{
	struct evidence_entry e = {.action = EVIDENCE_ERASED};
	struct db *db = ev->options.db;
	int err = db_begin(db);

	if (err != CAIRN_OK)
		return err;
	memcpy(e.item, item->id, sizeof(e.item));
	evidence_set_text(&e, EVIDENCE_FIELD_NOTE, note);
	err = run_item(db, EVIDENCE_SQL_KEY_DROP, item->id);
	if (err == CAIRN_OK)
		err = run_item(db, EVIDENCE_SQL_ITEM_ERASED, item->id);
	if (err == CAIRN_OK)
		err = evidence_emit(ev, &e, now, NULL);
	return db_end(db, err);
}

int
evidence_erase(struct evidence *ev, const struct evidence_item *item, const char *note, uint64_t now)
{
	char path[EVIDENCE_PATH_BYTES];
	int err;

	ev->trouble[0] = '\0';
	err = evidence_content_here(ev, item);
	if (err != CAIRN_OK)
		return err;
	err = erase_rows(ev, item, note, now);
	if (err == CAIRN_OK)
		err = erasure_rotate(ev->options.erasure);
	/* Last: until the key is gone for good, a crash leaves a file that the next start removes. */
	evidence_path(path, item->file);
	if (err == CAIRN_OK && unlinkat(ev->folder, path, 0) != 0 && errno != ENOENT)
		err = CAIRN_ERR_IO;
	return evidence_state_trouble(ev, err);
}
