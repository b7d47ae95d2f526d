// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/bytes.h"
#include "run.h"

/* doors, work. */

static void
door_ok(struct run *r, const json_t *row)
{
	const struct cairn_span text = field_text(r, row, "answer");
	struct cairn_door_answer answer;
	char out[CAIRN_DOOR_ANSWER_MAX];
	size_t size;

	(void)field_text(r, row, "target");
	expect_ok(r, cairn_door_answer_read(&answer, text), "an answer of a door");
	expect(r, answer.hour == field_number(r, row, "hour", UINT32_MAX), "the hour");
	expect(r, answer.difficulty == field_number(r, row, "difficulty", UINT8_MAX), "the difficulty");
	expect_bytes(r, "challenge", answer.challenge, sizeof(answer.challenge), field_hex(r, row, "challenge"));
	size = cairn_door_answer_write(out, &answer);
	expect_bytes(r, "answer", out, size, text_bytes(text));
}

static void
door_refuse(struct run *r, const json_t *row)
{
	struct cairn_door_answer answer;

	expect(r, cairn_door_answer_read(&answer, field_text(r, row, "answer")) != CAIRN_OK, "refused");
}

static int
compare_hashes(const void *a, const void *b)
{
	return memcmp(a, b, CAIRN_SHA256_BYTES);
}

/* Hashes of the passes, sorted: of the first count, or of those that are spent. */
static uint8_t (*
pass_hashes(struct run *r, const json_t *rows, size_t count, bool spent, size_t *ret_count))[CAIRN_SHA256_BYTES]
{
	uint8_t (*out)[CAIRN_SHA256_BYTES] = row_alloc(r, json_array_size(rows) * sizeof(*out));
	size_t used = 0;

	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);

		if (spent ? field_bool(r, row, "on_list") : i < count)
			cairn_pass_hash(out[used++], field_hex_of(r, row, "pass", CAIRN_PASS_BYTES));
	}
	qsort(out, used, sizeof(*out), compare_hashes);
	*ret_count = used;
	return out;
}

static void
hashes_uploaded(struct run *r, const json_t *passes)
{
	const json_t *uploaded = field(r, passes, "hashes_uploaded");
	size_t count = 0;
	uint8_t (*hashes)[CAIRN_SHA256_BYTES] =
	    pass_hashes(r, field(r, passes, "rows"), json_array_size(uploaded), false, &count);

	expect(r, count == json_array_size(uploaded), "%zu hashes", json_array_size(uploaded));
	for (size_t i = 0; i < count; i++)
		expect_bytes(r, "hash", hashes[i], sizeof(hashes[i]),
		    hex_of(r, json_array_get(uploaded, i), "hashes_uploaded"));
}

static void
spent_list(struct run *r, const json_t *passes)
{
	size_t count = 0;
	uint8_t (*hashes)[CAIRN_SHA256_BYTES] = pass_hashes(r, field(r, passes, "rows"), 0, true, &count);
	uint8_t *list = row_alloc(r, count * 4);

	(void)field_text(r, passes, "spent_target");
	for (size_t i = 0; i < count; i++)
		memcpy(list + i * 4, hashes[i], 4);
	expect_bytes(r, "spent", list, count * 4, field_hex(r, passes, "spent"));
}

static const json_t *
passes_of(struct run *r)
{
	return file_member(r, "doors", "passes");
}

static void
pass_row(struct run *r, const json_t *row)
{
	const struct bytes list = field_hex(r, passes_of(r), "spent");
	const bool want = field_bool(r, row, "on_list");
	bool spent = !want;

	expect_ok(r, cairn_pass_spent(&spent, list.at, list.size, field_hex_of(r, row, "pass", CAIRN_PASS_BYTES)),
	    "a list of spent passes");
	expect(r, spent == want, "the pass %s the list", want ? "on" : "not on");
}

static void
list_refuse(struct run *r, const json_t *row)
{
	const struct bytes list = field_hex(r, row, "list");
	const uint8_t pass[CAIRN_PASS_BYTES] = {0};
	bool spent;

	expect(r, cairn_pass_spent(&spent, list.at, list.size, pass) != CAIRN_OK, "refused");
}

static void
passes(struct run *r, const json_t *value)
{
	run_one(r, "passes.hashes_uploaded", 0, value, hashes_uploaded);
	run_one(r, "passes.spent", 0, value, spent_list);
	run_rows(r, "passes.rows", json_object_get(value, "rows"), pass_row);
	run_rows(r, "passes.refuse_lists", json_object_get(value, "refuse_lists"), list_refuse);
}

static const struct member doors[] = {
	{"ok", MEMBER_ROWS, door_ok}, {"refuse", MEMBER_ROWS, door_refuse}, {"passes", MEMBER_GROUP, passes},
};
const struct section section_doors = SECTION("doors", doors);

/* "drop.ok[0].cell_b64" or 'the text "..."'. */
static struct bytes
body_of(struct run *r, const json_t *row)
{
	const struct cairn_span name = field_text(r, row, "body_of");
	unsigned index;
	int end = 0;

	if (sscanf(name.text, "drop.ok[%u].cell_b64%n", &index, &end) == 1 && end > 0)
		return field_base64(r, json_array_get(file_member(r, "drop", "ok"), index), "cell_b64");
	expect(r, name.size > 11 && memcmp(name.text, "the text \"", 10) == 0 && name.text[name.size - 1] == '"',
	    "a body that is known");
	return (struct bytes){(const uint8_t *)name.text + 10, name.size - 11};
}

static void
expect_bits(struct run *r, const json_t *row, const uint8_t *body_hash, uint64_t d, uint8_t digest[32])
{
	const json_t *suffices = json_object_get(row, "suffices");
	unsigned bits = 0;

	expect_ok(r, cairn_work_bits(&bits, digest, body_hash,
	    field_hex_of(r, row, "challenge", CAIRN_CHALLENGE_BYTES),
	    field_hex_of(r, row, "nonce", CAIRN_WORK_NONCE_BYTES)), "a digest");
	expect(r, bits == field_number(r, row, "leading_zeros", 256), "%llu leading zeros, not %u",
	    (unsigned long long)field_number(r, row, "leading_zeros", 256), bits);
	expect(r, suffices == NULL || (bits >= d) == json_is_true(suffices), "%s",
	    json_is_true(suffices) ? "a nonce that suffices" : "a nonce that does not suffice");
}

/* The search from 0 on finds this nonce and none below it. */
static void
check_search(struct run *r, const json_t *row, const uint8_t *body_hash, uint8_t d)
{
	const uint64_t below = field_number(r, row, "nonces_below_refused", 1U << 20);
	const uint8_t *want = field_hex_of(r, row, "nonce", CAIRN_WORK_NONCE_BYTES);
	const uint8_t *challenge = field_hex_of(r, row, "challenge", CAIRN_CHALLENGE_BYTES);
	uint8_t nonce[CAIRN_WORK_NONCE_BYTES];
	uint64_t next = 0;

	expect(r, get_u64(want) == below, "as many nonces below as the nonce says");
	expect(r, below == 0 || cairn_work_search(nonce, &next, (unsigned)below, d, body_hash, challenge) ==
	    CAIRN_ERR_BUSY, "no nonce below it to suffice");
	expect(r, next == below, "the search to have come to the nonce");
	expect_ok(r, cairn_work_search(nonce, &next, 1, d, body_hash, challenge), "the nonce to suffice");
	expect_bytes(r, "nonce", nonce, sizeof(nonce), (struct bytes){want, sizeof(nonce)});
}

static void
work_row(struct run *r, const json_t *row)
{
	const struct bytes body = body_of(r, row);
	const uint8_t d = (uint8_t)field_number(r, row, "d", UINT8_MAX);
	const json_t *others = field(r, row, "others");
	uint8_t hash[CAIRN_HASH_BYTES], digest[32];

	cairn_hash(hash, body.at, body.size);
	expect_bytes(r, "body_hash", hash, sizeof(hash), field_hex(r, row, "body_hash"));
	expect_bits(r, row, hash, d, digest);
	expect_bytes(r, "digest", digest, sizeof(digest), field_hex(r, row, "digest"));
	check_search(r, row, hash, d);
	for (size_t i = 0; i < json_array_size(others); i++)
		expect_bits(r, json_array_get(others, i), hash, d, digest);
}

static void
ceiling_row(struct run *r, const json_t *row)
{
	const bool want = field_bool(r, row, "works");

	expect(r, cairn_work_accepted((uint8_t)field_number(r, row, "difficulty", UINT8_MAX)) == want, "%s",
	    want ? "a client to work for it" : "no client to work for it");
}

static const struct member work[] = {
	{"rows", MEMBER_ROWS, work_row}, {"ceiling", MEMBER_ROWS, ceiling_row},
};
const struct section section_work = SECTION("work", work);
