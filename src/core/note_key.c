// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "cairn/desk_keys.h"
#include "core/note.h"

/* Ends a name in out[room]; an empty one where it did not fit. */
static struct cairn_span
end_name(struct writer *w, char *out)
{
	size_t size = 0;

	if (writer_end(w, &size) != CAIRN_OK)
		size = 0;
	out[size] = '\0';
	return (struct cairn_span){out, size};
}

static void
begin_name(struct writer *w, char *out, size_t room, const uint8_t desk_id[CAIRN_HASH_BYTES], const char *role)
{
	writer_init(w, out, room - 1);
	write_text(w, "cairn/");
	write_hex(w, desk_id, CAIRN_HASH_BYTES);
	write_text(w, "/");
	write_text(w, role);
}

struct cairn_span
cairn_key_name(char out[CAIRN_KEY_NAME_BYTES], const uint8_t desk_id[CAIRN_HASH_BYTES], const char *role)
{
	struct writer w;

	begin_name(&w, out, CAIRN_KEY_NAME_BYTES, desk_id, role);
	return end_name(&w, out);
}

struct cairn_span
cairn_device_key_name(char out[CAIRN_DEVICE_KEY_NAME_BYTES], const uint8_t desk_id[CAIRN_HASH_BYTES],
    const uint8_t device[CAIRN_DEVICE_ID_BYTES])
{
	struct writer w;

	begin_name(&w, out, CAIRN_DEVICE_KEY_NAME_BYTES, desk_id, "device/");
	write_hex(&w, device, CAIRN_DEVICE_ID_BYTES);
	return end_name(&w, out);
}

void
cairn_note_key_id(uint8_t id[4], const struct cairn_note_key *key)
{
	static const uint8_t newline = '\n';
	crypto_hash_sha256_state state;
	uint8_t hash[CAIRN_SHA256_BYTES];

	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, (const uint8_t *)key->name.text, key->name.size);
	crypto_hash_sha256_update(&state, &newline, 1);
	crypto_hash_sha256_update(&state, &key->type, 1);
	crypto_hash_sha256_update(&state, key->key, sizeof key->key);
	crypto_hash_sha256_final(&state, hash);
	memcpy(id, hash, 4);
}

/* Unicode's White_Space. */
static bool
is_space(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} spaces[] = {
		{0x09, 0x0d}, {0x20, 0x20}, {0x85, 0x85}, {0xa0, 0xa0}, {0x1680, 0x1680}, {0x2000, 0x200a},
		{0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000},
	};

	for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++)
		if (code >= spaces[i].first && code <= spaces[i].last)
			return true;
	return false;
}

bool
cairn_note_name_ok(struct cairn_span name)
{
	if (name.size == 0 || name.size > CAIRN_NOTE_NAME_MAX ||
	    !text_is_utf8((const uint8_t *)name.text, name.size))
		return false;
	while (name.size > 0) {
		uint32_t code = text_next(&name);

		if (code == '+' || is_space(code))
			return false;
	}
	return true;
}

static bool
is_key_type(uint8_t type)
{
	return type == CAIRN_KEY_ED25519 || type == CAIRN_KEY_COSIGNATURE;
}

int
cairn_note_vkey_read(struct cairn_note_key *key, struct cairn_span vkey)
{
	struct cairn_note_key read;
	struct cairn_span name = span_cut(&vkey, '+');
	struct cairn_span hash = span_cut(&vkey, '+');
	uint8_t id[4], own[4], bytes[1 + sizeof read.key];
	size_t size = 0;

	memset(key, 0, sizeof *key);
	if (!cairn_note_name_ok(name) || text_hex(id, sizeof id, hash) != CAIRN_OK ||
	    text_base64(bytes, sizeof bytes, &size, vkey) != CAIRN_OK || size != sizeof bytes)
		return CAIRN_ERR_FORMAT;
	read.name = name;
	read.type = bytes[0];
	memcpy(read.key, bytes + 1, sizeof read.key);
	cairn_note_key_id(own, &read);
	if (!is_key_type(read.type) || memcmp(id, own, sizeof id) != 0)
		return CAIRN_ERR_FORMAT;
	*key = read;
	return CAIRN_OK;
}

int
cairn_note_vkey_write(char *out, size_t room, const struct cairn_note_key *key)
{
	struct writer w;
	uint8_t id[4], bytes[1 + sizeof key->key];

	cairn_note_key_id(id, key);
	bytes[0] = key->type;
	memcpy(bytes + 1, key->key, sizeof key->key);
	writer_init(&w, out, room);
	write_bytes(&w, key->name.text, key->name.size);
	write_text(&w, "+");
	write_hex(&w, id, sizeof id);
	write_text(&w, "+");
	write_base64(&w, bytes, sizeof bytes);
	write_u8(&w, 0);
	return writer_end(&w, NULL);
}
