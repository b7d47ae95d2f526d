// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Runs one operation of the core with its secrets marked as undefined memory, so that valgrind reports every
 * branch and every address that depends on one: ct_secrets NAME. tests/ct/ct.c starts it.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>
#include <valgrind/memcheck.h>

#include "cairn/board.h"
#include "cairn/conversation.h"
#include "cairn/drop.h"
#include "cairn/file.h"
#include "cairn/hpke.h"
#include "cairn/passphrase.h"
#include "common/fips202.h"

#define SECRET(at, size) VALGRIND_MAKE_MEM_UNDEFINED(at, size)
#define KNOWN(at, size) VALGRIND_MAKE_MEM_DEFINED(at, size)

/* In an expanded ML-KEM key: s, then the public key and its hash, then z. */
#define MLKEM_S_BYTES 1152U
#define MLKEM_Z_AT 2368U

void __real_PQCLEAN_MLKEM768_CLEAN_kyber_shake128_absorb(
    shake128ctx *state, const uint8_t seed[32], uint8_t x, uint8_t y);
void __wrap_PQCLEAN_MLKEM768_CLEAN_kyber_shake128_absorb(
    shake128ctx *state, const uint8_t seed[32], uint8_t x, uint8_t y);

/* SHAKE128 makes the matrix, and nothing else; its seed stands in the public key. */
void
__wrap_PQCLEAN_MLKEM768_CLEAN_kyber_shake128_absorb(
    shake128ctx *state, const uint8_t seed[32], uint8_t x, uint8_t y)
{
	KNOWN(seed, 32);
	__real_PQCLEAN_MLKEM768_CLEAN_kyber_shake128_absorb(state, seed, x, y);
}

/*
 * A test whose secrets were lost on the way would find nothing: what comes out must still count as secret.
 */
static void
must_be_secret(const void *at, size_t size)
{
	uint8_t unknown[64];

	if (size > sizeof unknown)
		size = sizeof unknown;
	if (VALGRIND_GET_VBITS(at, unknown, size) != 1 || sodium_is_zero(unknown, size)) {
		fprintf(stderr, "what came out does not depend on a secret\n");
		exit(3);
	}
}

static const uint8_t info[] = "cairn/1 drop and so on";
static struct cairn_xwing_key key;
static uint8_t secret[64];

/* A key pair of which the public half is known and the rest secret. */
static void
make_key(void)
{
	cairn_xwing_key_init(&key, secret);
	SECRET(key.mlkem, MLKEM_S_BYTES);
	SECRET(key.mlkem + MLKEM_Z_AT, sizeof key.mlkem - MLKEM_Z_AT);
	SECRET(key.x25519, sizeof key.x25519);
}

static void
derive(void)
{
	uint8_t out[CAIRN_HASH_BYTES];

	SECRET(secret, sizeof secret);
	cairn_derive(out, secret, "label", secret + 32, 32);
	must_be_secret(out, sizeof out);
}

static void
key_from_seed(void)
{
	SECRET(secret, sizeof secret);
	cairn_xwing_key_init(&key, secret);
	must_be_secret(key.mlkem, sizeof key.mlkem);
	must_be_secret(key.public_key, sizeof key.public_key);
}

static void
encapsulate(void)
{
	uint8_t enc[CAIRN_XWING_ENC_BYTES];
	uint8_t shared[CAIRN_XWING_SHARED_BYTES];

	make_key();
	SECRET(secret, sizeof secret);
	(void)!cairn_xwing_encapsulate(enc, shared, key.public_key, secret);
	must_be_secret(shared, sizeof shared);
}

static void
decapsulate(bool altered)
{
	uint8_t enc[CAIRN_XWING_ENC_BYTES];
	uint8_t shared[CAIRN_XWING_SHARED_BYTES];

	make_key();
	(void)!cairn_xwing_encapsulate(enc, shared, key.public_key, secret);
	enc[7] ^= altered;
	(void)!cairn_xwing_decapsulate(shared, enc, &key);
	must_be_secret(shared, sizeof shared);
}

static void
decapsulate_good(void)
{
	decapsulate(false);
}

static void
decapsulate_altered(void)
{
	decapsulate(true);
}

static void
seal(void)
{
	uint8_t enc[CAIRN_XWING_ENC_BYTES];
	uint8_t plain[100] = {0};
	uint8_t ct[sizeof plain + CAIRN_HPKE_TAG_BYTES];

	make_key();
	SECRET(plain, sizeof plain);
	SECRET(secret, sizeof secret);
	(void)!cairn_hpke_seal(enc, ct, plain, sizeof plain, key.public_key, info, sizeof info, secret);
	must_be_secret(ct, sizeof ct);
}

static void
open_cell(bool altered)
{
	uint8_t enc[CAIRN_XWING_ENC_BYTES];
	uint8_t plain[100] = {0};
	uint8_t ct[sizeof plain + CAIRN_HPKE_TAG_BYTES];

	make_key();
	(void)!cairn_hpke_seal(enc, ct, plain, sizeof plain, key.public_key, info, sizeof info, secret);
	ct[3] ^= altered;
	if (cairn_hpke_open(plain, enc, ct, sizeof ct, &key, info, sizeof info) == CAIRN_OK)
		must_be_secret(plain, sizeof plain);
}

static void
open_good(void)
{
	open_cell(false);
}

static void
open_altered(void)
{
	open_cell(true);
}

static void
conversation(void)
{
	static struct cairn_conversation conv;
	uint8_t block[CAIRN_HELLO_BLOCK_BYTES];
	uint8_t tag[CAIRN_TAG_BYTES];

	SECRET(secret, sizeof secret);
	cairn_conversation_init(&conv, secret);
	cairn_hello_block(block, &conv, 20000);
	cairn_tag(tag, block + CAIRN_HELLO_BLOCK_BYTES - CAIRN_KEY_BYTES, 3, 4);
	must_be_secret(tag, sizeof tag);
}

static void
hello_mac(void)
{
	uint8_t point[32];
	uint8_t mac[CAIRN_MAC_BYTES];
	static const uint8_t header[8], msgid[16];

	crypto_scalarmult_curve25519_base(point, secret);
	SECRET(secret, sizeof secret);
	(void)!cairn_hello_mac(mac, secret + 32, point, header, msgid);
	must_be_secret(mac, sizeof mac);
}

static void
new_passphrase(void)
{
	struct cairn_passphrase pass;

	SECRET(secret, sizeof secret);
	cairn_passphrase_new(&pass, cairn_wordlists[0], secret);
	must_be_secret(pass.input + 5, pass.bytes - 5);
	cairn_passphrase_new(&pass, NULL, secret);
}

static void
look_tags(void)
{
	static struct cairn_look_tag tags[4096];
	uint8_t decoy_key[CAIRN_KEY_BYTES], rank[CAIRN_HASH_BYTES];

	SECRET(secret, sizeof secret);
	/* The shortest window of the first months. */
	if (cairn_look_tags(NULL, secret, 60, 60) > sizeof tags / sizeof tags[0])
		exit(3);
	(void)cairn_look_tags(tags, secret, 60, 60);
	must_be_secret(tags[0].tag, sizeof tags[0].tag);
	cairn_decoy_key(decoy_key, secret);
	cairn_decoy_rank(rank, decoy_key, 5);
	must_be_secret(rank, sizeof rank);
}

static void
reply_cell(void)
{
	static uint8_t plain[CAIRN_REPLY_PLAIN_BYTES] = {0x80, 0x03, 0, 16}, cell[CAIRN_REPLY_CELL_BYTES];
	static const uint8_t desk_id[CAIRN_HASH_BYTES], tag[CAIRN_TAG_BYTES];

	make_key();
	SECRET(plain + 4, 16);
	SECRET(secret, sizeof secret);
	if (cairn_reply_seal(cell, plain, desk_id, 20000, tag, key.public_key, secret) != CAIRN_OK)
		exit(3);
	must_be_secret(cell + CAIRN_TAG_BYTES, sizeof cell - CAIRN_TAG_BYTES);
	KNOWN(cell, sizeof cell);
	if (cairn_reply_open(plain, cell, desk_id, 20000, &key) != CAIRN_OK)
		exit(3);
	cell[2000] ^= 1;
	if (cairn_reply_open(plain, cell, desk_id, 20000, &key) == CAIRN_OK)
		exit(3);
}

static void
drop_cell(void)
{
	static uint8_t plain[CAIRN_DROP_PLAIN_BYTES], cell[CAIRN_DROP_CELL_BYTES], root[CAIRN_KEY_BYTES];
	static const struct cairn_drop_header header = {CAIRN_DOOR_INTAKE, 0, 20000};
	static const uint8_t desk_id[CAIRN_HASH_BYTES], msgid[CAIRN_MSGID_BYTES];
	static struct cairn_conversation conv;
	struct cairn_tlv_writer w;

	make_key();
	SECRET(root, sizeof root);
	SECRET(secret, sizeof secret);
	cairn_conversation_init(&conv, root);
	if (cairn_drop_begin(&w, plain, &header, &conv, key.public_key, msgid) != CAIRN_OK ||
	    cairn_drop_seal(cell, plain, &header, desk_id, key.public_key, secret) != CAIRN_OK)
		exit(3);
	must_be_secret(cell + CAIRN_DROP_HEADER_BYTES, sizeof cell - CAIRN_DROP_HEADER_BYTES);
	KNOWN(cell, sizeof cell);
	if (cairn_drop_open(plain, cell, desk_id, &key) != CAIRN_OK)
		exit(3);
}

static void
blob(void)
{
	static uint8_t piece[CAIRN_BLOB_PIECE_BYTES], sealed[CAIRN_BLOB_BYTES];
	struct cairn_manifest manifest = {{0}, 1, 100, {0}, {"a/b", 3}};

	SECRET(piece, 100);
	SECRET(manifest.fk, sizeof manifest.fk);
	cairn_blob_seal(sealed, piece, 100, manifest.fk, 0);
	must_be_secret(sealed, sizeof sealed);
	KNOWN(sealed, sizeof sealed);
	if (cairn_blob_open(piece, sealed, &manifest, 0) != CAIRN_OK)
		exit(3);
	must_be_secret(piece, sizeof piece);
}

/* The next three are faults on purpose: ct.c wants them found. */

static void
leaky_branch(void)
{
	static volatile int seen;

	SECRET(secret, sizeof secret);
	if (secret[0] & 1)
		seen++;
}

static void
leaky_index(void)
{
	static volatile uint8_t table[256];
	static volatile uint8_t seen;

	SECRET(secret, sizeof secret);
	seen = table[secret[0]];
	(void)seen;
}

static void
leaky_comparison(void)
{
	static volatile int seen;
	uint8_t mac[CAIRN_HASH_BYTES];

	SECRET(secret, sizeof secret);
	cairn_derive(mac, secret, "label", NULL, 0);
	if (memcmp(mac, secret + 32, sizeof mac) == 0)
		seen++;
}

static const struct {
	const char *name;
	void (*run)(void);
} operations[] = {
    {"blob", blob},
    {"conversation", conversation},
    {"decapsulate_altered", decapsulate_altered},
    {"decapsulate_good", decapsulate_good},
    {"derive", derive},
    {"drop_cell", drop_cell},
    {"encapsulate", encapsulate},
    {"hello_mac", hello_mac},
    {"key_from_seed", key_from_seed},
    {"leaky_branch", leaky_branch},
    {"leaky_comparison", leaky_comparison},
    {"leaky_index", leaky_index},
    {"look_tags", look_tags},
    {"new_passphrase", new_passphrase},
    {"open_altered", open_altered},
    {"open_good", open_good},
    {"reply_cell", reply_cell},
    {"seal", seal},
};

int
main(int argc, char **argv)
{
	if (argc != 2 || sodium_init() < 0)
		return 2;
	for (size_t i = 0; i < sizeof secret; i++)
		secret[i] = (uint8_t)(3 * i + 1);
	for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++)
		if (strcmp(operations[i].name, argv[1]) == 0) {
			operations[i].run();
			return 0;
		}
	return 2;
}
