// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/captured.h"

#include <stdlib.h>
#include <string.h>

#include "carry/devices.h"
#include "carry/notes.h"
#include "carry/say.h"

static int
self_is_security(struct carry *carry, uint32_t day)
{
	struct carry_device self;
	int err = device_self(carry, &self);

	if (err == CAIRN_OK && (!device_has_role(&self, "security") || !device_valid(&self, day)))
		err = CAIRN_ERR_DENIED;
	return err;
}

int
captured_say(struct carry *carry, const struct cairn_suspended *named, size_t count, uint64_t now)
{
	uint8_t note[CAIRN_SUSPENSION_BYTES_MAX];
	struct op_suspend_ask said;
	uint64_t serial;
	size_t bytes;
	int err = self_is_security(carry, carry_day(now));

	for (size_t i = 0; i < count && err == CAIRN_OK; i++)
		if (named[i].kind == CAIRN_SUSPENDED_DEVICE &&
		    memcmp(named[i].id, carry->self.device, OP_ID_BYTES) == 0)
			err = CAIRN_ERR_RANGE;
	if (err == CAIRN_OK)
		err = carry_note_serial(carry, "roster", &serial);
	if (err == CAIRN_OK)
		err = cairn_suspension_write(note, sizeof(note), &bytes, carry->self.desk_id, serial,
		    (uint32_t)(now / 3600), named, count, carry->self.device, carry->self.sign_secret);
	if (err != CAIRN_OK)
		return err;
	said.note = (struct cairn_span){(const char *)note, bytes};
	return carry_say(carry, carry_desk_compartment, OP_SUSPEND_ASK, &said, now, NULL);
}

/* What it names; one that does not read is left out. */
static bool
ask_read(struct carry *carry, struct captured_ask *ask, struct cairn_span note)
{
	struct cairn_suspension suspension;
	size_t at = 0;

	ask->count = 0;
	if (cairn_suspension_read(&suspension, note.text, note.size, carry->self.desk_id) != CAIRN_OK)
		return false;
	while (ask->count < CAIRN_SUSPENSION_NAMES_MAX &&
	    cairn_suspension_next(&suspension, &at, &ask->named[ask->count]))
		ask->count++;
	return true;
}

int
captured_asks(struct carry *carry, struct captured_ask **ret, size_t *ret_count)
{
	struct query q = carry_query(carry, CARRY_SUSPEND_ASKS);
	struct captured_ask *asks = NULL, *more, one;
	size_t count = 0;

	while (query_row(&q)) {
		one.n = query_int(&q, 0);
		query_bytes(&q, 1, one.device, sizeof(one.device));
		one.at = query_int(&q, 3);
		if (!ask_read(carry, &one, query_span(&q, 2)))
			continue;
		more = realloc(asks, (count + 1) * sizeof(*asks));
		if (more == NULL) {
			q.err = CAIRN_ERR_NOMEM;
			break;
		}
		asks = more;
		asks[count++] = one;
	}
	if (query_end(&q) != CAIRN_OK) {
		free(asks);
		asks = NULL;
		count = 0;
	}
	*ret = asks;
	*ret_count = count;
	return q.err;
}

static int
ask_note(struct carry *carry, uint8_t *note, size_t *ret_bytes, uint64_t n)
{
	struct query q = carry_query(carry, CARRY_SUSPEND_ASKS);
	int err = CAIRN_ERR_UNKNOWN;
	int end;

	while (query_row(&q)) {
		struct cairn_span span = query_span(&q, 2);
		uint8_t device[OP_ID_BYTES];

		if (query_int(&q, 0) != n || span.size > CAIRN_SUSPENSION_BYTES_MAX)
			continue;
		query_bytes(&q, 1, device, sizeof(device));
		memcpy(note, span.text, span.size);
		*ret_bytes = span.size;
		err = memcmp(device, carry->self.device, OP_ID_BYTES) == 0 ? CAIRN_ERR_DENIED : CAIRN_OK;
	}
	end = query_end(&q);
	return end != CAIRN_OK ? end : err;
}

int
captured_confirm(struct carry *carry, uint64_t n, uint64_t now)
{
	uint8_t note[CAIRN_SUSPENSION_BYTES_MAX];
	struct op_suspension said;
	uint64_t serial;
	size_t bytes;
	int err = self_is_security(carry, carry_day(now));

	if (err == CAIRN_OK)
		err = ask_note(carry, note, &bytes, n);
	if (err == CAIRN_OK)
		err = carry_note_serial(carry, "roster", &serial);
	if (err == CAIRN_OK)
		err = cairn_suspension_sign(note, sizeof(note), &bytes, carry->self.desk_id, serial,
		    carry->self.device, carry->self.sign_secret);
	if (err != CAIRN_OK)
		return err;
	said.note = (struct cairn_span){(const char *)note, bytes};
	return carry_say(carry, carry_desk_compartment, OP_SUSPENSION, &said, now, NULL);
}
