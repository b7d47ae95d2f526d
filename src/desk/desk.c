// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/desk.h"

#include <stdarg.h>

#include <sodium.h>

#include "desk/in_step.h"

uint32_t
desk_day(uint64_t now)
{
	return (uint32_t)(now / DESK_DAY_S);
}

uint32_t
desk_hour(uint64_t now)
{
	return (uint32_t)(now / DESK_HOUR_S);
}

int
desk_trouble(struct desk *desk, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(desk->trouble, sizeof(desk->trouble), format, args);
	va_end(args);
	return err;
}

int
desk_state_trouble(struct desk *desk, int err)
{
	switch (err) {
	case CAIRN_OK:
		return CAIRN_OK;
	case CAIRN_ERR_SPACE:
		return desk_trouble(desk, err, "there is no room left on the disk, or in the vault ('cairn "
		    "desk vault' says so): nothing is lost");
	case CAIRN_ERR_BUSY:
		return desk_trouble(desk, err, "another program holds the vault: try again in a moment");
	case CAIRN_ERR_NOMEM:
		return desk_trouble(desk, err, "not enough memory: close other programs");
	case CAIRN_ERR_IO:
		return desk_trouble(desk, err,
		    "the vault cannot be written: check the disk and that its folder is yours");
	default:
		return desk_trouble(desk, err,
		    "the vault is damaged (%s): copy it before anything else; 'cairn desk vault' names what "
		    "is",
		    cairn_strerror(err));
	}
}

int
desk_self_write(struct db *state, const struct desk_self *self)
{
	struct query q = query(state, SQL_SELF_PUT);

	bind_bytes(&q, self->desk_id, sizeof(self->desk_id));
	bind_bytes(&q, self->identity_key, sizeof(self->identity_key));
	bind_text(&q, (struct cairn_span){self->name, strlen(self->name)});
	bind_text(&q, (struct cairn_span){self->relay_url, strlen(self->relay_url)});
	bind_bytes(&q, self->relay_key, sizeof(self->relay_key));
	bind_int(&q, self->batch_cells);
	bind_int(&q, self->lane);
	bind_bytes(&q, self->device_id, sizeof(self->device_id));
	bind_bytes(&q, self->sign_secret, sizeof(self->sign_secret));
	bind_bytes(&q, self->xwing_seed, sizeof(self->xwing_seed));
	bind_bytes(&q, self->board_secret, sizeof(self->board_secret));
	bind_int(&q, self->intake_days);
	bind_int(&q, self->campaign_days);
	bind_int(&q, self->trusted_day);
	bind_int(&q, self->turned_day);
	return query_run(&q);
}

int
desk_self_named(struct db *state, const struct desk_self *self)
{
	struct query q = query(state, SQL_SELF_NAMED);

	bind_text(&q, (struct cairn_span){self->name, strlen(self->name)});
	bind_text(&q, (struct cairn_span){self->relay_url, strlen(self->relay_url)});
	bind_bytes(&q, self->relay_key, sizeof(self->relay_key));
	bind_int(&q, self->batch_cells);
	return query_run(&q);
}

static void
self_columns(struct desk_self *self, struct query *q)
{
	query_bytes(q, 0, self->desk_id, sizeof(self->desk_id));
	query_bytes(q, 1, self->identity_key, sizeof(self->identity_key));
	query_text(q, 2, self->name, sizeof(self->name));
	query_text(q, 3, self->relay_url, sizeof(self->relay_url));
	query_bytes(q, 4, self->relay_key, sizeof(self->relay_key));
	self->batch_cells = (uint32_t)query_int(q, 5);
	self->lane = (uint32_t)query_int(q, 6);
	query_bytes(q, 7, self->device_id, sizeof(self->device_id));
	query_bytes(q, 8, self->sign_secret, sizeof(self->sign_secret));
	query_bytes(q, 9, self->xwing_seed, sizeof(self->xwing_seed));
	query_bytes(q, 10, self->board_secret, sizeof(self->board_secret));
	self->intake_days = (uint32_t)query_int(q, 11);
	self->campaign_days = (uint32_t)query_int(q, 12);
	self->trusted_day = (uint32_t)query_int(q, 13);
	self->turned_day = (uint32_t)query_int(q, 14);
	if (self->batch_cells == 0 || self->batch_cells > CAIRN_BATCH_CELLS_MAX || self->lane >= CAIRN_LANES)
		q->err = CAIRN_ERR_FORMAT;
}

int
desk_self_read(struct desk_self *self, struct db *state)
{
	struct query q = query(state, SQL_SELF_GET);

	if (query_row(&q))
		self_columns(self, &q);
	else if (q.err == CAIRN_OK)
		q.err = CAIRN_ERR_FORMAT; /* a founding that was broken off */
	return query_end(&q);
}

void
desk_carry_self(struct carry_self *out, const struct desk_self *self)
{
	memcpy(out->desk_id, self->desk_id, sizeof(out->desk_id));
	memcpy(out->identity_key, self->identity_key, sizeof(out->identity_key));
	memcpy(out->device, self->device_id, sizeof(out->device));
	memcpy(out->sign_secret, self->sign_secret, sizeof(out->sign_secret));
}

static int
desk_engine(struct desk *desk)
{
	struct carry_self self;
	int err;

	desk_carry_self(&self, &desk->self);
	err = carry_new(&desk->carry, desk->state, erasure_of(desk->state), &self);
	sodium_memzero(&self, sizeof(self));
	if (err == CAIRN_OK)
		in_step_begin(desk);
	return err;
}

int
desk_open(struct desk **ret, struct db *state, char *trouble)
{
	struct desk *desk = sodium_malloc(sizeof(*desk));
	int err = CAIRN_ERR_NOMEM;

	*ret = NULL;
	if (desk == NULL) {
		state_close(state);
	} else {
		memset(desk, 0, sizeof(*desk));
		desk->state = state;
		err = desk_self_read(&desk->self, state);
	}
	if (err == CAIRN_OK)
		err = desk_engine(desk);
	if (err != CAIRN_OK) {
		snprintf(trouble, DESK_TROUBLE_MAX, "the desk cannot be opened: %s", cairn_strerror(err));
		desk_close(desk);
		return err;
	}
	*ret = desk;
	return CAIRN_OK;
}

void
desk_close(struct desk *desk)
{
	if (desk == NULL)
		return;
	carry_free(desk->carry);
	state_close(desk->state);
	sodium_free(desk);
}

int
desk_status(struct desk *desk, int status)
{
	switch (status) {
	case 200:
	case 204:
		return CAIRN_OK;
	case CAIRN_NO_ANSWER:
		return desk_trouble(desk, CAIRN_ERR_IO,
		    "no answer from %s: check the connection (and Tor, if you use it); nothing "
		    "is lost",
		    desk->self.relay_url);
	case 401:
		return desk_trouble(desk, CAIRN_ERR_DENIED,
		    "the relay does not accept this device: this machine's clock must be right to the minute; else "
		    "it is not in the roster any more, or was suspended");
	case 404:
		return desk_trouble(desk, CAIRN_ERR_UNKNOWN,
		    "the relay does not know this desk yet: its operator runs 'cairnd desk add'");
	case 409:
		return CAIRN_ERR_CONFLICT;
	case 503:
		return desk_trouble(desk, CAIRN_ERR_BUSY,
		    "the relay is overloaded or its disk is full: it is asked again at the next "
		    "tick; if it stays so, "
		    "tell its operator");
	default:
		return desk_trouble(desk, CAIRN_ERR_FORMAT,
		    "the relay answered %d, which this version does not know: tell its operator", status);
	}
}

int
desk_exchange(struct desk *desk, const struct cairn_request *request, int *ret_status, const uint8_t **body,
    size_t *bytes)
{
	const uint8_t *got = NULL;
	size_t got_bytes = 0;
	int status = desk->wire.exchange(desk->wire.arg, request, &got, &got_bytes);

	if (request->staff && (status == 200 || status == 204))
		desk->clock_agreed = true;
	if (ret_status != NULL)
		*ret_status = status;
	if (body != NULL) {
		*body = got;
		*bytes = got_bytes;
	}
	return desk_status(desk, status);
}
