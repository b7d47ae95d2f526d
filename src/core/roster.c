// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "base/text.h"
#include "cairn/desk_keys.h"
#include "core/note.h"

/* Words of a to z and hyphens, joined by commas. */
static bool
roles_ok(struct cairn_span roles)
{
	do {
		struct cairn_span role = span_cut(&roles, ',');

		if (role.size == 0)
			return false;
		for (size_t i = 0; i < role.size; i++)
			if (role.text[i] != '-' && (role.text[i] < 'a' || role.text[i] > 'z'))
				return false;
	} while (roles.text != NULL);
	return true;
}

static int
until_read(uint64_t *until, struct cairn_span word)
{
	if (!span_is(word, "-"))
		return text_number(until, word, UINT32_MAX);
	*until = UINT32_MAX;
	return CAIRN_OK;
}

/* "device <id> <sign key> <hash of X-Wing key> <roles> <since> <until or ->" */
static int
line_read(struct cairn_device *device, struct cairn_span line)
{
	struct cairn_span words[6], value;
	uint64_t since = 0, until = 0;

	if (!note_line(&value, line, "device") || note_words(words, 6, value) != CAIRN_OK ||
	    text_hex(device->id, sizeof device->id, words[0]) != CAIRN_OK ||
	    note_key(device->sign_key, words[1]) != CAIRN_OK ||
	    text_hex(device->xwing_hash, sizeof device->xwing_hash, words[2]) != CAIRN_OK ||
	    !roles_ok(words[3]) || text_number(&since, words[4], UINT32_MAX) != CAIRN_OK ||
	    until_read(&until, words[5]) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	device->roles = words[3];
	device->since = (uint32_t)since;
	device->until = (uint32_t)until;
	return CAIRN_OK;
}

static bool
is_twice(const struct cairn_roster *before, const uint8_t id[CAIRN_DEVICE_ID_BYTES])
{
	struct cairn_device device;

	for (size_t at = 0; cairn_roster_next(before, &at, &device);)
		if (memcmp(device.id, id, sizeof device.id) == 0)
			return true;
	return false;
}

static int
lines_check(struct cairn_span lines)
{
	struct cairn_roster before = {.lines = {lines.text, 0}};
	struct cairn_device device;
	struct cairn_span line;

	while (note_take_line(&line, &lines)) {
		if (line_read(&device, line) != CAIRN_OK || is_twice(&before, device.id))
			return CAIRN_ERR_FORMAT;
		before.lines.size += line.size + 1;
	}
	return CAIRN_OK;
}

static int
text_read(struct cairn_roster *roster, struct cairn_span rest, const uint8_t desk_id[CAIRN_HASH_BYTES])
{
	struct cairn_span value;

	if (note_take_head(&rest, "cairn roster 1", desk_id) != CAIRN_OK ||
	    !note_take(&value, &rest, "serial") ||
	    text_number(&roster->serial, value, UINT64_MAX) != CAIRN_OK || lines_check(rest) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	roster->lines = rest;
	return CAIRN_OK;
}

int
cairn_roster_open(struct cairn_roster *roster, const void *bytes, size_t size,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t identity_key[32], uint64_t last_serial)
{
	char name[CAIRN_KEY_NAME_BYTES];
	struct cairn_note_key key = {.name = cairn_key_name(name, desk_id, "identity"), .type = CAIRN_KEY_ED25519};
	struct cairn_note note;
	int err;

	memset(roster, 0, sizeof *roster);
	memcpy(key.key, identity_key, sizeof key.key);
	err = cairn_note_open(&note, bytes, size, &key);
	if (err == CAIRN_OK)
		err = text_read(roster, note.text, desk_id);
	if (err == CAIRN_OK && roster->serial < last_serial)
		err = CAIRN_ERR_STALE;
	if (err != CAIRN_OK)
		memset(roster, 0, sizeof *roster);
	return err;
}

bool
cairn_roster_next(const struct cairn_roster *roster, size_t *at, struct cairn_device *device)
{
	struct cairn_span line, rest;

	if (*at >= roster->lines.size)
		return false;
	rest = (struct cairn_span){roster->lines.text + *at, roster->lines.size - *at};
	if (!note_take_line(&line, &rest))
		return false;
	*at += line.size + 1;
	return line_read(device, line) == CAIRN_OK;
}

int
cairn_roster_find(struct cairn_device *device, const struct cairn_roster *roster,
    const uint8_t id[CAIRN_DEVICE_ID_BYTES], uint32_t today)
{
	struct cairn_device found;

	memset(device, 0, sizeof *device);
	for (size_t at = 0; cairn_roster_next(roster, &at, &found);) {
		if (memcmp(found.id, id, sizeof found.id) != 0)
			continue;
		if (today < found.since || today > found.until)
			return CAIRN_ERR_UNKNOWN;
		*device = found;
		return CAIRN_OK;
	}
	return CAIRN_ERR_UNKNOWN;
}

bool
cairn_device_has_role(const struct cairn_device *device, const char *role)
{
	struct cairn_span roles = device->roles;

	while (roles.text != NULL)
		if (span_is(span_cut(&roles, ','), role))
			return true;
	return false;
}
