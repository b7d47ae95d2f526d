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
	free(desk->places);
	desk->places = NULL;
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
write_device(struct writer *w, const uint8_t id[16], const uint8_t key[32], const char *roles, uint32_t since,
    uint32_t until)
{
	uint8_t xwing[32] = {1};

	write_text(w, "device ");
	write_hex(w, id, 16);
	write_text(w, " ");
	write_base64(w, key, 32);
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

static void
write_roster(struct relay_desk *desk, struct writer *w, uint64_t serial)
{
	write_text(w, "cairn roster 1\ndesk ");
	write_hex(w, desk->paper.desk_id, 32);
	write_text(w, "\nserial ");
	write_decimal(w, serial);
	write_text(w, "\n");
	write_device(w, desk->device, desk->device_key, desk->roles, desk->since, desk->until);
	for (size_t i = 0; i < desk->more_count; i++)
		write_device(w, desk->more[i].id, desk->more[i].key, desk->more[i].roles, 0, UINT32_MAX);
}

int
relay_desk_roster(struct relay_desk *desk, uint64_t serial, const char *roles, uint32_t since, uint32_t until)
{
	char name[CAIRN_KEY_NAME_BYTES], target[256], key[65], rest[80];
	uint8_t text[4096], note[8192];
	struct writer w;
	size_t bytes = 0;

	if (roles != desk->roles)
		snprintf(desk->roles, sizeof desk->roles, "%s", roles);
	desk->since = since;
	desk->until = until;
	writer_init(&w, text, sizeof text);
	write_roster(desk, &w, serial);
	must(!w.failed, "roster");
	must(cairn_note_sign(note, sizeof note, &bytes, (struct cairn_span){(const char *)text, w.used},
	         cairn_key_name(name, desk->paper.desk_id, "identity"), desk->paper.identity_secret) == 0,
	    "roster");
	desk->roster_serial = serial;
	sodium_bin2hex(key, sizeof key, desk->paper.identity_key, 32);
	snprintf(rest, sizeof rest, "roster?key=%s", key);
	return relay_status(desk->relay, "POST", relay_desk_path(desk, target, rest), "", note, bytes);
}

const struct relay_device *
relay_desk_device(struct relay_desk *desk, const char *roles)
{
	struct relay_device *device = &desk->more[desk->more_count];
	uint8_t seed[32] = {desk->paper.desk_id[0], desk->paper.desk_id[1], (uint8_t)desk->more_count, 8};

	must(desk->more_count < RELAY_DEVICES_MAX, "too many devices");
	memset(device->id, 0xd0 + (int)desk->more_count, sizeof device->id);
	crypto_sign_seed_keypair(device->key, device->secret, seed);
	snprintf(device->roles, sizeof device->roles, "%s", roles);
	desk->more_count++;
	must(relay_desk_roster(desk, desk->roster_serial + 1, desk->roles, desk->since, desk->until) == 204,
	    "roster");
	return device;
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
	const uint8_t *secret = desk->as == NULL ? desk->device_secret : desk->as->secret;
	char value[CAIRN_AUTHORIZATION_MAX];

	crypto_hash_sha256(request.body_hash, body, bytes);
	memcpy(auth.device, desk->as == NULL ? desk->device : desk->as->id, sizeof auth.device);
	put_u32(auth.nonce, ++desk->nonces);
	must(cairn_authorization_make(value, &auth, &request, secret) == 0, "authorization");
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

/* --- the feed --- */

void
relay_feed_sign(const struct relay_desk *desk, uint8_t *record, size_t bytes)
{
	cairn_feed_record_sign(record, bytes, desk->paper.desk_id,
	    desk->as == NULL ? desk->device_secret : desk->as->secret);
}

void
relay_feed_record(const struct relay_desk *desk, uint8_t *record, size_t bytes, uint64_t seq, uint64_t n)
{
	struct cairn_feed_head head = {.seq = seq, .gen = 1, .day = (uint32_t)(relay_now(desk->relay) / 86400)};
	uint8_t seed[32] = {0xfe};

	put_u64(seed + 8, n);
	randombytes_buf_deterministic(record, bytes, seed);
	memcpy(head.device, desk->as == NULL ? desk->device : desk->as->id, sizeof head.device);
	if (seq > 0 && seq <= desk->place_count)
		memcpy(head.prev, desk->places[seq - 1].hash, sizeof head.prev);
	if (seq < desk->place_count)
		head.day = desk->places[seq].day;
	cairn_feed_record_head_write(record, &head);
	relay_feed_sign(desk, record, bytes);
}

static void
placed(struct relay_desk *desk, uint64_t seq, const uint8_t *record, size_t bytes)
{
	struct cairn_feed_head head;

	if (seq != desk->place_count)
		return;
	must(cairn_feed_record_head(&head, record, bytes) == 0, "a record was taken that is none");
	desk->places = realloc(desk->places, (seq + 1) * sizeof *desk->places);
	must(desk->places != NULL, "memory");
	cairn_hash(desk->places[seq].hash, record, bytes);
	desk->places[seq].day = head.day;
	desk->place_count++;
}

int
relay_feed_append(struct relay_desk *desk, uint64_t seq, const void *record, size_t bytes, uint64_t *ret_head)
{
	struct http_answer answer;
	char rest[64];
	int status;

	snprintf(rest, sizeof rest, "feed?seq=%llu", (unsigned long long)seq);
	relay_desk_ask(desk, &answer, "POST", rest, record, bytes);
	status = answer.status;
	if (status == 204)
		placed(desk, seq, record, bytes);
	if (status == 409 && ret_head != NULL)
		must(cairn_feed_head_read(ret_head, answer.body, answer.bytes) == 0, "head");
	http_free(&answer);
	return status;
}

void
relay_feed_get(struct relay_desk *desk, struct http_answer *answer, uint64_t from, unsigned seconds)
{
	char rest[80];

	if (seconds == 0)
		snprintf(rest, sizeof rest, "feed?from=%llu", (unsigned long long)from);
	else
		snprintf(rest, sizeof rest, "feed?from=%llu&wait=%u", (unsigned long long)from, seconds);
	relay_desk_ask(desk, answer, "GET", rest, NULL, 0);
}

int
relay_feed_delete(struct relay_desk *desk, const uint64_t *seqs, size_t count)
{
	uint8_t *body = malloc(count * 8 + 1);
	int status;

	must(body != NULL, "memory");
	for (size_t i = 0; i < count; i++)
		put_u64(body + i * 8, seqs[i]);
	status = relay_desk_status(desk, "POST", "feed/delete", body, count * 8);
	free(body);
	return status;
}

/* --- suspension --- */

size_t
relay_desk_suspension(const struct relay_desk *desk, uint8_t note[CAIRN_SUSPENSION_BYTES_MAX],
    const struct cairn_suspended *named, size_t count, const struct relay_device *first,
    const struct relay_device *second)
{
	size_t bytes;

	must(cairn_suspension_write(note, CAIRN_SUSPENSION_BYTES_MAX, &bytes, desk->paper.desk_id,
	         desk->roster_serial, (uint32_t)(relay_now(desk->relay) / 3600), named, count, first->id,
	         first->secret) == 0,
	    "suspension");
	if (second != NULL)
		must(cairn_suspension_sign(note, CAIRN_SUSPENSION_BYTES_MAX, &bytes, desk->paper.desk_id,
		         desk->roster_serial, second->id, second->secret) == 0,
		    "suspension");
	return bytes;
}

int
relay_desk_suspend(struct relay_desk *desk, const struct relay_device *who, const struct relay_device *first,
    const struct relay_device *second)
{
	struct cairn_suspended named = {.kind = CAIRN_SUSPENDED_DEVICE};
	uint8_t note[CAIRN_SUSPENSION_BYTES_MAX];
	char target[256];
	size_t bytes;

	memcpy(named.id, who == NULL ? desk->device : who->id, sizeof named.id);
	bytes = relay_desk_suspension(desk, note, &named, 1, first, second);
	return relay_status(desk->relay, "POST", relay_desk_path(desk, target, "suspension"), "", note, bytes);
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
