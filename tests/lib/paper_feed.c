// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/paper_feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "cairn/feed.h"

static void
must(bool ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "paper feed: %s\n", what);
		abort();
	}
}

void
paper_feed_append(struct paper_feed *f, const uint8_t *bytes, size_t size)
{
	struct paper_record *r;

	if (f->record_count == f->record_room) {
		f->record_room = f->record_room == 0 ? 64 : 2 * f->record_room;
		f->records = realloc(f->records, f->record_room * sizeof(*f->records));
		must(f->records != NULL, "memory");
	}
	r = &f->records[f->record_count++];
	r->bytes = malloc(size);
	must(r->bytes != NULL, "memory");
	memcpy(r->bytes, bytes, size);
	r->size = size;
	cairn_hash(r->hash, bytes, size);
}

/* What the relay checks of it, but for what stands before it. */
static bool
record_ok(struct cairn_feed_head *head, const struct paper_asker *asker, uint64_t seq, const uint8_t *bytes,
    size_t size)
{
	static const uint8_t no_key[32];
	struct cairn_feed_place place = {asker->desk_id, asker->device, asker->sign_key, seq, asker->now};
	int err;

	if (asker->sign_key != NULL)
		return cairn_feed_record_check(head, bytes, size, &place) == CAIRN_OK;
	if (cairn_feed_record_head(head, bytes, size) != CAIRN_OK)
		return false;
	place.desk_id = place.sign_key = no_key;
	place.device = head->device;
	err = cairn_feed_record_check(head, bytes, size, &place);
	return err == CAIRN_OK || err == CAIRN_ERR_CRYPTO;
}

static bool
follows(const struct paper_feed *f, const struct cairn_feed_head *head)
{
	static const uint8_t none[CAIRN_HASH_BYTES];
	const uint8_t *before = f->record_count == 0 ? none : f->records[f->record_count - 1].hash;

	return memcmp(head->prev, before, CAIRN_HASH_BYTES) == 0;
}

static int
feed_append(struct paper_feed *f, const struct paper_asker *asker, uint64_t seq, const struct cairn_request *request,
    const uint8_t **body, size_t *body_bytes)
{
	struct cairn_feed_head head;
	uint8_t hash[CAIRN_HASH_BYTES];

	if (!record_ok(&head, asker, seq, request->body, request->body_bytes))
		return 400;
	cairn_hash(hash, request->body, request->body_bytes);
	if (seq < f->record_count && memcmp(f->records[seq].hash, hash, sizeof(hash)) == 0)
		return 204;
	if (seq != f->record_count) {
		put_u64(f->answer, f->record_count);
		*body = f->answer;
		*body_bytes = 8;
		return 409;
	}
	if (!follows(f, &head))
		return 400;
	paper_feed_append(f, request->body, request->body_bytes);
	return 204;
}

static int
feed_read(struct paper_feed *f, uint64_t from, const uint8_t **body, size_t *body_bytes)
{
	size_t used = 8;

	put_u64(f->answer, f->record_count);
	*body = f->answer;
	if (from > f->record_count) {
		*body_bytes = 8;
		return 409;
	}
	for (uint64_t i = from; i < f->record_count; i++) {
		const struct paper_record *r = &f->records[i];
		size_t size = r->bytes == NULL ? CAIRN_HASH_BYTES : r->size;

		if (used + 13 + size > (1U << 20) && i > from)
			break;
		put_u64(f->answer + used, i);
		f->answer[used + 8] = r->bytes != NULL;
		put_u32(f->answer + used + 9, (uint32_t)size);
		memcpy(f->answer + used + 13, r->bytes == NULL ? r->hash : r->bytes, size);
		used += 13 + size;
	}
	*body_bytes = used;
	return 200;
}

static int
feed_delete(struct paper_feed *f, const uint8_t *seqs, size_t bytes)
{
	for (size_t at = 0; at + 8 <= bytes; at += 8) {
		uint64_t seq = get_u64(seqs + at);

		if (seq >= f->record_count)
			return 400;
		if (f->records[seq].bytes != NULL) {
			free(f->records[seq].bytes);
			f->records[seq].bytes = NULL;
			f->deleted++;
		}
	}
	return 204;
}

static int
suspension_take(struct paper_feed *f)
{
	int status = f->suspension_status;

	f->suspension_status = 0;
	f->suspensions += status == 0;
	return status == 0 ? 204 : status;
}

int
paper_feed_do(struct paper_feed *f, const struct paper_asker *asker, const struct cairn_request *request,
    const uint8_t **body, size_t *bytes)
{
	unsigned long long number;

	if (sscanf(request->path, "feed?from=%llu", &number) == 1)
		return feed_read(f, number, body, bytes);
	if (sscanf(request->path, "feed?seq=%llu", &number) == 1)
		return feed_append(f, asker, number, request, body, bytes);
	if (strcmp(request->path, "feed/delete") == 0)
		return feed_delete(f, request->body, request->body_bytes);
	if (strcmp(request->path, "suspension") == 0)
		return suspension_take(f);
	return 404;
}

void
paper_feed_release(struct paper_feed *f)
{
	for (size_t i = 0; i < f->record_count; i++)
		free(f->records[i].bytes);
	free(f->records);
	memset(f, 0, sizeof(*f));
}

void
paper_feed_copy(struct paper_feed *to, const struct paper_feed *from)
{
	memset(to, 0, sizeof(*to));
	for (size_t i = 0; i < from->record_count; i++) {
		must(from->records[i].bytes != NULL, "a record that was deleted is not copied");
		paper_feed_append(to, from->records[i].bytes, from->records[i].size);
	}
}
