// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SUSPENSION_H
#define CAIRN_SUSPENSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/desk_keys.h"
#include "cairn/err.h"
#include "cairn/hash.h"
#include "cairn/span.h"

/*
 * A suspension: two devices with the role "security" say that devices or cases are taken, and it holds at once and
 * until the next roster (docs/protocol.md, section 8). Nothing here is secret but keys.
 */
#define CAIRN_SUSPENSION_BYTES_MAX 8192U
#define CAIRN_SUSPENSION_NAMES_MAX 64U
#define CAIRN_SUSPENDED_ID_BYTES 16U

enum cairn_suspended_kind {
	CAIRN_SUSPENDED_DEVICE,
	CAIRN_SUSPENDED_CASE,
};

/* What is suspended. */
struct cairn_suspended {
	enum cairn_suspended_kind kind;
	uint8_t id[CAIRN_SUSPENDED_ID_BYTES];
};

/* An opened suspension; views look into its bytes. */
struct cairn_suspension {
	struct cairn_span lines;
	uint64_t serial; /* of the roster that it was made under */
	uint32_t hour;
};

/* Devices that earlier suspensions under the same roster have named, as the one who asks took them. */
struct cairn_suspended_devices {
	const uint8_t (*ids)[CAIRN_DEVICE_ID_BYTES];
	size_t count;
};

/*
 * Opens a suspension and checks that it is good under that roster, on that day: signed by two devices of it that
 * have the role, different keys, are valid, are not suspended before and are not named in it. CAIRN_ERR_STALE: made
 * under another roster; CAIRN_ERR_CRYPTO: not signed by two such devices, or a wrong signature of one;
 * CAIRN_ERR_FORMAT: none, or another desk's, or more than CAIRN_SUSPENSION_NAMES_MAX named; suspension is then
 * zeros.
 */
CAIRN_NODISCARD int cairn_suspension_open(struct cairn_suspension *suspension, const void *bytes, size_t size,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const struct cairn_roster *roster,
    const struct cairn_suspended_devices *before, uint32_t today);

/* One after the other, from *at = 0; false when there are no more. */
bool cairn_suspension_next(const struct cairn_suspension *suspension, size_t *at, struct cairn_suspended *named);
bool cairn_suspension_names(const struct cairn_suspension *suspension, enum cairn_suspended_kind kind,
    const uint8_t id[CAIRN_SUSPENDED_ID_BYTES]);

/*
 * Writes one that names named[count], signed by the first device. CAIRN_ERR_RANGE: nothing named, too much, or
 * something twice; CAIRN_ERR_SPACE.
 */
CAIRN_NODISCARD int cairn_suspension_write(uint8_t *out, size_t room, size_t *ret_bytes,
    const uint8_t desk_id[CAIRN_HASH_BYTES], uint64_t serial, uint32_t hour, const struct cairn_suspended *named,
    size_t count, const uint8_t device[CAIRN_DEVICE_ID_BYTES], const uint8_t secret[64]);

/*
 * Adds the signature of the second to the one in out[*bytes]. Its holder should have been shown what it says.
 * CAIRN_ERR_FORMAT: no suspension of that desk under that roster; CAIRN_ERR_SPACE.
 */
CAIRN_NODISCARD int cairn_suspension_sign(uint8_t *out, size_t room, size_t *bytes,
    const uint8_t desk_id[CAIRN_HASH_BYTES], uint64_t serial, const uint8_t device[CAIRN_DEVICE_ID_BYTES],
    const uint8_t secret[64]);

/* What a suspension says before anybody checks who signed it, to be shown to the second: as open, form alone. */
CAIRN_NODISCARD int cairn_suspension_read(struct cairn_suspension *suspension, const void *bytes, size_t size,
    const uint8_t desk_id[CAIRN_HASH_BYTES]);

#endif
