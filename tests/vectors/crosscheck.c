// SPDX-License-Identifier: GPL-3.0-or-later
#include <err.h>
#include <jansson.h>
#include <sodium.h>

#include "cairn/cairn.h"

/*
 * libcairn's side of tests/vectors/npm/crosscheck.mjs: reads a request a line, {"op": ..., fields in hex},
 * and answers each with a line, {"err": 0, fields in hex}. What fails says so with its err and
 * no field. A request that is no request ends the program.
 */

struct bytes {
	uint8_t *at;
	size_t size;
};

/* One request, its answer, and the memory that both want. */
struct exchange {
	const json_t *in;
	json_t *out;
	uint8_t *pieces[64];
	size_t count;
};

static uint8_t *
room(struct exchange *x, size_t size)
{
	uint8_t *piece = calloc(1, size + 1);

	if (piece == NULL || x->count == 64)
		errx(2, "out of memory");
	x->pieces[x->count++] = piece;
	return piece;
}

static struct bytes
take(struct exchange *x, const char *key)
{
	const json_t *value = json_object_get(x->in, key);
	const size_t length = json_string_length(value);
	struct bytes bytes = {.at = room(x, length / 2)};

	if (!json_is_string(value) || sodium_hex2bin(bytes.at, length / 2 + 1, json_string_value(value), length,
	    NULL, &bytes.size, NULL) != 0 || bytes.size * 2 != length)
		errx(2, "no hex in %s", key);
	return bytes;
}

static const uint8_t *
take_of(struct exchange *x, const char *key, size_t size)
{
	const struct bytes bytes = take(x, key);

	if (bytes.size != size)
		errx(2, "not %zu bytes in %s", size, key);
	return bytes.at;
}

static uint32_t
take_number(struct exchange *x, const char *key)
{
	const json_t *value = json_object_get(x->in, key);

	if (!json_is_integer(value))
		errx(2, "no number in %s", key);
	return (uint32_t)json_integer_value(value);
}

static struct cairn_span
take_text(struct exchange *x, const char *key)
{
	const json_t *value = json_object_get(x->in, key);

	if (!json_is_string(value))
		errx(2, "no text in %s", key);
	return (struct cairn_span){json_string_value(value), json_string_length(value)};
}

static void
give(struct exchange *x, const char *key, const uint8_t *bytes, size_t size)
{
	char *hex = (char *)room(x, 2 * size + 1);

	sodium_bin2hex(hex, 2 * size + 1, bytes, size);
	json_object_set_new(x->out, key, json_string(hex));
}

static int
op_hash(struct exchange *x)
{
	const struct bytes input = take(x, "input");
	uint8_t out[CAIRN_HASH_BYTES];

	cairn_hash(out, input.at, input.size);
	give(x, "out", out, sizeof(out));
	return CAIRN_OK;
}

static int
op_derive(struct exchange *x)
{
	const struct bytes context = take(x, "context");
	uint8_t out[CAIRN_HASH_BYTES];

	cairn_derive(out, take_of(x, "key", CAIRN_KEY_BYTES), take_text(x, "label").text, context.at,
	    context.size);
	give(x, "out", out, sizeof(out));
	return CAIRN_OK;
}

/* Argon2id, 64 MiB. */
static int
op_root(struct exchange *x)
{
	const uint8_t *desk_id = take_of(x, "desk_id", CAIRN_HASH_BYTES);
	struct cairn_passphrase pass;
	uint8_t root[CAIRN_KEY_BYTES];
	int err = cairn_passphrase_digits(&pass, take_text(x, "digits"));

	if (err == CAIRN_OK)
		err = cairn_passphrase_root(root, &pass, desk_id);
	if (err == CAIRN_OK)
		give(x, "root", root, sizeof(root));
	return err;
}

/* Argon2id, 1 MiB. */
static int
op_work(struct exchange *x)
{
	uint8_t digest[32];
	unsigned bits;
	int err = cairn_work_bits(&bits, digest, take_of(x, "body_hash", CAIRN_HASH_BYTES),
	    take_of(x, "challenge", CAIRN_CHALLENGE_BYTES), take_of(x, "nonce", CAIRN_WORK_NONCE_BYTES));

	if (err != CAIRN_OK)
		return err;
	give(x, "digest", digest, sizeof(digest));
	json_object_set_new(x->out, "bits", json_integer(bits));
	return CAIRN_OK;
}

static int
op_xwing_key(struct exchange *x)
{
	struct cairn_xwing_key key;

	cairn_xwing_key_init(&key, take_of(x, "seed", CAIRN_XWING_SEED_BYTES));
	give(x, "public_key", key.public_key, sizeof(key.public_key));
	give(x, "mlkem", key.mlkem, sizeof(key.mlkem));
	give(x, "x25519", key.x25519, sizeof(key.x25519));
	return CAIRN_OK;
}

static int
op_encapsulate(struct exchange *x)
{
	uint8_t enc[CAIRN_XWING_ENC_BYTES], shared[CAIRN_XWING_SHARED_BYTES];
	int err = cairn_xwing_encapsulate(enc, shared, take_of(x, "public_key", CAIRN_XWING_PUBLIC_BYTES),
	    take_of(x, "eseed", CAIRN_XWING_ESEED_BYTES));

	if (err != CAIRN_OK)
		return err;
	give(x, "enc", enc, sizeof(enc));
	give(x, "shared", shared, sizeof(shared));
	return CAIRN_OK;
}

static int
op_decapsulate(struct exchange *x)
{
	struct cairn_xwing_key key;
	uint8_t shared[CAIRN_XWING_SHARED_BYTES];
	int err;

	cairn_xwing_key_init(&key, take_of(x, "seed", CAIRN_XWING_SEED_BYTES));
	err = cairn_xwing_decapsulate(shared, take_of(x, "enc", CAIRN_XWING_ENC_BYTES), &key);
	if (err == CAIRN_OK)
		give(x, "shared", shared, sizeof(shared));
	return err;
}

static int
op_hpke_seal(struct exchange *x)
{
	const struct bytes plain = take(x, "plain"), info = take(x, "info");
	uint8_t enc[CAIRN_XWING_ENC_BYTES];
	uint8_t *ct = room(x, plain.size + CAIRN_HPKE_TAG_BYTES);
	int err = cairn_hpke_seal(enc, ct, plain.at, plain.size, take_of(x, "public_key",
	    CAIRN_XWING_PUBLIC_BYTES), info.at, info.size, take_of(x, "eseed", CAIRN_XWING_ESEED_BYTES));

	if (err != CAIRN_OK)
		return err;
	give(x, "enc", enc, sizeof(enc));
	give(x, "ct", ct, plain.size + CAIRN_HPKE_TAG_BYTES);
	return CAIRN_OK;
}

static int
op_hpke_open(struct exchange *x)
{
	const struct bytes ct = take(x, "ct"), info = take(x, "info");
	uint8_t *plain = room(x, ct.size);
	struct cairn_xwing_key key;
	int err;

	cairn_xwing_key_init(&key, take_of(x, "seed", CAIRN_XWING_SEED_BYTES));
	err = cairn_hpke_open(plain, take_of(x, "enc", CAIRN_XWING_ENC_BYTES), ct.at, ct.size, &key, info.at,
	    info.size);
	if (err == CAIRN_OK)
		give(x, "plain", plain, ct.size - CAIRN_HPKE_TAG_BYTES);
	return err;
}

static int
op_conversation(struct exchange *x)
{
	const uint32_t day = take_number(x, "day");
	struct cairn_conversation conv;
	uint8_t block[CAIRN_HELLO_BLOCK_BYTES], key[CAIRN_KEY_BYTES], tag[CAIRN_TAG_BYTES];

	cairn_conversation_init(&conv, take_of(x, "root", CAIRN_KEY_BYTES));
	cairn_hello_block(block, &conv, day);
	cairn_tag_key(key, conv.root, day / CAIRN_MONTH_DAYS, day);
	cairn_tag(tag, key, (uint8_t)take_number(x, "lane"), (uint16_t)take_number(x, "n"));
	give(x, "id", conv.id, sizeof(conv.id));
	give(x, "block", block, sizeof(block));
	give(x, "tag", tag, sizeof(tag));
	return CAIRN_OK;
}

static struct cairn_drop_header
take_header(struct exchange *x)
{
	return (struct cairn_drop_header){
		.door = take_number(x, "door") == 1 ? CAIRN_DOOR_INTAKE : CAIRN_DOOR_CAMPAIGN,
		.gen = (uint16_t)take_number(x, "gen"),
		.day = take_number(x, "day"),
	};
}

/* A whole cell with hello, msgid and one text. */
static int
op_drop_seal(struct exchange *x)
{
	static const uint8_t group[8] = {1, 2, 3, 4, 5, 6, 7, 8};
	const struct cairn_drop_header header = take_header(x);
	const uint8_t *epoch = take_of(x, "public_key", CAIRN_XWING_PUBLIC_BYTES);
	const struct cairn_span text = take_text(x, "text");
	struct cairn_conversation conv;
	struct cairn_tlv_writer w;
	uint8_t plain[CAIRN_DROP_PLAIN_BYTES], cell[CAIRN_DROP_CELL_BYTES];
	int err;

	cairn_conversation_init(&conv, take_of(x, "root", CAIRN_KEY_BYTES));
	err = cairn_drop_begin(&w, plain, &header, &conv, epoch, take_of(x, "msgid", CAIRN_MSGID_BYTES));
	if (err != CAIRN_OK)
		return err;
	cairn_tlv_put_text(&w, group, 0, 1, text.text, text.size);
	if ((err = cairn_tlv_end(&w)) != CAIRN_OK)
		return err;
	err = cairn_drop_seal(cell, plain, &header, take_of(x, "desk_id", CAIRN_HASH_BYTES), epoch,
	    take_of(x, "eseed", CAIRN_XWING_ESEED_BYTES));
	if (err == CAIRN_OK)
		give(x, "cell", cell, sizeof(cell));
	return err;
}

static int
op_drop_open(struct exchange *x)
{
	struct cairn_xwing_key key;
	uint8_t plain[CAIRN_DROP_PLAIN_BYTES];
	int err;

	cairn_xwing_key_init(&key, take_of(x, "seed", CAIRN_XWING_SEED_BYTES));
	err = cairn_drop_open(plain, take_of(x, "cell", CAIRN_DROP_CELL_BYTES),
	    take_of(x, "desk_id", CAIRN_HASH_BYTES), &key);
	if (err == CAIRN_OK)
		give(x, "plain", plain, sizeof(plain));
	return err;
}

static int
op_reply_seal(struct exchange *x)
{
	uint8_t cell[CAIRN_REPLY_CELL_BYTES];
	int err = cairn_reply_seal(cell, take_of(x, "plain", CAIRN_REPLY_PLAIN_BYTES),
	    take_of(x, "desk_id", CAIRN_HASH_BYTES), take_number(x, "day"), take_of(x, "tag", CAIRN_TAG_BYTES),
	    take_of(x, "public_key", CAIRN_XWING_PUBLIC_BYTES), take_of(x, "eseed", CAIRN_XWING_ESEED_BYTES));

	if (err == CAIRN_OK)
		give(x, "cell", cell, sizeof(cell));
	return err;
}

static int
op_reply_open(struct exchange *x)
{
	struct cairn_conversation conv;
	uint8_t plain[CAIRN_REPLY_PLAIN_BYTES];
	int err;

	cairn_conversation_init(&conv, take_of(x, "root", CAIRN_KEY_BYTES));
	err = cairn_reply_open(plain, take_of(x, "cell", CAIRN_REPLY_CELL_BYTES),
	    take_of(x, "desk_id", CAIRN_HASH_BYTES), take_number(x, "day"), &conv.reply);
	if (err == CAIRN_OK)
		give(x, "plain", plain, sizeof(plain));
	return err;
}

static int
op_note_sign(struct exchange *x)
{
	uint8_t key[32], secret[64];
	uint8_t *note = room(x, CAIRN_NOTE_BYTES_MAX);
	size_t size = 0;
	int err;

	crypto_sign_seed_keypair(key, secret, take_of(x, "seed", 32));
	err = cairn_note_sign(note, CAIRN_NOTE_BYTES_MAX, &size, take_text(x, "text"), take_text(x, "name"),
	    secret);
	if (err == CAIRN_OK && json_is_integer(json_object_get(x->in, "time")))
		err = cairn_note_cosign(note, CAIRN_NOTE_BYTES_MAX, &size, take_text(x, "name"),
		    take_number(x, "time"), secret);
	if (err == CAIRN_OK)
		give(x, "note", note, size);
	return err;
}

static int
op_note_open(struct exchange *x)
{
	const struct bytes bytes = take(x, "note");
	struct cairn_note_key key = {.name = take_text(x, "name"), .type = (uint8_t)take_number(x, "type")};
	struct cairn_note note;
	int err;

	memcpy(key.key, take_of(x, "key", 32), 32);
	err = cairn_note_open(&note, bytes.at, bytes.size, &key);
	if (err == CAIRN_OK)
		give(x, "text", (const uint8_t *)note.text.text, note.text.size);
	return err;
}

/* The root over leaves: entries of 32 bytes, one after the other. */
static int
op_tree_root(struct exchange *x)
{
	const struct bytes entries = take(x, "entries");
	struct cairn_tree tree;
	uint8_t hash[32];

	cairn_tree_init(&tree);
	for (size_t at = 0; at < entries.size; at += 32) {
		int err;

		cairn_tree_leaf(hash, entries.at + at, 32);
		if ((err = cairn_tree_append(&tree, hash, 0)) != CAIRN_OK)
			return err;
	}
	cairn_tree_root(hash, &tree);
	give(x, "root", hash, sizeof(hash));
	return CAIRN_OK;
}

static int
op_blob_seal(struct exchange *x)
{
	const struct bytes piece = take(x, "piece");
	const uint8_t *fk = take_of(x, "fk", CAIRN_KEY_BYTES);
	uint8_t *blob = room(x, CAIRN_BLOB_BYTES);
	uint8_t id[CAIRN_BLOB_ID_BYTES];

	cairn_blob_seal(blob, piece.at, piece.size, fk, take_number(x, "i"));
	cairn_blob_id(id, fk, take_number(x, "i"));
	give(x, "blob", blob, CAIRN_BLOB_BYTES);
	give(x, "id", id, sizeof(id));
	return CAIRN_OK;
}

static int
op_blob_open(struct exchange *x)
{
	struct cairn_manifest manifest = {.size = take_number(x, "size"), .media_type = {"image/png", 9}};
	uint8_t *piece = room(x, CAIRN_BLOB_PIECE_BYTES);
	int err;

	manifest.count = cairn_file_blobs(manifest.size);
	memcpy(manifest.fk, take_of(x, "fk", CAIRN_KEY_BYTES), CAIRN_KEY_BYTES);
	err = cairn_blob_open(piece, take_of(x, "blob", CAIRN_BLOB_BYTES), &manifest, take_number(x, "i"));
	if (err == CAIRN_OK)
		give(x, "piece", piece, cairn_file_piece_bytes(manifest.size, take_number(x, "i")));
	return err;
}

static const struct op {
	const char *name;
	int (*fn)(struct exchange *x);
} ops[] = {
	{"hash", op_hash}, {"derive", op_derive}, {"root", op_root}, {"work", op_work},
	{"xwing_key", op_xwing_key}, {"encapsulate", op_encapsulate}, {"decapsulate", op_decapsulate},
	{"hpke_seal", op_hpke_seal}, {"hpke_open", op_hpke_open}, {"conversation", op_conversation},
	{"drop_seal", op_drop_seal}, {"drop_open", op_drop_open}, {"reply_seal", op_reply_seal},
	{"reply_open", op_reply_open}, {"note_sign", op_note_sign}, {"note_open", op_note_open},
	{"tree_root", op_tree_root}, {"blob_seal", op_blob_seal}, {"blob_open", op_blob_open},
};

static const struct op *
find_op(const json_t *in)
{
	const char *name = json_string_value(json_object_get(in, "op"));

	for (size_t i = 0; name != NULL && i < sizeof(ops) / sizeof(ops[0]); i++)
		if (strcmp(name, ops[i].name) == 0)
			return &ops[i];
	errx(2, "no such request");
}

static void
answer(const char *line)
{
	json_t *in = json_loads(line, 0, NULL);
	struct exchange x = {.in = in, .out = json_object()};
	int err = find_op(in)->fn(&x);

	json_object_set_new(x.out, "err", json_integer(err));
	json_dumpf(x.out, stdout, JSON_COMPACT);
	putchar('\n');
	fflush(stdout);
	while (x.count > 0)
		free(x.pieces[--x.count]);
	json_decref(x.out);
	json_decref(in);
}

int
main(void)
{
	char *line = NULL;
	size_t size = 0;

	if (sodium_init() < 0)
		errx(2, "libsodium");
	while (getline(&line, &size, stdin) > 0)
		answer(line);
	free(line);
	return 0;
}
