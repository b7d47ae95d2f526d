// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/board.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/text.h"
#include "cairn/desk_keys.h"
#include "cairn/tlog.h"
#include "relay/board_name.h"
#include "relay/desks.h"
#include "relay/files.h"
#include "relay/tiles.h"

/* An append on its way: the board before, the board after, and what was found out of it. */
struct step {
	int data;
	const uint8_t *desk;
	uint32_t hour; /* of the relay's clock */
	const struct append *append;
	struct head old;
	struct head fresh;
	struct cairn_identity_chain chain;
	struct cairn_card card;
	struct cairn_checkpoint checkpoint;
	struct cairn_epochs epochs;
	uint8_t *days; /* what fresh.days looks into, where it grew */
	uint8_t entry[CAIRN_ENTRY_BYTES_MAX];
	size_t entry_bytes;
};

/* --- what is claimed --- */

static bool
hash_is(struct cairn_span bytes, const uint8_t expected[CAIRN_SHA256_BYTES])
{
	uint8_t hash[CAIRN_SHA256_BYTES];

	crypto_hash_sha256(hash, (const uint8_t *)bytes.text, bytes.size);
	return sodium_memcmp(hash, expected, sizeof hash) == 0;
}

/* Old parts stay where the append brings no new ones. */
static void
choose_parts(struct step *s)
{
	const struct append *a = s->append;

	s->fresh = s->old;
	s->fresh.file = NULL;
	s->fresh.checkpoint = a->checkpoint;
	if (a->card.text != NULL)
		s->fresh.card = a->card;
	if (a->identity.text != NULL)
		s->fresh.identity = a->identity;
	if (a->epochs.text != NULL)
		s->fresh.epochs = a->epochs;
}

static bool
extends(struct cairn_span old, struct cairn_span fresh)
{
	return fresh.size >= old.size && (old.size == 0 || memcmp(old.text, fresh.text, old.size) == 0);
}

static int
check_card(struct step *s)
{
	int err;

	if (!extends(s->old.identity, s->fresh.identity))
		return CAIRN_ERR_CONFLICT;
	if ((err = cairn_identity_read(&s->chain, s->fresh.identity.text, s->fresh.identity.size, s->desk,
	         NULL)) != CAIRN_OK ||
	    (err = cairn_card_open(&s->card, s->fresh.card.text, s->fresh.card.size, s->desk, &s->chain,
	         s->hour / 24, s->old.card.size > 0 ? &s->old.seen : NULL)) != CAIRN_OK)
		return err;
	s->fresh.seen.serial = s->card.serial;
	memcpy(s->fresh.seen.text_hash, s->card.text_hash, sizeof s->fresh.seen.text_hash);
	return CAIRN_OK;
}

static int
open_checkpoint(struct step *s)
{
	char name[CAIRN_KEY_NAME_BYTES];
	struct cairn_note_key key = {.type = CAIRN_KEY_ED25519};

	key.name = cairn_key_name(name, s->desk, "board");
	memcpy(key.key, s->card.board_key, sizeof key.key);
	return cairn_checkpoint_open(&s->checkpoint, NULL, s->fresh.checkpoint.text, s->fresh.checkpoint.size,
	    &key, 1);
}

/* Size and hour: one batch more, or a board's first checkpoint. */
static int
check_size(struct step *s)
{
	bool batch = s->append->batch.text != NULL;
	uint64_t next = s->old.size + (batch ? 1 : 0);

	if (!batch && s->old.checkpoint.size > 0)
		return CAIRN_ERR_FORMAT;
	if (s->checkpoint.size != next || next > CAIRN_TREE_SIZE_MAX)
		return CAIRN_ERR_FORMAT;
	/* A clock that runs ahead would close the board to all that come after. */
	if (s->checkpoint.hour < s->old.hour || s->checkpoint.hour > s->hour + 24)
		return CAIRN_ERR_RANGE;
	s->fresh.size = next;
	s->fresh.hour = s->checkpoint.hour;
	return CAIRN_OK;
}

static int
check_tree(struct step *s)
{
	const struct cairn_span batch = s->append->batch;
	struct cairn_tree tree;
	uint8_t hash[32];
	int err = tiles_edge(&tree, s->data, s->desk, s->old.size);

	if (err == CAIRN_OK && batch.text != NULL) {
		if (batch.size != (size_t)s->card.batch_cells * CAIRN_REPLY_CELL_BYTES)
			return CAIRN_ERR_FORMAT;
		s->entry_bytes = cairn_entry_bytes(s->card.batch_cells);
		cairn_entry_make(s->entry, s->checkpoint.hour, (const uint8_t *)batch.text, s->card.batch_cells);
		cairn_tree_leaf(hash, s->entry, s->entry_bytes);
		err = cairn_tree_append(&tree, hash, 0);
	}
	if (err != CAIRN_OK)
		return err;
	cairn_tree_root(hash, &tree);
	return sodium_memcmp(hash, s->checkpoint.root, sizeof hash) == 0 ? CAIRN_OK : CAIRN_ERR_CRYPTO;
}

/* The days file after this batch. */
static int
make_days(struct step *s)
{
	size_t bytes = s->old.days.size;
	uint32_t day = s->checkpoint.hour / 24;
	const uint8_t *rows = (const uint8_t *)s->old.days.text;

	if (s->append->batch.text == NULL ||
	    (bytes >= CAIRN_DAYS_ROW_BYTES && get_u32(rows + bytes - CAIRN_DAYS_ROW_BYTES) == day))
		return CAIRN_OK;
	if (bytes + CAIRN_DAYS_ROW_BYTES > CAIRN_DAYS_BYTES_MAX)
		return CAIRN_ERR_SPACE;
	s->days = malloc(bytes + CAIRN_DAYS_ROW_BYTES);
	if (s->days == NULL)
		return CAIRN_ERR_NOMEM;
	if (bytes > 0)
		memcpy(s->days, s->old.days.text, bytes);
	put_u32(s->days + bytes, day);
	put_u64(s->days + bytes + 4, s->old.size);
	s->fresh.days = (struct cairn_span){(const char *)s->days, bytes + CAIRN_DAYS_ROW_BYTES};
	return CAIRN_OK;
}

static int
check_hashes(const struct step *s)
{
	if (!hash_is(s->fresh.card, s->checkpoint.card_hash) || !hash_is(s->fresh.days, s->checkpoint.days_hash) ||
	    !hash_is(s->fresh.epochs, s->checkpoint.epochs_hash))
		return CAIRN_ERR_CRYPTO;
	return CAIRN_OK;
}

/* --- epoch keys --- */

static int
key_path(char path[FILES_PATH_MAX], const struct step *s, const struct cairn_epoch *epoch)
{
	struct board_name name = {
		.kind = BOARD_EPOCH_KEY, .door = (uint8_t)epoch->door, .day = epoch->day, .gen = epoch->gen,
	};

	return board_name_path(path, &name, s->desk);
}

static const struct append_key *
brought(const struct step *s, const struct cairn_epoch *epoch)
{
	for (size_t i = 0; i < s->append->key_count; i++) {
		const struct append_key *key = &s->append->keys[i];

		if (key->door == epoch->door && key->gen == epoch->gen && key->day == epoch->day)
			return key;
	}
	return NULL;
}

/* Brought along, or there already. */
static int
check_key(const struct step *s, const struct cairn_epoch *epoch, size_t *used)
{
	const struct append_key *key = brought(s, epoch);
	char path[FILES_PATH_MAX];
	uint8_t *bytes;
	size_t size;
	int err;

	if (key != NULL) {
		(*used)++;
		return cairn_epoch_key_check(epoch, key->key, CAIRN_XWING_PUBLIC_BYTES);
	}
	if ((err = key_path(path, s, epoch)) != CAIRN_OK)
		return err;
	err = file_read(&bytes, &size, s->data, path, CAIRN_XWING_PUBLIC_BYTES);
	if (err != CAIRN_OK)
		return err == CAIRN_ERR_UNKNOWN ? CAIRN_ERR_FORMAT : err;
	err = cairn_epoch_key_check(epoch, bytes, size);
	free(bytes);
	return err;
}

static int
check_epochs(struct step *s)
{
	struct cairn_epoch epoch;
	size_t used = 0;
	size_t at = 0;
	int err = cairn_epochs_open(&s->epochs, s->fresh.epochs.text, s->fresh.epochs.size, s->desk,
	    s->card.board_key);

	while (err == CAIRN_OK && cairn_epochs_next(&s->epochs, &at, &epoch))
		err = check_key(s, &epoch, &used);
	/* One more than the list names, or one of them twice. */
	if (err == CAIRN_OK && used != s->append->key_count)
		err = CAIRN_ERR_FORMAT;
	return err;
}

/* --- writing --- */

static int
write_batch(const struct step *s)
{
	struct board_name name = {.kind = BOARD_BATCH, .n = s->old.size};
	char path[FILES_PATH_MAX];
	int err;

	if (s->append->batch.text == NULL)
		return CAIRN_OK;
	if ((err = board_name_path(path, &name, s->desk)) != CAIRN_OK ||
	    (err = file_replace(s->data, path, s->append->batch.text, s->append->batch.size)) != CAIRN_OK)
		return err;
	return tiles_append(s->data, s->desk, s->old.size, s->entry, s->entry_bytes);
}

static int
write_keys(const struct step *s)
{
	char path[FILES_PATH_MAX];
	struct cairn_epoch epoch;
	size_t at = 0;
	int err = CAIRN_OK;

	while (err == CAIRN_OK && cairn_epochs_next(&s->epochs, &at, &epoch)) {
		const struct append_key *key = brought(s, &epoch);

		if (key == NULL)
			continue;
		err = key_path(path, s, &epoch);
		if (err == CAIRN_OK)
			err = file_replace(s->data, path, key->key, CAIRN_XWING_PUBLIC_BYTES);
	}
	return err;
}

static int
check(struct step *s)
{
	int err;

	choose_parts(s);
	if (s->fresh.card.size == 0 || s->fresh.epochs.size == 0)
		return CAIRN_ERR_FORMAT;
	if ((err = check_card(s)) != CAIRN_OK || (err = open_checkpoint(s)) != CAIRN_OK ||
	    (err = check_size(s)) != CAIRN_OK || (err = check_tree(s)) != CAIRN_OK ||
	    (err = make_days(s)) != CAIRN_OK || (err = check_hashes(s)) != CAIRN_OK)
		return err;
	return check_epochs(s);
}

static int
write_all(const struct step *s)
{
	int err;

	if ((err = write_batch(s)) != CAIRN_OK || (err = write_keys(s)) != CAIRN_OK)
		return err;
	return head_replace(&s->fresh, s->data, s->desk);
}

/* Is it the append that the board ends with? Signatures of witnesses may have come since. */
static bool
there_already(const struct head *old, uint64_t size, const struct append *append)
{
	struct cairn_note ours, theirs;
	uint64_t next = size + (append->batch.text != NULL ? 1 : 0);

	return old->checkpoint.size > 0 && old->size == next &&
	    cairn_note_read(&ours, old->checkpoint.text, old->checkpoint.size) == CAIRN_OK &&
	    cairn_note_read(&theirs, append->checkpoint.text, append->checkpoint.size) == CAIRN_OK &&
	    span_same(ours.text, theirs.text);
}

/* What is wrong with an append is the sender's fault, all but the disk's and memory's. */
static int
as_refusal(int err)
{
	switch (err) {
	case CAIRN_OK:
	case CAIRN_ERR_SPACE:
	case CAIRN_ERR_IO:
	case CAIRN_ERR_NOMEM:
		return err;
	default:
		return CAIRN_ERR_FORMAT;
	}
}

int
board_append(int data, const uint8_t desk[CAIRN_HASH_BYTES], uint64_t size, const struct append *append,
    uint32_t hour)
{
	struct step *s = calloc(1, sizeof *s);
	int err;

	if (s == NULL)
		return CAIRN_ERR_NOMEM;
	s->data = data;
	s->desk = desk;
	s->hour = hour;
	s->append = append;
	if ((err = head_load(&s->old, data, desk)) != CAIRN_OK)
		err = CAIRN_ERR_IO;
	else if (there_already(&s->old, size, append))
		err = CAIRN_OK;
	else if (s->old.size != size || (append->batch.text == NULL && s->old.checkpoint.size > 0))
		err = CAIRN_ERR_CONFLICT;
	else if ((err = as_refusal(check(s))) == CAIRN_OK)
		err = write_all(s);
	head_clear(&s->old);
	free(s->days);
	free(s);
	return err;
}

/* --- what is past --- */

/* The first batch whose day is not over. */
static uint64_t
first_staying(const struct head *head)
{
	struct cairn_days days;
	uint32_t day = head->hour / 24;

	if (day < CAIRN_BATCH_STAY_DAYS ||
	    cairn_days_read(&days, (const uint8_t *)head->days.text, head->days.size, head->size) != CAIRN_OK)
		return 0;
	return cairn_days_from(&days, day - CAIRN_BATCH_STAY_DAYS, head->size);
}

static int
tidy_batches(const struct head *head, int data, const uint8_t *desk)
{
	uint64_t first = first_staying(head);
	char path[FILES_PATH_MAX];
	struct file_names names;
	uint64_t n;
	int err = desk_path(path, desk, "board/batch");

	if (err != CAIRN_OK || first == 0 || (err = file_names(&names, data, path)) != CAIRN_OK)
		return err;
	for (size_t i = 0; err == CAIRN_OK && i < names.count; i++) {
		struct cairn_span name = {names.names[i], strlen(names.names[i])};

		if (text_number(&n, name, CAIRN_TREE_SIZE_MAX) != CAIRN_OK || n >= first)
			continue;
		err = desk_path(path, desk, "board/batch/%s", names.names[i]);
		if (err == CAIRN_OK)
			err = file_erase(data, path);
	}
	file_names_clear(&names);
	return err;
}

/* Is there a line "epoch <door> <day> <gen> ..."? The list was checked when it was taken. */
static bool
listed(struct cairn_span epochs, enum cairn_door door, const char *file)
{
	char line[64];
	const char *dot = strchr(file, '.');
	int length;

	if (dot == NULL)
		return false;
	length = snprintf(line, sizeof line, "epoch %s %.*s %s ", cairn_door_name(door), (int)(dot - file), file,
	    dot + 1);
	while (length > 0 && (size_t)length < sizeof line && epochs.text != NULL) {
		struct cairn_span at = span_cut(&epochs, '\n');

		if (at.size > (size_t)length && memcmp(at.text, line, (size_t)length) == 0)
			return true;
	}
	return false;
}

static int
tidy_keys(const struct head *head, int data, const uint8_t *desk, enum cairn_door door)
{
	char path[FILES_PATH_MAX];
	struct file_names names;
	int err = desk_path(path, desk, "board/epoch/%s", cairn_door_name(door));

	if (err != CAIRN_OK || (err = file_names(&names, data, path)) != CAIRN_OK)
		return err;
	for (size_t i = 0; err == CAIRN_OK && i < names.count; i++) {
		if (listed(head->epochs, door, names.names[i]))
			continue;
		err = desk_path(path, desk, "board/epoch/%s/%s", cairn_door_name(door), names.names[i]);
		if (err == CAIRN_OK)
			err = file_erase(data, path);
	}
	file_names_clear(&names);
	return err;
}

int
board_tidy(int data, const uint8_t desk[CAIRN_HASH_BYTES])
{
	struct head head;
	int err = head_load(&head, data, desk);

	if (err != CAIRN_OK || head.checkpoint.size == 0)
		return err;
	err = tidy_batches(&head, data, desk);
	if (err == CAIRN_OK)
		err = tidy_keys(&head, data, desk, CAIRN_DOOR_INTAKE);
	if (err == CAIRN_OK)
		err = tidy_keys(&head, data, desk, CAIRN_DOOR_CAMPAIGN);
	head_clear(&head);
	return err;
}
