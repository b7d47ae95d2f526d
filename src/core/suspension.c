// SPDX-License-Identifier: GPL-3.0-or-later
#include "cairn/suspension.h"

#include <string.h>

#include "base/text.h"
#include "core/note.h"

#define SIGNERS 2U
#define ROLE "security"

static const char *const keywords[] = {
	[CAIRN_SUSPENDED_DEVICE] = "device",
	[CAIRN_SUSPENDED_CASE] = "case",
};

#define KINDS (sizeof keywords / sizeof *keywords)

/* --- reading --- */

static int
line_read(struct cairn_suspended *named, struct cairn_span line)
{
	struct cairn_span value;

	for (size_t kind = 0; kind < KINDS; kind++) {
		if (!note_line(&value, line, keywords[kind]))
			continue;
		named->kind = (enum cairn_suspended_kind)kind;
		return text_hex(named->id, sizeof named->id, value);
	}
	return CAIRN_ERR_FORMAT;
}

bool
cairn_suspension_next(const struct cairn_suspension *suspension, size_t *at, struct cairn_suspended *named)
{
	struct cairn_span line, rest;

	if (*at >= suspension->lines.size)
		return false;
	rest = (struct cairn_span){suspension->lines.text + *at, suspension->lines.size - *at};
	if (!note_take_line(&line, &rest))
		return false;
	*at += line.size + 1;
	return line_read(named, line) == CAIRN_OK;
}

bool
cairn_suspension_names(const struct cairn_suspension *suspension, enum cairn_suspended_kind kind,
    const uint8_t id[CAIRN_SUSPENDED_ID_BYTES])
{
	struct cairn_suspended named;

	for (size_t at = 0; cairn_suspension_next(suspension, &at, &named);)
		if (named.kind == kind && memcmp(named.id, id, sizeof named.id) == 0)
			return true;
	return false;
}

static int
lines_check(struct cairn_span lines)
{
	struct cairn_suspension before = {.lines = {lines.text, 0}};
	struct cairn_suspended named;
	struct cairn_span line;
	size_t count = 0;

	while (note_take_line(&line, &lines)) {
		if (++count > CAIRN_SUSPENSION_NAMES_MAX || line_read(&named, line) != CAIRN_OK ||
		    cairn_suspension_names(&before, named.kind, named.id))
			return CAIRN_ERR_FORMAT;
		before.lines.size += line.size + 1;
	}
	return count > 0 ? CAIRN_OK : CAIRN_ERR_FORMAT;
}

static int
text_read(struct cairn_suspension *suspension, struct cairn_span rest, const uint8_t desk_id[CAIRN_HASH_BYTES])
{
	struct cairn_span value;
	uint64_t hour = 0;

	if (note_take_head(&rest, "cairn suspension 1", desk_id) != CAIRN_OK ||
	    !note_take(&value, &rest, "serial") ||
	    text_number(&suspension->serial, value, UINT64_MAX) != CAIRN_OK ||
	    !note_take(&value, &rest, "hour") || text_number(&hour, value, UINT32_MAX) != CAIRN_OK ||
	    lines_check(rest) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	suspension->hour = (uint32_t)hour;
	suspension->lines = rest;
	return CAIRN_OK;
}

static int
note_text_read(struct cairn_suspension *suspension, struct cairn_note *note, const void *bytes, size_t size,
    const uint8_t desk_id[CAIRN_HASH_BYTES])
{
	int err = size > CAIRN_SUSPENSION_BYTES_MAX ? CAIRN_ERR_FORMAT : cairn_note_read(note, bytes, size);

	memset(suspension, 0, sizeof *suspension);
	if (err == CAIRN_OK)
		err = text_read(suspension, note->text, desk_id);
	if (err != CAIRN_OK)
		memset(suspension, 0, sizeof *suspension);
	return err;
}

int
cairn_suspension_read(struct cairn_suspension *suspension, const void *bytes, size_t size,
    const uint8_t desk_id[CAIRN_HASH_BYTES])
{
	struct cairn_note note;

	return note_text_read(suspension, &note, bytes, size, desk_id);
}

/* --- who signed --- */

static bool
is_before(const struct cairn_suspended_devices *before, const uint8_t id[CAIRN_DEVICE_ID_BYTES])
{
	for (size_t i = 0; i < before->count; i++)
		if (memcmp(before->ids[i], id, CAIRN_DEVICE_ID_BYTES) == 0)
			return true;
	return false;
}

static bool
may_sign(const struct cairn_device *device, const struct cairn_suspension *suspension,
    const struct cairn_suspended_devices *before, uint32_t today)
{
	return today >= device->since && today <= device->until && cairn_device_has_role(device, ROLE) &&
	    !is_before(before, device->id) &&
	    !cairn_suspension_names(suspension, CAIRN_SUSPENDED_DEVICE, device->id);
}

static int
signed_by(bool *ret, const struct cairn_note *note, const struct cairn_device *device,
    const uint8_t desk_id[CAIRN_HASH_BYTES])
{
	char name[CAIRN_DEVICE_KEY_NAME_BYTES];
	struct cairn_note_key key = {
		.name = cairn_device_key_name(name, desk_id, device->id),
		.type = CAIRN_KEY_ED25519,
	};
	uint64_t by = 0;
	int err;

	memcpy(key.key, device->sign_key, sizeof key.key);
	err = cairn_note_verify(&by, NULL, note, &key, 1);
	*ret = by != 0;
	return err;
}

/* Two, and not one key under two names. */
static int
signers_check(const struct cairn_suspension *suspension, const struct cairn_note *note,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const struct cairn_roster *roster,
    const struct cairn_suspended_devices *before, uint32_t today)
{
	struct cairn_device device;
	uint8_t first[32];
	size_t count = 0;

	for (size_t at = 0; count < SIGNERS && cairn_roster_next(roster, &at, &device);) {
		bool by;

		if (!may_sign(&device, suspension, before, today))
			continue;
		if (signed_by(&by, note, &device, desk_id) != CAIRN_OK)
			return CAIRN_ERR_CRYPTO;
		if (!by || (count > 0 && memcmp(first, device.sign_key, sizeof first) == 0))
			continue;
		memcpy(first, device.sign_key, sizeof first);
		count++;
	}
	return count == SIGNERS ? CAIRN_OK : CAIRN_ERR_CRYPTO;
}

int
cairn_suspension_open(struct cairn_suspension *suspension, const void *bytes, size_t size,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const struct cairn_roster *roster,
    const struct cairn_suspended_devices *before, uint32_t today)
{
	struct cairn_note note;
	int err = note_text_read(suspension, &note, bytes, size, desk_id);

	if (err == CAIRN_OK && suspension->serial != roster->serial)
		err = CAIRN_ERR_STALE;
	if (err == CAIRN_OK)
		err = signers_check(suspension, &note, desk_id, roster, before, today);
	if (err != CAIRN_OK)
		memset(suspension, 0, sizeof *suspension);
	return err;
}

/* --- writing --- */

static bool
named_ok(const struct cairn_suspended *named, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if ((size_t)named[i].kind >= KINDS)
			return false;
		for (size_t j = 0; j < i; j++)
			if (named[i].kind == named[j].kind && memcmp(named[i].id, named[j].id, sizeof named->id) == 0)
				return false;
	}
	return count > 0 && count <= CAIRN_SUSPENSION_NAMES_MAX;
}

int
cairn_suspension_write(uint8_t *out, size_t room, size_t *ret_bytes, const uint8_t desk_id[CAIRN_HASH_BYTES],
    uint64_t serial, uint32_t hour, const struct cairn_suspended *named, size_t count,
    const uint8_t device[CAIRN_DEVICE_ID_BYTES], const uint8_t secret[64])
{
	char name[CAIRN_DEVICE_KEY_NAME_BYTES];
	struct writer w;

	if (!named_ok(named, count))
		return CAIRN_ERR_RANGE;
	writer_init(&w, out, room);
	note_write_head(&w, "cairn suspension 1", desk_id);
	write_text(&w, "serial ");
	write_decimal(&w, serial);
	write_text(&w, "\nhour ");
	write_decimal(&w, hour);
	write_text(&w, "\n");
	for (size_t i = 0; i < count; i++) {
		write_text(&w, keywords[named[i].kind]);
		write_text(&w, " ");
		write_hex(&w, named[i].id, sizeof named[i].id);
		write_text(&w, "\n");
	}
	return note_seal(&w, ret_bytes, cairn_device_key_name(name, desk_id, device), secret);
}

int
cairn_suspension_sign(uint8_t *out, size_t room, size_t *bytes, const uint8_t desk_id[CAIRN_HASH_BYTES],
    uint64_t serial, const uint8_t device[CAIRN_DEVICE_ID_BYTES], const uint8_t secret[64])
{
	char name[CAIRN_DEVICE_KEY_NAME_BYTES];
	struct cairn_suspension suspension;
	int err = *bytes > room ? CAIRN_ERR_SPACE : cairn_suspension_read(&suspension, out, *bytes, desk_id);

	if (err == CAIRN_OK && suspension.serial != serial)
		err = CAIRN_ERR_FORMAT;
	if (err != CAIRN_OK)
		return err;
	return cairn_note_sign_also(out, room, bytes, cairn_device_key_name(name, desk_id, device), secret);
}
