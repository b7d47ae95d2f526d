// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/evidence_making.h"

#include <string.h>
#include <sys/file.h>

#include <sodium.h>

#include "base/bytes.h"
#include "record/evidence_digest.h"
#include "record/evidence_key.h"
#include "record/evidence_pipe.h"
#include "record/evidence_sql.h"

#define HEAD_MAX 65536U

/* Secret. */
struct evidence_making {
	struct evidence *ev;
	struct evidence_writer writer;
	uint8_t id[EVIDENCE_ITEM_BYTES];
	uint8_t sha256[32];
	uint8_t blake2b[32];
	uint8_t size[8];
	uint8_t name[1064];
	size_t head_bytes;
	uint8_t head[HEAD_MAX];
	struct evidence_digest digest;
	struct evidence_pipe pipe;
};

int
evidence_making_begin(struct evidence_making **ret, struct evidence *ev)
{
	struct evidence_making *m = sodium_malloc(sizeof(*m));

	*ret = NULL;
	if (m == NULL)
		return CAIRN_ERR_NOMEM;
	memset(m, 0, sizeof(*m));
	m->ev = ev;
	randombytes_buf(m->id, sizeof(m->id));
	if (flock(ev->folder, LOCK_SH) != 0) {
		sodium_free(m);
		return CAIRN_ERR_IO;
	}
	*ret = m;
	return CAIRN_OK;
}

/* The two hashes take as long as all the rest. */
static int
hash(void *arg, const uint8_t *piece, size_t used)
{
	struct evidence_making *m = arg;
	size_t room = HEAD_MAX - m->head_bytes, n = used < room ? used : room;

	memcpy(m->head + m->head_bytes, piece, n);
	m->head_bytes += n;
	evidence_digest_put(&m->digest, piece, used);
	return CAIRN_OK;
}

static int
seal(void *arg, const uint8_t *piece, size_t used)
{
	struct evidence_making *m = arg;

	return evidence_writer_put(&m->writer, piece, used);
}

int
evidence_making_stream(struct evidence_making *m, evidence_read *read, void *arg)
{
	int err = evidence_digest_begin(&m->digest);

	if (err != CAIRN_OK)
		return err;
	m->pipe.followers[0] = (struct evidence_follower){.follow = hash, .arg = m};
	m->pipe.followers[1] = (struct evidence_follower){.follow = seal, .arg = m};
	err = evidence_writer_begin(&m->writer, m->ev->folder);
	if (err == CAIRN_OK)
		err = evidence_pipe_run(&m->pipe, read, arg);
	evidence_digest_end(&m->digest, m->sha256, m->blake2b);
	if (err == CAIRN_OK)
		err = evidence_writer_end(&m->writer);
	put_u64(m->size, m->writer.size);
	return err;
}

struct cairn_span
evidence_making_head(const struct evidence_making *m)
{
	return (struct cairn_span){(const char *)m->head, m->head_bytes};
}

const uint8_t *
evidence_making_id(const struct evidence_making *m)
{
	return m->id;
}

const uint8_t *
evidence_making_sha256(const struct evidence_making *m)
{
	return m->sha256;
}

static int
put_file(struct evidence_making *m)
{
	struct query q = evidence_query(m->ev->options.db, EVIDENCE_SQL_ITEM_FILE);

	bind_bytes(&q, m->id, sizeof(m->id));
	bind_bytes(&q, m->writer.name, sizeof(m->writer.name));
	return query_run(&q);
}

static int
emit_sealed(struct evidence_making *m, uint64_t now)
{
	struct evidence_entry e = {.action = EVIDENCE_SEALED};
	char method[96];

	memcpy(e.item, m->id, sizeof(e.item));
	snprintf(method, sizeof(method), "XChaCha20-Poly1305 in %llu pieces, written once and flushed to disk",
	    (unsigned long long)evidence_pieces(m->writer.size));
	evidence_set(&e, EVIDENCE_FIELD_SHA256, m->sha256, sizeof(m->sha256));
	evidence_set_text(&e, EVIDENCE_FIELD_METHOD, method);
	return evidence_emit(m->ev, &e, now, NULL);
}

int
evidence_making_root(
    struct evidence_making *m, struct evidence_entry *root, const char *media, const char *name, uint64_t now)
{
	size_t name_bytes = 0;
	int err;

	memcpy(root->item, m->id, sizeof(root->item));
	evidence_set(root, EVIDENCE_FIELD_SHA256, m->sha256, sizeof(m->sha256));
	evidence_set(root, EVIDENCE_FIELD_BLAKE2B, m->blake2b, sizeof(m->blake2b));
	evidence_set(root, EVIDENCE_FIELD_SIZE, m->size, sizeof(m->size));
	evidence_set_text(root, EVIDENCE_FIELD_MEDIA, media);
	if (name != NULL && name[0] != '\0') {
		evidence_name_seal(m->name, &name_bytes, name, m->writer.key, m->id);
		evidence_set(root, EVIDENCE_FIELD_NAME, m->name, name_bytes);
	}
	err = evidence_emit(m->ev, root, now, NULL);
	if (err == CAIRN_OK)
		err = put_file(m);
	if (err == CAIRN_OK)
		err = evidence_key_put(m->ev, m->id, m->writer.key);
	return err == CAIRN_OK ? emit_sealed(m, now) : err;
}

void
evidence_making_end(struct evidence_making *m, bool tried)
{
	if (m == NULL)
		return;
	if (!tried)
		evidence_writer_drop(&m->writer);
	evidence_writer_wipe(&m->writer);
	flock(m->ev->folder, LOCK_UN);
	sodium_free(m);
}
