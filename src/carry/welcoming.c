// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/welcoming.h"

#include <stdlib.h>
#include <string.h>

#include "carry/devices.h"
#include "carry/feed.h"
#include "carry/keys.h"
#include "carry/new_keys.h"
#include "carry/rotation.h"
#include "carry/say.h"
#include "carry/state_tables.h"

int
admit_say(struct carry *carry, const struct op_device *device, struct cairn_span roster, uint64_t now)
{
	struct op_roster said = {.note = roster};
	int err = say(carry, carry_desk_compartment, OP_DEVICE, device, now, NULL);

	return err == CAIRN_OK ? say(carry, carry_desk_compartment, OP_ROSTER, &said, now, NULL) : err;
}

int
carry_admit(struct carry *carry, const struct op_device *device, struct cairn_span roster, uint64_t now)
{
	int err = db_begin(carry->db);

	return err == CAIRN_OK ? db_end(carry->db, admit_say(carry, device, roster, now)) : err;
}

/* A writer of pieces: rows of one table, said when they fill one. */
struct pieces {
	struct carry *carry;
	struct op_state said;
	uint64_t now;
	uint32_t count;
	struct writer w;
	uint8_t rows[OP_ROWS_MAX];
};

static int
piece_say(struct pieces *p)
{
	int err = CAIRN_OK;

	p->said.rows = (struct cairn_span){(const char *)p->rows, p->w.used};
	if (p->w.used > 0 || p->said.table == STATE_END)
		err = say(p->carry, carry_desk_compartment, OP_STATE, &p->said, p->now, NULL);
	p->count += p->w.used > 0;
	writer_init(&p->w, p->rows, sizeof(p->rows));
	return err;
}

/* The rows are read in one go before any is said: saying writes to the outbox, which is no table of the state. */
static int
table_say(struct pieces *p, size_t table)
{
	struct query q = state_rows(p->carry, table);
	int err = CAIRN_OK;
	int end;

	p->said.table = (uint8_t)table;
	while (err == CAIRN_OK && query_row(&q)) {
		struct writer before = p->w;

		state_row_write(&p->w, &q);
		if (!p->w.failed)
			continue;
		p->w = before;
		err = piece_say(p);
		if (err == CAIRN_OK)
			state_row_write(&p->w, &q);
		if (err == CAIRN_OK)
			err = writer_end(&p->w, NULL);
	}
	end = query_end(&q);
	if (end == CAIRN_OK && err == CAIRN_OK)
		err = piece_say(p);
	return end != CAIRN_OK ? end : err;
}

/* The key that is to come, if this device has it. */
static int
next_get(struct carry *carry, struct next_key *ret)
{
	struct rotation r;
	int err = rotation_get(carry, &r);

	memset(ret, 0, sizeof(*ret));
	if (err != CAIRN_OK || !r.there)
		return err;
	err = new_key_get(carry, ret->key, &ret->day, carry_desk_compartment, r.gen);
	if (err != CAIRN_OK)
		return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
	ret->gen = r.gen;
	memcpy(ret->author, r.author, OP_ID_BYTES);
	return CAIRN_OK;
}

static int
state_say(struct carry *carry, struct carry_welcome *welcome, const uint8_t device[OP_ID_BYTES], uint64_t now)
{
	struct pieces *p = malloc(sizeof(*p));
	struct feed_position position;
	int err = p == NULL ? CAIRN_ERR_NOMEM : feed_position_get(carry, &position);

	if (err == CAIRN_OK) {
		memset(p, 0, sizeof(*p));
		p->carry = carry;
		p->now = now;
		p->said.seq = welcome->seq = position.next;
		memcpy(welcome->from, carry->self.device, OP_ID_BYTES);
		memcpy(welcome->prev, position.prev, CAIRN_HASH_BYTES);
		memcpy(p->said.device, device, OP_ID_BYTES);
		writer_init(&p->w, p->rows, sizeof(p->rows));
		err = key_held(carry, CARRY_DESK, &welcome->gen, &welcome->day);
	}
	if (err == CAIRN_OK)
		err = key_of_day(carry, welcome->key, CARRY_DESK, welcome->gen, welcome->day);
	if (err == CAIRN_OK)
		err = next_get(carry, &welcome->next);
	for (size_t i = 0; i < STATE_TABLES && err == CAIRN_OK; i++)
		err = table_say(p, i);
	if (err == CAIRN_OK) {
		p->said.table = STATE_END;
		write_u32(&p->w, p->count);
		err = piece_say(p);
	}
	free(p);
	return err;
}

int
carry_welcome(struct carry *carry, struct carry_welcome *welcome, const uint8_t device[OP_ID_BYTES], uint64_t now)
{
	struct carry_device row;
	int err = device_get(carry, &row, device);

	if (err == CAIRN_ERR_UNKNOWN || (err == CAIRN_OK && row.listed == 0))
		return CAIRN_ERR_STATE;
	if (err == CAIRN_OK)
		err = db_begin(carry->db);
	return err == CAIRN_OK ? db_end(carry->db, state_say(carry, welcome, device, now)) : err;
}
