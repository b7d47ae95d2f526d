// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/evidence_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/bytes.h"

#define ALIGNMENT 4096U
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define WRITE_PIECES 4U /* at once: a disk likes few large writes better than many small ones */

static const char label[] = "cairn/1 evidence";

/* The key is of this file alone, so that a counter is a nonce. */
static void
piece_nonce(uint8_t nonce[NONCE_BYTES], uint64_t i)
{
	memset(nonce, 0, NONCE_BYTES);
	put_u64(nonce + NONCE_BYTES - 8, i);
}

static int
io_err(void)
{
	return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? CAIRN_ERR_SPACE : CAIRN_ERR_IO;
}

void
evidence_path(char out[EVIDENCE_PATH_BYTES], const uint8_t name[EVIDENCE_NAME_BYTES])
{
	sodium_bin2hex(out, EVIDENCE_PATH_BYTES, name, EVIDENCE_NAME_BYTES);
}

uint64_t
evidence_pieces(uint64_t size)
{
	return size == 0 ? 1 : (size - 1) / EVIDENCE_PIECE_BYTES + 1;
}

/* --- writing --- */

/*
 * Past the page cache where the file system can: it is about to be flushed anyway, and sealed bytes are of no use in
 * memory.
 */
static int
open_new(int folder, const char *path)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
	int fd = openat(folder, path, flags | O_DIRECT, 0600);

	if (fd >= 0 || errno != EINVAL)
		return fd;
	/* Some make the file before they refuse. */
	unlinkat(folder, path, 0);
	return openat(folder, path, flags, 0600);
}

/*
 * XChaCha20-Poly1305, as libsodium has it and the reader opens it: HChaCha20 over the first 16 bytes of the nonce,
 * then the cipher of RFC 8439. OpenSSL's is four times as fast, which counts over a film of many GiB. A piece's
 * number stands behind those 16 bytes, so that all pieces have one key.
 */
static EVP_CIPHER_CTX *
cipher_new(const uint8_t file_key[CAIRN_KEY_BYTES])
{
	EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
	uint8_t nonce[NONCE_BYTES], key[CAIRN_KEY_BYTES];

	piece_nonce(nonce, 0);
	(void)crypto_core_hchacha20(key, nonce, file_key, NULL);
	if (cipher != NULL && EVP_EncryptInit_ex(cipher, EVP_chacha20_poly1305(), NULL, key, NULL) != 1) {
		EVP_CIPHER_CTX_free(cipher);
		cipher = NULL;
	}
	sodium_memzero(key, sizeof(key));
	return cipher;
}

static void
writer_free(struct evidence_writer *w)
{
	EVP_CIPHER_CTX_free(w->cipher);
	free(w->sealed);
	w->cipher = NULL;
	w->sealed = NULL;
}

int
evidence_writer_begin(struct evidence_writer *w, int folder)
{
	char path[EVIDENCE_PATH_BYTES];
	int err = CAIRN_ERR_NOMEM;

	w->folder = folder;
	w->size = 0;
	w->pieces = 0;
	randombytes_buf(w->name, sizeof(w->name));
	randombytes_buf(w->key, sizeof(w->key));
	w->sealed = aligned_alloc(ALIGNMENT, WRITE_PIECES * EVIDENCE_SEALED_BYTES);
	w->cipher = cipher_new(w->key);
	if (w->sealed != NULL && w->cipher != NULL) {
		evidence_path(path, w->name);
		w->fd = open_new(folder, path);
		err = w->fd >= 0 ? CAIRN_OK : io_err();
	}
	if (err != CAIRN_OK)
		writer_free(w);
	return err;
}

static int
write_all(int fd, const uint8_t *bytes, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, bytes, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return io_err();
		bytes += n;
		size -= (size_t)n;
	}
	return CAIRN_OK;
}

static int
seal_piece(EVP_CIPHER_CTX *cipher, uint8_t out[EVIDENCE_SEALED_BYTES], const uint8_t *piece, uint64_t i)
{
	uint8_t nonce[NONCE_BYTES], iv[12] = {0}, *tag = out + EVIDENCE_PIECE_BYTES;
	int n;
	bool good;

	piece_nonce(nonce, i);
	memcpy(iv + 4, nonce + 16, 8);
	good = EVP_EncryptInit_ex(cipher, NULL, NULL, NULL, iv) == 1 &&
	    EVP_EncryptUpdate(cipher, NULL, &n, (const uint8_t *)label, (int)sizeof(label) - 1) == 1 &&
	    EVP_EncryptUpdate(cipher, out, &n, piece, (int)EVIDENCE_PIECE_BYTES) == 1 &&
	    EVP_EncryptFinal_ex(cipher, tag, &n) == 1 &&
	    EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, 16, tag) == 1;
	return good ? CAIRN_OK : CAIRN_ERR_NOMEM;
}

static int
write_pieces(struct evidence_writer *w)
{
	size_t bytes = w->pieces * EVIDENCE_SEALED_BYTES;

	w->pieces = 0;
	return write_all(w->fd, w->sealed, bytes);
}

int
evidence_writer_put(struct evidence_writer *w, const uint8_t piece[EVIDENCE_PIECE_BYTES], size_t used)
{
	int err;

	if (used > EVIDENCE_FILE_MAX - w->size)
		return CAIRN_ERR_RANGE;
	err = seal_piece(w->cipher, w->sealed + w->pieces * EVIDENCE_SEALED_BYTES, piece,
	    w->size / EVIDENCE_PIECE_BYTES);
	w->size += used;
	w->pieces++;
	return err == CAIRN_OK && w->pieces == WRITE_PIECES ? write_pieces(w) : err;
}

static int
writer_close(struct evidence_writer *w)
{
	int failed = w->sealed == NULL ? 0 : close(w->fd);

	writer_free(w);
	return failed;
}

int
evidence_writer_end(struct evidence_writer *w)
{
	int err = write_pieces(w);

	if (err == CAIRN_OK && (fchmod(w->fd, 0400) != 0 || fsync(w->fd) != 0))
		err = io_err();
	if (writer_close(w) != 0 && err == CAIRN_OK)
		err = io_err();
	/* The name too: a crash must not leave an item whose file has none. */
	if (err == CAIRN_OK && fsync(w->folder) != 0)
		err = io_err();
	return err;
}

void
evidence_writer_drop(struct evidence_writer *w)
{
	char path[EVIDENCE_PATH_BYTES];

	(void)writer_close(w);
	evidence_path(path, w->name);
	unlinkat(w->folder, path, 0);
}

void
evidence_writer_wipe(struct evidence_writer *w)
{
	(void)writer_close(w);
	sodium_memzero(w->key, sizeof(w->key));
}

/* --- reading --- */

int
evidence_reader_begin(struct evidence_reader *r, int folder, const uint8_t name[EVIDENCE_NAME_BYTES],
    const uint8_t key[CAIRN_KEY_BYTES], uint64_t size)
{
	char path[EVIDENCE_PATH_BYTES];
	struct stat st;
	int err = CAIRN_OK;

	evidence_path(path, name);
	r->size = size;
	r->pieces = evidence_pieces(size);
	r->fd = openat(folder, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (r->fd < 0)
		return errno == ENOENT ? CAIRN_ERR_UNKNOWN : CAIRN_ERR_IO;
	if (fstat(r->fd, &st) != 0)
		err = CAIRN_ERR_IO;
	else if (size > EVIDENCE_FILE_MAX || !S_ISREG(st.st_mode) ||
	    (uint64_t)st.st_size != r->pieces * EVIDENCE_SEALED_BYTES)
		err = CAIRN_ERR_CRYPTO;
	if (err != CAIRN_OK) {
		evidence_reader_end(r);
		return err;
	}
	memcpy(r->key, key, sizeof(r->key));
	return CAIRN_OK;
}

static int
read_all(int fd, uint8_t *out, size_t size, off_t from)
{
	while (size > 0) {
		ssize_t n = pread(fd, out, size, from);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return CAIRN_ERR_IO;
		out += n;
		size -= (size_t)n;
		from += n;
	}
	return CAIRN_OK;
}

int
evidence_reader_piece(struct evidence_reader *r, uint64_t i, size_t *ret_bytes)
{
	uint64_t from = i * EVIDENCE_PIECE_BYTES;
	size_t bytes = EVIDENCE_PIECE_BYTES;
	uint8_t nonce[NONCE_BYTES];
	int err;

	*ret_bytes = 0;
	if (i >= r->pieces)
		return CAIRN_ERR_RANGE;
	if (r->size - from < bytes)
		bytes = (size_t)(r->size - from);
	err = read_all(r->fd, r->sealed, sizeof(r->sealed), (off_t)(i * EVIDENCE_SEALED_BYTES));
	if (err != CAIRN_OK)
		return err;
	piece_nonce(nonce, i);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(r->piece, NULL, NULL, r->sealed, sizeof(r->sealed),
		(const uint8_t *)label, sizeof(label) - 1, nonce, r->key) != 0 ||
	    !sodium_is_zero(r->piece + bytes, sizeof(r->piece) - bytes)) {
		sodium_memzero(r->piece, sizeof(r->piece));
		return CAIRN_ERR_CRYPTO;
	}
	*ret_bytes = bytes;
	return CAIRN_OK;
}

void
evidence_reader_end(struct evidence_reader *r)
{
	if (r->fd >= 0)
		close(r->fd);
	r->fd = -1;
	sodium_memzero(r->key, sizeof(r->key));
	sodium_memzero(r->piece, sizeof(r->piece));
}
