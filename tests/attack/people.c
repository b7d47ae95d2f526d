// SPDX-License-Identifier: GPL-3.0-or-later
#include "people.h"

#include <sodium.h>

#include "base/bytes.h"
#include "base/writer.h"

static void
must(bool ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "people: %s\n", what);
		abort();
	}
}

struct person *
person_new(struct paper *p)
{
	struct person *person = calloc(1, sizeof(*person));
	uint8_t root[CAIRN_KEY_BYTES];

	must(person != NULL, "memory");
	paper_random(p, root, sizeof(root));
	cairn_conversation_init(&person->conv, root);
	return person;
}

void
person_free(struct person *person)
{
	free(person);
}

void
letter_text(struct paper *p, struct cairn_letter *letter, const char *text)
{
	struct cairn_tlv_writer w;
	uint8_t group[8];

	paper_random(p, letter->msgid, sizeof(letter->msgid));
	paper_random(p, group, sizeof(group));
	cairn_tlv_begin(&w, letter->records, sizeof(letter->records));
	cairn_tlv_put_text(&w, group, 0, 1, text, strlen(text));
	must(w.err == CAIRN_OK, "letter");
	letter->bytes = w.used;
}

void
letter_second(struct paper *p, struct cairn_letter *letter, const struct person *other)
{
	uint8_t block[CAIRN_HELLO_BLOCK_BYTES];
	struct cairn_tlv_writer w;

	paper_random(p, letter->msgid, sizeof(letter->msgid));
	cairn_hello_block(block, &other->conv, p->hour / 24);
	cairn_tlv_begin(&w, letter->records, sizeof(letter->records));
	cairn_tlv_put(&w, CAIRN_TLV_second, block, sizeof(block));
	must(w.err == CAIRN_OK, "letter");
	letter->bytes = w.used;
}

void
person_send_with(struct paper *p, struct person *person, const struct cairn_letter *letters, size_t count,
    const uint8_t entropy[32])
{
	struct cairn_send *send = calloc(1, sizeof(*send));
	struct cairn_client client;

	must(send != NULL, "memory");
	paper_client(&client, p);
	cairn_send_init(send, &client, &person->session.memory, CAIRN_DOOR_INTAKE, &person->conv, letters, count,
	    NULL, entropy);
	must(paper_send(p, send) == CAIRN_STEP_DONE, "sending");
	cairn_send_clear(send);
	free(send);
}

void
person_send(struct paper *p, struct person *person, const struct cairn_letter *letters, size_t count)
{
	uint8_t entropy[32];

	paper_random(p, entropy, sizeof(entropy));
	person_send_with(p, person, letters, count, entropy);
}

void
person_say(struct paper *p, struct person *person, const char *text)
{
	struct cairn_letter *letter = calloc(1, sizeof(*letter));

	must(letter != NULL, "memory");
	letter_text(p, letter, text);
	person_send(p, person, letter, 1);
	free(letter);
}

void
desk_answers(struct paper *p, struct person *const *people, size_t count, const char *text)
{
	static uint8_t cells[CAIRN_BATCH_CELLS_MAX][CAIRN_REPLY_CELL_BYTES];

	must(count <= p->batch_cells, "more replies than a batch has");
	for (size_t i = 0; i < count; i++)
		paper_reply(p, cells[i], &people[i]->conv, p->hour / 24, 0, (uint16_t)(p->size % CAIRN_LANE_TAGS),
		    text);
	paper_publish(p, p->hour, (const uint8_t (*)[CAIRN_REPLY_CELL_BYTES])cells, count);
}

void
keyring_add(struct keyring *ring, const uint8_t key[32])
{
	for (size_t i = 0; i < ring->count; i++)
		if (memcmp(ring->keys[i], key, 32) == 0)
			return;
	if (ring->count == ring->room) {
		ring->room = ring->room * 2 + 64;
		ring->keys = realloc(ring->keys, ring->room * sizeof(*ring->keys));
		must(ring->keys != NULL, "memory");
	}
	memcpy(ring->keys[ring->count++], key, 32);
}

void
keyring_release(struct keyring *ring)
{
	free(ring->keys);
	*ring = (struct keyring){0};
}

static const char *const labels[] = {
	"reply", "auth", "tags", "day", "tag", "decoy", "rank", "hello", "draw", "file", "blob", "blob id",
	"last pause", "words", "filler", "region", "eseed", "send", "msgid", "",
};
#define LABELS (sizeof(labels) / sizeof(labels[0]))

static void
add_contexts(struct keyring *ring, const uint8_t key[32], const char *label, uint32_t day)
{
	const uint32_t numbers[] = {0, 1, 2, 3, day, day + 1, day / 30, day / 30 + 1, day / 30 - 1};
	uint8_t context[4], out[32];

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		put_u32(context, numbers[i]);
		cairn_derive(out, key, label, context, sizeof(context));
		keyring_add(ring, out);
	}
}

void
keyring_add_labels(struct keyring *ring, const uint8_t key[32])
{
	uint8_t out[32];

	keyring_add(ring, key);
	cairn_hash(out, key, 32);
	keyring_add(ring, out);
	for (size_t i = 0; i < LABELS; i++) {
		cairn_derive(out, key, labels[i], NULL, 0);
		keyring_add(ring, out);
	}
}

void
keyring_add_derived(struct keyring *ring, const uint8_t key[32], uint32_t day)
{
	uint8_t out[32];

	keyring_add_labels(ring, key);
	for (size_t i = 0; i < LABELS; i++) {
		add_contexts(ring, key, labels[i], day);
		cairn_derive(out, key, labels[i], NULL, 0);
		keyring_add_labels(ring, out);
	}
}

size_t
drop_info(uint8_t out[CAIRN_HPKE_INFO_MAX], const struct paper *p, const uint8_t *cell)
{
	struct writer w;

	writer_init(&w, out, CAIRN_HPKE_INFO_MAX);
	write_text(&w, "cairn/1 drop");
	write_bytes(&w, p->desk_id, sizeof(p->desk_id));
	write_bytes(&w, cell, CAIRN_DROP_HEADER_BYTES);
	return w.used;
}

size_t
reply_info(uint8_t out[CAIRN_HPKE_INFO_MAX], const struct paper *p, const uint8_t *cell, uint32_t day)
{
	struct writer w;

	writer_init(&w, out, CAIRN_HPKE_INFO_MAX);
	write_text(&w, "cairn/1 reply");
	write_bytes(&w, p->desk_id, sizeof(p->desk_id));
	write_u32(&w, day);
	write_bytes(&w, cell, CAIRN_TAG_BYTES);
	return w.used;
}

bool
drop_seal_opens(const struct paper *p, const uint8_t *cell, const struct cairn_xwing_key *key)
{
	static uint8_t plain[CAIRN_DROP_PLAIN_BYTES];
	uint8_t info[CAIRN_HPKE_INFO_MAX];
	const uint8_t *enc = cell + CAIRN_DROP_HEADER_BYTES;

	return cairn_hpke_open(plain, enc, enc + CAIRN_XWING_ENC_BYTES,
	           CAIRN_DROP_PLAIN_BYTES + CAIRN_HPKE_TAG_BYTES, key, info, drop_info(info, p, cell)) == CAIRN_OK;
}

bool
reply_seal_opens(const struct paper *p, const uint8_t *cell, uint32_t day, const struct cairn_xwing_key *key)
{
	static uint8_t plain[CAIRN_REPLY_PLAIN_BYTES];
	uint8_t info[CAIRN_HPKE_INFO_MAX];
	const uint8_t *enc = cell + CAIRN_TAG_BYTES;

	return cairn_hpke_open(plain, enc, enc + CAIRN_XWING_ENC_BYTES,
	           CAIRN_REPLY_PLAIN_BYTES + CAIRN_HPKE_TAG_BYTES, key, info,
	           reply_info(info, p, cell, day)) == CAIRN_OK;
}
