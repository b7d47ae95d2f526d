// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/evidence_entry.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/reader.h"
#include "base/text.h"
#include "base/writer.h"

#define VERSION 1U
#define HEAD_BYTES (4U + EVIDENCE_ITEM_BYTES + 8U + CAIRN_DEVICE_ID_BYTES + 32U)
#define SIGNATURE_BYTES 64U

static const char label[] = "cairn/1 custody";

static const struct {
	size_t least, most;
	bool text;
} shapes[EVIDENCE_FIELDS_END] = {
#define SHAPE(name, number, least, most, text) [number] = {least, most, text},
    EVIDENCE_FIELDS(SHAPE)
#undef SHAPE
};

#define BIT(name) (UINT32_C(1) << EVIDENCE_FIELD_##name)
#define WHAT (BIT(SHA256) | BIT(BLAKE2B) | BIT(SIZE) | BIT(MEDIA))
#define WORDS (BIT(PARTY) | BIT(NOTE))
#define COPY_MADE (BIT(COPY) | BIT(COPY_SHA256) | BIT(METHOD))

/* What an entry of each kind must say, and may say. */
static const struct {
	uint32_t must, may;
} rules[] = {
    [EVIDENCE_RECEIVED] = {WHAT, BIT(NAME) | WORDS},
    [EVIDENCE_SEALED] = {BIT(SHA256) | BIT(METHOD), 0},
    [EVIDENCE_DERIVED] = {WHAT | BIT(SOURCE) | BIT(SOURCE_SHA256) | BIT(METHOD), BIT(NAME) | WORDS},
    [EVIDENCE_OPENED] = {0, WORDS},
    [EVIDENCE_COPIED] = {COPY_MADE, WORDS},
    [EVIDENCE_REDACTED] = {COPY_MADE, WORDS},
    [EVIDENCE_HANDED_OVER] = {BIT(PARTY), BIT(NOTE)},
    [EVIDENCE_EXPORTED] = {0, WORDS},
    [EVIDENCE_STAMPED] = {BIT(STAMPED_ENTRY) | BIT(BLIND) | BIT(LEAF) | BIT(LEAVES) | BIT(PROOF) | BIT(ROOT), 0},
    [EVIDENCE_VERIFIED] = {BIT(SHA256), WORDS},
    [EVIDENCE_ERASED] = {0, WORDS},
};

void
evidence_set(struct evidence_entry *entry, enum evidence_field field, const void *bytes, size_t size)
{
	entry->fields[field] = (struct cairn_span){bytes, size};
}

void
evidence_set_text(struct evidence_entry *entry, enum evidence_field field, const char *text)
{
	if (text != NULL && text[0] != '\0')
		evidence_set(entry, field, text, strlen(text));
}

bool
evidence_has(const struct evidence_entry *entry, enum evidence_field field)
{
	return entry->fields[field].text != NULL;
}

const uint8_t *
evidence_get(const struct evidence_entry *entry, enum evidence_field field)
{
	return (const uint8_t *)entry->fields[field].text;
}

/* Is everything there that its action wants, nothing else, and in its sizes? */
static int
check_fields(const struct evidence_entry *e)
{
	uint32_t have = 0;

	if (e->action < EVIDENCE_RECEIVED || e->action > EVIDENCE_ERASED || e->prev_count > EVIDENCE_PREVS_MAX)
		return CAIRN_ERR_FORMAT;
	for (unsigned f = 1; f < EVIDENCE_FIELDS_END; f++) {
		struct cairn_span v = e->fields[f];

		if (v.text == NULL)
			continue;
		have |= UINT32_C(1) << f;
		if (v.size < shapes[f].least || v.size > shapes[f].most)
			return CAIRN_ERR_FORMAT;
		if (shapes[f].text &&
		    (!text_is_utf8((const uint8_t *)v.text, v.size) || memchr(v.text, 0, v.size) != NULL))
			return CAIRN_ERR_FORMAT;
	}
	if ((have & rules[e->action].must) != rules[e->action].must ||
	    (have & ~(rules[e->action].must | rules[e->action].may)) != 0)
		return CAIRN_ERR_FORMAT;
	if (evidence_has(e, EVIDENCE_FIELD_PROOF) && e->fields[EVIDENCE_FIELD_PROOF].size % 32 != 0)
		return CAIRN_ERR_FORMAT;
	/* The first entry, and no other, says where the item comes from. */
	return (e->prev_count == 0) == (e->action == EVIDENCE_RECEIVED || e->action == EVIDENCE_DERIVED)
	    ? CAIRN_OK
	    : CAIRN_ERR_FORMAT;
}

static bool
prevs_ascend(const struct evidence_entry *e)
{
	for (size_t i = 1; i < e->prev_count; i++)
		if (memcmp(e->prevs[i - 1], e->prevs[i], EVIDENCE_HASH_BYTES) >= 0)
			return false;
	return true;
}

static void
read_fields(struct reader *r, struct evidence_entry *e, uint8_t count)
{
	uint8_t last = 0;

	for (uint8_t i = 0; i < count && !r->failed; i++) {
		uint8_t type;
		uint16_t size;
		const uint8_t *value;

		take_u8(r, &type);
		take_u16(r, &size);
		value = take_view(r, size);
		if (value == NULL || type <= last || type >= EVIDENCE_FIELDS_END) {
			r->failed = true;
			return;
		}
		last = type;
		evidence_set(e, (enum evidence_field)type, value, size);
	}
}

int
evidence_entry_read(struct evidence_entry *e, const void *bytes, size_t size)
{
	uint8_t version, action, prevs, fields;
	struct reader r;
	int err;

	memset(e, 0, sizeof(*e));
	if (size > EVIDENCE_ENTRY_MAX)
		return CAIRN_ERR_FORMAT;
	reader_init(&r, bytes, size);
	take_u8(&r, &version);
	take_u8(&r, &action);
	take_u8(&r, &prevs);
	take_u8(&r, &fields);
	take_bytes(&r, e->item, sizeof(e->item));
	take_u64(&r, &e->at);
	take_bytes(&r, e->device, sizeof(e->device));
	take_bytes(&r, e->sign_key, sizeof(e->sign_key));
	e->action = (enum evidence_action)action;
	e->prev_count = prevs;
	r.failed = r.failed || version != VERSION || prevs > EVIDENCE_PREVS_MAX;
	if (!r.failed)
		take_bytes(&r, e->prevs, prevs * sizeof(e->prevs[0]));
	read_fields(&r, e, fields);
	(void)take_view(&r, SIGNATURE_BYTES);
	err = reader_end(&r);
	if (err == CAIRN_OK)
		err = prevs_ascend(e) ? check_fields(e) : CAIRN_ERR_FORMAT;
	if (err != CAIRN_OK)
		memset(e, 0, sizeof(*e));
	return err;
}

static int
by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, EVIDENCE_HASH_BYTES);
}

static uint8_t
count_fields(const struct evidence_entry *e)
{
	uint8_t n = 0;

	for (unsigned f = 1; f < EVIDENCE_FIELDS_END; f++)
		n = (uint8_t)(n + (e->fields[f].text != NULL));
	return n;
}

static void
write_entry(struct writer *w, const struct evidence_entry *e)
{
	write_u8(w, VERSION);
	write_u8(w, (uint8_t)e->action);
	write_u8(w, (uint8_t)e->prev_count);
	write_u8(w, count_fields(e));
	write_bytes(w, e->item, sizeof(e->item));
	write_u64(w, e->at);
	write_bytes(w, e->device, sizeof(e->device));
	write_bytes(w, e->sign_key, sizeof(e->sign_key));
	write_bytes(w, e->prevs, e->prev_count * sizeof(e->prevs[0]));
	for (unsigned f = 1; f < EVIDENCE_FIELDS_END; f++) {
		if (e->fields[f].text == NULL)
			continue;
		write_u8(w, (uint8_t)f);
		write_u16(w, (uint16_t)e->fields[f].size);
		write_bytes(w, e->fields[f].text, e->fields[f].size);
	}
}

/* What is signed is the label, the desk, and everything in front of the signature. */
static size_t
signed_text(uint8_t out[sizeof(label) + CAIRN_HASH_BYTES + EVIDENCE_ENTRY_MAX], const uint8_t *desk_id,
    const void *bytes, size_t size)
{
	struct writer w;

	writer_init(&w, out, sizeof(label) + CAIRN_HASH_BYTES + EVIDENCE_ENTRY_MAX);
	write_text(&w, label);
	write_bytes(&w, desk_id, CAIRN_HASH_BYTES);
	write_bytes(&w, bytes, size);
	return w.used;
}

int
evidence_entry_write(uint8_t *out, size_t room, size_t *ret_bytes, struct evidence_entry *e,
    const uint8_t desk_id[CAIRN_HASH_BYTES], const uint8_t secret[64])
{
	uint8_t text[sizeof(label) + CAIRN_HASH_BYTES + EVIDENCE_ENTRY_MAX], signature[SIGNATURE_BYTES];
	struct writer w;
	int err;

	memcpy(e->sign_key, secret + 32, 32);
	qsort(e->prevs, e->prev_count, sizeof(e->prevs[0]), by_bytes);
	err = prevs_ascend(e) ? check_fields(e) : CAIRN_ERR_FORMAT;
	if (err != CAIRN_OK)
		return err;
	writer_init(&w, out, room > EVIDENCE_ENTRY_MAX ? EVIDENCE_ENTRY_MAX : room);
	write_entry(&w, e);
	if (w.failed)
		return CAIRN_ERR_SPACE;
	(void)crypto_sign_detached(signature, NULL, text, signed_text(text, desk_id, out, w.used), secret);
	write_bytes(&w, signature, sizeof(signature));
	return writer_end(&w, ret_bytes);
}

int
evidence_entry_check(
    const void *bytes, size_t size, const struct evidence_entry *e, const uint8_t desk_id[CAIRN_HASH_BYTES])
{
	uint8_t text[sizeof(label) + CAIRN_HASH_BYTES + EVIDENCE_ENTRY_MAX];
	size_t body = size - SIGNATURE_BYTES;

	if (size < HEAD_BYTES + SIGNATURE_BYTES || size > EVIDENCE_ENTRY_MAX)
		return CAIRN_ERR_CRYPTO;
	return crypto_sign_verify_detached(
		   (const uint8_t *)bytes + body, text, signed_text(text, desk_id, bytes, body), e->sign_key) == 0
	    ? CAIRN_OK
	    : CAIRN_ERR_CRYPTO;
}

const char *
evidence_action_word(enum evidence_action action)
{
	static const char *const words[] = {
#define WORD(name, number, word) [number] = word,
	    EVIDENCE_ACTIONS(WORD)
#undef WORD
	};

	return action >= EVIDENCE_RECEIVED && action <= EVIDENCE_ERASED ? words[action] : "unknown";
}
