// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/append.h"

#include <stdbool.h>

#include "base/reader.h"

enum { CHECKPOINT = 1, BATCH, CARD, IDENTITY, EPOCHS, KEY, KINDS };

static const struct {
	size_t least;
	size_t most;
} sizes[KINDS] = {
	[CHECKPOINT] = {1, CAIRN_CHECKPOINT_BYTES_MAX},
	[BATCH] = {CAIRN_REPLY_CELL_BYTES, APPEND_BATCH_BYTES_MAX},
	[CARD] = {1, CAIRN_NOTE_BYTES_MAX},
	[IDENTITY] = {0, CAIRN_IDENTITY_BYTES_MAX},
	[EPOCHS] = {1, CAIRN_EPOCHS_BYTES_MAX},
	[KEY] = {APPEND_KEY_HEAD_BYTES + CAIRN_XWING_PUBLIC_BYTES, APPEND_KEY_HEAD_BYTES + CAIRN_XWING_PUBLIC_BYTES},
};

static int
read_key(struct append *append, struct cairn_span value)
{
	struct append_key *key = &append->keys[append->key_count];
	struct reader r;
	uint8_t door;

	if (append->key_count == APPEND_KEYS_MAX)
		return CAIRN_ERR_FORMAT;
	reader_init(&r, value.text, value.size);
	take_u8(&r, &door);
	take_u16(&r, &key->gen);
	take_u32(&r, &key->day);
	key->key = take_view(&r, CAIRN_XWING_PUBLIC_BYTES);
	key->door = (enum cairn_door)door;
	if (reader_end(&r) != CAIRN_OK || cairn_door_name(key->door) == NULL)
		return CAIRN_ERR_FORMAT;
	append->key_count++;
	return CAIRN_OK;
}

static int
place(struct append *append, unsigned kind, struct cairn_span value)
{
	struct cairn_span *const places[KINDS] = {
		[CHECKPOINT] = &append->checkpoint,
		[BATCH] = &append->batch,
		[CARD] = &append->card,
		[IDENTITY] = &append->identity,
		[EPOCHS] = &append->epochs,
	};

	if (kind == KEY)
		return read_key(append, value);
	*places[kind] = value;
	return CAIRN_OK;
}

/* *last is the kind before; keys alone may follow their own kind. */
static int
read_section(struct append *append, struct reader *r, unsigned *last)
{
	struct cairn_span value;
	uint32_t bytes;
	uint8_t kind;

	take_u8(r, &kind);
	take_u32(r, &bytes);
	value.size = bytes;
	value.text = (const char *)take_view(r, bytes);
	if (r->failed || kind < CHECKPOINT || kind >= KINDS || kind < *last || (kind == *last && kind != KEY) ||
	    bytes < sizes[kind].least || bytes > sizes[kind].most)
		return CAIRN_ERR_FORMAT;
	*last = kind;
	return place(append, kind, value);
}

int
append_read(struct append *append, const uint8_t *body, size_t bytes)
{
	struct reader r;
	unsigned last = 0;
	int err = CAIRN_OK;

	*append = (struct append){0};
	reader_init(&r, body, bytes);
	while (err == CAIRN_OK && r.left > 0)
		err = read_section(append, &r, &last);
	if (err == CAIRN_OK && append->checkpoint.text == NULL)
		err = CAIRN_ERR_FORMAT;
	return err;
}
