// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "carry/apply.h"
#include "carry/feed.h"

/*
 * The permission table: which roles may say what. NULL: any device of the desk; what more is asked (to be a member,
 * to be the publisher) stands with the handler.
 */
static const struct desk_rule {
	enum op_type type;
	const char *roles;
	apply_op *apply;
} rules[] = {
    {OP_DEVICE, "admin", apply_device},
    {OP_DAY_KEYS, NULL, apply_day_keys},
    {OP_ROSTER, NULL, apply_roster}, /* the identity key has signed it */
    {OP_COMPARTMENT, NULL, apply_compartment},
    {OP_MEMBER_ADD, NULL, apply_member_add},
    {OP_MEMBER_REMOVE, NULL, apply_member_remove},
    {OP_ROTATE, NULL, apply_rotate},
    {OP_BOX, NULL, apply_box},
    {OP_KEYS_WANTED, NULL, apply_keys_wanted},
    {OP_GIVEN, NULL, apply_given},
    {OP_DESTROY, NULL, apply_destroy},
    {OP_CLOSE, NULL, apply_close},
    {OP_REOPEN, NULL, apply_reopen},
    {OP_CASE_STATE, NULL, apply_case_state},
    {OP_RETENTION, "admin", apply_retention},
    {OP_PUBLISHER, "admin,security", apply_publisher},
    {OP_PUBLISHER_STOP, "publish", apply_publisher_stop},
    {OP_CELL, "intake,case,security", apply_cell},
    {OP_CELLS_OUT, "publish", apply_cells_out},
    {OP_SUSPEND_ASK, "security", apply_suspend_ask},
    {OP_SUSPENSION, NULL, apply_suspension}, /* two devices have signed it */
    {OP_TASK, NULL, apply_task},
    {OP_TASK_DONE, NULL, apply_task_done},
    {OP_THRESHOLD, NULL, apply_threshold},
    {OP_ASK, NULL, apply_ask},
    {OP_CONSENT, NULL, apply_consent},
    {OP_EPOCH, "publish", apply_epoch},
    {OP_STATE, "admin", apply_state},
    {OP_DRAINED, NULL, apply_drained},
};

static const struct desk_rule *
rule_of(uint16_t type)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].type == type)
			return &rules[i];
	return NULL;
}

static bool
rule_lets(const struct desk_rule *rule, const struct carry_device *device)
{
	return rule != NULL && (rule->roles == NULL || device_has_one(device, rule->roles));
}

int
desk_op_allowed(struct carry *carry, enum op_type type)
{
	struct carry_device self;
	int err = device_self(carry, &self);

	return err == CAIRN_OK && !rule_lets(rule_of((uint16_t)type), &self) ? CAIRN_ERR_DENIED : err;
}

/* What this device said itself has come back: done or refused, it waits no more. */
static int
came_back(struct applying *a)
{
	struct query q = carry_query(a->carry, CARRY_OUTBOX_SENT);
	int err;

	if (memcmp(a->op.device, a->carry->self.device, OP_ID_BYTES) != 0)
		return CAIRN_OK;
	bind_int(&q, a->op.counter);
	err = query_run(&q);
	return err == CAIRN_OK ? feed_position_counted(a->carry, a->op.counter) : err;
}

int
apply_desk_op(struct applying *a)
{
	const struct desk_rule *rule = rule_of(a->op.type);
	const struct op_def *def = op_find(a->op.type);
	union op_any body;
	int err;

	a->tally->operations++;
	if (!rule_lets(rule, &a->author) || def == NULL || op_body_read(&body, def->bytes, &a->op) != CAIRN_OK)
		err = CAIRN_ERR_DENIED;
	else
		err = rule->apply(a, &body);
	if (err == CAIRN_ERR_DENIED)
		a->tally->refused++;
	else if (err == CAIRN_OK && a->carry->hooks.applied != NULL)
		err = a->carry->hooks.applied(a->carry->hooks.arg, &a->op, carry_desk_compartment);
	return err == CAIRN_OK || err == CAIRN_ERR_DENIED ? came_back(a) : err;
}
