// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/claim_approval.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static bool
is_second(const struct cairn_device *device)
{
	return cairn_device_has_role(device, "documentation") || cairn_device_has_role(device, "security");
}

/* One device under two ids is one device. */
static bool
are_two(const struct cairn_device *a, const struct cairn_device *b)
{
	return memcmp(a->id, b->id, sizeof a->id) != 0 && memcmp(a->sign_key, b->sign_key, sizeof a->sign_key) != 0;
}

static bool
have_agreed(const struct claim_approvals *approvals)
{
	for (size_t i = 0; i < approvals->count; i++)
		for (size_t j = 0; j < approvals->count; j++)
			if (cairn_device_has_role(&approvals->devices[i], "publish") &&
			    is_second(&approvals->devices[j]) &&
			    are_two(&approvals->devices[i], &approvals->devices[j]))
				return true;
	return false;
}

/* Did this device sign? CAIRN_ERR_CRYPTO: not rightly. */
static int
device_check(bool *ret_signed, const struct cairn_note *note, const struct claim *claim,
    const struct cairn_device *device)
{
	char name[CAIRN_DEVICE_KEY_NAME_BYTES];
	struct cairn_note_key key = {.type = CAIRN_KEY_ED25519};
	uint64_t signed_by = 0;
	int err;

	key.name = cairn_device_key_name(name, claim->desk_id, device->id);
	memcpy(key.key, device->sign_key, sizeof key.key);
	err = cairn_note_verify(&signed_by, NULL, note, &key, 1);
	*ret_signed = signed_by != 0;
	return err;
}

int
claim_approvals_check(struct claim_approvals *approvals, const struct cairn_note *note, const struct claim *claim,
    const struct cairn_roster *roster)
{
	struct cairn_device device;
	int err = CAIRN_OK;

	memset(approvals, 0, sizeof *approvals);
	for (size_t at = 0; err == CAIRN_OK && cairn_roster_next(roster, &at, &device);) {
		bool is_signed = false;

		if (claim->day < device.since || claim->day > device.until)
			continue;
		err = device_check(&is_signed, note, claim, &device);
		if (err != CAIRN_OK || !is_signed)
			continue;
		if (approvals->count == CLAIM_APPROVALS_MAX)
			err = CAIRN_ERR_RANGE;
		else
			approvals->devices[approvals->count++] = device;
	}
	if (err == CAIRN_OK)
		approvals->agreed = have_agreed(approvals);
	else
		memset(approvals, 0, sizeof *approvals);
	return err;
}

/* ---- agreeing ---- */

/* The name of a device stands in a line of signatures. */
static bool
name_is_there(const struct cairn_note *note, struct cairn_span name)
{
	struct cairn_span lines = note->signatures;

	while (lines.size > 0) {
		struct cairn_span line = span_cut(&lines, '\n'), dash = span_cut(&line, ' ');

		(void)dash;
		if (span_same(span_cut(&line, ' '), name))
			return true;
	}
	return false;
}

static int
sign_text(uint8_t *file, size_t room, size_t *bytes, struct cairn_span name, const uint8_t secret[64])
{
	uint8_t *note = malloc(CAIRN_NOTE_BYTES_MAX);
	struct cairn_span text = {(const char *)file, *bytes};
	size_t size = 0;
	int err = note == NULL ? CAIRN_ERR_NOMEM : cairn_note_sign(note, CAIRN_NOTE_BYTES_MAX, &size, text, name,
	    secret);

	if (err == CAIRN_OK && size > room)
		err = CAIRN_ERR_SPACE;
	if (err == CAIRN_OK) {
		memcpy(file, note, size);
		*bytes = size;
	}
	free(note);
	return err;
}

int
claim_approve(uint8_t *file, size_t room, size_t *bytes, const uint8_t desk_id[CAIRN_HASH_BYTES],
    const uint8_t device[CAIRN_DEVICE_ID_BYTES], const uint8_t secret[64])
{
	char buffer[CAIRN_DEVICE_KEY_NAME_BYTES];
	struct cairn_span name = cairn_device_key_name(buffer, desk_id, device);
	struct cairn_span text = {(const char *)file, *bytes};
	struct cairn_note note = {0};
	struct claim claim;
	bool is_note = cairn_note_read(&note, file, *bytes) == CAIRN_OK;
	int err = claim_read(&claim, is_note ? note.text : text);

	if (err != CAIRN_OK)
		return err;
	if (memcmp(claim.desk_id, desk_id, sizeof claim.desk_id) != 0 || (is_note && name_is_there(&note, name)))
		return CAIRN_ERR_CONFLICT;
	return is_note ? cairn_note_sign_also(file, room, bytes, name, secret) :
	    sign_text(file, room, bytes, name, secret);
}
