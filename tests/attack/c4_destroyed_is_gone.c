// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * C4, retention: what was destroyed is gone for somebody who gets everything at once: the vaults of all devices with
 * their passphrases, images of them from before as backups hold them (their data, never E), all that ever went over
 * the feed, and what the relay has. He opens every slot that opens, takes off each E that is left at every byte, and
 * opens every box of his recording with every seed that is left. The keys that he looks for are remembered from
 * before: no form of one may be there.
 *
 * Before the destruction the same search finds them: it is worth something.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "attack/thief.h"
#include "carry/day_keys.h"
#include "carry/keys.h"
#include "carry/membership.h"
#include "carry/retention.h"
#include "lib/test.h"
#include "vault/inside.h"

#define CANARY "the heron sleeps in Lisbon"
#define KEPT "another case goes on"
#define DEVICES 3U
#define TRUE_KEYS_MAX 256U

/* A region, every slot opened that opens, and the E that lay in it. */
struct image {
	uint8_t *bytes;
	size_t size;
	size_t erasure_count;
	uint8_t erasure[8][ERASURE_KEY_BYTES];
	uint8_t binding[ERASURE_KEY_BYTES];
};

struct scene {
	char folder[40];
	struct many *m;
	struct thief *before, *after;
	uint8_t contact[OP_ID_BYTES], kept[OP_ID_BYTES], case_id[OP_ID_BYTES];
	size_t key_count;
	uint8_t keys[TRUE_KEYS_MAX][32]; /* that opened it: of every day, at rest, in boxes' seeds */
	struct image backups[DEVICES];
};

/* ---- what he does with a vault ---- */

static void
open_slot(const struct vault *v, struct image *image, uint32_t slot, uint8_t *bytes, const uint8_t *journal_key)
{
	uint32_t last = v->container.region_slots - 1;

	if (slot >= REGION_ERASURE && slot < REGION_PAGES &&
	    slot_open(bytes, v->data_key, vault_slot(v, SLOT_ERASURE, slot)))
		memcpy(image->erasure[image->erasure_count++], bytes + 9, ERASURE_KEY_BYTES);
	else if (slot >= REGION_PAGES &&
	    !slot_open(bytes, v->data_key, vault_slot(v, SLOT_DATABASE, slot - REGION_PAGES + 1)) &&
	    !slot_open(bytes, v->data_key, vault_slot(v, SLOT_JOURNAL, last - slot)) && journal_key != NULL &&
	    !slot_open(bytes, journal_key, vault_slot(v, SLOT_JOURNAL, last - slot)))
		return;
}

static void
image_take(struct image *image, const struct many_device *d)
{
	struct vault *v = d->vault;
	uint32_t slots = v->container.region_slots;
	uint8_t *head;

	memset(image, 0, sizeof(*image));
	image->size = (size_t)slots * SLOT_BYTES;
	image->bytes = malloc(image->size);
	assert_non_null(image->bytes);
	assert_ok(container_read(&v->container, image->bytes, v->region, 0, slots));
	cairn_derive(image->binding, v->data_key, "erasable", NULL, 0);
	head = image->bytes + (size_t)(slots - 1) * SLOT_BYTES;
	open_slot(v, image, slots - 1, head, NULL);
	for (uint32_t slot = 0; slot < slots - 1; slot++)
		open_slot(v, image, slot, image->bytes + (size_t)slot * SLOT_BYTES, head + 2);
}

static int
compare(const void *a, const void *b)
{
	return memcmp(a, b, 32);
}

static bool
is_key(const struct scene *s, const uint8_t *bytes)
{
	return bsearch(bytes, s->keys, s->key_count, 32, compare) != NULL;
}

/*
 * How many of the keys lie there, bare or as rows do. He has no aad to check a row by, and needs none: what is under
 * the seal is the stream of the binding key from its second block on.
 */
static size_t
keys_in(const struct scene *s, const struct image *image, const struct image *e)
{
	uint8_t box[ERASURE_KEY_BYTES];
	size_t found = 0;

	for (size_t at = 0; at + ERASURE_SEALED_BYTES <= image->size; at++) {
		const uint8_t *bytes = image->bytes + at;

		found += is_key(s, bytes);
		/* Rows are random; most of an image is not, and costs the most time. */
		if (sodium_is_zero(bytes, 24) || sodium_is_zero(bytes + 24, 32))
			continue;
		for (size_t i = 0; i < e->erasure_count; i += 2) { /* each is there twice */
			crypto_stream_xchacha20_xor(box, bytes + 24, sizeof(box), bytes, e->erasure[i]);
			crypto_stream_xchacha20_xor_ic(box, box, sizeof(box), bytes, 1, e->binding);
			found += is_key(s, box);
		}
	}
	return found;
}

/* ---- a desk that lives and destroys ---- */

static void
remember(struct scene *s, const uint8_t key[32])
{
	assert_true(s->key_count < TRUE_KEYS_MAX);
	memcpy(s->keys[s->key_count++], key, 32);
	qsort(s->keys, s->key_count, 32, compare);
}

/* All that opens it on this device today. */
static void
remember_keys(struct scene *s, struct many_device *d)
{
	struct carry_compartment c;
	uint8_t key[32];
	uint32_t gen, day;
	struct query q;

	assert_ok(compartment_get(d->carry, &c, s->contact));
	assert_ok(key_held(d->carry, c.n, &gen, &day));
	assert_ok(key_of_day(d->carry, key, c.n, gen, day));
	if (!is_key(s, key))
		remember(s, key);
	assert_ok(key_rest(d->carry, key, c.n));
	if (!is_key(s, key))
		remember(s, key);
	/* The seeds that its boxes so far were sealed to. */
	q = db_query(d->db, "SELECT seed FROM my_day_key WHERE day = ?");
	bind_int(&q, carry_day(d->desk->now));
	if (query_row(&q)) {
		uint8_t sealed[ERASURE_SEALED_BYTES], aad[8] = "dkey";
		uint32_t today = carry_day(d->desk->now);

		query_bytes(&q, 0, sealed, sizeof(sealed));
		for (unsigned i = 0; i < 4; i++)
			aad[4 + i] = (uint8_t)(today >> (24 - 8 * i));
		assert_ok(erasure_open(d->erasure, key, sealed, aad, sizeof(aad)));
		if (!is_key(s, key))
			remember(s, key);
	}
	assert_ok(query_end(&q));
}

static void
say_note(struct scene *s, struct many_device *d, const uint8_t c[OP_ID_BYTES], const char *text)
{
	struct op_note said = {.text = {text, strlen(text)}};

	assert_ok(carry_say(d->carry, c, OP_NOTE, &said, s->m->now, NULL));
}

static void
settle(struct scene *s)
{
	many_settle(s->m);
	thief_record(s->before, s->m);
	thief_record(s->after, s->m);
}

static int
scene_set(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));
	uint8_t other_case[OP_ID_BYTES] = {0};
	struct op_close closed = {.mark = MARK_CLOSED, .officer = {"Vera", 4}};

	snprintf(s->folder, sizeof(s->folder), "/tmp/cairn-destroyed-XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	s->m = many_new_vaults("case", s->folder, (uint64_t)4 << 20);
	s->before = thief_new(s->m);
	s->after = thief_new(s->m);
	/* From the first day on he has the desk's own key: every envelope lies open before him. */
	thief_steal(s->before, &s->m->devices[0]);
	thief_steal(s->after, &s->m->devices[0]);
	s->after->seed_count = 0;
	many_join(s->m, "intake");
	many_join(s->m, "intake");
	settle(s);
	assert_ok(carry_open(s->m->devices[0].carry, s->contact, KIND_CONTACT, s->case_id, NULL, 0, false,
	    s->m->now));
	assert_ok(carry_open(s->m->devices[0].carry, s->kept, KIND_CONTACT, other_case, NULL, 0, false, s->m->now));
	settle(s);
	say_note(s, &s->m->devices[1], s->contact, CANARY " one");
	say_note(s, &s->m->devices[2], s->contact, CANARY " two");
	say_note(s, &s->m->devices[0], s->kept, KEPT);
	settle(s);
	memcpy(closed.compartment, s->contact, OP_ID_BYTES);
	memcpy(closed.case_id, s->case_id, OP_ID_BYTES);
	assert_ok(carry_say(s->m->devices[0].carry, carry_desk_compartment, OP_CLOSE, &closed, s->m->now, NULL));
	settle(s);
	for (size_t i = 0; i < DEVICES; i++) {
		remember_keys(s, &s->m->devices[i]);
		thief_steal(s->before, &s->m->devices[i]);
	}
	*state = s;
	return 0;
}

static int
scene_end(void **state)
{
	struct scene *s = *state;
	char path[64];

	many_free(s->m);
	thief_free(s->before);
	thief_free(s->after);
	for (unsigned i = 0; i < DEVICES; i++) {
		free(s->backups[i].bytes);
		snprintf(path, sizeof(path), "%s/%u.vault", s->folder, i);
		unlink(path);
	}
	rmdir(s->folder);
	free(s);
	return 0;
}

static bool
destroyed_at(struct scene *s, struct many_device *d)
{
	struct carry_compartment c;

	assert_ok(compartment_get(d->carry, &c, s->contact));
	return c.destroyed;
}

/*
 * Days go by; the last device is away from the day before it is due until after. Something is said in the morning of
 * each.
 */
static void
destroy(struct scene *s)
{
	struct many_device *away = &s->m->devices[2];

	for (unsigned day = 0; day < 34; day++) {
		s->m->now += 86400;
		away->cut_off = day > 27;
		settle(s);
		if (day == 27) {
			for (size_t i = 0; i < DEVICES; i++) {
				remember_keys(s, &s->m->devices[i]);
				image_take(&s->backups[i], &s->m->devices[i]);
			}
			say_note(s, away, s->contact, CANARY " never sent");
		}
	}
	assert_true(destroyed_at(s, &s->m->devices[0]));
	assert_false(destroyed_at(s, away));
	assert_true(s->m->feed.deleted > 0);
	away->cut_off = false;
	{
		struct view view;

		many_synced(away);
		assert_err(view_make(away->carry, &view, s->contact, s->m->now), CAIRN_ERR_STALE);
		view_end(&view);
	}
	settle(s);
}

static void
everything_of_it_is_gone_from_vaults_backups_and_feed(void **state)
{
	struct scene *s = *state;
	bool canary = false, kept = false;

	destroy(s);
	for (size_t i = 0; i < DEVICES; i++) {
		struct image image;

		image_take(&image, &s->m->devices[i]);
		assert_int_equal(image.erasure_count, 2); /* one E, in its two copies */
		assert_null(memmem(image.bytes, image.size, CANARY, strlen(CANARY)));
		assert_null(memmem(s->backups[i].bytes, s->backups[i].size, CANARY, strlen(CANARY)));
		assert_int_equal(keys_in(s, &image, &image), 0);
		assert_int_equal(keys_in(s, &s->backups[i], &image), 0); /* data of before, with the E of today */
		free(image.bytes);
		thief_steal(s->after, &s->m->devices[i]);
	}
	assert_int_equal(thief_reads(s->after, 0, s->contact, CANARY, &canary), 0);
	assert_false(canary);
	for (size_t i = 0; i < s->after->key_count; i++)
		assert_false(is_key(s, s->after->keys[i].key));
	/* The rest of the desk goes on, and he has it. */
	say_note(s, &s->m->devices[0], s->kept, KEPT);
	settle(s);
	(void)thief_reads(s->after, 0, NULL, KEPT, &kept);
	assert_true(kept);
}

static void
what_the_relay_has_left_is_none_of_its_records(void **state)
{
	struct scene *s = *state;
	size_t recorded;
	bool canary = false;

	destroy(s);
	/* With all the keys from before he reads his recording of it ... */
	recorded = thief_reads(s->before, 0, s->contact, CANARY, &canary);
	assert_true(recorded > 0);
	assert_true(canary);
	/* ... and what the relay still has of the feed tells him nothing of it. */
	for (size_t i = 0; i < s->before->recorded; i++)
		if (s->m->feed.records[i].bytes == NULL) {
			free(s->before->records[i].bytes);
			s->before->records[i].bytes = NULL;
		}
	assert_int_equal(thief_reads(s->before, 0, s->contact, NULL, NULL), 0);
}

static void
before_its_destruction_the_same_search_finds_it(void **state)
{
	struct scene *s = *state;
	bool canary = false;

	for (size_t i = 0; i < DEVICES; i++) {
		struct image image;

		image_take(&image, &s->m->devices[i]);
		assert_true(keys_in(s, &image, &image) >= 3); /* the key, the rest key, the day's seed */
		free(image.bytes);
	}
	assert_true(thief_reads(s->before, 0, s->contact, CANARY, &canary) > 0);
	assert_true(canary);
}

int
main(void)
{
#define SCENE(test) cmocka_unit_test_setup_teardown(test, scene_set, scene_end)
	const struct CMUnitTest tests[] = {
	    SCENE(everything_of_it_is_gone_from_vaults_backups_and_feed),
	    SCENE(what_the_relay_has_left_is_none_of_its_records),
	    SCENE(before_its_destruction_the_same_search_finds_it),
	};
	return RUN_TESTS(tests);
}
