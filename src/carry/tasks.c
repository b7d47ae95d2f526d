// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/tasks.h"

#include <stdlib.h>
#include <string.h>

#include "carry/compartments.h"
#include "carry/membership.h"

/* Each once: a device may be in two plans of a case. */
static int
owners_of(struct carry *carry, uint64_t owners[DEVICES_MAX], size_t *count, uint64_t c, uint64_t taken)
{
	struct carry_member members[DEVICES_MAX];
	size_t members_count;
	int err = members_of(carry, members, DEVICES_MAX, &members_count, c);

	for (size_t i = 0; i < members_count && err == CAIRN_OK; i++) {
		bool there = members[i].removed || members[i].device == taken;

		for (size_t j = 0; j < *count && !there; j++)
			there = owners[j] == members[i].device;
		if (!there && *count < DEVICES_MAX)
			owners[(*count)++] = members[i].device;
	}
	return err;
}

int
tasks_owners(struct carry *carry, uint64_t owners[DEVICES_MAX], size_t *ret_count, uint64_t c, uint64_t taken)
{
	static const uint8_t kinds[] = {KIND_PLAN, KIND_CONTACT};
	struct carry_compartment known, of[COMPARTMENTS_OF_CASE_MAX];
	size_t count = 0;
	int err;

	*ret_count = 0;
	err = owners_of(carry, owners, ret_count, c, taken);
	if (err != CAIRN_OK || *ret_count > 0)
		return err;
	err = compartment_at(carry, &known, c);
	if (err == CAIRN_OK)
		err = compartments_of(carry, of, COMPARTMENTS_OF_CASE_MAX, &count, known.case_id);
	for (size_t k = 0; k < sizeof(kinds) && *ret_count == 0; k++)
		for (size_t i = 0; i < count && err == CAIRN_OK; i++)
			if (of[i].kind == kinds[k] && !of[i].destroyed)
				err = owners_of(carry, owners, ret_count, of[i].n, taken);
	return err;
}

int
tasks_open(struct carry *carry, struct task **ret, size_t *ret_count, uint64_t device)
{
	struct query q = carry_query(carry, CARRY_TASK_LIST);
	struct task *tasks = NULL;
	size_t count = 0, room = 0;

	while (query_row(&q)) {
		struct task task = {.device = query_int(&q, 1)};

		if (device != 0 && task.device != device)
			continue;
		if (count == room) {
			struct task *more = realloc(tasks, (room = room == 0 ? 16 : 2 * room) * sizeof(*tasks));

			if (more == NULL) {
				q.err = CAIRN_ERR_NOMEM;
				break;
			}
			tasks = more;
		}
		query_bytes(&q, 0, task.id, sizeof(task.id));
		task.c = query_int(&q, 2);
		task.kind = (uint8_t)query_int(&q, 3);
		task.at = query_int(&q, 4);
		tasks[count++] = task;
	}
	if (query_end(&q) != CAIRN_OK) {
		free(tasks);
		tasks = NULL;
		count = 0;
	}
	*ret = tasks;
	*ret_count = count;
	return q.err;
}

const char *
task_text(uint8_t kind)
{
	switch (kind) {
	case TASK_DEVICE_TAKEN:
		return "a device that knew this was taken: change what it knew, before anything else moves";
	case TASK_PERSON_TAKEN:
		return "the person was taken: move whoever and whatever the person knew of";
	case TASK_BY_HAND:
		return "a colleague asks you to look at this";
	default:
		return "a task of a newer version of cairn";
	}
}
