// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain/seal.h"

#include <string.h>

#include <sodium.h>

#include "base/reader.h"
#include "base/writer.h"

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define MAC crypto_aead_xchacha20poly1305_ietf_ABYTES
#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define LABEL "cairn/1 plain"
#define LABEL_BYTES (sizeof(LABEL) - 1)
#define PASS_MAX sizeof(((struct cairn_passphrase *)NULL)->input)

/* Of the plaintext. The first holds all but what was typed. */
static const size_t sizes[] = {2304, 6400, SEAL_PLAIN_MAX};

enum { FRESH = 1,
	OPEN = 2,
	CONFIRMED = 4,
	HAS_CARD = 8,
	HAS_CHECKPOINT = 16,
	HAS_LOOKED = 32,
	HAS_ZONE = 64,
	HAS_WINDOW = 128 };

static unsigned
flags_of(const struct state *s)
{
	const struct cairn_memory *m = &s->session.memory;

	return (s->fresh ? FRESH : 0U) | (s->open ? OPEN : 0U) | (s->confirmed ? CONFIRMED : 0U) |
	    (s->has_zone ? HAS_ZONE : 0U) | (s->more.has_window ? HAS_WINDOW : 0U) |
	    (m->has_card ? HAS_CARD : 0U) | (m->has_looked ? HAS_LOOKED : 0U) |
	    (m->has_checkpoint && m->note_bytes <= STATE_NOTE_MAX ? HAS_CHECKPOINT : 0U);
}

/* ---- the session: the newest of each, so that the size is bounded ---- */

static void
write_seen(struct writer *w, const struct cairn_seen *seen)
{
	write_u64(w, seen->size);
	write_bytes(w, seen->root, sizeof(seen->root));
	write_u32(w, seen->hour);
}

static void
take_seen(struct reader *r, struct cairn_seen *seen)
{
	take_u64(r, &seen->size);
	take_bytes(r, seen->root, sizeof(seen->root));
	take_u32(r, &seen->hour);
}

static void
write_session(struct writer *w, const struct cairn_session *s, unsigned flags)
{
	size_t fetched = s->fetched_count < STATE_FETCHED ? s->fetched_count : STATE_FETCHED;
	size_t known = s->msgid_count < CAIRN_SESSION_MSGIDS_MAX ? s->msgid_count : CAIRN_SESSION_MSGIDS_MAX;
	size_t msgids = known < STATE_MSGIDS ? known : STATE_MSGIDS;
	const struct cairn_memory *m = &s->memory;
	size_t note = flags & HAS_CHECKPOINT ? m->note_bytes : 0;

	write_bytes(w, m->identity_key, sizeof(m->identity_key));
	write_u64(w, m->card.serial);
	write_bytes(w, m->card.text_hash, sizeof(m->card.text_hash));
	write_seen(w, &m->checkpoint);
	write_seen(w, &m->looked);
	write_u16(w, (uint16_t)note);
	write_bytes(w, m->note, note);
	write_u16(w, (uint16_t)fetched);
	for (size_t i = 0; i < fetched; i++)
		write_u64(w, s->fetched[s->fetched_count - fetched + i]);
	write_u16(w, (uint16_t)msgids);
	for (size_t i = 0; i < msgids; i++)
		write_bytes(w, s->msgids[(s->msgid_count - msgids + i) % CAIRN_SESSION_MSGIDS_MAX],
		    CAIRN_MSGID_BYTES);
}

/* A count that the room holds; else the reader fails. */
static size_t
take_count(struct reader *r, size_t most)
{
	uint16_t n;

	take_u16(r, &n);
	if (n <= most)
		return n;
	r->failed = true;
	return 0;
}

static void
take_session(struct reader *r, struct cairn_session *s)
{
	struct cairn_memory *m = &s->memory;

	take_bytes(r, m->identity_key, sizeof(m->identity_key));
	take_u64(r, &m->card.serial);
	take_bytes(r, m->card.text_hash, sizeof(m->card.text_hash));
	take_seen(r, &m->checkpoint);
	take_seen(r, &m->looked);
	m->note_bytes = take_count(r, STATE_NOTE_MAX);
	take_bytes(r, m->note, m->note_bytes);
	s->fetched_count = take_count(r, STATE_FETCHED);
	for (size_t i = 0; i < s->fetched_count; i++)
		take_u64(r, &s->fetched[i]);
	s->msgid_count = take_count(r, STATE_MSGIDS);
	for (size_t i = 0; i < s->msgid_count; i++)
		take_bytes(r, s->msgids[i], CAIRN_MSGID_BYTES);
}

/* ---- the whole ---- */

static void
write_span(struct writer *w, struct cairn_span span)
{
	write_u16(w, (uint16_t)span.size);
	write_bytes(w, span.text, span.size);
}

static struct cairn_span
take_span(struct reader *r, struct state *s, size_t most)
{
	size_t bytes = take_count(r, most);
	const uint8_t *view = take_view(r, bytes);

	return state_keep(s, (struct cairn_span){(const char *)view, view == NULL ? 0 : bytes}, most);
}

static void
write_more(struct writer *w, const struct state_more *m)
{
	write_u16(w, m->from);
	write_u16(w, m->to);
	write_u32(w, m->check_in);
	write_u8(w, (uint8_t)m->second.bytes);
	write_bytes(w, m->second.input, sizeof(m->second.input));
	write_span(w, m->all_clear);
	for (size_t i = 0; i < STATE_STATEMENTS; i++)
		write_span(w, m->statements[i]);
}

static void
take_pass(struct reader *r, struct cairn_passphrase *pass)
{
	uint8_t bytes;

	take_u8(r, &bytes);
	take_bytes(r, pass->input, sizeof(pass->input));
	pass->bytes = bytes <= PASS_MAX ? bytes : 0;
}

static void
take_more(struct reader *r, struct state *s)
{
	struct state_more *m = &s->more;

	take_u16(r, &m->from);
	take_u16(r, &m->to);
	take_u32(r, &m->check_in);
	take_pass(r, &m->second);
	m->all_clear = take_span(r, s, STATE_ALL_CLEAR_MAX);
	for (size_t i = 0; i < STATE_STATEMENTS; i++)
		m->statements[i] = take_span(r, s, STATE_STATEMENT_MAX);
}

static void
write_state(struct writer *w, const struct state *s, uint64_t now)
{
	unsigned flags = flags_of(s);

	write_u64(w, now);
	write_u8(w, (uint8_t)flags);
	write_u8(w, s->language);
	write_u32(w, (uint32_t)s->shift);
	write_u16(w, (uint16_t)s->zone);
	write_u32(w, s->board_hour);
	write_u32(w, s->since);
	write_u8(w, (uint8_t)s->pass.bytes);
	write_bytes(w, s->pass.input, sizeof(s->pass.input));
	write_bytes(w, s->root, sizeof(s->root));
	write_bytes(w, s->seed, sizeof(s->seed));
	write_u8(w, s->answer_language);
	write_u8(w, s->urgency);
	write_u16(w, s->needs);
	write_session(w, &s->session, flags);
	write_span(w, s->text);
	for (size_t i = 0; i < STATE_QUESTIONS; i++) {
		write_u16(w, s->questions[i].id);
		write_span(w, s->questions[i].question);
		write_span(w, s->questions[i].answer);
	}
	write_more(w, &s->more);
}

static void
take_flags(struct reader *r, struct state *s)
{
	uint8_t flags;

	take_u8(r, &flags);
	s->fresh = flags & FRESH;
	s->open = flags & OPEN;
	s->confirmed = flags & CONFIRMED;
	s->has_zone = flags & HAS_ZONE;
	s->more.has_window = flags & HAS_WINDOW;
	s->session.memory.has_card = flags & HAS_CARD;
	s->session.memory.has_checkpoint = flags & HAS_CHECKPOINT;
	s->session.memory.has_looked = flags & HAS_LOOKED;
}

static void
take_person(struct reader *r, struct state *s)
{
	uint32_t shift;
	uint16_t zone;

	take_u8(r, &s->language);
	take_u32(r, &shift);
	s->shift = (int32_t)shift;
	take_u16(r, &zone);
	s->zone = (int16_t)zone;
	take_u32(r, &s->board_hour);
	take_u32(r, &s->since);
	take_pass(r, &s->pass);
	take_bytes(r, s->root, sizeof(s->root));
	take_bytes(r, s->seed, sizeof(s->seed));
	take_u8(r, &s->answer_language);
	take_u8(r, &s->urgency);
	take_u16(r, &s->needs);
}

/* Behind it stand zeros. */
static int
take_state(struct state *s, const uint8_t *plain, size_t bytes, uint64_t now)
{
	struct reader r;
	uint64_t made;

	reader_init(&r, plain, bytes);
	take_u64(&r, &made);
	if (made > now || now - made >= SEAL_LIFE_S)
		return CAIRN_ERR_STALE;
	take_flags(&r, s);
	take_person(&r, s);
	take_session(&r, &s->session);
	s->text = take_span(&r, s, STATE_TEXT_MAX);
	for (size_t i = 0; i < STATE_QUESTIONS; i++) {
		take_u16(&r, &s->questions[i].id);
		s->questions[i].question = take_span(&r, s, STATE_QUESTION_MAX);
		s->questions[i].answer = take_span(&r, s, STATE_QUESTION_MAX);
	}
	take_more(&r, s);
	return r.failed ? CAIRN_ERR_CRYPTO : CAIRN_OK;
}

static void
label(uint8_t out[LABEL_BYTES + CAIRN_HASH_BYTES], const uint8_t desk_id[CAIRN_HASH_BYTES])
{
	memcpy(out, LABEL, LABEL_BYTES);
	memcpy(out + LABEL_BYTES, desk_id, CAIRN_HASH_BYTES);
}

int
seal_state(char out[SEAL_TEXT_MAX], const struct state *state, const uint8_t key[SEAL_KEY_BYTES],
    const uint8_t desk_id[CAIRN_HASH_BYTES], uint64_t now)
{
	uint8_t box[NONCE + SEAL_PLAIN_MAX + MAC], plain[SEAL_PLAIN_MAX] = {0};
	uint8_t to[LABEL_BYTES + CAIRN_HASH_BYTES];
	struct writer w;
	size_t used, size = 0;

	out[0] = '\0';
	label(to, desk_id);
	writer_init(&w, plain, sizeof(plain));
	write_state(&w, state, now);
	if (writer_end(&w, &used) != CAIRN_OK) {
		sodium_memzero(plain, sizeof(plain));
		return CAIRN_ERR_SPACE;
	}
	while (sizes[size] < used)
		size++;
	randombytes_buf(box, NONCE);
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(box + NONCE, NULL, plain, sizes[size], to, sizeof(to), NULL,
	    box, key);
	sodium_bin2base64(out, SEAL_TEXT_MAX, box, NONCE + sizes[size] + MAC, VARIANT);
	sodium_memzero(plain, sizeof(plain));
	return CAIRN_OK;
}

static bool
size_ok(size_t bytes)
{
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		if (bytes == NONCE + sizes[i] + MAC)
			return true;
	return false;
}

int
seal_open(struct state *state, struct cairn_span text, const uint8_t key[SEAL_KEY_BYTES],
    const uint8_t desk_id[CAIRN_HASH_BYTES], uint64_t now)
{
	uint8_t box[NONCE + SEAL_PLAIN_MAX + MAC], plain[SEAL_PLAIN_MAX];
	uint8_t from[LABEL_BYTES + CAIRN_HASH_BYTES];
	size_t bytes;
	int err = CAIRN_ERR_CRYPTO;

	memset(state, 0, sizeof(*state));
	label(from, desk_id);
	if (sodium_base642bin(box, sizeof(box), text.text, text.size, NULL, &bytes, NULL, VARIANT) == 0 &&
	    size_ok(bytes) &&
	    crypto_aead_xchacha20poly1305_ietf_decrypt(
		plain, NULL, NULL, box + NONCE, bytes - NONCE, from, sizeof(from), box, key) == 0)
		err = take_state(state, plain, bytes - NONCE - MAC, now);
	if (err != CAIRN_OK)
		sodium_memzero(state, sizeof(*state));
	sodium_memzero(plain, sizeof(plain));
	return err;
}
