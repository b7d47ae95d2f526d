// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/asks.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "carry/apply.h"
#include "carry/compartments.h"
#include "carry/keys.h"

static uint64_t
hour_before(uint64_t now)
{
	return now < ASK_HOUR_S ? 0 : now - ASK_HOUR_S;
}

int
ask_granted(struct carry *carry, uint64_t device, enum ask_what what, uint64_t c, size_t least, uint64_t now)
{
	struct query q = carry_query(carry, CARRY_ASK_CONSENTS);
	uint64_t most;
	int err;

	bind_int(&q, device);
	bind_int(&q, what);
	bind_int(&q, c);
	bind_int(&q, hour_before(now));
	err = query_number(&q, &most);
	return err == CAIRN_OK && most < least ? CAIRN_ERR_DENIED : err;
}

/* Of operations that wait to be sent: is one of them that ask? */
static bool
ask_among(uint8_t ask[OP_ID_BYTES], struct cairn_span ops, enum ask_what what, struct cairn_span reason,
    uint64_t since)
{
	struct op_ask said;
	struct op op;
	size_t at = 0;

	while (at < ops.size && op_next(&op, ops, &at) == CAIRN_OK) {
		if (op.type != OP_ASK || op.time < since || op_body_read(&said, sizeof(said), &op) != CAIRN_OK ||
		    said.what != what || said.reason.size != reason.size ||
		    memcmp(said.reason.text, reason.text, reason.size) != 0)
			continue;
		memcpy(ask, said.ask, OP_ID_BYTES);
		return true;
	}
	return false;
}

/* Asked already, and the others do not know of it yet. */
static int
ask_unsent(struct carry *carry, bool *ret, uint8_t ask[OP_ID_BYTES], enum ask_what what, struct cairn_span reason,
    uint64_t since)
{
	struct query q = carry_query(carry, CARRY_OUTBOX_OF);

	*ret = false;
	bind_int(&q, CARRY_DESK);
	while (!*ret && query_row(&q))
		*ret = ask_among(ask, query_span(&q, 2), what, reason, since);
	return query_end(&q);
}

int
ask_granted_for(struct carry *carry, uint8_t ask[OP_ID_BYTES], enum ask_what what, struct cairn_span reason,
    size_t least, uint64_t now)
{
	struct carry_device self;
	uint64_t consents = 0;
	struct query q;
	bool asked;
	int err = device_self(carry, &self);

	if (err != CAIRN_OK)
		return err;
	q = carry_query(carry, CARRY_ASK_NEWEST);
	bind_int(&q, self.n);
	bind_int(&q, what);
	bind_text(&q, reason);
	bind_int(&q, hour_before(now));
	asked = query_row(&q);
	if (asked) {
		query_bytes(&q, 0, ask, OP_ID_BYTES);
		consents = query_int(&q, 1);
	}
	err = query_end(&q);
	if (err == CAIRN_OK && !asked) {
		err = ask_unsent(carry, &asked, ask, what, reason, hour_before(now));
		if (err == CAIRN_OK && !asked)
			err = CAIRN_ERR_UNKNOWN;
	}
	return err == CAIRN_OK && consents < least ? CAIRN_ERR_DENIED : err;
}

int
apply_ask(struct applying *a, const void *body)
{
	const struct op_ask *said = body;
	struct carry_compartment c = {.n = 0};
	struct query q;
	bool member;
	int err = CAIRN_OK;

	if (said->what < ASK_OPEN || said->what > ASK_EXPORT)
		return CAIRN_ERR_DENIED;
	if (said->what != ASK_EXPORT) {
		err = apply_refused(compartment_get(a->carry, &c, said->compartment));
		if (err == CAIRN_OK)
			err = member_is(a->carry, &member, c.n, a->author.n);
		if (err == CAIRN_OK && (!member || c.n == CARRY_DESK || (said->what == ASK_OPEN && c.k == 0)))
			err = CAIRN_ERR_DENIED;
	}
	if (err != CAIRN_OK)
		return err;
	q = carry_query(a->carry, CARRY_ASK_ADD);
	bind_id(&q, said->ask);
	bind_int(&q, a->author.n);
	bind_int(&q, said->what);
	bind_int(&q, c.n);
	bind_text(&q, said->reason);
	bind_int(&q, applied_time(a));
	return query_run(&q);
}

/* Of a threshold compartment its members; of anything else whoever carries responsibility for it. */
static int
may_consent(struct applying *a, uint64_t asker, enum ask_what what, uint64_t c)
{
	bool member = false;
	int err = CAIRN_OK;

	if (asker == a->author.n)
		return CAIRN_ERR_DENIED;
	if (what != ASK_EXPORT)
		err = member_is(a->carry, &member, c, a->author.n);
	if (err != CAIRN_OK || member)
		return err;
	return what != ASK_OPEN && device_has_one(&a->author, "security,documentation,admin") ? CAIRN_OK
											      : CAIRN_ERR_DENIED;
}

int
apply_consent(struct applying *a, const void *body)
{
	const struct op_consent *said = body;
	struct query q = carry_query(a->carry, CARRY_ASK_GET);
	uint64_t asker = 0, what = 0, c = 0;
	bool there;
	int err;

	bind_id(&q, said->ask);
	there = query_row(&q);
	if (there) {
		asker = query_int(&q, 0);
		what = query_int(&q, 1);
		c = query_int(&q, 2);
	}
	err = query_end(&q);
	if (err == CAIRN_OK)
		err = there ? may_consent(a, asker, (enum ask_what)what, c) : CAIRN_ERR_DENIED;
	if (err != CAIRN_OK)
		return err;
	q = carry_query(a->carry, CARRY_CONSENT_ADD);
	bind_id(&q, said->ask);
	bind_int(&q, a->author.n);
	bind_int(&q, applied_time(a));
	return query_run(&q);
}

static int
consents_count(struct carry *carry, struct ask_line *line)
{
	struct query q = carry_query(carry, CARRY_CONSENT_COUNT);
	uint64_t number;
	int err;

	bind_id(&q, line->id);
	bind_int(&q, line->at);
	err = query_number(&q, &number);
	line->consents = (size_t)number;
	return err;
}

static void
ask_columns(struct ask_line *line, struct query *q)
{
	query_bytes(q, 0, line->id, sizeof(line->id));
	query_bytes(q, 1, line->device, sizeof(line->device));
	line->what = (enum ask_what)query_int(q, 2);
	line->c = query_int(q, 3);
	query_text(q, 4, line->reason, sizeof(line->reason));
	line->at = query_int(q, 5);
}

int
asks_open(struct carry *carry, struct ask_line **ret, size_t *ret_count, uint64_t now)
{
	struct query q = carry_query(carry, CARRY_ASK_LIST);
	struct ask_line *lines = NULL;
	size_t count = 0;
	int err;

	bind_int(&q, hour_before(now));
	while (query_row(&q)) {
		struct ask_line *more = realloc(lines, (count + 1) * sizeof(*lines));

		if (more == NULL) {
			q.err = CAIRN_ERR_NOMEM;
			break;
		}
		lines = more;
		ask_columns(&lines[count++], &q);
	}
	err = query_end(&q);
	for (size_t i = 0; i < count && err == CAIRN_OK; i++)
		err = consents_count(carry, &lines[i]);
	if (err != CAIRN_OK) {
		free(lines);
		lines = NULL;
		count = 0;
	}
	*ret = lines;
	*ret_count = count;
	return err;
}
