// SPDX-License-Identifier: GPL-3.0-or-later
#include "exports.h"

#include <string.h>

#include <sodium.h>

#include "cairn/cairn.h"

#define WARM_UP_BYTES (1024U * 1024U)
#define EXPORT(name) __attribute__((export_name(#name))) name

/*
 * One page, one person: everything lives in this one place, so that web_forget() can wipe it. There are
 * no guard pages and no locked memory in WASM; what a browser swaps out is out of our hands.
 */
static struct {
	uint8_t io[WEB_IO_BYTES];
	struct cairn_client client;
	struct cairn_passphrase pass;
	struct cairn_conversation conv;
	struct cairn_session session;
	struct cairn_letter letters[CAIRN_SEND_CELLS_MAX];
	struct cairn_tlv_writer writers[CAIRN_SEND_CELLS_MAX];
	size_t bad_word;
	struct cairn_records records;
	struct cairn_record record;
	struct cairn_look look;
	struct cairn_send send;
	struct cairn_attach attach;
} web;

/* ---- beginning and end ---- */

/*
 * Browsers compile well only what has run for a while. So the slow step runs here once with a 64th of its memory,
 * while the person reads the first screen, and takes little more than half the time when it counts.
 */
static int
warm_up(void)
{
	static const uint8_t salt[crypto_pwhash_argon2id_SALTBYTES];
	uint8_t out[32];

	return crypto_pwhash_argon2id(out, sizeof out, "", 0, salt, 3, WARM_UP_BYTES,
		   crypto_pwhash_argon2id_ALG_ARGON2ID13) == 0
	    ? CAIRN_OK
	    : CAIRN_ERR_NOMEM;
}

int
EXPORT(web_begin)(void)
{
	return sodium_init() < 0 ? CAIRN_ERR_STATE : warm_up();
}

void
EXPORT(web_forget)(void)
{
	sodium_memzero(&web, sizeof web);
}

uint8_t *
EXPORT(web_io)(void)
{
	return web.io;
}

size_t
EXPORT(web_io_bytes)(void)
{
	return sizeof web.io;
}

int
EXPORT(web_client)(size_t bytes, uint32_t hour, int confirmed)
{
	struct cairn_client *c = &web.client;

	if (bytes != sizeof c->desk_id && bytes != sizeof c->desk_id + sizeof c->identity_key)
		return CAIRN_ERR_FORMAT;
	memset(c, 0, sizeof *c);
	memcpy(c->desk_id, web.io, sizeof c->desk_id);
	c->has_identity = bytes > sizeof c->desk_id;
	if (c->has_identity)
		memcpy(c->identity_key, web.io + sizeof c->desk_id, sizeof c->identity_key);
	c->hour = hour;
	c->hour_confirmed = confirmed != 0;
	return CAIRN_OK;
}

/* ---- words ---- */

/* NULL for digits, and for the number behind the last list. */
static const struct cairn_wordlist *
list_at(unsigned list)
{
	for (unsigned i = 0; cairn_wordlists[i] != NULL; i++)
		if (i == list)
			return cairn_wordlists[i];
	return NULL;
}

static int
write_words(void)
{
	int err = cairn_passphrase_write((char *)web.io, sizeof web.io, &web.pass);

	return err != CAIRN_OK ? err : (int)strlen((const char *)web.io);
}

int
EXPORT(web_words_new)(unsigned list)
{
	uint8_t entropy[32];

	randombytes_buf(entropy, sizeof entropy);
	cairn_passphrase_new(&web.pass, list_at(list), entropy);
	sodium_memzero(entropy, sizeof entropy);
	return write_words();
}

/* What was typed, and behind it the same in NFKC and lower case. */
static int
read_words(struct cairn_passphrase *pass, size_t typed, size_t folded)
{
	struct cairn_span first = {(const char *)web.io, typed};
	struct cairn_span second = {(const char *)web.io + typed, folded};

	if (typed > sizeof web.io || folded > sizeof web.io - typed)
		return CAIRN_ERR_RANGE;
	return cairn_passphrase_read(pass, first, second, &web.bad_word);
}

int
EXPORT(web_words_read)(size_t typed, size_t folded)
{
	return read_words(&web.pass, typed, folded);
}

unsigned
EXPORT(web_words_bad)(void)
{
	return (unsigned)web.bad_word;
}

int
EXPORT(web_words_open)(void)
{
	uint8_t root[CAIRN_KEY_BYTES];
	int err = cairn_passphrase_root(root, &web.pass, web.client.desk_id);

	cairn_passphrase_clear(&web.pass);
	if (err == CAIRN_OK) {
		sodium_memzero(&web.session, sizeof web.session);
		cairn_conversation_init(&web.conv, root);
	}
	sodium_memzero(root, sizeof root);
	return err;
}

/* ---- letters ---- */

int
EXPORT(web_letter_begin)(unsigned i)
{
	struct cairn_letter *letter = &web.letters[i];

	if (i >= CAIRN_SEND_CELLS_MAX)
		return CAIRN_ERR_RANGE;
	randombytes_buf(letter->msgid, sizeof letter->msgid);
	cairn_tlv_begin(&web.writers[i], letter->records, sizeof letter->records);
	letter->bytes = 0;
	return CAIRN_OK;
}

/* What was put counts only when it fitted: a letter is never left half written. */
static int
put_done(unsigned i, struct cairn_tlv_writer before)
{
	int err = web.writers[i].err;

	if (err != CAIRN_OK)
		web.writers[i] = before;
	web.letters[i].bytes = web.writers[i].used;
	return err;
}

int
EXPORT(web_letter_put)(unsigned i, unsigned type, size_t bytes)
{
	struct cairn_tlv_writer before;

	if (i >= CAIRN_SEND_CELLS_MAX || type > UINT16_MAX || bytes > sizeof web.io)
		return CAIRN_ERR_RANGE;
	before = web.writers[i];
	cairn_tlv_put(&web.writers[i], (uint16_t)type, web.io, bytes);
	return put_done(i, before);
}

int
EXPORT(web_letter_put_manifest)(unsigned i)
{
	uint8_t value[203];
	size_t bytes;
	struct cairn_tlv_writer before;
	int err = cairn_manifest_write(value, &bytes, &web.attach.manifest);

	if (i >= CAIRN_SEND_CELLS_MAX)
		return CAIRN_ERR_RANGE;
	before = web.writers[i];
	if (err == CAIRN_OK) {
		cairn_tlv_put(&web.writers[i], CAIRN_TLV_file, value, bytes);
		err = put_done(i, before);
	}
	sodium_memzero(value, sizeof value);
	return err;
}

int
EXPORT(web_letter_put_second)(unsigned i, size_t typed, size_t folded)
{
	struct cairn_conversation second;
	struct cairn_passphrase pass;
	uint8_t root[CAIRN_KEY_BYTES];
	int err = read_words(&pass, typed, folded);

	if (err != CAIRN_OK)
		return err;
	err = cairn_passphrase_root(root, &pass, web.client.desk_id);
	cairn_passphrase_clear(&pass);
	if (err == CAIRN_OK) {
		cairn_conversation_init(&second, root);
		cairn_hello_block(web.io, &second, web.client.hour / 24);
		cairn_conversation_clear(&second);
		err = web_letter_put(i, CAIRN_TLV_second, CAIRN_HELLO_BLOCK_BYTES);
		sodium_memzero(web.io, CAIRN_HELLO_BLOCK_BYTES);
	}
	sodium_memzero(root, sizeof root);
	return err;
}

/* Room for text in a letter: what stays beside hello, msgid, and the heads of records. */
static size_t
text_room(unsigned i)
{
	const size_t taken = (4 + CAIRN_HELLO_BLOCK_BYTES + CAIRN_MAC_BYTES) + (4 + CAIRN_MSGID_BYTES) +
	    (4 + CAIRN_TEXT_HEAD_BYTES) + 2;
	size_t used = web.letters[i].bytes + taken;

	return used >= CAIRN_DROP_PLAIN_BYTES ? 0 : CAIRN_DROP_PLAIN_BYTES - used;
}

/* How the text is cut: the size of the part that goes into letter i, from byte at on. */
static size_t
part_bytes(unsigned i, size_t at, size_t bytes)
{
	size_t room = text_room(i);

	return room == 0 ? 0 : cairn_text_piece((const char *)web.io + at, bytes - at, room);
}

int
EXPORT(web_letter_text)(size_t bytes)
{
	uint8_t group[8];
	unsigned parts = 0;
	unsigned i = 0;

	if (bytes == 0 || bytes > sizeof web.io)
		return CAIRN_ERR_RANGE;
	for (size_t at = 0; at < bytes; parts++) {
		if (parts == CAIRN_SEND_CELLS_MAX || (parts > 0 && web_letter_begin(parts) != CAIRN_OK))
			return CAIRN_ERR_SPACE;
		at += part_bytes(parts, at, bytes);
	}
	randombytes_buf(group, sizeof group);
	for (size_t at = 0; i < parts; i++) {
		size_t piece = part_bytes(i, at, bytes);
		struct cairn_tlv_writer before = web.writers[i];
		int err;

		cairn_tlv_put_text(&web.writers[i], group, (uint8_t)i, (uint8_t)parts,
		    (const char *)web.io + at, piece);
		if ((err = put_done(i, before)) != CAIRN_OK)
			return err;
		at += piece;
	}
	return (int)parts;
}

/* ---- machines ---- */

void
EXPORT(web_look)(int has_named, uint32_t named, int all)
{
	cairn_look_init(&web.look, &web.client, &web.conv, &web.session, has_named ? &named : NULL, all != 0);
}

void
EXPORT(web_send)(unsigned door, size_t count)
{
	uint8_t entropy[32];

	randombytes_buf(entropy, sizeof entropy);
	cairn_send_init(&web.send, &web.client, &web.session.memory, (enum cairn_door)door, &web.conv,
	    web.letters, count, NULL, entropy);
	sodium_memzero(entropy, sizeof entropy);
}

void
EXPORT(web_send_unnamed)(size_t count)
{
	uint8_t entropy[32];

	randombytes_buf(entropy, sizeof entropy);
	cairn_send_init(&web.send, &web.client, &web.session.memory, CAIRN_DOOR_CAMPAIGN, NULL, web.letters, count,
	    NULL, entropy);
	sodium_memzero(entropy, sizeof entropy);
}

/* ---- petitions ---- */

static int
give_mark(size_t bytes, size_t at)
{
	struct cairn_span petition = {(const char *)web.io + CAIRN_CODE_BYTES, bytes};
	uint8_t mark[CAIRN_MARK_BYTES];
	int err = cairn_petition_mark(mark, petition, web.io);

	if (err != CAIRN_OK)
		return err;
	memcpy(web.io + at, mark, sizeof mark);
	return (int)(at + sizeof mark);
}

int
EXPORT(web_code_new)(size_t bytes)
{
	if (bytes > CAIRN_SLUG_MAX)
		return CAIRN_ERR_RANGE;
	memmove(web.io + CAIRN_CODE_BYTES, web.io, bytes);
	randombytes_buf(web.io, CAIRN_CODE_BYTES);
	return give_mark(bytes, CAIRN_CODE_BYTES);
}

int
EXPORT(web_mark)(size_t bytes)
{
	if (bytes < CAIRN_CODE_BYTES || bytes > CAIRN_CODE_BYTES + CAIRN_SLUG_MAX)
		return CAIRN_ERR_RANGE;
	return give_mark(bytes - CAIRN_CODE_BYTES, 0);
}

/* ---- comments ---- */

#define VERIFIER_CHARS 43U /* 32 bytes in base64url */

/* Of what stands in io, part by part. */
static int
comment_hash(uint8_t hash[CAIRN_HASH_BYTES], const uint8_t *blind, size_t entry, size_t name, size_t words)
{
	const char *at = (const char *)web.io;

	if (entry > CAIRN_SLUG_MAX || name > sizeof web.io / 4 || words > sizeof web.io / 2)
		return CAIRN_ERR_RANGE;
	cairn_comment_hash(hash, blind, (struct cairn_span){at, entry}, (struct cairn_span){at + entry, name},
	    (struct cairn_span){at + entry + name, words});
	return CAIRN_OK;
}

int
EXPORT(web_comment)(size_t entry, size_t name, size_t words)
{
	uint8_t hash[CAIRN_HASH_BYTES];
	int err = comment_hash(hash, NULL, entry, name, words);

	if (err != CAIRN_OK)
		return err;
	memcpy(web.io, hash, sizeof hash);
	return (int)sizeof hash;
}

static uint8_t *
put_base64url(uint8_t *at, const uint8_t bytes[32])
{
	char text[VERIFIER_CHARS + 1];

	sodium_bin2base64(text, sizeof text, bytes, 32, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	memcpy(at, text, VERIFIER_CHARS);
	sodium_memzero(text, sizeof text);
	return at + VERIFIER_CHARS;
}

int
EXPORT(web_openid_new)(size_t entry, size_t name, size_t words)
{
	uint8_t blind[CAIRN_BLIND_BYTES], secret[32], hash[32], *at = web.io, *verifier;
	int err;

	randombytes_buf(blind, sizeof blind);
	if ((err = comment_hash(hash, blind, entry, name, words)) != CAIRN_OK)
		return err;
	memcpy(at, blind, sizeof blind);
	memcpy(at += sizeof blind, hash, sizeof hash);
	randombytes_buf(at += sizeof hash, 16);
	randombytes_buf(secret, sizeof secret);
	verifier = at + 16;
	at = put_base64url(verifier, secret);
	crypto_hash_sha256(hash, verifier, VERIFIER_CHARS);
	at = put_base64url(at, hash);
	sodium_memzero(secret, sizeof secret);
	sodium_memzero(blind, sizeof blind);
	return (int)(at - web.io);
}

/* ---- files and machines ---- */

int
EXPORT(web_attach)(unsigned door, uint32_t size, size_t type_bytes)
{
	struct cairn_span type = {(const char *)web.io, type_bytes};
	uint8_t entropy[32];
	int err;

	if (type_bytes > sizeof web.io)
		return CAIRN_ERR_RANGE;
	randombytes_buf(entropy, sizeof entropy);
	err = cairn_attach_init(&web.attach, (enum cairn_door)door, size, type, entropy);
	sodium_memzero(entropy, sizeof entropy);
	return err;
}

static const struct cairn_request *
request_of(unsigned machine)
{
	switch (machine) {
	case WEB_LOOK:
		return &web.look.request;
	case WEB_SEND:
		return &web.send.request;
	default:
		return &web.attach.request;
	}
}

int
EXPORT(web_next)(unsigned machine)
{
	switch (machine) {
	case WEB_LOOK:
		return (int)cairn_look_next(&web.look);
	case WEB_SEND:
		return (int)cairn_send_next(&web.send);
	default:
		return (int)cairn_attach_next(&web.attach);
	}
}

void
EXPORT(web_answer)(unsigned machine, int status, size_t bytes)
{
	/* An answer that is too long is none. */
	if (bytes > sizeof web.io || bytes > request_of(machine)->answer_max)
		status = CAIRN_NO_ANSWER;
	if (machine == WEB_LOOK)
		cairn_look_answer(&web.look, status, web.io, bytes);
	else if (machine == WEB_SEND)
		cairn_send_answer(&web.send, status, web.io, bytes);
	else
		cairn_attach_answer(&web.attach, status, web.io, bytes);
}

int
EXPORT(web_err)(unsigned machine)
{
	switch (machine) {
	case WEB_LOOK:
		return web.look.err;
	case WEB_SEND:
		return web.send.err;
	default:
		return web.attach.err;
	}
}

uint32_t
EXPORT(web_pause_ms)(unsigned machine)
{
	return machine == WEB_SEND ? web.send.pause_ms : web.attach.pause_ms;
}

static int
give(const char *text)
{
	size_t size = strlen(text);

	memcpy(web.io, text, size);
	return (int)size;
}

int
EXPORT(web_request_method)(unsigned machine)
{
	return give(request_of(machine)->method);
}

int
EXPORT(web_request_path)(unsigned machine)
{
	return give(request_of(machine)->path);
}

int
EXPORT(web_request_work)(unsigned machine)
{
	return give(request_of(machine)->work);
}

const uint8_t *
EXPORT(web_request_body)(unsigned machine)
{
	return request_of(machine)->body;
}

size_t
EXPORT(web_request_body_bytes)(unsigned machine)
{
	return request_of(machine)->body_bytes;
}

size_t
EXPORT(web_request_answer_max)(unsigned machine)
{
	return request_of(machine)->answer_max;
}

/* ---- files ---- */

uint8_t *
EXPORT(web_piece)(void)
{
	return web.attach.piece;
}

uint32_t
EXPORT(web_piece_at)(void)
{
	return (uint32_t)web.attach.offset;
}

size_t
EXPORT(web_piece_bytes)(void)
{
	return web.attach.want;
}

void
EXPORT(web_piece_read)(size_t got)
{
	cairn_attach_read(&web.attach, got);
}

void
EXPORT(web_attach_resume)(void)
{
	cairn_attach_resume(&web.attach);
}

uint32_t
EXPORT(web_attach_sent)(void)
{
	return web.attach.sent;
}

uint32_t
EXPORT(web_attach_count)(void)
{
	return web.attach.manifest.count;
}

/* ---- what came ---- */

size_t
EXPORT(web_found)(void)
{
	return web.look.found_count;
}

int
EXPORT(web_found_more)(void)
{
	return web.look.more;
}

uint32_t
EXPORT(web_found_hour)(size_t i)
{
	return i < web.look.found_count ? web.look.found[i].hour : 0;
}

int
EXPORT(web_found_open)(size_t i)
{
	if (i >= web.look.found_count)
		return CAIRN_ERR_RANGE;
	web.records = (struct cairn_records){web.look.found[i].plain, CAIRN_REPLY_PLAIN_BYTES};
	return CAIRN_OK;
}

int
EXPORT(web_record_next)(void)
{
	if (!cairn_tlv_next(&web.records, &web.record))
		return 0;
	if (web.record.bytes > 0)
		memcpy(web.io, web.record.value, web.record.bytes);
	return web.record.type;
}

size_t
EXPORT(web_record_bytes)(void)
{
	return web.record.bytes;
}

size_t
EXPORT(web_sent)(void)
{
	return web.send.sent;
}

/* ---- the desk ---- */

static const struct cairn_opening *
opening_of(unsigned machine)
{
	return machine == WEB_SEND ? &web.send.opening : &web.look.opening;
}

static int
give_span(struct cairn_span span)
{
	if (span.size > sizeof web.io)
		return CAIRN_ERR_SPACE;
	if (span.size > 0)
		memcpy(web.io, span.text, span.size);
	return (int)span.size;
}

uint32_t
EXPORT(web_board_hour)(unsigned machine)
{
	return opening_of(machine)->checkpoint.hour;
}

int
EXPORT(web_card_name)(unsigned machine)
{
	return give_span(opening_of(machine)->card.name);
}

int
EXPORT(web_card_never_asks)(unsigned machine, unsigned i)
{
	struct cairn_span value;
	size_t at = 0;

	while (cairn_card_next(&opening_of(machine)->card, "never-asks", &at, &value))
		if (i-- == 0)
			return give_span(value);
	return CAIRN_ERR_UNKNOWN;
}
