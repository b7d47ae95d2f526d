// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/note.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/text.h"

#define KEY_ID_BYTES 4U
#define TIME_BYTES 8U
#define SIGNATURE_BYTES 64U
#define PAYLOAD_BYTES_MAX (KEY_ID_BYTES + TIME_BYTES + SIGNATURE_BYTES)

/* A payload is decoded in pieces of this many characters: those of other kinds of keys can be long. */
#define PIECE_CHARS 128U
#define PIECE_BYTES (PIECE_CHARS / 4 * 3)

/* What is cosigned are checkpoints, of a few short lines; the message is put together on the stack. */
#define COSIGNED_HEAD_MAX 48U
#define COSIGNED_BYTES_MAX (CAIRN_NOTE_COSIGNED_MAX + COSIGNED_HEAD_MAX)

_Static_assert(PIECE_BYTES >= PAYLOAD_BYTES_MAX, "a payload that counts is whole in its first piece");

/* A signature line that is well formed. Of payload only what a known kind of key needs is kept. */
struct line {
	struct cairn_span name;
	size_t payload_bytes;
	uint8_t payload[PIECE_BYTES];
};

/* All of it must be base64 in its one form, also of keys that nobody here knows. */
static int
payload_read(struct line *line, struct cairn_span text)
{
	uint8_t bytes[PIECE_BYTES];
	size_t total = 0;

	while (text.size > 0) {
		size_t got = 0, chars = text.size < PIECE_CHARS ? text.size : PIECE_CHARS;

		if (text_base64(bytes, sizeof bytes, &got, (struct cairn_span){text.text, chars}) != CAIRN_OK)
			return CAIRN_ERR_FORMAT;
		if (total == 0)
			memcpy(line->payload, bytes, got);
		text.text += chars;
		text.size -= chars;
		total += got;
		if (text.size > 0 && got != PIECE_BYTES)
			return CAIRN_ERR_FORMAT;
	}
	line->payload_bytes = total;
	return total > KEY_ID_BYTES ? CAIRN_OK : CAIRN_ERR_FORMAT;
}

/* "<em dash> <name> <base64>" */
static int
line_read(struct line *line, struct cairn_span text)
{
	static const char dash[] = "\xe2\x80\x94 ";
	size_t size = sizeof dash - 1;

	if (text.size < size || memcmp(text.text, dash, size) != 0)
		return CAIRN_ERR_FORMAT;
	text.text += size;
	text.size -= size;
	line->name = span_cut(&text, ' ');
	if (text.text == NULL || !cairn_note_name_ok(line->name))
		return CAIRN_ERR_FORMAT;
	return payload_read(line, text);
}

static int
lines_check(struct cairn_span lines)
{
	struct cairn_span text;
	struct line line;
	size_t count = 0;

	while (note_take_line(&text, &lines))
		if (++count > CAIRN_NOTE_SIGNATURES_MAX || line_read(&line, text) != CAIRN_OK)
			return CAIRN_ERR_FORMAT;
	return count > 0 ? CAIRN_OK : CAIRN_ERR_FORMAT;
}

static bool
is_plain(const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i] < 0x20 && bytes[i] != '\n')
			return false;
	return text_is_utf8(bytes, size);
}

/* Size of the text, up to and with the newline before the last empty line; 0: there is none. */
static size_t
text_size(const uint8_t *bytes, size_t size)
{
	for (size_t at = size; at >= 2; at--)
		if (bytes[at - 1] == '\n' && bytes[at - 2] == '\n')
			return at - 1;
	return 0;
}

int
cairn_note_read(struct cairn_note *note, const void *bytes, size_t size)
{
	const char *chars = bytes;
	size_t text = size > CAIRN_NOTE_BYTES_MAX ? 0 : text_size(bytes, size);
	struct cairn_span signatures;

	memset(note, 0, sizeof *note);
	if (text == 0 || chars[size - 1] != '\n' || !is_plain(bytes, size))
		return CAIRN_ERR_FORMAT;
	signatures = (struct cairn_span){chars + text + 1, size - text - 1};
	if (lines_check(signatures) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	note->text = (struct cairn_span){chars, text};
	note->signatures = signatures;
	return CAIRN_OK;
}

/* What a cosignature signs. out has COSIGNED_BYTES_MAX. */
static int
cosigned(uint8_t *out, size_t *ret_bytes, uint64_t time, struct cairn_span text)
{
	struct writer w;

	writer_init(&w, out, COSIGNED_BYTES_MAX);
	write_text(&w, "cosignature/v1\ntime ");
	write_decimal(&w, time);
	write_text(&w, "\n");
	write_bytes(&w, text.text, text.size);
	return writer_end(&w, ret_bytes) != CAIRN_OK ? CAIRN_ERR_RANGE : CAIRN_OK;
}

static int
cosignature_check(uint64_t *ret_time, const struct line *line, struct cairn_span text,
    const struct cairn_note_key *key)
{
	const uint8_t *at = line->payload + KEY_ID_BYTES;
	uint8_t message[COSIGNED_BYTES_MAX];
	size_t bytes = 0;

	if (line->payload_bytes != KEY_ID_BYTES + TIME_BYTES + SIGNATURE_BYTES ||
	    cosigned(message, &bytes, get_u64(at), text) != CAIRN_OK ||
	    crypto_sign_verify_detached(at + TIME_BYTES, message, bytes, key->key) != 0)
		return CAIRN_ERR_CRYPTO;
	*ret_time = get_u64(at);
	return CAIRN_OK;
}

/* *ret_time is 0 where a plain signature says none. */
static int
line_check(uint64_t *ret_time, const struct line *line, struct cairn_span text,
    const struct cairn_note_key *key)
{
	if (key->type == CAIRN_KEY_COSIGNATURE)
		return cosignature_check(ret_time, line, text, key);
	*ret_time = 0;
	if (key->type != CAIRN_KEY_ED25519 || line->payload_bytes != KEY_ID_BYTES + SIGNATURE_BYTES ||
	    crypto_sign_verify_detached(line->payload + KEY_ID_BYTES, (const uint8_t *)text.text, text.size,
	        key->key) != 0)
		return CAIRN_ERR_CRYPTO;
	return CAIRN_OK;
}

/*
 * Which key is it? CAIRN_ERR_UNKNOWN: none of them, the line is passed over. Two that cannot be told apart
 * refuse: nobody could say whose signature it is.
 */
static int
line_key(size_t *ret_index, const struct line *line, const struct cairn_note_key *keys, uint8_t (*ids)[4],
    size_t count)
{
	int err = CAIRN_ERR_UNKNOWN;

	for (size_t i = 0; i < count; i++) {
		if (memcmp(line->payload, ids[i], KEY_ID_BYTES) != 0)
			continue;
		if (!span_same(line->name, keys[i].name))
			continue;
		if (err == CAIRN_OK)
			return CAIRN_ERR_CRYPTO;
		*ret_index = i;
		err = CAIRN_OK;
	}
	return err;
}

static int
lines_verify(uint64_t *signed_by, uint64_t *times, const struct cairn_note *note,
    const struct cairn_note_key *keys, uint8_t (*ids)[4], size_t count)
{
	struct cairn_span text, lines = note->signatures;
	struct line line;

	while (note_take_line(&text, &lines)) {
		size_t i = 0;
		uint64_t time = 0;
		int err = line_read(&line, text);

		if (err == CAIRN_OK)
			err = line_key(&i, &line, keys, ids, count);
		if (err == CAIRN_ERR_UNKNOWN)
			continue;
		if (err == CAIRN_OK)
			err = line_check(&time, &line, note->text, &keys[i]);
		if (err != CAIRN_OK)
			return err;
		*signed_by |= UINT64_C(1) << i;
		if (times != NULL && time > times[i])
			times[i] = time;
	}
	return CAIRN_OK;
}

int
cairn_note_verify(uint64_t *signed_by, uint64_t *times, const struct cairn_note *note,
    const struct cairn_note_key *keys, size_t count)
{
	uint8_t ids[CAIRN_NOTE_KEYS_MAX][4];
	uint64_t found = 0;
	int err;

	*signed_by = 0;
	if (count > CAIRN_NOTE_KEYS_MAX)
		return CAIRN_ERR_RANGE;
	for (size_t i = 0; i < count; i++)
		cairn_note_key_id(ids[i], &keys[i]);
	if (times != NULL)
		memset(times, 0, count * sizeof times[0]);
	err = lines_verify(&found, times, note, keys, ids, count);
	if (err == CAIRN_OK)
		*signed_by = found;
	else if (times != NULL)
		memset(times, 0, count * sizeof times[0]);
	return err;
}

int
cairn_note_open(struct cairn_note *note, const void *bytes, size_t size, const struct cairn_note_key *key)
{
	uint64_t signed_by = 0;
	int err = cairn_note_read(note, bytes, size);

	if (err == CAIRN_OK)
		err = cairn_note_verify(&signed_by, NULL, note, key, 1);
	if (err == CAIRN_OK && signed_by == 0)
		err = CAIRN_ERR_CRYPTO;
	if (err != CAIRN_OK)
		memset(note, 0, sizeof *note);
	return err;
}

static void
write_line(struct writer *w, const struct cairn_note_key *key, const uint8_t *rest, size_t rest_bytes)
{
	uint8_t payload[PAYLOAD_BYTES_MAX];

	cairn_note_key_id(payload, key);
	memcpy(payload + KEY_ID_BYTES, rest, rest_bytes);
	write_text(w, "\xe2\x80\x94 ");
	write_bytes(w, key->name.text, key->name.size);
	write_text(w, " ");
	write_base64(w, payload, KEY_ID_BYTES + rest_bytes);
	write_text(w, "\n");
}

static int
signing_key(struct cairn_note_key *key, struct cairn_span name, uint8_t type, const uint8_t secret[64])
{
	if (!cairn_note_name_ok(name))
		return CAIRN_ERR_FORMAT;
	key->name = name;
	key->type = type;
	return crypto_sign_ed25519_sk_to_pk(key->key, secret) != 0 ? CAIRN_ERR_CRYPTO : CAIRN_OK;
}

int
note_seal(struct writer *w, size_t *ret_bytes, struct cairn_span name, const uint8_t secret[64])
{
	struct cairn_note_key key;
	uint8_t signature[SIGNATURE_BYTES];
	int err = writer_end(w, NULL);

	if (err == CAIRN_OK)
		err = signing_key(&key, name, CAIRN_KEY_ED25519, secret);
	if (err != CAIRN_OK)
		return err;
	if (w->used == 0 || w->room[w->used - 1] != '\n' || !is_plain(w->room, w->used))
		return CAIRN_ERR_FORMAT;
	crypto_sign_detached(signature, NULL, w->room, w->used, secret);
	write_text(w, "\n");
	write_line(w, &key, signature, sizeof signature);
	if (!w->failed && w->used > CAIRN_NOTE_BYTES_MAX)
		return CAIRN_ERR_RANGE;
	return writer_end(w, ret_bytes);
}

int
cairn_note_sign(uint8_t *out, size_t room, size_t *ret_bytes, struct cairn_span text, struct cairn_span name,
    const uint8_t secret[64])
{
	struct writer w;

	writer_init(&w, out, room);
	write_bytes(&w, text.text, text.size);
	return note_seal(&w, ret_bytes, name, secret);
}

/* One line more, of that payload, behind the note in out[*bytes]. */
static int
add_line(uint8_t *out, size_t room, size_t *bytes, const struct cairn_note_key *key, const uint8_t *rest,
    size_t rest_bytes)
{
	struct cairn_note note;
	struct writer w;
	size_t size = 0;

	writer_init(&w, out + *bytes, room - *bytes);
	write_line(&w, key, rest, rest_bytes);
	if (writer_end(&w, &size) != CAIRN_OK)
		return CAIRN_ERR_SPACE;
	/* It may have become one signature or some bytes too many. */
	if (cairn_note_read(&note, out, *bytes + size) != CAIRN_OK)
		return CAIRN_ERR_RANGE;
	*bytes += size;
	return CAIRN_OK;
}

int
cairn_note_sign_also(uint8_t *out, size_t room, size_t *bytes, struct cairn_span name, const uint8_t secret[64])
{
	struct cairn_note note;
	struct cairn_note_key key;
	uint8_t signature[SIGNATURE_BYTES];
	int err = *bytes > room ? CAIRN_ERR_SPACE : cairn_note_read(&note, out, *bytes);

	if (err == CAIRN_OK)
		err = signing_key(&key, name, CAIRN_KEY_ED25519, secret);
	if (err != CAIRN_OK)
		return err;
	crypto_sign_detached(signature, NULL, (const uint8_t *)note.text.text, note.text.size, secret);
	return add_line(out, room, bytes, &key, signature, sizeof signature);
}

int
cairn_note_cosign(uint8_t *out, size_t room, size_t *bytes, struct cairn_span name, uint64_t time,
    const uint8_t secret[64])
{
	struct cairn_note note;
	struct cairn_note_key key;
	uint8_t message[COSIGNED_BYTES_MAX], rest[TIME_BYTES + SIGNATURE_BYTES];
	size_t size = 0;
	int err = *bytes > room ? CAIRN_ERR_SPACE : cairn_note_read(&note, out, *bytes);

	if (err == CAIRN_OK)
		err = signing_key(&key, name, CAIRN_KEY_COSIGNATURE, secret);
	if (err == CAIRN_OK)
		err = cosigned(message, &size, time, note.text);
	if (err != CAIRN_OK)
		return err;
	put_u64(rest, time);
	crypto_sign_detached(rest + TIME_BYTES, NULL, message, size, secret);
	return add_line(out, room, bytes, &key, rest, sizeof rest);
}
