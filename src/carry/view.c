// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/view.h"

#include <string.h>

#include "carry/devices.h"
#include "carry/due.h"
#include "carry/opening.h"

/*
 * A device that was away shows nothing of what had to go meanwhile. It is erased when the feed has been read, and not
 * before: the mark may have been taken back.
 */
static int
view_allowed(struct carry *carry, const struct carry_compartment *c, uint64_t now)
{
	struct carry_device self;
	bool member, over = false;
	int err = device_self(carry, &self);

	if (err == CAIRN_OK)
		err = member_is(carry, &member, c->n, self.n);
	if (err == CAIRN_OK)
		err = compartment_over(carry, &over, c, now);
	if (err != CAIRN_OK)
		return err;
	return c->destroyed || (member && over) ? CAIRN_ERR_STALE : member ? CAIRN_OK
									   : CAIRN_ERR_DENIED;
}

static int
view_log(struct carry *carry, struct view *view, uint64_t now)
{
	struct cairn_xwing_key key;
	int err;

	if (view->compartment.k == 0)
		return log_read(carry, &view->log, &view->compartment, NULL);
	err = opening_key(carry, &key, view->compartment.n, now);
	if (err == CAIRN_OK) {
		err = log_read(carry, &view->log, &view->compartment, &key);
		cairn_xwing_key_clear(&key);
	}
	return err;
}

int
view_make(struct carry *carry, struct view *ret, const uint8_t compartment[OP_ID_BYTES], uint64_t now)
{
	int err;

	memset(ret, 0, sizeof(*ret));
	err = compartment_get(carry, &ret->compartment, compartment);
	if (err == CAIRN_OK)
		err = view_allowed(carry, &ret->compartment, now);
	if (err == CAIRN_OK)
		err = view_log(carry, ret, now);
	if (err == CAIRN_OK)
		err = fold_make(&ret->fold, ret->log.ops, ret->log.count);
	return err;
}

void
view_text(const struct view *view, uint16_t field, char *out, size_t room)
{
	const struct fold_item *item = fold_register(view->fold, field);
	size_t size = item == NULL ? 0 : item->value.size < room ? item->value.size
								 : room - 1;

	if (size > 0)
		memcpy(out, item->value.text, size);
	out[size] = '\0';
}
