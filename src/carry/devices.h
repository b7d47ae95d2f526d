// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_DEVICES_H
#define CAIRN_CARRY_DEVICES_H

#include "carry/carry.h"

/* The desk's devices, as roster and feed say. */
#define DEVICE_ROLES_MAX 256U
#define DEVICES_MAX 256U /* that a desk may have had, gone ones too */

struct carry_device {
	uint64_t n; /* its row, the same on all devices */
	uint8_t id[OP_ID_BYTES];
	uint8_t sign_key[32];
	char alias[OP_ALIAS_MAX + 1]; /* what staff call it */
	char owner[OP_ALIAS_MAX + 1]; /* what they call who works on it */
	char roles[DEVICE_ROLES_MAX]; /* words joined by commas */
	uint32_t since;
	uint32_t until;
	uint64_t listed;    /* serial of the newest roster that names it; 0: it is the desk's no more */
	uint64_t suspended; /* serial of the roster under which it was suspended; 0: it is not */
};

/* CAIRN_ERR_UNKNOWN: no such device. */
CAIRN_NODISCARD int device_get(struct carry *carry, struct carry_device *ret, const uint8_t id[OP_ID_BYTES]);
CAIRN_NODISCARD int device_at(struct carry *carry, struct carry_device *ret, uint64_t n);
/* By alias, owner's name or the first digits of the id, at least four. CAIRN_ERR_CONFLICT: several. */
CAIRN_NODISCARD int device_named(struct carry *carry, struct carry_device *ret, const char *name);
/* All of them, by id; *ret_count of at most DEVICES_MAX. */
CAIRN_NODISCARD int device_list(struct carry *carry, struct carry_device *out, size_t *ret_count);

/* This device. */
CAIRN_NODISCARD int device_self(struct carry *carry, struct carry_device *ret);

/* In the roster in force, within its days, not suspended. */
bool device_valid(const struct carry_device *device, uint32_t day);
bool device_has_role(const struct carry_device *device, const char *role);
/* One of several roles, "intake,case". */
bool device_has_one(const struct carry_device *device, const char *roles);

#endif
