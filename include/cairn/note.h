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
#define CAIRN_NOTE_KEYS_MAX 64U       /* known keys that a note is held against at once */
#define CAIRN_NOTE_COSIGNED_MAX 2048U /* bytes of text under a cosignature */
#define CAIRN_KEY_ED25519 0x01U
#define CAIRN_KEY_COSIGNATURE 0x04U

/* cairn/<desk_id>/board and so on, with its zero. */
#define CAIRN_KEY_NAME_BYTES 88U

/* A key that the caller knows, with the name it signs under. What name looks into must outlive it. */
struct cairn_note_key {
	struct cairn_span name;
	uint8_t type;
	uint8_t key[32];
};

/* "cairn/<desk_id>/<role>": role is "identity", "board" or "site". A view of out, which ends in a zero. */
struct cairn_span cairn_key_name(char out[CAIRN_KEY_NAME_BYTES], const uint8_t desk_id[CAIRN_HASH_BYTES],
    const char *role);

/* The four bytes that a signature line carries: SHA-256(name || newline || type || key)[0:4]. */
void cairn_note_key_id(uint8_t id[4], const struct cairn_note_key *key);

/*
 * "name+hash+base64" (a verifier key): name becomes a view into it. CAIRN_ERR_FORMAT, also when the hash is not
 * the key's or the kind of key is neither of the two above.
 */
CAIRN_NODISCARD int cairn_note_vkey_read(struct cairn_note_key *key, struct cairn_span vkey);
/* The other way round, with a zero at the end. CAIRN_ERR_SPACE. */
CAIRN_NODISCARD int cairn_note_vkey_write(char *out, size_t room, const struct cairn_note_key *key);

/* A name that may stand in a signature line: UTF-8 of 1 to CAIRN_NOTE_NAME_MAX bytes, no white space, no plus. */
bool cairn_note_name_ok(struct cairn_span name);

/* An opened note. text includes its last newline: it is what is signed. */
struct cairn_note {
	struct cairn_span text;
	struct cairn_span signatures; /* the lines below the empty one */
};

/*
 * Takes it apart and checks its form, no signature yet; the views look into bytes. CAIRN_ERR_FORMAT: over
 * CAIRN_NOTE_BYTES_MAX, not UTF-8, a control character, no signature or more than CAIRN_NOTE_SIGNATURES_MAX, a
 * line that is none.
 */
CAIRN_NODISCARD int cairn_note_read(struct cairn_note *note, const void *bytes, size_t size);

/*
 * Checks every signature of a key in keys[count] (count at most CAIRN_NOTE_KEYS_MAX, else CAIRN_ERR_RANGE):
 * signed_by gets bit i when keys[i] signed. Lines of other keys are passed over, so that CAIRN_OK with signed_by 0
 * says nothing of who wrote it. CAIRN_ERR_CRYPTO: a wrong signature of a known key, which refuses the note
 * even beside a good one; or one of two known keys that bear the same name and id: name no key twice.
 * times[count] may be NULL; times[i] is the newest second (Unix) at which keys[i] says it cosigned, else 0.
 */
CAIRN_NODISCARD int cairn_note_verify(uint64_t *signed_by, uint64_t *times, const struct cairn_note *note,
    const struct cairn_note_key *keys, size_t count);

/* Both at once, for one key that must have signed. CAIRN_ERR_CRYPTO when it did not; note is then zeros. */
CAIRN_NODISCARD int cairn_note_open(struct cairn_note *note, const void *bytes, size_t size,
    const struct cairn_note_key *key);

/*
 * Writes text, the empty line and one signature (type 0x01) into out[room], where text must not lie. secret is
 * libsodium's Ed25519 secret key. CAIRN_ERR_FORMAT: text is not a note's (UTF-8 without control characters, a
 * newline at its end), or name is none; CAIRN_ERR_SPACE; CAIRN_ERR_RANGE: over CAIRN_NOTE_BYTES_MAX.
 */
CAIRN_NODISCARD int cairn_note_sign(uint8_t *out, size_t room, size_t *ret_bytes, struct cairn_span text,
    struct cairn_span name, const uint8_t secret[64]);

/*
 * Adds one more signature (type 0x01) to the note in out[*bytes]. CAIRN_ERR_FORMAT: no note there, or name is none;
 * CAIRN_ERR_SPACE; CAIRN_ERR_RANGE: a note too long or of too many signatures.
 */
CAIRN_NODISCARD int cairn_note_sign_also(uint8_t *out, size_t room, size_t *bytes, struct cairn_span name,
    const uint8_t secret[64]);

/*
 * Adds a cosignature line (type 0x04) of that second (Unix) to the note in out[*bytes]. It signs all of the text,
 * whatever the cosigner vouches for. CAIRN_ERR_FORMAT: no note there, or name is none; CAIRN_ERR_SPACE;
 * CAIRN_ERR_RANGE: text over CAIRN_NOTE_COSIGNED_MAX, or a note too long or of too many signatures.
 */
CAIRN_NODISCARD int cairn_note_cosign(uint8_t *out, size_t room, size_t *bytes, struct cairn_span name,
    uint64_t time, const uint8_t secret[64]);

#endif
