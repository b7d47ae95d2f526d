// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/roster.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "base/writer.h"
#include "carry/membership.h"
#include "carry/say.h"

bool
roster_roles_ok(struct cairn_span roles)
{
	uint32_t seen = 0;

	if (roles.size == 0)
		return false;
	while (roles.text != NULL) {
		struct cairn_span word = span_cut(&roles, ',');
		uint8_t role;

		if (role_by_name(&role, word) != CAIRN_OK || (seen & 1U << role) != 0)
			return false;
		seen |= 1U << role;
	}
	return true;
}

static void
line_write(struct writer *w, const struct roster_line *line)
{
	write_text(w, "device ");
	write_hex(w, line->device, sizeof(line->device));
	write_text(w, " ");
	write_base64(w, line->sign_key, sizeof(line->sign_key));
	write_text(w, " ");
	write_hex(w, line->receive_hash, sizeof(line->receive_hash));
	write_text(w, " ");
	write_bytes(w, line->roles.text, line->roles.size);
	write_text(w, " ");
	write_decimal(w, line->since);
	if (line->until == UINT32_MAX)
		write_text(w, " -\n");
	else {
		write_text(w, " ");
		write_decimal(w, line->until);
		write_text(w, "\n");
	}
}

static struct roster_line
line_of(const struct cairn_device *device)
{
	struct roster_line line = {.roles = device->roles, .since = device->since, .until = device->until};

	memcpy(line.device, device->id, sizeof(line.device));
	memcpy(line.sign_key, device->sign_key, sizeof(line.sign_key));
	memcpy(line.receive_hash, device->xwing_hash, sizeof(line.receive_hash));
	return line;
}

/* The lines there were, with what changes. *ret_found: the device that changes was there. */
static void
lines_write(struct writer *w, const struct cairn_roster *old, const struct roster_change *change, bool *ret_found)
{
	struct cairn_device device;
	size_t at = 0;

	*ret_found = false;
	while (cairn_roster_next(old, &at, &device)) {
		struct roster_line line = line_of(&device);

		if (change->drop != NULL && memcmp(device.id, change->drop, sizeof(device.id)) == 0) {
			*ret_found = true;
			continue;
		}
		if (change->put != NULL && memcmp(device.id, change->put->device, sizeof(device.id)) == 0) {
			*ret_found = true;
			line = *change->put;
		}
		line_write(w, &line);
	}
	if (change->put != NULL && !*ret_found)
		line_write(w, change->put);
}

static void
head_write(struct writer *w, const struct desk_self *self, uint64_t serial)
{
	write_text(w, "cairn roster 1\ndesk ");
	write_hex(w, self->desk_id, sizeof(self->desk_id));
	write_text(w, "\nserial ");
	write_decimal(w, serial);
	write_text(w, "\n");
}

/* Signed, read back, and kept. */
static int
roster_sign(struct db *state, const struct desk_self *self, const struct writer *w, uint64_t serial,
    const uint8_t identity_secret[64])
{
	uint8_t *note = malloc(CAIRN_NOTE_BYTES_MAX);
	char name[CAIRN_KEY_NAME_BYTES];
	struct cairn_roster roster;
	size_t text, bytes = 0;
	int err = note == NULL ? CAIRN_ERR_NOMEM : writer_end(w, &text);

	if (err == CAIRN_OK)
		err = cairn_note_sign(note, CAIRN_NOTE_BYTES_MAX, &bytes, (struct cairn_span){(char *)w->room, text},
		    cairn_key_name(name, self->desk_id, "identity"), identity_secret);
	if (err == CAIRN_OK)
		err = cairn_roster_open(&roster, note, bytes, self->desk_id, self->identity_key, serial);
	if (err == CAIRN_OK)
		err = state_note_put(state, "roster", note, bytes, serial);
	free(note);
	return err;
}

int
roster_found(struct db *state, const struct desk_self *self, struct cairn_span roles, uint32_t today,
    const uint8_t identity_secret[64])
{
	struct roster_line line = {.roles = roles, .since = today, .until = UINT32_MAX};
	uint8_t room[1024];
	struct cairn_xwing_key key;
	struct writer w;

	memcpy(line.device, self->device_id, sizeof(line.device));
	memcpy(line.sign_key, self->sign_secret + 32, sizeof(line.sign_key));
	cairn_xwing_key_init(&key, self->xwing_seed);
	crypto_hash_sha256(line.receive_hash, key.public_key, sizeof(key.public_key));
	cairn_xwing_key_clear(&key);
	writer_init(&w, room, sizeof(room));
	head_write(&w, self, 1);
	line_write(&w, &line);
	return roster_sign(state, self, &w, 1, identity_secret);
}

int
roster_read(struct desk *desk, struct cairn_roster *roster, uint8_t **ret_bytes, size_t *ret_size)
{
	int err = state_note_get(desk->state, "roster", ret_bytes, ret_size, NULL);

	if (err == CAIRN_OK)
		err = cairn_roster_open(roster, *ret_bytes, *ret_size, desk->self.desk_id,
		    desk->self.identity_key, 0);
	return desk_state_trouble(desk, err);
}

static int
roster_next(struct desk *desk, const struct roster_change *change, const uint8_t secret[64])
{
	uint8_t *room = malloc(CAIRN_NOTE_BYTES_MAX), *bytes = NULL;
	struct cairn_roster old;
	struct writer w;
	size_t size;
	bool found;
	int err = room == NULL ? CAIRN_ERR_NOMEM : roster_read(desk, &old, &bytes, &size);

	if (err == CAIRN_OK) {
		writer_init(&w, room, CAIRN_NOTE_BYTES_MAX);
		head_write(&w, &desk->self, old.serial + 1);
		lines_write(&w, &old, change, &found);
		err = change->drop != NULL && !found
		    ? desk_trouble(desk, CAIRN_ERR_UNKNOWN, "no such device is in the roster")
		    : roster_sign(desk->state, &desk->self, &w, old.serial + 1, secret);
	}
	free(bytes);
	free(room);
	return err;
}

int
roster_renew(struct desk *desk, const struct roster_change *change, const struct share *a, const struct share *b)
{
	uint8_t secret[64];
	int err = identity_rebuild(desk, secret, a, b);

	if (err == CAIRN_OK)
		err = roster_next(desk, change, secret);
	sodium_memzero(secret, sizeof(secret));
	return err;
}

int
roster_say(struct desk *desk, const struct roster_change *change, const struct share *a, const struct share *b,
    uint64_t now)
{
	struct op_roster said;
	uint8_t *bytes = NULL;
	size_t size = 0;
	int err = roster_renew(desk, change, a, b);

	if (err == CAIRN_OK)
		err = state_note_get(desk->state, "roster", &bytes, &size, NULL);
	said.note = (struct cairn_span){(const char *)bytes, size};
	if (err == CAIRN_OK)
		err = say(desk->carry, carry_desk_compartment, OP_ROSTER, &said, now, NULL);
	free(bytes);
	return err;
}

int
desk_roster_next(struct desk *desk, const struct roster_change *change, const struct share *a, const struct share *b,
    uint64_t now)
{
	int err = db_begin(desk->state);

	if (err != CAIRN_OK)
		return desk_state_trouble(desk, err);
	desk->trouble[0] = '\0';
	err = db_end(desk->state, roster_say(desk, change, a, b, now));
	return err == CAIRN_OK || desk->trouble[0] != '\0' ? err : desk_state_trouble(desk, err);
}

/* The line of a device. The views are into the roster's bytes. */
static int
line_find(struct roster_line *line, const struct cairn_roster *roster, const uint8_t id[CAIRN_DEVICE_ID_BYTES])
{
	struct cairn_device device;
	size_t at = 0;

	while (cairn_roster_next(roster, &at, &device))
		if (memcmp(device.id, id, sizeof(device.id)) == 0) {
			*line = line_of(&device);
			return CAIRN_OK;
		}
	return CAIRN_ERR_UNKNOWN;
}

int
desk_roles(struct desk *desk, const uint8_t device[CAIRN_DEVICE_ID_BYTES], struct cairn_span roles,
    const struct share *a, const struct share *b, uint64_t now)
{
	struct roster_line line;
	struct cairn_roster roster;
	uint8_t *bytes = NULL;
	size_t size;
	int err = roster_read(desk, &roster, &bytes, &size);

	if (err == CAIRN_OK && line_find(&line, &roster, device) != CAIRN_OK)
		err = desk_trouble(desk, CAIRN_ERR_UNKNOWN, "no such device is in the roster");
	line.roles = roles;
	if (err == CAIRN_OK)
		err = desk_roster_next(desk, &(struct roster_change){.put = &line}, a, b, now);
	free(bytes);
	return err == CAIRN_OK ? roster_put(desk) : err;
}

int
roster_keep(struct desk *desk, struct cairn_span note)
{
	struct cairn_roster roster;
	uint8_t *bytes;
	uint64_t serial = 0;
	size_t size;
	int err = state_note_get(desk->state, "roster", &bytes, &size, &serial);

	free(bytes);
	if (err != CAIRN_OK)
		return err;
	if (cairn_roster_open(&roster, note.text, note.size, desk->self.desk_id, desk->self.identity_key,
		serial + 1) != CAIRN_OK)
		return CAIRN_OK;
	return state_note_put(desk->state, "roster", (const uint8_t *)note.text, note.size, roster.serial);
}

int
roster_put(struct desk *desk)
{
	struct cairn_request request = {.method = "POST", .path = "roster?key=", .answer_max = 64};
	uint8_t *bytes;
	size_t size;
	int err = desk_state_trouble(desk, state_note_get(desk->state, "roster", &bytes, &size, NULL));

	if (err == CAIRN_OK) {
		sodium_bin2hex(request.path + strlen(request.path), 65, desk->self.identity_key, 32);
		request.body = bytes;
		request.body_bytes = size;
		err = desk_exchange(desk, &request, NULL, NULL, NULL);
	}
	free(bytes);
	return err;
}
