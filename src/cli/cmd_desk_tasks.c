// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "carry/say.h"
#include "carry/tasks.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/safe.h"
#include "cli/tasks_show.h"

struct tasks_options {
	struct engine_options engine;
	bool all;
	const char *done;
};

#define T struct tasks_options
static const struct option_def defs[] = {
    OPTION(FLAG, T, all, "all", "", "those of all devices, not only of this one"),
    OPTION(TEXT, T, done, "done", "TASK", "say that it is done, by the digits that stand before it"),
    ENGINE_OPTIONS(T, engine),
    OPTIONS_END,
};
const struct option_table desk_tasks_options = {defs, sizeof(T)};

struct task_words {
	char digits[2 * OP_ID_BYTES + 1];
	char device[OP_ALIAS_MAX + 1];
	char name[CASE_NAME_MAX]; /* of the case; "" for none */
	char part[COMPARTMENT_NAME_MAX];
};

static int
task_read(struct engine *e, struct task_words *w, const struct task *task)
{
	struct carry_compartment c;
	int err;

	sodium_bin2hex(w->digits, sizeof(w->digits), task->id, sizeof(task->id));
	device_name(e->carry, w->device, task->device);
	w->name[0] = w->part[0] = '\0';
	if (task->c == 0)
		return CAIRN_OK;
	err = compartment_at(e->carry, &c, task->c);
	if (err == CAIRN_OK)
		err = case_name(e->carry, w->name, c.case_id, e->now);
	return err == CAIRN_OK ? compartment_name(e->carry, w->part, &c) : err;
}

static void
task_tell(const struct task *task, const struct task_words *w)
{
	char when[DESK_WHEN_BYTES];

	printf("%.8s  ", w->digits);
	safe_inline(stdout, (struct cairn_span){w->device, strlen(w->device)});
	fputs(": ", stdout);
	safe_inline(stdout, (struct cairn_span){w->name, strlen(w->name)});
	printf("%s%s (%s)\n          %s\n", w->name[0] == '\0' ? "" : ", ", w->part, desk_when(when, task->at),
	    task_text(task->kind));
}

static int
tasks_each(struct engine *e, const struct task *tasks, size_t count, json_t *array)
{
	struct task_words w;
	int err = CAIRN_OK;

	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		err = task_read(e, &w, &tasks[i]);
		if (err == CAIRN_OK && array == NULL)
			task_tell(&tasks[i], &w);
		else if (err == CAIRN_OK)
			json_array_append_new(array,
			    json_pack("{s:s, s:s, s:s, s:s, s:s, s:I}", "task", w.digits, "device", w.device, "case",
				w.name, "compartment", w.part, "what", task_text(tasks[i].kind), "at",
				(json_int_t)tasks[i].at));
	}
	sodium_memzero(&w, sizeof(w));
	return err;
}

int
tasks_show(struct engine *e, uint64_t device)
{
	struct task *tasks;
	size_t count;
	json_t *array = e->json ? json_array() : NULL;
	int err = tasks_open(e->carry, &tasks, &count, device);

	if (err == CAIRN_OK)
		err = tasks_each(e, tasks, count, array);
	free(tasks);
	if (err != CAIRN_OK) {
		json_decref(array);
		return engine_fail(e, err, NULL);
	}
	if (e->json)
		return print_json(json_pack("{s:o}", "tasks", array));
	if (count == 0)
		puts(device == 0 ? "Nothing is to be done." : "Nothing is to be done on this device.");
	return CAIRN_EXIT_OK;
}

/* By the digits before it; one task only. */
static int
task_find(struct engine *e, uint8_t id[OP_ID_BYTES], const char *digits)
{
	struct task *tasks;
	size_t count, found = 0, length = strlen(digits);
	char hex[2 * OP_ID_BYTES + 1];
	int err = tasks_open(e->carry, &tasks, &count, 0);

	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		sodium_bin2hex(hex, sizeof(hex), tasks[i].id, OP_ID_BYTES);
		if (length >= 4 && strncmp(hex, digits, length) == 0) {
			memcpy(id, tasks[i].id, OP_ID_BYTES);
			found++;
		}
	}
	free(tasks);
	if (err != CAIRN_OK)
		return engine_fail(e, err, NULL);
	return found == 1 ? CAIRN_EXIT_OK
			  : fail(CAIRN_EXIT_USAGE, "no open task begins with these digits, or several do: "
			      "'cairn desk tasks --all'");
}

static int
done(struct engine *e, const char *digits)
{
	struct op_task_done said;
	int code = task_find(e, said.task, digits);
	int err;

	if (code != CAIRN_EXIT_OK)
		return code;
	err = carry_say(e->carry, carry_desk_compartment, OP_TASK_DONE, &said, e->now, NULL);
	return err == CAIRN_OK ? engine_done(e, NULL, "Said as done.") : engine_fail(e, err, NULL);
}

int
cmd_desk_tasks(const void *options, int argc, char **argv)
{
	const T *o = options;
	struct carry_device self;
	struct engine e;
	int code = engine_begin(&e, &o->engine);

	(void)argc;
	(void)argv;
	if (code == CAIRN_EXIT_OK && o->done != NULL) {
		code = done(&e, o->done);
	} else if (code == CAIRN_EXIT_OK) {
		int err = device_self(e.carry, &self);

		code = err == CAIRN_OK ? tasks_show(&e, o->all ? 0 : self.n) : engine_fail(&e, err, NULL);
	}
	engine_end(&e);
	return code;
}
