// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/evidence_bundle.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/reader.h"
#include "record/evidence_sql.h"
#include "record/evidence_token.h"

#define HEAD_BYTES (CAIRN_HASH_BYTES + 32U + EVIDENCE_ITEM_BYTES)
#define SOURCES_MAX 16U /* copies of copies */

static const char magic_line[] = "cairn evidence 1\n";

/* --- writing --- */

struct bundle_out {
	struct evidence *ev;
	evidence_write *write;
	void *arg;
	int err;
	size_t root_count; /* of time stamps that are in it */
	uint8_t (*roots)[32];
};

static int
put(struct bundle_out *o, enum evidence_bundle_kind kind, const void *bytes, size_t size)
{
	uint8_t head[5] = {(uint8_t)kind};

	put_u32(head + 1, (uint32_t)size);
	if (o->err == CAIRN_OK)
		o->err = o->write(o->arg, head, sizeof(head));
	if (o->err == CAIRN_OK && size > 0)
		o->err = o->write(o->arg, bytes, size);
	return o->err;
}

static int
put_entry(void *arg, const uint8_t *bytes, size_t size)
{
	return put(arg, EVIDENCE_BUNDLE_ENTRY, bytes, size);
}

/* Is the stamp of that root still to be put? Many entries have one and the same. */
static bool
root_is_new(struct bundle_out *o, const uint8_t root[32])
{
	uint8_t(*more)[32];

	for (size_t i = 0; i < o->root_count; i++)
		if (memcmp(o->roots[i], root, 32) == 0)
			return false;
	more = realloc(o->roots, (o->root_count + 1) * sizeof(*more));
	if (more == NULL) {
		o->err = CAIRN_ERR_NOMEM;
		return false;
	}
	o->roots = more;
	memcpy(o->roots[o->root_count++], root, 32);
	return true;
}

/* A stamped entry is followed by what the authority answered. */
static int
put_token(void *arg, const uint8_t *bytes, size_t size)
{
	struct bundle_out *o = arg;
	struct evidence_entry e;
	uint8_t *token;
	size_t token_bytes = 0;
	int err = evidence_entry_read(&e, bytes, size);

	if (err != CAIRN_OK || e.action != EVIDENCE_STAMPED)
		return err;
	if (!root_is_new(o, evidence_get(&e, EVIDENCE_FIELD_ROOT)))
		return o->err;
	token = malloc(32 + EVIDENCE_TOKEN_MAX);
	if (token == NULL)
		return CAIRN_ERR_NOMEM;
	memcpy(token, evidence_get(&e, EVIDENCE_FIELD_ROOT), 32);
	err = evidence_token_get(o->ev, token, token + 32, &token_bytes);
	if (err == CAIRN_OK)
		err = put(o, EVIDENCE_BUNDLE_TOKEN, token, 32 + token_bytes);
	free(token);
	/* It may be still on its way from another device: the check then says that it lacks. */
	return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
}

static int
put_rosters(struct bundle_out *o)
{
	struct query q = evidence_query(o->ev->options.db, EVIDENCE_SQL_ROSTER_LIST);
	int end;

	while (o->err == CAIRN_OK && query_row(&q)) {
		struct cairn_span note = query_span(&q, 0);

		(void)put(o, EVIDENCE_BUNDLE_ROSTER, note.text, note.size);
	}
	end = query_end(&q);
	return o->err != CAIRN_OK ? o->err : end;
}

static int
put_log(struct bundle_out *o, const struct evidence_item *item)
{
	int err = evidence_log(o->ev, item->id, put_entry, o);

	return err == CAIRN_OK ? evidence_log(o->ev, item->id, put_token, o) : err;
}

static int
put_logs(struct bundle_out *o, const struct evidence_item *item, bool sources)
{
	struct evidence_item at = *item;
	int err = put_log(o, &at);

	for (unsigned i = 0; err == CAIRN_OK && sources && at.derived && i < SOURCES_MAX; i++) {
		uint8_t source[EVIDENCE_ITEM_BYTES];

		memcpy(source, at.source, sizeof(source));
		err = evidence_get_item(o->ev, &at, source);
		if (err == CAIRN_OK)
			err = put_log(o, &at);
	}
	return err;
}

int
evidence_bundle_write(struct evidence *ev, const struct evidence_item *item, const struct evidence_desk *desk,
    bool sources, evidence_write *write, void *arg)
{
	struct bundle_out o = {.ev = ev, .write = write, .arg = arg};
	uint8_t head[HEAD_BYTES];
	int err;

	memcpy(head, ev->options.desk_id, 32);
	memcpy(head + 32, desk->identity_key, 32);
	memcpy(head + 64, item->id, EVIDENCE_ITEM_BYTES);
	o.err = write(arg, (const uint8_t *)magic_line, sizeof(magic_line) - 1);
	(void)put(&o, EVIDENCE_BUNDLE_HEAD, head, sizeof(head));
	if (desk->chain.size > 0)
		(void)put(&o, EVIDENCE_BUNDLE_IDENTITY, desk->chain.text, desk->chain.size);
	err = put_rosters(&o);
	if (err == CAIRN_OK)
		err = put_logs(&o, item, sources);
	free(o.roots);
	return err;
}

/* --- reading --- */

static void
take_head(struct evidence_bundle *b, struct cairn_span value, bool *bad)
{
	const uint8_t *at = (const uint8_t *)value.text;

	if (value.size != HEAD_BYTES) {
		*bad = true;
		return;
	}
	b->desk_id = at;
	b->identity_key = at + 32;
	b->item = at + 64;
}

static void
take_entry(struct evidence_bundle *b, struct cairn_span value, bool *bad)
{
	struct evidence_bundle_entry *e = &b->entries[b->entry_count++];

	e->bytes = value;
	evidence_entry_hash(e->hash, value.text, value.size);
	*bad = evidence_entry_read(&e->entry, value.text, value.size) != CAIRN_OK;
}

static void
take_record(struct evidence_bundle *b, uint8_t kind, struct cairn_span value, bool first, bool *bad)
{
	if (first != (kind == EVIDENCE_BUNDLE_HEAD)) {
		*bad = true;
		return;
	}
	switch (kind) {
	case EVIDENCE_BUNDLE_HEAD:
		take_head(b, value, bad);
		break;
	case EVIDENCE_BUNDLE_IDENTITY:
		*bad = b->chain.text != NULL;
		b->chain = value;
		break;
	case EVIDENCE_BUNDLE_ROSTER:
		b->rosters[b->roster_count++] = value;
		break;
	case EVIDENCE_BUNDLE_ENTRY:
		take_entry(b, value, bad);
		break;
	case EVIDENCE_BUNDLE_TOKEN:
		*bad = value.size <= 32;
		b->tokens[b->token_count++] = value;
		break;
	default:
		*bad = true;
	}
}

/* Once to count, once to take. */
static int
walk(struct evidence_bundle *b, const uint8_t *bytes, size_t size, size_t counts[EVIDENCE_BUNDLE_TOKEN + 1])
{
	const size_t line = sizeof(magic_line) - 1;
	bool first = true, bad = false;
	struct reader r;

	if (size > EVIDENCE_BUNDLE_MAX || size <= line || memcmp(bytes, magic_line, line) != 0)
		return CAIRN_ERR_FORMAT;
	reader_init(&r, bytes + line, size - line);
	while (r.left > 0 && !r.failed && !bad) {
		struct cairn_span value;
		uint32_t length;
		uint8_t kind;

		take_u8(&r, &kind);
		take_u32(&r, &length);
		value = (struct cairn_span){(const char *)take_view(&r, length), length};
		if (r.failed || kind > EVIDENCE_BUNDLE_TOKEN)
			return CAIRN_ERR_FORMAT;
		counts[kind]++;
		if (b != NULL)
			take_record(b, kind, value, first, &bad);
		first = false;
	}
	return bad ? CAIRN_ERR_FORMAT : reader_end(&r);
}

int
evidence_bundle_read(struct evidence_bundle *b, const uint8_t *bytes, size_t size)
{
	size_t counts[EVIDENCE_BUNDLE_TOKEN + 1] = {0}, again[EVIDENCE_BUNDLE_TOKEN + 1] = {0};
	int err = walk(NULL, bytes, size, counts);

	memset(b, 0, sizeof(*b));
	if (err != CAIRN_OK)
		return err;
	if (counts[EVIDENCE_BUNDLE_HEAD] != 1 || counts[EVIDENCE_BUNDLE_ENTRY] > EVIDENCE_BUNDLE_ENTRIES_MAX ||
	    counts[EVIDENCE_BUNDLE_ROSTER] > EVIDENCE_BUNDLE_NOTES_MAX ||
	    counts[EVIDENCE_BUNDLE_TOKEN] > EVIDENCE_BUNDLE_ENTRIES_MAX)
		return CAIRN_ERR_FORMAT;
	b->rosters = calloc(counts[EVIDENCE_BUNDLE_ROSTER] + 1, sizeof(*b->rosters));
	b->tokens = calloc(counts[EVIDENCE_BUNDLE_TOKEN] + 1, sizeof(*b->tokens));
	b->entries = calloc(counts[EVIDENCE_BUNDLE_ENTRY] + 1, sizeof(*b->entries));
	if (b->rosters == NULL || b->tokens == NULL || b->entries == NULL)
		err = CAIRN_ERR_NOMEM;
	if (err == CAIRN_OK)
		err = walk(b, bytes, size, again);
	if (err != CAIRN_OK)
		evidence_bundle_free(b);
	return err;
}

void
evidence_bundle_free(struct evidence_bundle *b)
{
	free(b->rosters);
	free(b->tokens);
	free(b->entries);
	memset(b, 0, sizeof(*b));
}
