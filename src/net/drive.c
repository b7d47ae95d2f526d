// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/drive.h"

/* What all machines have in common. local does the steps that are no request; NULL where there are none. */
struct machine {
	void *self;
	enum cairn_step (*next)(void *self);
	void (*answer)(void *self, int status, const uint8_t *body, size_t bytes);
	const struct cairn_request *request;
	const uint32_t *pause_ms;
	const int *err;
	int (*local)(void *arg, enum cairn_step step);
	void *arg;
};

/* next and answer of a machine, for a table of them: C does not let these be called through another type. */
#define MACHINE(name)                                                               \
	static enum cairn_step                                                      \
	name##_next(void *self)                                                     \
	{                                                                           \
		return cairn_##name##_next(self);                                   \
	}                                                                           \
	static void                                                                 \
	name##_answer(void *self, int status, const uint8_t *body, size_t bytes)    \
	{                                                                           \
		cairn_##name##_answer(self, status, body, bytes);                   \
	}

MACHINE(opening)
MACHINE(look)
MACHINE(send)
MACHINE(attach)
MACHINE(collect)

static int
do_request(struct net *net, const struct machine *m)
{
	struct net_answer answer;
	int err = net_do(net, m->request, &answer);

	if (err == CAIRN_OK)
		m->answer(m->self, answer.status, answer.body, answer.bytes);
	return err;
}

static int
do_step(struct net *net, const struct machine *m, enum cairn_step step)
{
	switch (step) {
	case CAIRN_STEP_REQUEST:
		return do_request(net, m);
	case CAIRN_STEP_PAUSE:
		net_pause(m->pause_ms == NULL ? 0 : *m->pause_ms);
		return CAIRN_OK;
	case CAIRN_STEP_READ:
	case CAIRN_STEP_STORE:
		return m->local == NULL ? CAIRN_ERR_STATE : m->local(m->arg, step);
	default:
		return CAIRN_OK;
	}
}

static int
drive(struct net *net, const struct machine *m, const struct net_watch *watch)
{
	enum cairn_step step;

	while ((step = m->next(m->self)) != CAIRN_STEP_DONE && step != CAIRN_STEP_FAILED) {
		int err = do_step(net, m, step);

		if (err != CAIRN_OK)
			return err;
		if (watch != NULL && watch->call != NULL)
			watch->call(watch->arg);
	}
	return step == CAIRN_STEP_DONE ? CAIRN_OK : *m->err;
}

int
net_open(struct net *net, struct cairn_opening *opening, const struct net_watch *watch)
{
	struct machine m = {.self = opening, .next = opening_next, .answer = opening_answer,
	    .request = &opening->request, .err = &opening->err};

	return drive(net, &m, watch);
}

int
net_look(struct net *net, struct cairn_look *look, const struct net_watch *watch)
{
	struct machine m = {.self = look, .next = look_next, .answer = look_answer,
	    .request = &look->request, .err = &look->err};

	return drive(net, &m, watch);
}

int
net_send(struct net *net, struct cairn_send *send, const struct net_watch *watch)
{
	struct machine m = {.self = send, .next = send_next, .answer = send_answer,
	    .request = &send->request, .pause_ms = &send->pause_ms, .err = &send->err};

	return drive(net, &m, watch);
}

struct reading {
	struct cairn_attach *attach;
	net_read *read;
	void *arg;
};

static int
read_piece(void *arg, enum cairn_step step)
{
	struct reading *r = arg;

	if (step != CAIRN_STEP_READ)
		return CAIRN_ERR_STATE;
	cairn_attach_read(r->attach, r->read(r->arg, r->attach->piece, r->attach->offset, r->attach->want));
	return CAIRN_OK;
}

int
net_attach(struct net *net, struct cairn_attach *attach, net_read *read, void *read_arg,
    const struct net_watch *watch)
{
	struct reading reading = {attach, read, read_arg};
	struct machine m = {.self = attach, .next = attach_next, .answer = attach_answer,
	    .request = &attach->request, .pause_ms = &attach->pause_ms, .err = &attach->err,
	    .local = read_piece, .arg = &reading};
	int err = drive(net, &m, watch);

	for (unsigned n = 1; err != CAIRN_OK && n <= NET_RESUMES_MAX; n++) {
		cairn_attach_resume(attach);
		if (attach->err != CAIRN_OK)
			break;
		net_pause(net_backoff_ms(n));
		err = drive(net, &m, watch);
	}
	return err;
}

struct storing {
	struct cairn_collect *collect;
	net_store *store;
	void *arg;
};

static int
store_cells(void *arg, enum cairn_step step)
{
	struct storing *s = arg;
	int err = step == CAIRN_STEP_STORE ? s->store(s->arg, s->collect) : CAIRN_ERR_STATE;

	if (err == CAIRN_OK)
		cairn_collect_stored(s->collect);
	return err;
}

int
net_collect(struct net *net, struct cairn_collect *collect, net_store *store, void *store_arg,
    const struct net_watch *watch)
{
	struct storing storing = {collect, store, store_arg};
	struct machine m = {.self = collect, .next = collect_next, .answer = collect_answer,
	    .request = &collect->request, .err = &collect->err, .local = store_cells, .arg = &storing};

	return drive(net, &m, watch);
}
