// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk.h"

/* Each device is there once: found by its id, it is the one that the list gave. */
static void
open_roster(const uint8_t *bytes, size_t size)
{
	uint8_t desk_id[CAIRN_HASH_BYTES], key[32], secret[64];
	struct cairn_roster roster;
	struct cairn_device device, found;

	fuzz_desk_id(desk_id);
	fuzz_key(key, secret, FUZZ_IDENTITY_SEED);
	if (cairn_roster_open(&roster, bytes, size, desk_id, key, 0) != CAIRN_OK)
		return;
	for (size_t at = 0; cairn_roster_next(&roster, &at, &device);) {
		int err = cairn_roster_find(&found, &roster, device.id, device.since);

		FUZZ_CHECK(device.roles.size > 0 && fuzz_within(device.roles, bytes, size));
		FUZZ_CHECK((err == CAIRN_OK) == (device.since <= device.until));
		FUZZ_CHECK(err != CAIRN_OK || found.roles.text == device.roles.text);
		(void)cairn_device_has_role(&device, "security");
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	size_t note_bytes = 0;
	uint8_t *note = fuzz_sign(&note_bytes, bytes, size, "identity");

	if (note != NULL)
		open_roster(note, note_bytes);
	free(note);
	return 0;
}
