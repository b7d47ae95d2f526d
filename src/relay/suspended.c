// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/suspended.h"

#include <stdlib.h>
#include <string.h>

#include "base/reader.h"
#include "base/writer.h"
#include "relay/desks.h"
#include "relay/files.h"

#define TITLE "cairn suspended 1\n"
#define FILE_BYTES_MAX \
	(sizeof TITLE + 8U + 2U + SUSPENDED_DEVICES_MAX * CAIRN_DEVICE_ID_BYTES + 2U + \
	 SUSPENDED_NOTES_MAX * CAIRN_HASH_BYTES + CAIRN_HASH_BYTES)

/* --- the file --- */

static void
take_list(struct reader *r, size_t *count, void *out, size_t most, size_t each)
{
	uint16_t n;

	take_u16(r, &n);
	if (n > most)
		r->failed = true;
	*count = r->failed ? 0 : n;
	take_bytes(r, out, *count * each);
}

int
suspended_read(struct suspended *s, const uint8_t *bytes, size_t size)
{
	uint8_t title[sizeof TITLE - 1], hash[CAIRN_HASH_BYTES];
	struct reader r;

	if (size < sizeof hash)
		return CAIRN_ERR_FORMAT;
	cairn_hash(hash, bytes, size - sizeof hash);
	if (memcmp(hash, bytes + size - sizeof hash, sizeof hash) != 0)
		return CAIRN_ERR_FORMAT;
	reader_init(&r, bytes, size - sizeof hash);
	take_bytes(&r, title, sizeof title);
	take_u64(&r, &s->serial);
	take_list(&r, &s->count, s->ids, SUSPENDED_DEVICES_MAX, sizeof *s->ids);
	take_list(&r, &s->note_count, s->notes, SUSPENDED_NOTES_MAX, sizeof *s->notes);
	return memcmp(title, TITLE, sizeof title) != 0 ? CAIRN_ERR_FORMAT : reader_end(&r);
}

int
suspended_load(struct suspended *s, int data, const uint8_t desk[CAIRN_HASH_BYTES], uint64_t serial)
{
	char path[FILES_PATH_MAX];
	uint8_t *bytes = NULL;
	size_t size;
	int err = desk_path(path, desk, "suspended");

	*s = (struct suspended){0};
	if (err == CAIRN_OK)
		err = file_read(&bytes, &size, data, path, FILE_BYTES_MAX);
	if (err == CAIRN_OK)
		err = suspended_read(s, bytes, size);
	free(bytes);
	if (err == CAIRN_ERR_UNKNOWN || (err == CAIRN_OK && s->serial != serial)) {
		*s = (struct suspended){.serial = serial};
		return CAIRN_OK;
	}
	return err;
}

static int
save(const struct suspended *s, int data, const uint8_t *desk)
{
	char path[FILES_PATH_MAX];
	uint8_t *bytes = malloc(FILE_BYTES_MAX);
	uint8_t hash[CAIRN_HASH_BYTES];
	struct writer w;
	size_t size;
	int err;

	if (bytes == NULL)
		return CAIRN_ERR_NOMEM;
	writer_init(&w, bytes, FILE_BYTES_MAX);
	write_text(&w, TITLE);
	write_u64(&w, s->serial);
	write_u16(&w, (uint16_t)s->count);
	write_bytes(&w, s->ids, s->count * sizeof *s->ids);
	write_u16(&w, (uint16_t)s->note_count);
	write_bytes(&w, s->notes, s->note_count * sizeof *s->notes);
	cairn_hash(hash, bytes, w.used);
	write_bytes(&w, hash, sizeof hash);
	err = writer_end(&w, &size);
	if (err == CAIRN_OK)
		err = desk_path(path, desk, "suspended");
	if (err == CAIRN_OK)
		err = file_replace(data, path, bytes, size);
	free(bytes);
	return err;
}

/* --- taking --- */

bool
suspended_has(const struct suspended *s, const uint8_t device[CAIRN_DEVICE_ID_BYTES])
{
	for (size_t i = 0; i < s->count; i++)
		if (memcmp(s->ids[i], device, sizeof *s->ids) == 0)
			return true;
	return false;
}

static bool
was_taken(const struct suspended *s, const uint8_t hash[CAIRN_HASH_BYTES])
{
	for (size_t i = 0; i < s->note_count; i++)
		if (memcmp(s->notes[i], hash, sizeof *s->notes) == 0)
			return true;
	return false;
}

/* Devices that are in no roster have no way in to be closed. */
static int
add_named(struct suspended *s, const struct cairn_suspension *suspension, const struct cairn_roster *roster)
{
	struct cairn_device device;

	for (size_t at = 0; cairn_roster_next(roster, &at, &device);) {
		if (!cairn_suspension_names(suspension, CAIRN_SUSPENDED_DEVICE, device.id) ||
		    suspended_has(s, device.id))
			continue;
		if (s->count == SUSPENDED_DEVICES_MAX)
			return CAIRN_ERR_SPACE;
		memcpy(s->ids[s->count++], device.id, sizeof *s->ids);
	}
	return CAIRN_OK;
}

static int
take_under(struct suspended *s, const struct cairn_roster *roster, int data, const uint8_t *desk,
    const uint8_t *note, size_t bytes, uint32_t today)
{
	const struct cairn_suspended_devices before = {s->ids, s->count};
	struct cairn_suspension suspension;
	uint8_t hash[CAIRN_HASH_BYTES];
	int err;

	cairn_hash(hash, note, bytes);
	/* Its signers may have been suspended since. */
	if (was_taken(s, hash))
		return CAIRN_OK;
	if ((err = cairn_suspension_open(&suspension, note, bytes, desk, roster, &before, today)) != CAIRN_OK ||
	    (err = add_named(s, &suspension, roster)) != CAIRN_OK)
		return err;
	/* More than are remembered are taken still, and may be asked for anew. */
	if (s->note_count < SUSPENDED_NOTES_MAX)
		memcpy(s->notes[s->note_count++], hash, sizeof *s->notes);
	return save(s, data, desk);
}

int
suspended_take(int data, const uint8_t desk[CAIRN_HASH_BYTES], const uint8_t *note, size_t bytes, uint32_t today)
{
	struct suspended *s = malloc(sizeof *s);
	struct cairn_roster roster;
	uint8_t *file = NULL;
	int err = s == NULL ? CAIRN_ERR_NOMEM : desk_roster(&roster, &file, data, desk);

	if (err == CAIRN_OK)
		err = suspended_load(s, data, desk, roster.serial);
	if (err == CAIRN_OK)
		err = take_under(s, &roster, data, desk, note, bytes, today);
	free(file);
	free(s);
	return err;
}

int
suspended_drop(int data, const uint8_t desk[CAIRN_HASH_BYTES])
{
	char path[FILES_PATH_MAX];
	int err = desk_path(path, desk, "suspended");

	return err == CAIRN_OK ? file_erase(data, path) : err;
}
