// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <sodium.h>

#include "base/text.h"
#include "carry/devices.h"
#include "carry/fields.h"
#include "carry/membership.h"
#include "carry/view.h"

#define DIGITS_LEAST 4U

int
case_list(struct carry *carry, uint8_t (**ret)[OP_ID_BYTES], size_t *ret_count)
{
	struct query q = carry_query(carry, CARRY_CASE_LIST);
	uint8_t(*list)[OP_ID_BYTES] = NULL;
	size_t count = 0, room = 0;

	while (query_row(&q)) {
		if (count == room) {
			void *more = realloc(list, (room = room == 0 ? 64 : 2 * room) * sizeof(*list));

			if (more == NULL) {
				q.err = CAIRN_ERR_NOMEM;
				break;
			}
			list = more;
		}
		query_bytes(&q, 0, list[count++], OP_ID_BYTES);
	}
	if (query_end(&q) != CAIRN_OK) {
		free(list);
		list = NULL;
		count = 0;
	}
	*ret = list;
	*ret_count = count;
	return q.err;
}

/* The alias, where there is a contact that this device may read; else "". */
static int
case_alias(struct carry *carry, char out[CASE_NAME_MAX], const uint8_t case_id[OP_ID_BYTES], uint64_t now)
{
	struct carry_compartment of[COMPARTMENTS_OF_CASE_MAX];
	size_t count;
	int err = compartments_of(carry, of, COMPARTMENTS_OF_CASE_MAX, &count, case_id);

	out[0] = '\0';
	for (size_t i = 0; i < count && err == CAIRN_OK && out[0] == '\0'; i++) {
		struct view view;

		if (of[i].kind != KIND_CONTACT || of[i].destroyed)
			continue;
		err = view_make(carry, &view, of[i].id, now);
		if (err == CAIRN_OK)
			view_text(&view, FIELD_CONTACT_ALIAS, out, CASE_NAME_MAX);
		else if (err == CAIRN_ERR_DENIED || err == CAIRN_ERR_STALE)
			err = CAIRN_OK;
		view_end(&view);
	}
	return err;
}

int
case_name(struct carry *carry, char out[CASE_NAME_MAX], const uint8_t case_id[OP_ID_BYTES], uint64_t now)
{
	int err = case_alias(carry, out, case_id, now);

	if (out[0] == '\0')
		sodium_bin2hex(out, CASE_DIGITS + 1, case_id, CASE_DIGITS / 2);
	return err;
}

/* Does the id begin with these digits? */
static bool
id_begins(const uint8_t id[OP_ID_BYTES], const char *name)
{
	char hex[2 * OP_ID_BYTES + 1];
	size_t length = strlen(name);

	sodium_bin2hex(hex, sizeof(hex), id, OP_ID_BYTES);
	return length >= DIGITS_LEAST && length < sizeof(hex) && strncasecmp(hex, name, length) == 0;
}

int
case_named(struct carry *carry, uint8_t case_id[OP_ID_BYTES], const char *name, uint64_t now)
{
	uint8_t(*list)[OP_ID_BYTES];
	size_t count, found = 0;
	int err = case_list(carry, &list, &count);

	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		char alias[CASE_NAME_MAX];

		err = case_alias(carry, alias, list[i], now);
		if (err == CAIRN_OK && (strcasecmp(alias, name) == 0 || id_begins(list[i], name))) {
			memcpy(case_id, list[i], OP_ID_BYTES);
			found++;
		}
		sodium_memzero(alias, sizeof(alias));
	}
	free(list);
	if (err == CAIRN_OK && found != 1)
		err = found == 0 ? CAIRN_ERR_UNKNOWN : CAIRN_ERR_CONFLICT;
	return err;
}

int
compartment_name(struct carry *carry, char out[COMPARTMENT_NAME_MAX], const struct carry_compartment *c)
{
	struct carry_compartment of[COMPARTMENTS_OF_CASE_MAX];
	const struct kind_def *kind = kind_find(c->kind);
	size_t count, number = 0;
	int err = compartments_of(carry, of, COMPARTMENTS_OF_CASE_MAX, &count, c->case_id);

	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		number += of[i].kind == c->kind;
		if (of[i].n == c->n)
			break;
	}
	if (kind == NULL)
		snprintf(out, COMPARTMENT_NAME_MAX, "kind %u, %zu", c->kind, number);
	else if (number > 1)
		snprintf(out, COMPARTMENT_NAME_MAX, "%s %zu", kind->name, number);
	else
		snprintf(out, COMPARTMENT_NAME_MAX, "%s", kind->name);
	return err;
}

/* "leg 2" into kind and number. */
static int
name_read(uint8_t *kind, uint64_t *number, const char *name)
{
	struct cairn_span rest = {name, strlen(name)};
	struct cairn_span word = {name, strcspn(name, " -0123456789")};

	rest.text += word.size;
	rest.size -= word.size;
	if (rest.size > 0 && (rest.text[0] == ' ' || rest.text[0] == '-')) {
		rest.text++;
		rest.size--;
	}
	*number = 1;
	if (word.size < strlen(name) && text_number(number, rest, COMPARTMENTS_OF_CASE_MAX) != CAIRN_OK)
		return CAIRN_ERR_UNKNOWN;
	return kind_by_name(kind, word);
}

int
compartment_named(struct carry *carry, struct carry_compartment *ret, const uint8_t case_id[OP_ID_BYTES],
    const char *name)
{
	struct carry_compartment of[COMPARTMENTS_OF_CASE_MAX];
	uint64_t number;
	size_t count;
	uint8_t kind;
	int err = name_read(&kind, &number, name);

	if (err == CAIRN_OK)
		err = compartments_of(carry, of, COMPARTMENTS_OF_CASE_MAX, &count, case_id);
	if (err != CAIRN_OK)
		return err;
	for (size_t i = 0; i < count; i++)
		if (of[i].kind == kind && --number == 0) {
			*ret = of[i];
			return CAIRN_OK;
		}
	return CAIRN_ERR_UNKNOWN;
}

static void
device_called_what(char out[OP_ALIAS_MAX + 1], const struct carry_device *device)
{
	if (device->alias[0] == '\0')
		sodium_bin2hex(out, CASE_DIGITS + 1, device->id, CASE_DIGITS / 2);
	else
		memcpy(out, device->alias, sizeof(device->alias));
}

void
device_name(struct carry *carry, char out[OP_ALIAS_MAX + 1], uint64_t n)
{
	struct carry_device device;

	if (device_at(carry, &device, n) == CAIRN_OK)
		device_called_what(out, &device);
	else
		memcpy(out, "?", 2);
}

void
device_name_of(struct carry *carry, char out[OP_ALIAS_MAX + 1], const uint8_t id[OP_ID_BYTES])
{
	struct carry_device device;

	if (device_get(carry, &device, id) == CAIRN_OK)
		device_called_what(out, &device);
	else
		memcpy(out, "?", 2);
}
