// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/allowance.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

#define PROBES 16U /* places where a device may be */

struct slot {
	uint8_t desk[CAIRN_HASH_BYTES];
	uint8_t device[CAIRN_DEVICE_ID_BYTES];
	uint32_t day; /* 0: free */
	uint64_t bytes;
};

struct allowance {
	size_t slots;
	struct slot slot[];
};

int
allowance_new(struct allowance **ret, size_t slots)
{
	*ret = calloc(1, sizeof **ret + slots * sizeof(struct slot));
	if (*ret == NULL)
		return CAIRN_ERR_NOMEM;
	(*ret)->slots = slots;
	return CAIRN_OK;
}

void
allowance_free(struct allowance *allowance)
{
	free(allowance);
}

static size_t
place(const struct allowance *a, const uint8_t *desk, const uint8_t *device, size_t probe)
{
	return ((size_t)(get_u64(device) ^ get_u64(desk)) + probe) & (a->slots - 1);
}

/* The device's slot of that day; NULL: none. */
static const struct slot *
find(const struct allowance *a, const uint8_t *desk, const uint8_t *device, uint32_t day)
{
	for (size_t probe = 0; probe < PROBES; probe++) {
		const struct slot *slot = &a->slot[place(a, desk, device, probe)];

		if (slot->day == day && memcmp(slot->desk, desk, sizeof slot->desk) == 0 &&
		    memcmp(slot->device, device, sizeof slot->device) == 0)
			return slot;
	}
	return NULL;
}

bool
allowance_has(const struct allowance *allowance, const uint8_t desk[CAIRN_HASH_BYTES],
    const uint8_t device[CAIRN_DEVICE_ID_BYTES], uint32_t day, size_t bytes, uint64_t quota)
{
	const struct slot *slot = find(allowance, desk, device, day);
	uint64_t most = quota / 16 > ALLOWANCE_LEAST ? quota / 16 : ALLOWANCE_LEAST;

	return slot == NULL || (bytes <= most && slot->bytes <= most - bytes);
}

void
allowance_take(struct allowance *allowance, const uint8_t desk[CAIRN_HASH_BYTES],
    const uint8_t device[CAIRN_DEVICE_ID_BYTES], uint32_t day, size_t bytes)
{
	struct slot *slot = (struct slot *)find(allowance, desk, device, day);

	/* What was counted on another day counts no more. */
	for (size_t probe = 0; slot == NULL && probe < PROBES; probe++) {
		struct slot *old = &allowance->slot[place(allowance, desk, device, probe)];

		if (old->day == day)
			continue;
		slot = old;
		memcpy(slot->desk, desk, sizeof slot->desk);
		memcpy(slot->device, device, sizeof slot->device);
		slot->day = day;
		slot->bytes = 0;
	}
	if (slot != NULL)
		slot->bytes += bytes;
}
