// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/tasks.h"

#include <stdlib.h>
#include <string.h>

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
