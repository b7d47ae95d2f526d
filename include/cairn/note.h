// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_NOTE_H
#define CAIRN_NOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/hash.h"
#include "cairn/span.h"

/*
 * C2SP signed notes and cosignatures (c2sp.org/signed-note, c2sp.org/tlog-cosignature): text, an empty
 * line, signature lines. Card, epochs, roster, identity and checkpoint are notes.
 */

#define CAIRN_NOTE_SIGNATURES_MAX 100U
#define CAIRN_NOTE_NAME_MAX 256U
#define CAIRN_NOTE_BYTES_MAX 65536U
#define CAIRN_KEY_ED25519 0x01U
#define CAIRN_KEY_COSIGNATURE 0x04U

/* cairn/<desk_id>/board and so on, with its zero. */
#define CAIRN_KEY_NAME_BYTES 88U

/* A key that the caller knows, with the name it signs under. name must outlive it. */
struct cairn_note_key {
	struct cairn_span name;
	uint8_t type;
	uint8_t key[32];
};

/* "cairn/<desk_id>/<role>": role is "identity", "board" or "site". */
struct cairn_span cairn_key_name(char out[CAIRN_KEY_NAME_BYTES], const uint8_t desk_id[CAIRN_HASH_BYTES],
    const char *role);

/* The four bytes that a signature line carries: SHA-256(name || newline || type || key)[0:4]. */
void cairn_note_key_id(uint8_t id[4], const struct cairn_note_key *key);

/* "name+hash+base64" (a verifier key). CAIRN_ERR_FORMAT, also when the hash is not the key's. */
CAIRN_NODISCARD int cairn_note_vkey_read(struct cairn_note_key *key, struct cairn_span vkey);
CAIRN_NODISCARD int cairn_note_vkey_write(char *out, size_t room, const struct cairn_note_key *key);

/* A name that may stand in a signature line: not empty, no white space, no plus. */
bool cairn_note_name_ok(struct cairn_span name);

/* An opened note. text includes its last newline: it is what is signed. */
struct cairn_note {
	struct cairn_span text;
	struct cairn_span signatures; /* the lines below the empty one */
};

/* Takes it apart and checks its form, no signature yet. */
CAIRN_NODISCARD int cairn_note_read(struct cairn_note *note, const void *bytes, size_t size);

/*
 * Checks every signature of a key in keys[count] (count at most 64): signed gets bit i when keys[i]
 * signed. Other lines are passed over. CAIRN_ERR_CRYPTO: a wrong signature of a known key, which refuses
 * the note. times[i], where times is not NULL, is the second at which a cosignature says it was made.
 */
CAIRN_NODISCARD int cairn_note_verify(uint64_t *signed_by, uint64_t *times, const struct cairn_note *note,
    const struct cairn_note_key *keys, size_t count);

/* Both at once, for one key that must have signed. CAIRN_ERR_CRYPTO when it did not. */
CAIRN_NODISCARD int cairn_note_open(struct cairn_note *note, const void *bytes, size_t size,
    const struct cairn_note_key *key);

/*
 * Writes text, the empty line and one signature (type 0x01) into out[room]. text must be a note's text (ends
 * in a newline). secret is libsodium's Ed25519 secret key.
 */
CAIRN_NODISCARD int cairn_note_sign(uint8_t *out, size_t room, size_t *ret_bytes, struct cairn_span text,
    struct cairn_span name, const uint8_t secret[64]);

/* Adds a cosignature line (type 0x04) of that time to the note in out[*bytes]. */
CAIRN_NODISCARD int cairn_note_cosign(uint8_t *out, size_t room, size_t *bytes, struct cairn_span name,
    uint64_t time, const uint8_t secret[64]);

#endif
