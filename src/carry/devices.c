// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/devices.h"

#include <string.h>
#include <strings.h>

#include <sodium.h>

static void
device_columns(struct carry_device *d, struct query *q)
{
	memset(d, 0, sizeof(*d));
	d->n = query_int(q, 0);
	query_bytes(q, 1, d->id, sizeof(d->id));
	query_bytes(q, 2, d->sign_key, sizeof(d->sign_key));
	query_text(q, 3, d->alias, sizeof(d->alias));
	query_text(q, 4, d->owner, sizeof(d->owner));
	query_text(q, 5, d->roles, sizeof(d->roles));
	d->since = (uint32_t)query_int(q, 6);
	d->until = (uint32_t)query_int(q, 7);
	d->listed = query_int(q, 8);
	d->suspended = query_int(q, 9);
}

static int
device_one(struct carry_device *ret, struct query *q)
{
	bool there = query_row(q);
	int err;

	if (there)
		device_columns(ret, q);
	err = query_end(q);
	return err == CAIRN_OK && !there ? CAIRN_ERR_UNKNOWN : err;
}

int
device_get(struct carry *carry, struct carry_device *ret, const uint8_t id[OP_ID_BYTES])
{
	struct query q = carry_query(carry, CARRY_DEVICE_BY_ID);

	bind_id(&q, id);
	return device_one(ret, &q);
}

int
device_at(struct carry *carry, struct carry_device *ret, uint64_t n)
{
	struct query q = carry_query(carry, CARRY_DEVICE_GET);

	bind_int(&q, n);
	return device_one(ret, &q);
}

int
device_self(struct carry *carry, struct carry_device *ret)
{
	return device_get(carry, ret, carry->self.device);
}

int
device_list(struct carry *carry, struct carry_device *out, size_t *ret_count)
{
	struct query q = carry_query(carry, CARRY_DEVICE_LIST);

	*ret_count = 0;
	while (query_row(&q)) {
		if (*ret_count == DEVICES_MAX) {
			q.err = CAIRN_ERR_RANGE;
			break;
		}
		device_columns(&out[(*ret_count)++], &q);
	}
	return query_end(&q);
}

static bool
device_called(const struct carry_device *d, const char *name)
{
	char hex[2 * OP_ID_BYTES + 1];
	size_t length = strlen(name);

	sodium_bin2hex(hex, sizeof(hex), d->id, sizeof(d->id));
	return strcasecmp(d->alias, name) == 0 || strcasecmp(d->owner, name) == 0 ||
	    (length >= 4 && strncmp(hex, name, length) == 0);
}

int
device_named(struct carry *carry, struct carry_device *ret, const char *name)
{
	struct query q = carry_query(carry, CARRY_DEVICE_LIST);
	struct carry_device d;
	size_t found = 0;
	int err;

	while (query_row(&q)) {
		device_columns(&d, &q);
		if (device_called(&d, name)) {
			*ret = d;
			found++;
		}
	}
	err = query_end(&q);
	if (err == CAIRN_OK && found != 1)
		err = found == 0 ? CAIRN_ERR_UNKNOWN : CAIRN_ERR_CONFLICT;
	return err;
}

bool
device_valid(const struct carry_device *device, uint32_t day)
{
	return device->listed > 0 && device->suspended == 0 && device->since <= day && day <= device->until;
}

bool
device_has_role(const struct carry_device *device, const char *role)
{
	size_t length = strlen(role);

	for (const char *at = device->roles; *at != '\0';) {
		size_t word = strcspn(at, ",");

		if (word == length && memcmp(at, role, length) == 0)
			return true;
		at += word + (at[word] == ',');
	}
	return false;
}

bool
device_has_one(const struct carry_device *device, const char *roles)
{
	char role[32];

	for (const char *at = roles; *at != '\0';) {
		size_t word = strcspn(at, ",");

		if (word < sizeof(role)) {
			memcpy(role, at, word);
			role[word] = '\0';
			if (device_has_role(device, role))
				return true;
		}
		at += word + (at[word] == ',');
	}
	return false;
}
