// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/many.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "carry/day_keys.h"
#include "carry/membership.h"

#define MANY_START (20700ULL * 86400ULL + 36000ULL)

static void
must(bool ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "many: %s\n", what);
		abort();
	}
}

uint64_t
many_now(const struct many_device *d)
{
	return (uint64_t)((int64_t)d->desk->now + d->skew);
}

static int
many_exchange(void *arg, const struct cairn_request *request, const uint8_t **body, size_t *bytes)
{
	struct many_device *d = arg;
	const struct paper_asker asker = {d->desk->desk_id, d->self.device, d->self.sign_secret + 32, d->desk->now};
	int status;

	if (d->cut_after > 0 && --d->cut_after == 0)
		d->cut_off = true;
	if (d->cut_off)
		return CAIRN_NO_ANSWER;
	status = paper_feed_do(&d->desk->feed, &asker, request, body, bytes);
	if (d->twice) {
		d->twice = false;
		status = paper_feed_do(&d->desk->feed, &asker, request, body, bytes);
	}
	if (!d->answer_lost)
		return status;
	d->answer_lost = false;
	return CAIRN_NO_ANSWER;
}

/* ---- devices ---- */

static const struct erasure_column columns[] = {CARRY_ERASURE_COLUMNS, ERASURE_COLUMNS_END};

static void
device_start(struct many_device *d)
{
	must(carry_new(&d->carry, d->db, d->erasure, &d->self) == CAIRN_OK, "carry_new");
	d->carry->wire = (struct carry_wire){many_exchange, d};
	d->carry->hooks = d->hooks;
}

void
many_master(uint8_t master[CAIRN_KEY_BYTES], size_t i)
{
	memset(master, (int)i + 1, CAIRN_KEY_BYTES);
}

static void
device_open_vault(struct many_device *d)
{
	char path[512];
	uint8_t master[CAIRN_KEY_BYTES];

	snprintf(path, sizeof(path), "%s/%zu.vault", d->desk->folder, d->i);
	many_master(master, d->i);
	must(container_create(path, d->desk->vault_bytes, NULL, NULL) == CAIRN_OK, "container_create");
	must(vault_make(&d->vault, path, 0, master, NULL) == CAIRN_OK, "vault_make");
	must(db_open(&d->db, VAULT_DATABASE, vault_vfs(d->vault)) == CAIRN_OK, "db_open");
	must(erasure_new_vault(&d->erasure, d->db, columns, d->vault) == CAIRN_OK, "erasure");
}

static void
device_open(struct many_device *d)
{
	if (d->desk->folder != NULL) {
		device_open_vault(d);
		return;
	}
	must(db_open(&d->db, ":memory:", NULL) == CAIRN_OK, "db_open");
	must(erasure_new_memory(&d->erasure, d->db, columns) == CAIRN_OK, "erasure");
}

static struct many_device *
device_make(struct many *m, const char *roles)
{
	struct many_device *d = &m->devices[m->count];

	must(m->count < MANY_DEVICES_MAX, "too many devices");
	d->desk = m;
	d->i = m->count++;
	snprintf(d->roles, sizeof(d->roles), "%s", roles);
	memcpy(d->self.desk_id, m->desk_id, CAIRN_HASH_BYTES);
	memcpy(d->self.identity_key, m->identity_key, 32);
	randombytes_buf(d->self.device, OP_ID_BYTES);
	randombytes_buf(d->xwing_seed, sizeof(d->xwing_seed));
	{
		uint8_t key[32];

		crypto_sign_keypair(key, d->self.sign_secret);
	}
	device_open(d);
	must(db_script(d->db, carry_schema) == CAIRN_OK, "schema");
	device_start(d);
	return d;
}

void
many_restart(struct many_device *d)
{
	carry_free(d->carry);
	if (db_within(d->db))
		must(db_end(d->db, CAIRN_ERR_IO) == CAIRN_ERR_IO, "rollback");
	device_start(d);
}

static void
roster_make(struct many *m)
{
	char *text = malloc(65536), name[CAIRN_KEY_NAME_BYTES], hex[65], key[64], hash_hex[65];
	size_t used;

	must(text != NULL, "memory");
	sodium_bin2hex(hex, sizeof(hex), m->desk_id, 32);
	used = (size_t)snprintf(text, 65536, "cairn roster 1\ndesk %s\nserial %llu\n", hex,
	    (unsigned long long)++m->roster_serial);
	for (size_t i = 0; i < m->count; i++) {
		struct many_device *d = &m->devices[i];

		if (d->gone)
			continue;
		sodium_bin2hex(hex, sizeof(hex), d->self.device, OP_ID_BYTES);
		sodium_bin2base64(key, sizeof(key), d->self.sign_secret + 32, 32, sodium_base64_VARIANT_ORIGINAL);
		sodium_bin2hex(hash_hex, sizeof(hash_hex), d->xwing_seed, 32);
		used += (size_t)snprintf(text + used, 65536 - used, "device %s %s %s %s %u -\n", hex, key, hash_hex,
		    d->roles, 20000U);
	}
	must(cairn_note_sign(m->roster, sizeof(m->roster), &m->roster_bytes, (struct cairn_span){text, used},
		 cairn_key_name(name, m->desk_id, "identity"), m->identity_secret) == CAIRN_OK,
	    "roster");
	free(text);
}

static void
device_op(struct op_device *op, struct many_device *d, uint8_t (*publics)[CAIRN_XWING_PUBLIC_BYTES])
{
	static char alias[32];
	struct cairn_xwing_key key;

	memset(op, 0, sizeof(*op));
	snprintf(alias, sizeof(alias), "device-%zu", d->i);
	memcpy(op->device, d->self.device, OP_ID_BYTES);
	memcpy(op->sign_key, d->self.sign_secret + 32, 32);
	cairn_xwing_key_init(&key, d->xwing_seed);
	memcpy(op->receive_key, key.public_key, sizeof(op->receive_key));
	op->alias = (struct cairn_span){alias, strlen(alias)};
	op->owner = op->alias;
	op->first_day = carry_day(many_now(d));
	if (publics != NULL)
		op->day_keys = (struct cairn_span){(const char *)publics, DAY_KEYS_AHEAD * CAIRN_XWING_PUBLIC_BYTES};
}

static struct many *
desk_make(const char *roles, const char *folder, uint64_t vault_bytes)
{
	struct many *m = calloc(1, sizeof(*m));
	struct many_device *d;
	struct op_device op;
	char all[128];

	must(m != NULL && sodium_init() >= 0, "memory");
	m->now = MANY_START;
	m->folder = folder;
	m->vault_bytes = vault_bytes;
	crypto_sign_keypair(m->identity_key, m->identity_secret);
	cairn_hash(m->desk_id, m->identity_key, 32);
	snprintf(all, sizeof(all), "admin,intake,publish%s%s", roles[0] == '\0' ? "" : ",", roles);
	d = device_make(m, all);
	roster_make(m);
	device_op(&op, d, NULL);
	must(db_begin(d->db) == CAIRN_OK, "begin");
	must(db_end(d->db,
		 carry_found(d->carry, &op, (struct cairn_span){(const char *)m->roster, m->roster_bytes}, m->now)) ==
		CAIRN_OK,
	    "carry_found");
	d->joined = true;
	many_synced(d);
	return m;
}

struct many *
many_new(const char *roles)
{
	return desk_make(roles, NULL, 0);
}

struct many *
many_new_vaults(const char *roles, const char *folder, uint64_t vault_bytes)
{
	return desk_make(roles, folder, vault_bytes);
}

static void
admit(struct many_device *d, struct carry_welcome *welcome)
{
	struct many *m = d->desk;
	struct many_device *admin = &m->devices[0];
	uint8_t publics[DAY_KEYS_AHEAD][CAIRN_XWING_PUBLIC_BYTES];
	struct op_device op;

	must(db_begin(d->db) == CAIRN_OK, "begin");
	must(db_end(d->db, day_keys_make(d->carry, publics, carry_day(many_now(d)), DAY_KEYS_AHEAD)) == CAIRN_OK,
	    "day keys");
	roster_make(m);
	device_op(&op, d, publics);
	must(carry_admit(admin->carry, &op, (struct cairn_span){(const char *)m->roster, m->roster_bytes},
		 many_now(admin)) == CAIRN_OK,
	    "admit");
	many_synced(admin);
	must(carry_welcome(admin->carry, welcome, d->self.device, many_now(admin)) == CAIRN_OK, "welcome");
}

static void
enter(struct many_device *d, const struct carry_welcome *welcome)
{
	struct many *m = d->desk;
	struct sync sync;

	many_synced(&m->devices[0]);
	must(carry_join(d->carry, welcome, (struct cairn_span){(const char *)m->roster, m->roster_bytes}) == CAIRN_OK,
	    "join");
	d->joined = true;
	d->cut_off = false;
	if (d->cut_after == 0)
		many_synced(d);
	else
		(void)many_sync(d, &sync);
}

struct many_device *
many_admit(struct many *m, const char *roles, struct carry_welcome *welcome)
{
	struct many_device *d = device_make(m, roles);

	admit(d, welcome);
	return d;
}

struct many_device *
many_join(struct many *m, const char *roles)
{
	struct carry_welcome welcome;
	struct many_device *d = many_admit(m, roles, &welcome);

	enter(d, &welcome);
	return d;
}

void
many_readmit(struct many_device *d)
{
	struct carry_welcome welcome;

	admit(d, &welcome);
	enter(d, &welcome);
}

void
many_roster(struct many *m)
{
	struct op_roster said;

	roster_make(m);
	said.note = (struct cairn_span){(const char *)m->roster, m->roster_bytes};
	must(carry_say(m->devices[0].carry, carry_desk_compartment, OP_ROSTER, &said, m->now, NULL) == CAIRN_OK,
	    "roster");
}

int
many_sync(struct many_device *d, struct sync *ret)
{
	return carry_sync(d->carry, ret, 0, many_now(d), NULL, NULL);
}

void
many_synced(struct many_device *d)
{
	struct sync sync;
	int err = many_sync(d, &sync);

	if (err != CAIRN_OK)
		fprintf(stderr, "many: device %zu: %s: %s\n", d->i, cairn_strerror(err), d->carry->trouble);
	must(err == CAIRN_OK, "sync");
}

void
many_settle(struct many *m)
{
	size_t before;

	do {
		before = m->feed.record_count;
		for (size_t i = 0; i < m->count; i++)
			if (m->devices[i].joined && !m->devices[i].cut_off)
				many_synced(&m->devices[i]);
	} while (m->feed.record_count != before);
}

void
many_free(struct many *m)
{
	for (size_t i = 0; i < m->count; i++) {
		carry_free(m->devices[i].carry);
		erasure_free(m->devices[i].erasure);
		db_close(m->devices[i].db);
		vault_close(m->devices[i].vault);
	}
	paper_feed_release(&m->feed);
	free(m);
}

void
many_contact(struct many *m, uint8_t id[OP_ID_BYTES], uint8_t case_id[OP_ID_BYTES])
{
	memset(case_id, 0, OP_ID_BYTES);
	must(carry_open(m->devices[0].carry, id, KIND_CONTACT, case_id, NULL, 0, false, m->now) == CAIRN_OK,
	    "contact");
	many_settle(m);
}

void
many_note(struct many_device *d, const uint8_t id[OP_ID_BYTES], const char *text)
{
	struct op_note said = {.text = {text, strlen(text)}};

	must(carry_say(d->carry, id, OP_NOTE, &said, many_now(d), NULL) == CAIRN_OK, "note");
}
