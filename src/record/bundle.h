// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_BUNDLE_H
#define CAIRN_RECORD_BUNDLE_H

#include "cairn/xwing.h"
#include "desk/desk.h"
#include "record/json.h"
#include "record/select.h"
#include "record/tar.h"

/*
 * A selection of the record as one file that another desk can check (docs/protocol.md, section 15): a tar of
 *
 *	manifest	a note signed by the device under cairn/<desk_id>/device: whose it is, what for,
 *			and the SHA-256 of each file
 *	identity	the chain of the desk's identity keys, where there is one
 *	roster		the desk's devices, signed by its identity key
 *	record.json, csv/<kind>.csv
 *
 * and, where it is sealed, "cairn/1 sealed bundle\n" || enc[1120] || HPKE of that tar, to the X-Wing key of one
 * device.
 */
#define RECORD_BUNDLE_MAX TAR_BYTES_MAX

/* What a manifest says. Views look into the bundle. */
struct record_manifest {
	uint8_t desk_id[CAIRN_HASH_BYTES];
	uint8_t identity_key[32];
	uint8_t device_id[CAIRN_DEVICE_ID_BYTES];
	uint64_t created;
	enum record_purpose purpose;
	struct cairn_span partner;           /* may be empty */
	uint8_t sealed_to[CAIRN_SHA256_BYTES]; /* zeros: not sealed */
	struct cairn_span files;             /* the lines of files */
};

/*
 * to is the X-Wing public key of who may open it, NULL for everybody. *ret is malloc'ed. CAIRN_ERR_KEY: to is no key;
 * CAIRN_ERR_UNKNOWN: the desk's roster does not have this device; CAIRN_ERR_RANGE: too large; CAIRN_ERR_NOMEM.
 */
CAIRN_NODISCARD int record_bundle_make(uint8_t **ret, size_t *ret_size, struct desk *desk,
    const struct record_selection *selection, const struct record_wish *wish,
    const uint8_t to[CAIRN_XWING_PUBLIC_BYTES], uint64_t now);

struct record_bundle {
	struct record_manifest manifest;
	struct record_document document;
	struct tar tar;
	const char *fault; /* what is wrong, for staff */
};

/*
 * Opens and checks all of it. seed is this device's X-Wing key. CAIRN_ERR_FORMAT: no bundle; CAIRN_ERR_CRYPTO: not
 * for this device, or a signature or a hash does not hold. bundle is cleared by the caller, also on failure.
 */
CAIRN_NODISCARD int record_bundle_open(struct record_bundle *bundle, const void *bytes, size_t size,
    const uint8_t seed[CAIRN_XWING_SEED_BYTES]);
void record_bundle_clear(struct record_bundle *bundle);

/* Reads the text of a manifest. CAIRN_ERR_FORMAT. */
CAIRN_NODISCARD int record_manifest_read(struct record_manifest *manifest, struct cairn_span text);

#endif
