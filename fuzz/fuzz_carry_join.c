// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/join_wire.h"
#include "desk.h"

/* The messages of joining, as one who has the code, or the admin's key, can write them. The first byte says which. */
static const uint8_t desk_id[CAIRN_HASH_BYTES] = {1}, root[JOIN_ROOT_BYTES] = {2}, id[OP_ID_BYTES] = {3};
static struct join join;
static struct join_keys keys;
static uint8_t message[JOIN_MESSAGE_MAX], out[JOIN_MESSAGE_MAX], block[JOIN_MESSAGE_MAX];

static void
begin(uint8_t admin_secret[64])
{
	uint8_t admin_key[32];

	fuzz_key(admin_key, admin_secret, FUZZ_BOARD_SEED);
	join_admin_begin(&join, desk_id, root, id, admin_key);
}

/* Sealed as the message of that number; gives its length. */
static size_t
sealed(uint8_t number, const uint8_t *bytes, size_t size)
{
	size_t whole;

	memcpy(message + 24, bytes, size);
	join_seal(&join, number, message, size, &whole);
	return whole;
}

static void
read_commitment(const uint8_t *bytes, size_t size)
{
	size_t written, whole = sealed(1, bytes, size);
	int err = join_admin_answer(&join, message, whole, out, &written);

	FUZZ_CHECK((err == CAIRN_OK) == (size == CAIRN_HASH_BYTES));
	FUZZ_CHECK((join.state == JOIN_ADMIN_ANSWERED) == (err == CAIRN_OK));
}

static void
read_nonce(const uint8_t *bytes, size_t size)
{
	size_t written, whole = sealed(2, bytes, size);
	int err;

	join.state = JOIN_NEW_COMMITTED;
	err = join_new_answer(&join, message, whole, out, &written);
	FUZZ_CHECK((err == CAIRN_OK) == (size == JOIN_NONCE_BYTES + OP_ID_BYTES + 32U));
}

/* One day key of the input stands for all: a fuzzer does not find fourteen. */
static size_t
keys_block(const uint8_t *bytes, size_t size)
{
	const size_t before = OP_ID_BYTES + 32U + CAIRN_XWING_PUBLIC_BYTES + 4U, day = CAIRN_XWING_PUBLIC_BYTES;
	struct writer w;

	writer_init(&w, out, sizeof(out));
	if (size < before + day) {
		write_bytes(&w, bytes, size);
		return w.used;
	}
	write_bytes(&w, bytes, before);
	for (size_t i = 0; i < OP_DAY_KEYS_MAX; i++)
		write_bytes(&w, bytes + before, day);
	write_bytes(&w, bytes + before + day, size - before - day);
	return w.failed ? 0 : w.used;
}

static void
read_keys(const uint8_t *bytes, size_t size)
{
	size_t whole = keys_block(bytes, size);
	struct reader r;
	struct writer w;

	reader_init(&r, out, whole);
	if (join_keys_read(&keys, &r) == CAIRN_OK) {
		writer_init(&w, block, sizeof(block));
		join_keys_write(&w, &keys);
		FUZZ_CHECK(w.used == whole && memcmp(block, out, whole) == 0);
	}
	join.state = JOIN_ADMIN_ANSWERED;
	FUZZ_CHECK(join_admin_keys(&join, message, sealed(3, bytes, size)) != CAIRN_OK);
}

static void
read_welcome(const uint8_t *bytes, size_t size, const uint8_t admin_secret[64])
{
	struct join_welcome welcome;
	struct writer w;
	uint8_t text[20 + 2 * CAIRN_HASH_BYTES];

	memcpy(text, "cairn/1 join welcome", 20);
	memcpy(text + 20, join.transcript, CAIRN_HASH_BYTES);
	cairn_hash(text + 20 + CAIRN_HASH_BYTES, bytes, size);
	memcpy(message, bytes, size);
	crypto_sign_detached(message + size, NULL, text, sizeof(text), admin_secret);
	if (join_welcome_read(&welcome, &join, message, size + 64) != CAIRN_OK)
		return;
	FUZZ_CHECK(fuzz_within(welcome.note, message, size));
	writer_init(&w, block, sizeof(block));
	join_welcome_write(&w, &join, &welcome, admin_secret);
	FUZZ_CHECK(w.used == size + 64 && memcmp(block, message, w.used) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	uint8_t admin_secret[64];

	if (size < 1 || size - 1 > JOIN_WELCOME_MAX)
		return 0;
	begin(admin_secret);
	switch (bytes[0] % 4) {
	case 0:
		read_commitment(bytes + 1, size - 1);
		break;
	case 1:
		read_nonce(bytes + 1, size - 1);
		break;
	case 2:
		read_keys(bytes + 1, size - 1);
		break;
	default:
		read_welcome(bytes + 1, size - 1, admin_secret);
	}
	return 0;
}
