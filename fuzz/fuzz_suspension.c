// SPDX-License-Identifier: GPL-3.0-or-later
#include "cairn/suspension.h"
#include "desk.h"

/* A text, signed by the two devices of a roster: what opens names at least one, and none of the two. */

#define DEVICES 2U

static const uint8_t ids[DEVICES][CAIRN_DEVICE_ID_BYTES] = {{1}, {2}};

static struct cairn_roster
make_roster(char text[1024], uint8_t secrets[DEVICES][64])
{
	static const char *const seeds[DEVICES] = {FUZZ_IDENTITY_SEED, FUZZ_BOARD_SEED};
	int used = 0;

	for (size_t i = 0; i < DEVICES; i++) {
		uint8_t key[32];
		char base64[45];

		fuzz_key(key, secrets[i], seeds[i]);
		sodium_bin2base64(base64, sizeof(base64), key, sizeof(key), sodium_base64_VARIANT_ORIGINAL);
		used += snprintf(text + used, 1024 - (size_t)used, "device %02x%030d %s %064d security 0 -\n",
		    (unsigned)ids[i][0], 0, base64, 0);
	}
	return (struct cairn_roster){.lines = {text, (size_t)used}, .serial = 10};
}

static void
check(const struct cairn_suspension *suspension, const uint8_t *note, size_t size)
{
	struct cairn_suspended named;
	size_t count = 0;

	for (size_t at = 0; cairn_suspension_next(suspension, &at, &named); count++)
		FUZZ_CHECK(cairn_suspension_names(suspension, named.kind, named.id));
	FUZZ_CHECK(count > 0 && count <= CAIRN_SUSPENSION_NAMES_MAX && fuzz_within(suspension->lines, note, size));
	for (size_t i = 0; i < DEVICES; i++)
		FUZZ_CHECK(!cairn_suspension_names(suspension, CAIRN_SUSPENDED_DEVICE, ids[i]));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static uint8_t note[2 * CAIRN_NOTE_BYTES_MAX];
	char roster_text[1024], name[CAIRN_DEVICE_KEY_NAME_BYTES];
	uint8_t secrets[DEVICES][64], desk_id[CAIRN_HASH_BYTES];
	struct cairn_roster roster = make_roster(roster_text, secrets);
	const struct cairn_suspended_devices none = {NULL, 0};
	struct cairn_suspension suspension;
	size_t note_bytes = 0;

	fuzz_desk_id(desk_id);
	if (cairn_note_sign(note, sizeof(note), &note_bytes, (struct cairn_span){(const char *)bytes, size},
	        cairn_device_key_name(name, desk_id, ids[0]), secrets[0]) != CAIRN_OK)
		return 0;
	(void)!cairn_suspension_sign(note, sizeof(note), &note_bytes, desk_id, 10, ids[1], secrets[1]);
	if (cairn_suspension_open(&suspension, note, note_bytes, desk_id, &roster, &none, 20779) == CAIRN_OK)
		check(&suspension, note, note_bytes);
	return 0;
}
