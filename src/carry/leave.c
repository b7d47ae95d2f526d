// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/leave.h"

#include <stdlib.h>

#include "carry/devices.h"
#include "carry/keys.h"
#include "carry/rotation.h"

static int
run_on(struct carry *carry, enum carry_statement which, uint64_t c)
{
	struct query q = carry_query(carry, which);

	bind_int(&q, c);
	return query_run(&q);
}

int
compartment_erase(struct carry *carry, const struct carry_compartment *c)
{
	static const enum carry_statement erase[] = {CARRY_LOG_ERASE, CARRY_OUTBOX_ERASE, CARRY_SHARES_ERASE,
	    CARRY_OPEN_ERASE};
	struct query q;
	int err = key_erase(carry, c->n);

	for (size_t i = 0; i < sizeof(erase) / sizeof(erase[0]) && err == CAIRN_OK; i++)
		err = run_on(carry, erase[i], c->n);
	if (err != CAIRN_OK)
		return err;
	q = carry_query(carry, CARRY_NEW_KEY_DROP);
	bind_id(&q, c->id);
	err = query_run(&q);
	if (err == CAIRN_OK && carry->hooks.destroyed != NULL)
		err = carry->hooks.destroyed(carry->hooks.arg, c->id);
	return err;
}

int
leave(struct carry *carry, uint64_t c, uint64_t device)
{
	struct carry_compartment compartment;
	struct carry_device self;
	struct query q = carry_query(carry, CARRY_MEMBER_REMOVED);
	int err;

	bind_int(&q, c);
	bind_int(&q, device);
	err = query_run(&q);
	if (err != CAIRN_OK || db_changes(carry->db) == 0)
		return err;
	q = carry_query(carry, CARRY_GIVER_GONE);
	bind_int(&q, c);
	bind_int(&q, device);
	err = query_run(&q);
	if (err == CAIRN_OK && c == CARRY_DESK)
		err = rotation_drop(carry);
	if (err == CAIRN_OK)
		err = run_on(carry, CARRY_COMPARTMENT_ROTATE, c);
	if (err == CAIRN_OK)
		err = device_self(carry, &self);
	if (err != CAIRN_OK || self.n != device)
		return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
	err = compartment_at(carry, &compartment, c);
	return err == CAIRN_OK ? compartment_erase(carry, &compartment) : err;
}

int
member_of(struct carry *carry, uint64_t **ret, size_t *ret_count, uint64_t device)
{
	struct query q = carry_query(carry, CARRY_MEMBER_OF);
	uint64_t *of = NULL;
	size_t count = 0, room = 0;
	int err;

	bind_int(&q, device);
	while (query_row(&q)) {
		if (count == room) {
			uint64_t *more = realloc(of, (room = room == 0 ? 64 : 2 * room) * sizeof(*of));

			if (more == NULL) {
				q.err = CAIRN_ERR_NOMEM;
				break;
			}
			of = more;
		}
		of[count++] = query_int(&q, 0);
	}
	err = query_end(&q);
	if (err != CAIRN_OK) {
		free(of);
		of = NULL;
		count = 0;
	}
	*ret = of;
	*ret_count = count;
	return err;
}

int
leave_all(struct carry *carry, uint64_t device)
{
	uint64_t *of;
	size_t count;
	int err = member_of(carry, &of, &count, device);

	for (size_t i = 0; i < count && err == CAIRN_OK; i++)
		err = leave(carry, of[i], device);
	free(of);
	return err;
}
