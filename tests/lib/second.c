// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/second.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sodium.h>

#include "carry/day_keys.h"
#include "carry/welcoming.h"
#include "desk/in_step.h"
#include "desk/roster.h"
#include "lib/plain_state.h"

static void
must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "second: %s\n", what);
	abort();
}

#define MUST(call) must((call) == CAIRN_OK, #call)

struct share
second_share(const struct staffed *s, unsigned n)
{
	struct share probe = {.number = (uint8_t)n}, share;
	char name[SHARE_NAME_MAX], path[256], text[SHARE_TEXT_MAX];
	FILE *file;
	size_t bytes;

	memcpy(probe.desk_id, s->self.desk_id, CAIRN_HASH_BYTES);
	share_file_name(name, &probe);
	snprintf(path, sizeof(path), "%s/%s", s->shares, name);
	file = fopen(path, "r");
	must(file != NULL, path);
	bytes = fread(text, 1, sizeof(text), file);
	fclose(file);
	MUST(share_read(&share, text, bytes));
	return share;
}

void
second_sync(struct staffed *s, struct desk *desk)
{
	struct sync sync;

	must(desk_sync(desk, &sync, 0, s->now, NULL, NULL) == CAIRN_OK, desk->trouble);
}

void
second_tick(struct staffed *s, struct desk *desk)
{
	struct tick tick = {.roster_put = true};

	desk_tick(desk, &tick, s->now, NULL, NULL);
	must(tick.err == CAIRN_OK, tick.trouble);
}

static struct desk *
make(struct staffed *s, const char *name, uint32_t lane)
{
	struct desk_self self = s->self;
	char folder[128], trouble[DESK_TROUBLE_MAX];
	struct desk *desk;
	struct db *state;

	snprintf(folder, sizeof(folder), "%s/%s", s->folder, name);
	must(mkdir(folder, 0700) == 0, folder);
	randombytes_buf(self.device_id, sizeof(self.device_id));
	randombytes_buf(self.xwing_seed, sizeof(self.xwing_seed));
	crypto_sign_keypair((uint8_t[32]){0}, self.sign_secret);
	memset(self.board_secret, 0, sizeof(self.board_secret));
	self.lane = lane;
	MUST(plain_state_create(&state, folder));
	MUST(desk_self_write(state, &self));
	MUST(desk_open(&desk, state, trouble));
	desk->wire = staffed_wire(s->relay);
	return desk;
}

struct cairn_span
second_roster(struct staffed *s, uint8_t **bytes)
{
	size_t size;

	MUST(state_note_get(s->desk->state, "roster", bytes, &size, NULL));
	return (struct cairn_span){(const char *)*bytes, size};
}

static void
roster_add(struct staffed *s, const struct desk *desk, const char *roles)
{
	struct roster_line line = {.roles = {roles, strlen(roles)}, .since = desk_day(s->now), .until = UINT32_MAX};
	struct roster_change change = {.put = &line};
	struct share a = second_share(s, 1), b = second_share(s, 2);

	memcpy(line.device, desk->self.device_id, sizeof(line.device));
	memcpy(line.sign_key, desk->self.sign_secret + 32, sizeof(line.sign_key));
	MUST(roster_renew(s->desk, &change, &a, &b));
}

static void
admit(struct staffed *s, struct desk *desk, const char *name)
{
	static uint8_t publics[DAY_KEYS_AHEAD][CAIRN_XWING_PUBLIC_BYTES];
	struct op_device said = {.alias = {name, strlen(name)}, .owner = {"Vera", 4}, .first_day = desk_day(s->now)};
	struct carry_welcome welcome;
	struct cairn_xwing_key key;
	uint8_t *bytes;

	MUST(db_begin(desk->state));
	MUST(db_end(desk->state, day_keys_make(desk->carry, publics, said.first_day, DAY_KEYS_AHEAD)));
	memcpy(said.device, desk->self.device_id, sizeof(said.device));
	memcpy(said.sign_key, desk->self.sign_secret + 32, sizeof(said.sign_key));
	cairn_xwing_key_init(&key, desk->self.xwing_seed);
	memcpy(said.receive_key, key.public_key, sizeof(said.receive_key));
	said.day_keys = (struct cairn_span){(const char *)publics, sizeof(publics)};
	MUST(carry_admit(s->desk->carry, &said, second_roster(s, &bytes), s->now));
	free(bytes);
	second_sync(s, s->desk);
	MUST(carry_welcome(s->desk->carry, &welcome, said.device, s->now));
	second_sync(s, s->desk);
	MUST(carry_join(desk->carry, &welcome, second_roster(s, &bytes)));
	free(bytes);
}

struct desk *
second_join(struct staffed *s, const char *name, const char *roles, uint32_t lane)
{
	struct desk *desk = make(s, name, lane);

	roster_add(s, desk, roles);
	admit(s, desk, name);
	second_sync(s, desk);
	return desk;
}
