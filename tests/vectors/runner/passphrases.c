// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/bytes.h"
#include "base/fold.h"
#include "run.h"

/*
 * The word lists of the vectors are made by rule: word i is i in base 6 or 16, in letters. They are made
 * anew for each row; that is quick beside the Argon2id of a row.
 */
struct alphabet {
	const char *prefix; /* of the list's name */
	const char *const letters[16];
	size_t base;
};

static const struct alphabet alphabets[] = {
    {"latin-", {"a", "b", "c", "d", "e", "f"}, 6},
    {"cyrillic-", {"а", "б", "в", "г", "д", "е", "ж", "з", "и", "к", "л", "м", "н", "о", "п", "р"}, 16},
};

static const struct alphabet *
find_alphabet(struct run *r, struct cairn_span name)
{
	for (size_t i = 0; i < sizeof(alphabets) / sizeof(alphabets[0]); i++) {
		const size_t length = strlen(alphabets[i].prefix);

		if (name.size > length && memcmp(name.text, alphabets[i].prefix, length) == 0)
			return &alphabets[i];
	}
	row_fail(r, "a list whose making is known, not %.*s", (int)name.size, name.text);
}

/* Writes word index, as a list has it that shares nothing; returns how many bytes that were. */
static size_t
make_word(char *out, const struct alphabet *alphabet, size_t index, size_t places)
{
	size_t used = 0;
	size_t unit = 1;

	for (size_t i = 1; i < places; i++)
		unit *= alphabet->base;
	out[used++] = 1;
	for (; places > 0; places--, unit /= alphabet->base) {
		const char *letter = alphabet->letters[index / unit % alphabet->base];

		memcpy(out + used, letter, strlen(letter));
		used += strlen(letter);
	}
	return used;
}

static struct cairn_wordlist *
make_list(struct run *r, const json_t *row)
{
	const struct cairn_span name = field_text(r, row, "name");
	const struct alphabet *alphabet = find_alphabet(r, name);
	const size_t size = (size_t)field_number(r, row, "size", 65536);
	struct cairn_wordlist *list = row_alloc(r, sizeof(*list));
	size_t places = 1;
	size_t used = 0;
	char *words;

	for (size_t reach = alphabet->base; reach < size; reach *= alphabet->base)
		places++;
	words = row_alloc(r, size * (1 + 2 * places) + 1);
	for (size_t i = 0; i < size; i++)
		used += make_word(words + used, alphabet, i, places);
	*list = (struct cairn_wordlist){.name = name.text, .language = "und", .words = words, .size = size,
	    .count = size == 7776 ? 6 : 7};
	cairn_wordlist_hash(list->hash, list);
	return list;
}

static struct cairn_wordlist *
find_list(struct run *r, struct cairn_span name)
{
	return make_list(r, named(r, file_member(r, "passphrases", "lists"), "name", name));
}

static void
list_row(struct run *r, const json_t *row)
{
	const struct cairn_wordlist *list = make_list(r, row);
	struct cairn_wordlist_walk walk;
	size_t count = 1;

	cairn_wordlist_begin(&walk, list);
	expect(r, cairn_wordlist_next(&walk), "a list of words");
	expect_bytes(r, "first", walk.word, walk.bytes, text_bytes(field_text(r, row, "first")));
	while (cairn_wordlist_next(&walk))
		count++;
	expect(r, count == list->size, "%zu words", list->size);
	expect_bytes(r, "last", walk.word, walk.bytes, text_bytes(field_text(r, row, "last")));
	expect_bytes(r, "hash", list->hash, sizeof(list->hash), field_hex(r, row, "hash"));
}

static void
salt(struct run *r, const json_t *value)
{
	uint8_t message[14 + CAIRN_HASH_BYTES] = "cairn/1 person";
	uint8_t out[CAIRN_HASH_BYTES];

	memcpy(message + 14, r->desk.id, CAIRN_HASH_BYTES);
	cairn_hash(out, message, sizeof(message));
	expect_bytes(r, "salt", out, 16, hex_of(r, value, "salt"));
}

/* As a client does it before it hands the text over. */
static struct cairn_span
folded(struct run *r, struct cairn_span text)
{
	char *out = row_alloc(r, FOLD_ROOM);
	size_t size = 0;

	expect_ok(r, fold_text(out, FOLD_ROOM, &size, text), "text that can be folded");
	return (struct cairn_span){out, size};
}

static void
check_indexes(struct run *r, const json_t *row, const struct cairn_passphrase *pass,
    const struct cairn_wordlist *list)
{
	const json_t *indexes = field(r, row, "indexes");

	expect(r, pass->bytes == 5 + 2 * json_array_size(indexes) && pass->input[0] == 1,
	    "%zu words", json_array_size(indexes));
	expect(r, memcmp(pass->input + 1, list->hash, 4) == 0, "the hash of the list in the input");
	for (size_t i = 0; i < json_array_size(indexes); i++)
		expect(r, get_u16(pass->input + 5 + 2 * i) == json_integer_value(json_array_get(indexes, i)),
		    "word %zu to be number %lld", i, (long long)json_integer_value(json_array_get(indexes, i)));
}

static void
check_conversation(struct run *r, const json_t *row, const struct cairn_passphrase *pass)
{
	uint8_t root[CAIRN_KEY_BYTES], seed[CAIRN_KEY_BYTES], hash[CAIRN_SHA256_BYTES];
	struct cairn_conversation *conv = row_alloc(r, sizeof(*conv));

	expect_bytes(r, "input", pass->input, pass->bytes, field_hex(r, row, "input"));
	expect_ok(r, cairn_passphrase_root(root, pass, r->desk.id), "a root");
	expect_bytes(r, "root", root, sizeof(root), field_hex(r, row, "root"));
	cairn_derive(seed, root, "reply", NULL, 0);
	expect_bytes(r, "reply_seed", seed, sizeof(seed), field_hex(r, row, "reply_seed"));
	cairn_conversation_init(conv, root);
	crypto_hash_sha256(hash, conv->reply.public_key, sizeof(conv->reply.public_key));
	expect_bytes(r, "reply_key_sha256", hash, sizeof(hash), field_hex(r, row, "reply_key_sha256"));
	expect_bytes(r, "auth_secret", conv->auth_secret, 32, field_hex(r, row, "auth_secret"));
	expect_bytes(r, "auth_key", conv->auth_key, 32, field_hex(r, row, "auth_key"));
	expect_bytes(r, "conv_id", conv->id, sizeof(conv->id), field_hex(r, row, "conv_id"));
}

static void
words_row(struct run *r, const json_t *row)
{
	const struct cairn_wordlist *list = find_list(r, field_text(r, row, "list"));
	struct cairn_passphrase pass;

	expect_ok(r, cairn_passphrase_words(&pass, list, folded(r, field_text(r, row, "text")), NULL), "words");
	check_indexes(r, row, &pass, list);
	check_conversation(r, row, &pass);
}

static void
digits_row(struct run *r, const json_t *row)
{
	const struct cairn_span text = field_text(r, row, "text");
	struct cairn_passphrase pass;

	expect_ok(r, cairn_passphrase_digits(&pass, text), "digits");
	check_conversation(r, row, &pass);
	expect_ok(r, cairn_passphrase_read(&pass, text, folded(r, text), NULL), "digits by either reading");
	expect_bytes(r, "input", pass.input, pass.bytes, field_hex(r, row, "input"));
}

static void
refuse_row(struct run *r, const json_t *row)
{
	const struct cairn_span kind = field_text(r, row, "kind");
	const struct cairn_span text = field_text(r, row, "text");
	struct cairn_passphrase pass;

	if (kind.size == 6 && memcmp(kind.text, "digits", 6) == 0) {
		expect(r, cairn_passphrase_digits(&pass, text) != CAIRN_OK, "refused");
		/* A client that folds first must not make a digit of what is none. */
		expect(r, cairn_passphrase_read(&pass, text, folded(r, text), NULL) != CAIRN_OK,
		    "refused by either reading");
		return;
	}
	expect(r, cairn_passphrase_words(&pass, find_list(r, kind), folded(r, text), NULL) != CAIRN_OK,
	    "refused");
}

static const struct member passphrases[] = {
    {"salt", MEMBER_ONE, salt},
    {"lists", MEMBER_ROWS, list_row},
    {"words", MEMBER_ROWS, words_row},
    {"digits", MEMBER_ROWS, digits_row},
    {"refuse", MEMBER_ROWS, refuse_row},
};
const struct section section_passphrases = SECTION("passphrases", passphrases);
