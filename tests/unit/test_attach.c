// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "lib/paper.h"
#include "lib/test.h"

#define SIZE (2U * CAIRN_BLOB_PIECE_BYTES + 1000U)

static const uint8_t entropy[32] = {3};

struct story {
	struct paper p;
	struct cairn_attach attach;
	uint8_t content[SIZE];
	unsigned fail_at; /* the request with this number gets no answer; 0: none */
	unsigned requests;
};

static struct story *
begin(void)
{
	struct story *s = calloc(1, sizeof *s);

	assert_non_null(s);
	paper_init(&s->p, 4, 480256);
	paper_random(&s->p, s->content, sizeof s->content);
	return s;
}

static void
end(struct story *s)
{
	cairn_attach_clear(&s->attach);
	paper_release(&s->p);
	free(s);
}

static enum cairn_step
drive(struct story *s)
{
	struct cairn_attach *a = &s->attach;
	const uint8_t *body;
	enum cairn_step step;
	size_t bytes;

	while ((step = cairn_attach_next(a)) != CAIRN_STEP_DONE && step != CAIRN_STEP_FAILED) {
		if (step == CAIRN_STEP_READ) {
			memcpy(a->piece, s->content + a->offset, a->want);
			cairn_attach_read(a, a->want);
		} else if (step == CAIRN_STEP_REQUEST) {
			int status = paper_answer(&s->p, &a->request, &body, &bytes);

			if (++s->requests == s->fail_at)
				status = CAIRN_NO_ANSWER;
			cairn_attach_answer(a, status, body, bytes);
		}
	}
	return step;
}

static int
attach(struct story *s)
{
	return cairn_attach_init(&s->attach, CAIRN_DOOR_INTAKE, SIZE, (struct cairn_span){"image/jpeg", 10},
	    entropy);
}

/* What a desk does with the manifest and the blobs. */
static void
assert_arrived(struct story *s)
{
	static uint8_t piece[CAIRN_BLOB_PIECE_BYTES];
	const struct cairn_manifest *m = &s->attach.manifest;
	uint8_t hash[32];

	assert_int_equal(m->count, 3);
	for (uint32_t i = 0; i < m->count; i++) {
		char path[CAIRN_REQUEST_PATH_MAX] = "drop/intake/blob/";
		uint8_t id[CAIRN_BLOB_ID_BYTES];
		struct paper_file *file;

		cairn_blob_id(id, m->fk, i);
		sodium_bin2hex(path + 17, sizeof path - 17, id, sizeof id);
		assert_non_null(file = paper_file(&s->p, path));
		assert_int_equal(file->size, CAIRN_BLOB_BYTES);
		assert_ok(cairn_blob_open(piece, file->bytes, m, i));
		assert_memory_equal(piece, s->content + i * CAIRN_BLOB_PIECE_BYTES,
		    cairn_file_piece_bytes(m->size, i));
	}
	crypto_hash_sha256(hash, s->content, SIZE);
	assert_memory_equal(hash, m->sha256, 32);
}

static void
brings_every_blob_and_the_manifest(void **state)
{
	struct story *s = begin();

	(void)state;
	assert_ok(attach(s));
	assert_int_equal(drive(s), CAIRN_STEP_DONE);
	assert_arrived(s);
	end(s);
}

static void
goes_on_where_the_line_broke(void **state)
{
	(void)state;
	for (unsigned fail = 1; fail <= 6; fail++) {
		struct story *s = begin();

		s->fail_at = fail;
		assert_ok(attach(s));
		assert_int_equal(drive(s), CAIRN_STEP_FAILED);
		assert_int_equal(s->attach.err, CAIRN_ERR_IO);
		cairn_attach_resume(&s->attach);
		assert_int_equal(drive(s), CAIRN_STEP_DONE);
		assert_arrived(s);
		end(s);
	}
}

static void
refuses_an_empty_or_too_large_file(void **state)
{
	struct story *s = begin();
	struct cairn_span type = {"image/jpeg", 10};

	(void)state;
	assert_err(cairn_attach_init(&s->attach, CAIRN_DOOR_INTAKE, 0, type, entropy), CAIRN_ERR_RANGE);
	assert_err(cairn_attach_init(&s->attach, CAIRN_DOOR_INTAKE, CAIRN_FILE_SIZE_MAX + 1, type, entropy),
	    CAIRN_ERR_RANGE);
	assert_int_equal(cairn_attach_next(&s->attach), CAIRN_STEP_FAILED);
	end(s);
}

static void
fails_when_the_file_became_shorter(void **state)
{
	struct story *s = begin();

	(void)state;
	assert_ok(attach(s));
	assert_int_equal(cairn_attach_next(&s->attach), CAIRN_STEP_READ);
	cairn_attach_read(&s->attach, s->attach.want - 1);
	assert_int_equal(cairn_attach_next(&s->attach), CAIRN_STEP_FAILED);
	assert_int_equal(s->attach.err, CAIRN_ERR_IO);
	end(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(brings_every_blob_and_the_manifest),
	    cmocka_unit_test(goes_on_where_the_line_broke),
	    cmocka_unit_test(refuses_an_empty_or_too_large_file),
	    cmocka_unit_test(fails_when_the_file_became_shorter),
	};

	return RUN_TESTS(tests);
}
