// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/admit.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "carry/devices.h"
#include "carry/welcoming.h"
#include "desk/in_step.h"
#include "desk/mailbox.h"
#include "desk/roster.h"

static int
admin_check(struct desk *desk, uint64_t now)
{
	struct carry_device self;
	int err = device_self(desk->carry, &self);

	if (err != CAIRN_OK)
		return desk_trouble(desk, err, "this device has not been in step with the desk yet: 'cairn "
		    "desk sync'");
	if (!device_valid(&self, desk_day(now)) || !device_has_role(&self, "admin"))
		return desk_trouble(desk, CAIRN_ERR_DENIED, "only a device with the role admin admits others");
	return CAIRN_OK;
}

static int
admit_slot(struct admitting *a)
{
	uint8_t root[JOIN_ROOT_BYTES];
	struct desk *desk = a->desk;
	int err;

	join_code_make(a->code);
	err = join_code_read(root, desk->self.desk_id, (struct cairn_span){a->code, strlen(a->code)});
	if (err == CAIRN_OK) {
		join_slot(a->slot, root);
		join_admin_begin(&a->join, desk->self.desk_id, root, desk->self.device_id,
		    desk->self.sign_secret + 32);
	}
	sodium_memzero(root, sizeof(root));
	if (err != CAIRN_OK)
		return desk_trouble(desk, err, "not enough memory to make a code: close other programs");
	err = mailbox_open(desk, a->slot);
	a->open = err == CAIRN_OK;
	return err;
}

int
admit_begin(struct admitting **ret, struct desk *desk, uint64_t now)
{
	struct admitting *a;
	int err = admin_check(desk, now);

	*ret = NULL;
	if (err != CAIRN_OK)
		return err;
	a = sodium_malloc(sizeof(*a));
	if (a == NULL)
		return desk_trouble(desk, CAIRN_ERR_NOMEM, "not enough memory: close other programs");
	memset(a, 0, sizeof(*a));
	a->desk = desk;
	err = admit_slot(a);
	if (err == CAIRN_OK)
		*ret = a;
	else
		admit_end(a, false);
	return err;
}

void
admit_end(struct admitting *a, bool good)
{
	if (a == NULL)
		return;
	/* After the welcome the other side still has to fetch it; the slot ends by itself. */
	if (a->open && !good)
		(void)!mailbox_close(a->desk, a->slot);
	join_clear(&a->join);
	sodium_free(a);
}

static int
between(struct desk *desk, int err)
{
	return desk_trouble(desk, err,
	    "what came does not fit to what came before: somebody is in between, who may be the relay. Stop, "
	    "tell the "
	    "security officer, and begin anew with another code another day");
}

int
admit_keys(struct admitting *a)
{
	struct desk *desk = a->desk;
	int err = mailbox_get(desk, a->slot, 1, a->message, &a->bytes);

	if (err != CAIRN_OK)
		return err;
	if (join_admin_answer(&a->join, a->message, a->bytes, a->message, &a->bytes) != CAIRN_OK)
		return between(desk, CAIRN_ERR_CRYPTO);
	err = mailbox_put(desk, a->slot, 2, a->message, a->bytes);
	if (err == CAIRN_OK)
		err = mailbox_get(desk, a->slot, 3, a->message, &a->bytes);
	if (err == CAIRN_OK && join_admin_keys(&a->join, a->message, a->bytes) != CAIRN_OK)
		return between(desk, CAIRN_ERR_CRYPTO);
	return err;
}

/* Staff call devices by name: two of the same would be taken for each other. */
static int
name_check(struct desk *desk, const struct join_keys *keys)
{
	struct carry_device *all = calloc(DEVICES_MAX, sizeof(*all));
	size_t count = 0;
	int err = all == NULL ? CAIRN_ERR_NOMEM : device_list(desk->carry, all, &count);

	err = desk_state_trouble(desk, err);
	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		bool same = strlen(all[i].alias) == keys->alias_bytes &&
		    memcmp(all[i].alias, keys->alias, keys->alias_bytes) == 0;

		if (same && all[i].listed > 0 && memcmp(all[i].id, keys->device, OP_ID_BYTES) != 0)
			err = desk_trouble(desk, CAIRN_ERR_CONFLICT,
			    "the desk has a device of that name already: choose another with --device");
	}
	free(all);
	return err;
}

static struct roster_line
newcomer_line(const struct join_keys *keys, struct cairn_span roles, uint64_t now)
{
	struct roster_line line = {.roles = roles, .since = desk_day(now), .until = UINT32_MAX};

	memcpy(line.device, keys->device, sizeof(line.device));
	memcpy(line.sign_key, keys->sign_key, sizeof(line.sign_key));
	crypto_hash_sha256(line.receive_hash, keys->receive_key, sizeof(keys->receive_key));
	return line;
}

static struct op_device
newcomer_device(const struct join_keys *keys, struct cairn_span owner)
{
	struct op_device said = {
	    .alias = {keys->alias, keys->alias_bytes},
	    .owner = owner,
	    .first_day = keys->first_day,
	    .day_keys = {(const char *)keys->day_keys, sizeof(keys->day_keys)},
	};

	memcpy(said.device, keys->device, sizeof(said.device));
	memcpy(said.sign_key, keys->sign_key, sizeof(said.sign_key));
	memcpy(said.receive_key, keys->receive_key, sizeof(said.receive_key));
	if (owner.size == 0)
		said.owner = said.alias;
	return said;
}

/* Roster and what is said of it stand or fall together. */
static int
newcomer_enter(struct desk *desk, const struct join_keys *keys, const struct admit_as *as, uint64_t now)
{
	struct roster_line line = newcomer_line(keys, as->roles, now);
	struct op_device said = newcomer_device(keys, as->owner);
	struct cairn_span note;
	uint8_t *bytes = NULL;
	size_t size = 0;
	int err = db_begin(desk->state);

	if (err != CAIRN_OK)
		return desk_state_trouble(desk, err);
	desk->trouble[0] = '\0';
	err = roster_renew(desk, &(struct roster_change){.put = &line}, as->a, as->b);
	if (err == CAIRN_OK)
		err = state_note_get(desk->state, "roster", &bytes, &size, NULL);
	note = (struct cairn_span){(const char *)bytes, size};
	if (err == CAIRN_OK && size > JOIN_NOTE_MAX)
		err = desk_trouble(desk, CAIRN_ERR_RANGE,
		    "the roster is too long for another device: take out those that are gone ('cairn desk lost')");
	if (err == CAIRN_OK)
		err = admit_say(desk->carry, &said, note, now);
	free(bytes);
	err = db_end(desk->state, err);
	return err == CAIRN_OK || desk->trouble[0] != '\0' ? err : desk_state_trouble(desk, err);
}

/* All that was said is with the others. */
static int
sent(struct desk *desk, uint64_t now)
{
	struct sync sync;
	int err = desk_sync(desk, &sync, 0, now, NULL, NULL);

	return err == CAIRN_OK && sync.waiting > 0
	    ? desk_trouble(desk, CAIRN_ERR_BUSY, "the feed did not take everything: 'cairn desk sync' says why")
	    : err;
}

static int
welcome_send(struct admitting *a, const struct carry_welcome *given, uint64_t now)
{
	struct desk *desk = a->desk;
	struct join_welcome welcome = {.gen = given->gen, .day = given->day, .seq = given->seq};
	uint8_t *bytes = NULL;
	size_t size = 0;
	int err = desk_state_trouble(desk, state_note_get(desk->state, "roster", &bytes, &size, NULL));

	memcpy(welcome.ck, given->key, sizeof(welcome.ck));
	welcome.next = given->next;
	memcpy(welcome.head, given->prev, sizeof(welcome.head));
	memcpy(welcome.identity_key, desk->self.identity_key, sizeof(welcome.identity_key));
	welcome.note = (struct cairn_span){(const char *)bytes, size};
	if (err == CAIRN_OK && (err = join_admin_welcome(&a->join, &welcome, desk_day(now), desk->self.sign_secret,
	    a->message, &a->bytes)) != CAIRN_OK)
		desk_trouble(desk, err, "the welcome could not be sealed (%s): check both machines' clocks",
		    cairn_strerror(err));
	free(bytes);
	sodium_memzero(&welcome, sizeof(welcome));
	return err == CAIRN_OK ? mailbox_put(desk, a->slot, 4, a->message, a->bytes) : err;
}

int
admit_finish(struct admitting *a, const struct admit_as *as, uint64_t now)
{
	struct desk *desk = a->desk;
	struct carry_welcome welcome = {.seq = 0};
	int err = sent(desk, now);

	if (err == CAIRN_OK)
		err = name_check(desk, &a->join.keys);
	if (err == CAIRN_OK && join_admin_confirm(&a->join) != CAIRN_OK)
		err = desk_trouble(desk, CAIRN_ERR_STATE, "there is nothing to confirm: begin anew");
	if (err == CAIRN_OK)
		err = newcomer_enter(desk, &a->join.keys, as, now);
	if (err == CAIRN_OK)
		err = roster_put(desk);
	if (err == CAIRN_OK)
		err = sent(desk, now);
	if (err == CAIRN_OK)
		err = desk_state_trouble(desk, carry_welcome(desk->carry, &welcome, a->join.keys.device, now));
	if (err == CAIRN_OK)
		err = sent(desk, now);
	if (err == CAIRN_OK)
		err = welcome_send(a, &welcome, now);
	sodium_memzero(&welcome, sizeof(welcome));
	return err;
}
