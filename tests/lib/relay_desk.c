// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/relay_desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/writer.h"
#include "relay/append.h"

static void
must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "relay_desk: %s\n", what);
	abort();
}

const char *
relay_desk_path(const struct relay_desk *desk, char out[256], const char *rest)
{
	snprintf(out, 256, "/d/%s/%s", desk->hex, rest);
	return out;
}

static void
read_relay_key(struct relay_desk *desk)
{
	char path[128];
	uint8_t seed[32], secret[64];
	FILE *file;

	snprintf(path, sizeof path, "%s/relay.key", desk->relay->data);
	file = fopen(path, "rb");
	must(file != NULL && fread(seed, 1, sizeof seed, file) == sizeof seed, "relay.key");
	fclose(file);
	crypto_sign_seed_keypair(desk->relay_key, secret, seed);
}

void
relay_desk_init(struct relay_desk *desk, struct relay_process *relay, uint64_t seed)
{
	uint8_t bytes[32] = {(uint8_t)seed, 7};

	memset(desk, 0, sizeof *desk);
	desk->relay = relay;
	paper_init(&desk->paper, seed, (uint32_t)(relay_now(relay) / 3600));
	sodium_bin2hex(desk->hex, sizeof desk->hex, desk->paper.desk_id, 32);
	memset(desk->device, (int)seed + 1, sizeof desk->device);
	crypto_sign_seed_keypair(desk->device_key, desk->device_secret, bytes);
	must(relay_command(relay, (const char *const[]){"desk", "add", desk->hex, NULL}) == 0, "desk add");
	read_relay_key(desk);
	must(relay_desk_roster(desk, 1, "intake,publish", 0, UINT32_MAX) == 204, "roster");
}

void
relay_desk_release(struct relay_desk *desk)
{
	paper_release(&desk->paper);
}

void
relay_desk_cell(const struct relay_desk *desk, uint8_t cell[8192], enum cairn_door door, uint64_t n)
{
	struct cairn_drop_header header = {.door = door, .day = (uint32_t)(relay_now(desk->relay) / 86400)};
	uint8_t seed[32] = {0};

	put_u64(seed, n);
	randombytes_buf_deterministic(cell, CAIRN_DROP_CELL_BYTES, seed);
	cairn_drop_header_write(cell, &header);
}

static void
write_roster(struct relay_desk *desk, struct writer *w, uint64_t serial, const char *roles, uint32_t since,
    uint32_t until)
{
	uint8_t xwing[32] = {1};

	write_text(w, "cairn roster 1\ndesk ");
	write_hex(w, desk->paper.desk_id, 32);
	write_text(w, "\nserial ");
	write_decimal(w, serial);
	write_text(w, "\ndevice ");
	write_hex(w, desk->device, sizeof desk->device);
	write_text(w, " ");
	write_base64(w, desk->device_key, 32);
	write_text(w, " ");
	write_hex(w, xwing, sizeof xwing);
	write_text(w, " ");
	write_text(w, roles);
	write_text(w, " ");
	write_decimal(w, since);
	write_text(w, " ");
	if (until == UINT32_MAX)
		write_text(w, "-");
	else
		write_decimal(w, until);
	write_text(w, "\n");
}

int
relay_desk_roster(struct relay_desk *desk, uint64_t serial, const char *roles, uint32_t since, uint32_t until)
{
	char name[CAIRN_KEY_NAME_BYTES], target[256], key[65], rest[80];
	uint8_t text[2048], note[4096];
	struct writer w;
	size_t bytes = 0;

	writer_init(&w, text, sizeof text);
	write_roster(desk, &w, serial, roles, since, until);
	must(!w.failed, "roster");
	must(cairn_note_sign(note, sizeof note, &bytes, (struct cairn_span){(const char *)text, w.used},
	         cairn_key_name(name, desk->paper.desk_id, "identity"), desk->paper.identity_secret) == 0,
	    "roster");
	desk->roster_serial = serial;
	sodium_bin2hex(key, sizeof key, desk->paper.identity_key, 32);
	snprintf(rest, sizeof rest, "roster?key=%s", key);
	return relay_status(desk->relay, "POST", relay_desk_path(desk, target, rest), "", note, bytes);
}

void
relay_desk_sign(struct relay_desk *desk, char line[320], const char *method, const char *target, const void *body,
    size_t bytes)
{
	struct cairn_staff_request request = {
	    .relay_key = desk->relay_key,
	    .desk_id = desk->paper.desk_id,
	    .method = {method, strlen(method)},
	    .target = {target, strlen(target)},
	};
	struct cairn_authorization auth = {.created = relay_now(desk->relay)};
	char value[CAIRN_AUTHORIZATION_MAX];

	crypto_hash_sha256(request.body_hash, body, bytes);
	memcpy(auth.device, desk->device, sizeof auth.device);
	put_u32(auth.nonce, ++desk->nonces);
	must(cairn_authorization_make(value, &auth, &request, desk->device_secret) == 0, "authorization");
	snprintf(line, 320, "Authorization: %s\r\n", value);
}

void
relay_desk_ask(struct relay_desk *desk, struct http_answer *answer, const char *method, const char *rest,
    const void *body, size_t bytes)
{
	char line[320], target[256];

	relay_desk_path(desk, target, rest);
	relay_desk_sign(desk, line, method, target, body, bytes);
	relay_ask(desk->relay, answer, method, target, line, body, bytes);
}

int
relay_desk_status(struct relay_desk *desk, const char *method, const char *rest, const void *body, size_t bytes)
{
	struct http_answer answer;
	int status;

	relay_desk_ask(desk, &answer, method, rest, body, bytes);
	status = answer.status;
	http_free(&answer);
	return status;
}

/* --- the board --- */

static void
section(struct writer *w, uint8_t kind, const struct paper_file *file)
{
	must(file != NULL, "a paper file");
	write_u8(w, kind);
	write_u32(w, (uint32_t)file->size);
	write_bytes(w, file->bytes, file->size);
}

static void
section_keys(struct writer *w, const struct paper *p)
{
	for (unsigned door = 1; door <= 2; door++)
		for (uint32_t day = p->epoch_first; day <= p->epoch_last; day++) {
			write_u8(w, 6);
			write_u32(w, 7 + CAIRN_XWING_PUBLIC_BYTES);
			write_u8(w, (uint8_t)door);
			write_u16(w, 0);
			write_u32(w, day);
			write_bytes(w, p->epoch_key[door - 1].public_key, CAIRN_XWING_PUBLIC_BYTES);
		}
}

uint8_t *
relay_desk_append_body(const struct relay_desk *desk, size_t *bytes, bool keys)
{
	const struct paper *p = &desk->paper;
	uint8_t *body = malloc(APPEND_BYTES_MAX);
	char batch[CAIRN_REQUEST_PATH_MAX];
	struct writer w;

	must(body != NULL, "memory");
	writer_init(&w, body, APPEND_BYTES_MAX);
	section(&w, 1, paper_file(p, "board/checkpoint"));
	if (p->size > 0) {
		snprintf(batch, sizeof batch, "board/batch/%llu", (unsigned long long)p->size - 1);
		section(&w, 2, paper_file(p, batch));
	}
	section(&w, 3, paper_file(p, "board/card"));
	section(&w, 5, paper_file(p, "board/epochs"));
	if (keys)
		section_keys(&w, p);
	must(writer_end(&w, bytes) == 0, "append");
	return body;
}

int
relay_desk_append(struct relay_desk *desk, uint64_t size)
{
	char rest[64];
	size_t bytes;
	uint8_t *body = relay_desk_append_body(desk, &bytes, true);
	int status;

	snprintf(rest, sizeof rest, "board/append?size=%llu", (unsigned long long)size);
	status = relay_desk_status(desk, "POST", rest, body, bytes);
	free(body);
	return status;
}

int
relay_desk_publish(struct relay_desk *desk)
{
	uint32_t hour = (uint32_t)(relay_now(desk->relay) / 3600);
	int status;

	paper_publish(&desk->paper, hour, NULL, 0);
	paper_sign(&desk->paper, hour);
	status = relay_desk_append(desk, desk->paper.size - 1);
	if (status == 204)
		desk->batches = desk->paper.size;
	return status;
}
