// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/membership.h"

#include "base/text.h"

#define KIND_ROW(NAME, number, name, members, apart, text) [number] = {name, text, members, apart},
static const struct kind_def kinds[KIND_COUNT] = {KINDS(KIND_ROW)};

#define ROLE_ROW(NAME, column, name, text) [column] = {name, text},
static const struct role_def roles_table[ROLE_COUNT] = {ROLES(ROLE_ROW)};

const struct kind_def *
kind_find(uint8_t kind)
{
	return kind < KIND_COUNT ? &kinds[kind] : NULL;
}

const struct role_def *
role_find(uint8_t role)
{
	return role < ROLE_COUNT ? &roles_table[role] : NULL;
}

int
kind_by_name(uint8_t *kind, struct cairn_span name)
{
	for (unsigned i = 0; i < KIND_COUNT; i++)
		if (span_is(name, kinds[i].name)) {
			*kind = (uint8_t)i;
			return CAIRN_OK;
		}
	return CAIRN_ERR_UNKNOWN;
}

int
role_by_name(uint8_t *role, struct cairn_span name)
{
	for (unsigned i = 0; i < ROLE_COUNT; i++)
		if (span_is(name, roles_table[i].name)) {
			*role = (uint8_t)i;
			return CAIRN_OK;
		}
	return CAIRN_ERR_UNKNOWN;
}

uint32_t
roles_read(struct cairn_span words)
{
	uint32_t roles = 0;

	while (words.text != NULL) {
		uint8_t role;

		if (role_by_name(&role, span_cut(&words, ',')) == CAIRN_OK)
			roles |= 1U << role;
	}
	return roles;
}

enum membership
membership_of(uint8_t kind, uint32_t roles)
{
	enum membership most = MEMBER_NEVER;

	for (uint8_t i = 0; i < ROLE_COUNT && kind < KIND_COUNT; i++) {
		if ((roles & 1U << i) == 0)
			continue;
		if (kinds[kind].members[i] == 'a')
			return MEMBER_AT_ONCE;
		if (kinds[kind].members[i] == 'e')
			most = MEMBER_BY_HAND;
	}
	return most;
}

bool
membership_apart(uint8_t kind, uint8_t other)
{
	return kind != other && kind < KIND_COUNT && other < KIND_COUNT && kinds[kind].apart && kinds[other].apart;
}

int
membership_check(uint8_t kind, uint32_t roles, const uint8_t *held, size_t held_count, bool together)
{
	if (kind_find(kind) == NULL)
		return CAIRN_ERR_UNKNOWN;
	if (membership_of(kind, roles) == MEMBER_NEVER)
		return CAIRN_ERR_DENIED;
	for (size_t i = 0; i < held_count && !together; i++)
		if (membership_apart(kind, held[i]))
			return CAIRN_ERR_CONFLICT;
	return CAIRN_OK;
}
