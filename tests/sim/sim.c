// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A desk, simulated: up to 30 devices do what staff do, while lines are cut, answers get lost, requests come twice,
 * devices crash in the middle, join, leave and are taken, and days go by. Then everything heals, and
 *
 * - all members of a compartment have the same state, to the byte;
 * - nobody who is no member has its key or its operations, now or after any step;
 * - nothing that was acknowledged is lost, and a retraction marks the same for all;
 * - a threshold compartment's notes are there for whoever has the others' consent, and for nobody else;
 * - one device publishes at a time, the same for all;
 * - what a relay shows that is not the feed is refused, and nothing of it kept.
 *
 *	sim FIRST COUNT [STEPS]		seeds FIRST to FIRST + COUNT - 1
 *	sim -v SEED			one, each step told
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>
#include <sqlite3.h>

#include "carry/captured.h"
#include "carry/keys.h"
#include "carry/membership.h"
#include "carry/opening.h"
#include "carry/publisher.h"
#include "carry/retention.h"
#include "lib/many.h"
#include "sim/chance.h"

#define SIM_COMPARTMENTS 48U
#define SIM_NOTES 4096U
#define SIM_AWAY_DAYS 9U   /* after which a device comes back */
#define SIM_GONE_DAYS 20U  /* or stays away for so long that it has to be admitted again */

struct sim_compartment {
	uint8_t id[OP_ID_BYTES];
	uint8_t case_id[OP_ID_BYTES];
	bool threshold;
};

/* A note that somebody said. acknowledged: a sync has told its device that the feed has it. */
struct sim_note {
	size_t compartment;
	size_t device;
	uint64_t number;
	bool acknowledged;
	bool lost; /* with a device that was taken before it could send it */
};

struct sim {
	uint64_t seed;
	bool told;
	struct many *m;
	uint64_t synced_at[MANY_DEVICES_MAX];
	bool far[MANY_DEVICES_MAX]; /* away until it has to be admitted again */
	size_t count;
	struct sim_compartment compartments[SIM_COMPARTMENTS];
	size_t note_count;
	struct sim_note notes[SIM_NOTES];
	unsigned commits_left; /* until one fails; 0: none does */
};

static struct sim *all;         /* the one that runs */
static struct sim *now_running; /* while commits may fail */

__attribute__((format(printf, 2, 3), noreturn)) static void
fault(const struct sim *s, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "sim: seed %llu: ", (unsigned long long)s->seed);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

__attribute__((format(printf, 2, 3))) static void
tell(const struct sim *s, const char *format, ...)
{
	va_list args;

	if (!s->told)
		return;
	va_start(args, format);
	vprintf(format, args);
	putchar('\n');
	va_end(args);
}

/* A commit that fails is a crash: what was in the transaction is not there. */
static int
commit_hook(void *arg)
{
	(void)arg;
	return now_running != NULL && now_running->commits_left > 0 && --now_running->commits_left == 0;
}

static int
opened(sqlite3 *db, char **error, const void *api)
{
	(void)error;
	(void)api;
	sqlite3_commit_hook(db, commit_hook, NULL);
	return SQLITE_OK;
}

static struct many_device *
someone(struct sim *s)
{
	for (unsigned i = 0; i < 64; i++) {
		size_t d = chance((uint32_t)s->m->count);

		if (!s->m->devices[d].gone && !s->far[d])
			return &s->m->devices[d];
	}
	return &s->m->devices[0];
}

static bool
member_at(struct many_device *d, const uint8_t id[OP_ID_BYTES], struct carry_compartment *c)
{
	struct carry_device self;
	bool member = false;

	return compartment_get(d->carry, c, id) == CAIRN_OK && device_self(d->carry, &self) == CAIRN_OK &&
	    member_is(d->carry, &member, c->n, self.n) == CAIRN_OK && member && !c->destroyed;
}

/* ---- what staff do ---- */

/* Adds to a set, takes out an element that is in it, or takes something back, whose ever it is. */
static void
do_change(struct sim *s, struct many_device *d, const struct carry_compartment *c)
{
	struct op_add add = {.field = 9, .value = {"x", 1}};
	struct op_retract retract = {.reason = {"made to say it", 14}};
	struct op_remove remove;
	const struct fold_item *item;
	struct view view;
	int err;

	err = view_make(d->carry, &view, c->id, many_now(d));
	if (err == CAIRN_ERR_STALE) { /* its time is over: it shows nothing any more, and goes with the next sync */
		view_end(&view);
		return;
	}
	if (err != CAIRN_OK || view.fold->count == 0)
		fault(s, "device %zu cannot read what it has just said: %s", d->i, cairn_strerror(err));
	item = &view.fold->items[chance((uint32_t)view.fold->count)];
	memcpy(retract.device, item->op.device, OP_ID_BYTES);
	memcpy(remove.device, item->op.device, OP_ID_BYTES);
	retract.counter = remove.counter = item->op.counter;
	view_end(&view);
	switch (chance(3)) {
	case 0:
		err = carry_say(d->carry, c->id, OP_ADD, &add, many_now(d), NULL);
		break;
	case 1:
		err = carry_say(d->carry, c->id, OP_REMOVE, &remove, many_now(d), NULL);
		break;
	default:
		err = carry_say(d->carry, c->id, OP_RETRACT, &retract, many_now(d), NULL);
	}
	if (err != CAIRN_OK)
		fault(s, "change refused where a note was taken");
}

static void
do_say(struct sim *s)
{
	struct many_device *d = someone(s);
	struct carry_compartment c;
	struct op_note note;
	struct op_set set = {.field = (uint16_t)(1 + chance(4))};
	char text[64];
	size_t at;

	if (s->count == 0 || s->note_count == SIM_NOTES)
		return;
	at = chance((uint32_t)s->count);
	if (!member_at(d, s->compartments[at].id, &c))
		return;
	snprintf(text, sizeof(text), "note %zu", s->note_count);
	note.text = (struct cairn_span){text, strlen(text)};
	set.value = note.text;
	if (carry_say(d->carry, c.id, OP_NOTE, &note, many_now(d), NULL) != CAIRN_OK)
		return;
	s->notes[s->note_count] = (struct sim_note){.compartment = at, .device = d->i, .number = s->note_count};
	s->note_count++;
	if (chance_percent(50) && carry_say(d->carry, c.id, OP_SET, &set, many_now(d), NULL) != CAIRN_OK)
		fault(s, "set refused where a note was taken");
	if (chance_percent(30) && c.k == 0)
		do_change(s, d, &c);
	tell(s, "device %zu says %s in %zu", d->i, text, at);
}

static void
do_open(struct sim *s)
{
	static const uint8_t kinds[] = {KIND_CONTACT, KIND_PLAN, KIND_LEG, KIND_STAY, KIND_TESTIMONY};
	struct many_device *d = someone(s), *other = someone(s);
	struct sim_compartment *c = &s->compartments[s->count];
	uint8_t kind = kinds[chance(sizeof(kinds))];
	int err;

	if (s->count == SIM_COMPARTMENTS)
		return;
	memset(c, 0, sizeof(*c));
	if (s->count > 0 && chance_percent(60))
		memcpy(c->case_id, s->compartments[chance((uint32_t)s->count)].case_id, OP_ID_BYTES);
	err = carry_open(d->carry, c->id, kind, c->case_id, (const uint8_t(*)[OP_ID_BYTES])other->self.device,
	    other == d ? 0 : 1, chance_percent(30), many_now(d));
	if (err == CAIRN_OK)
		tell(s, "device %zu opens %zu, a %s, with %zu", d->i, s->count, kind_find(kind)->name, other->i);
	s->count += err == CAIRN_OK;
}

/* A compartment that opens with the others' consent: its first two members besides whoever makes it. */
static void
do_house(struct sim *s)
{
	struct many_device *d = someone(s);
	struct sim_compartment *c = &s->compartments[s->count];
	uint8_t devices[2][OP_ID_BYTES];
	int err;

	if (s->count == SIM_COMPARTMENTS)
		return;
	memset(c, 0, sizeof(*c));
	memcpy(devices[0], s->m->devices[1].self.device, OP_ID_BYTES);
	memcpy(devices[1], s->m->devices[2].self.device, OP_ID_BYTES);
	err = carry_open_threshold(d->carry, c->id, KIND_VERIFICATION, c->case_id,
	    (const uint8_t(*)[OP_ID_BYTES])devices, 2, 2, many_now(d));
	c->threshold = err == CAIRN_OK;
	if (err == CAIRN_OK)
		tell(s, "device %zu opens %zu, for two together", d->i, s->count);
	s->count += err == CAIRN_OK;
}

/* The next term, or the end of this one: by whoever thinks that it may. */
static void
do_publish(struct sim *s)
{
	struct many_device *d = someone(s), *next = someone(s);
	struct op_publisher said;
	struct op_publisher_stop stop;
	struct publisher now;

	if (publisher_now(d->carry, &now) != CAIRN_OK)
		fault(s, "no publisher can be read");
	memcpy(said.device, next->self.device, OP_ID_BYTES);
	said.term = now.term + 1;
	stop.term = now.term;
	stop.size = s->note_count;
	if ((chance_percent(50) ? carry_say(d->carry, carry_desk_compartment, OP_PUBLISHER, &said, many_now(d), NULL)
				: carry_say(d->carry, carry_desk_compartment, OP_PUBLISHER_STOP, &stop, many_now(d),
				      NULL)) != CAIRN_OK)
		fault(s, "publisher not said");
}

static void
do_member(struct sim *s)
{
	struct many_device *d = someone(s), *other = someone(s);
	struct carry_compartment c;
	size_t at;
	int err;

	if (s->count == 0)
		return;
	at = chance((uint32_t)s->count);
	if (!member_at(d, s->compartments[at].id, &c))
		return;
	if (chance_percent(60)) {
		err = carry_member_add(d->carry, c.id, other->self.device, chance_percent(20), many_now(d));
		tell(s, "device %zu adds %zu to %zu: %d", d->i, other->i, at, err);
	} else {
		err = carry_member_remove(d->carry, c.id, other->self.device, many_now(d));
		tell(s, "device %zu removes %zu from %zu: %d", d->i, other->i, at, err);
	}
}

static void
do_life(struct sim *s)
{
	struct many_device *d = someone(s);
	struct op_close closed = {.officer = {"Vera", 4}};
	struct op_case_state state = {.state = (uint8_t)chance(4)};
	struct carry_compartment c;
	size_t at;

	if (s->count == 0)
		return;
	at = chance((uint32_t)s->count);
	if (!member_at(d, s->compartments[at].id, &c))
		return;
	memcpy(closed.case_id, c.case_id, OP_ID_BYTES);
	memcpy(state.case_id, c.case_id, OP_ID_BYTES);
	if (chance_percent(50)) {
		memcpy(closed.compartment, c.id, OP_ID_BYTES);
		closed.mark = c.kind == KIND_LEG ? MARK_ARRIVED : c.kind == KIND_STAY ? MARK_LEFT
										      : MARK_CLOSED;
		if (carry_say(d->carry, carry_desk_compartment, OP_CLOSE, &closed, many_now(d), NULL) != CAIRN_OK)
			fault(s, "close not said");
		tell(s, "device %zu closes %zu", d->i, at);
	} else if (carry_say(d->carry, carry_desk_compartment, OP_CASE_STATE, &state, many_now(d), NULL) !=
	    CAIRN_OK) {
		fault(s, "state not said");
	}
}

/* ---- what happens to them ---- */

static void
lose_notes_of(struct sim *s, size_t device)
{
	for (size_t i = 0; i < s->note_count; i++)
		if (s->notes[i].device == device && !s->notes[i].acknowledged)
			s->notes[i].lost = true;
}

/*
 * Who is removed loses what he had not sent, and is told so. The hook comes while the feed is read, so also for who
 * is back in at its end.
 */
static int
outbox_lost(void *arg, const uint8_t id[OP_ID_BYTES])
{
	struct many_device *d = arg;
	struct sim *s = all;

	for (size_t i = 0; i < s->note_count; i++)
		if (s->notes[i].device == d->i && !s->notes[i].acknowledged &&
		    memcmp(s->compartments[s->notes[i].compartment].id, id, OP_ID_BYTES) == 0)
			s->notes[i].lost = true;
	return CAIRN_OK;
}

static void
watch(struct many_device *d)
{
	d->hooks.destroyed = outbox_lost;
	d->hooks.arg = d;
	many_restart(d);
}

static bool
may_go(const struct sim *s, size_t i)
{
	/* the first three are admin and security: somebody must be left to act */
	return i > 2 && !s->m->devices[i].gone;
}

static void
do_lost(struct sim *s)
{
	size_t i = someone(s)->i;

	if (!may_go(s, i) || s->m->devices[0].cut_off)
		return;
	s->m->devices[i].gone = true;
	s->m->devices[i].cut_off = true;
	lose_notes_of(s, i);
	many_roster(s->m);
	tell(s, "device %zu is lost", i);
}

static void
do_captured(struct sim *s)
{
	struct many_device *first = &s->m->devices[1], *second = &s->m->devices[2];
	struct cairn_suspended named = {.kind = CAIRN_SUSPENDED_DEVICE};
	struct captured_ask *asks;
	struct sync sync;
	size_t count, i = someone(s)->i;

	if (!may_go(s, i) || first->cut_off || second->cut_off)
		return;
	memcpy(named.id, s->m->devices[i].self.device, OP_ID_BYTES);
	if (captured_say(first->carry, &named, 1, many_now(first)) != CAIRN_OK ||
	    many_sync(first, &sync) != CAIRN_OK || many_sync(second, &sync) != CAIRN_OK ||
	    captured_asks(second->carry, &asks, &count) != CAIRN_OK)
		fault(s, "captured: %s %s", first->carry->trouble, second->carry->trouble);
	if (count > 0 && captured_confirm(second->carry, asks[count - 1].n, many_now(second)) == CAIRN_OK) {
		s->m->devices[i].gone = true;
		s->m->devices[i].cut_off = true;
		lose_notes_of(s, i);
		tell(s, "device %zu is taken", i);
	}
	free(asks);
}

static void
do_cut(struct sim *s)
{
	struct many_device *d = someone(s);

	if (d->cut_off || chance_percent(50)) {
		d->cut_off = false;
	} else if (!d->cut_off) {
		d->cut_off = true;
	}
	d->skew = (int64_t)chance(100) - 50;
}

static void do_sync(struct sim *s, struct many_device *d);

/* Another engine on the same database, as a second program of the desk has. */
static void
do_begin_again(struct sim *s)
{
	many_restart(someone(s));
}

/* What it had said and not sent is there or told to be lost, as the hook says. */
static void
come_back(struct sim *s, struct many_device *d)
{
	s->far[d->i] = false;
	if (d->gone)
		return;
	tell(s, "device %zu is admitted again", d->i);
	d->skew = s->m->devices[0].skew = 0;
	many_readmit(d);
	s->synced_at[d->i] = s->m->now;
}

static void
do_far(struct sim *s)
{
	struct many_device *d = someone(s);

	if (d->i <= 2)
		return; /* who admits, and who suspends */
	s->far[d->i] = true;
	d->cut_off = true;
	tell(s, "device %zu goes away for long", d->i);
}

/*
 * A relay that shows something else: it leaves a record out, changes their order, shows what one was not, or an old
 * feed. Nothing of it is taken: the device stops, and goes on when it is shown the feed again.
 */
static void
do_false_relay(struct sim *s)
{
	struct many_device *d = someone(s);
	struct paper_feed *f = &s->m->feed;
	struct query q = db_query(d->db, "SELECT next FROM feed");
	struct sync sync;
	struct paper_record a;
	uint64_t next, after;
	size_t count = f->record_count;
	unsigned what = chance(3);
	int err;

	if (query_number(&q, &next) != CAIRN_OK || d->cut_off || s->far[d->i] || next + 2 > count || next == 0 ||
	    f->records[next].bytes == NULL || f->records[next + 1].bytes == NULL)
		return;
	a = f->records[next];
	if (what == 0) { /* another order */
		f->records[next] = f->records[next + 1];
		f->records[next + 1] = a;
	} else if (what == 1) { /* one is left out */
		f->records[next] = f->records[next + 1];
	} else { /* an old feed */
		f->record_count = next - 1;
	}
	err = many_sync(d, &sync);
	f->record_count = count;
	if (what == 0)
		f->records[next + 1] = f->records[next];
	f->records[next] = a;
	q = db_query(d->db, "SELECT next FROM feed");
	if (err != CAIRN_ERR_CONFLICT || query_number(&q, &after) != CAIRN_OK || after != next || sync.sent > 0)
		fault(s, "device %zu takes a feed that is none (%u): %s", d->i, what, cairn_strerror(err));
	tell(s, "device %zu is shown another feed (%u)", d->i, what);
}

static void
do_time(struct sim *s)
{
	s->m->now += chance(4) == 0 ? 86400 + chance(86400) : chance(3600);
	/* Day keys are out for 14 days; who is away for longer is admitted again. */
	for (size_t i = 0; i < s->m->count; i++) {
		struct many_device *d = &s->m->devices[i];

		if (s->far[i] && s->m->now - s->synced_at[i] > SIM_GONE_DAYS * 86400ULL && !s->m->devices[0].cut_off)
			come_back(s, d);
		while (!d->gone && !s->far[i] && s->m->now - s->synced_at[i] > SIM_AWAY_DAYS * 86400ULL) {
			d->cut_off = false;
			do_sync(s, d);
		}
	}
}

static void acknowledge(struct sim *s, struct many_device *d, const struct sync *sync);

static void
do_sync(struct sim *s, struct many_device *d)
{
	struct sync sync;
	int err;

	if (s->m->devices[d->i].gone)
		return;
	d->answer_lost = chance_percent(10);
	d->twice = chance_percent(10);
	s->commits_left = chance_percent(15) ? 1 + chance(6) : 0;
	now_running = s;
	err = many_sync(d, &sync);
	now_running = NULL;
	if (err == CAIRN_OK) {
		acknowledge(s, d, &sync);
		s->synced_at[d->i] = s->m->now;
	} else if (err != CAIRN_ERR_IO && err != CAIRN_ERR_BUSY) {
		fault(s, "device %zu: %s: %s", d->i, cairn_strerror(err), d->carry->trouble);
	}
	d->answer_lost = d->twice = false;
	if (s->commits_left == 0 && err != CAIRN_OK)
		many_restart(d);
	s->commits_left = 0;
}

static void
do_join(struct sim *s)
{
	static const char *const roles[] = {"intake", "case", "transport", "shelter", "intake,case", "documentation",
	    "case,transport", "security", "medical,legal"};

	if (s->m->count == 30 || s->m->devices[0].cut_off)
		return;
	many_join(s->m, roles[chance(sizeof(roles) / sizeof(roles[0]))]);
	s->synced_at[s->m->count - 1] = s->m->now;
	watch(&s->m->devices[s->m->count - 1]);
	tell(s, "device %zu joins", s->m->count - 1);
}

/* ---- what must hold ---- */

static void
acknowledge(struct sim *s, struct many_device *d, const struct sync *sync)
{
	if (sync->waiting > 0)
		return;
	for (size_t i = 0; i < s->note_count; i++)
		if (s->notes[i].device == d->i && !s->notes[i].lost)
			s->notes[i].acknowledged = true;
}

/* Nobody holds a key or an operation of what he is no member of. */
static void
check_apart(struct sim *s, struct many_device *d)
{
	static const char sql[] =
	    "SELECT count(*) FROM compartment c WHERE c.n > 1 AND (EXISTS (SELECT 1 FROM compartment_key k "
	    "WHERE k.c = c.n"
	    " AND k.key IS NOT NULL) OR EXISTS (SELECT 1 FROM log l WHERE l.c = c.n)) AND NOT EXISTS (SELECT 1 FROM"
	    " member m JOIN device v ON v.n = m.device WHERE m.c = c.n AND m.removed = 0 AND v.id = ?)";
	struct query q = db_query(d->db, sql);
	uint64_t count;

	bind_id(&q, d->self.device);
	if (query_number(&q, &count) != CAIRN_OK || count != 0)
		fault(s, "device %zu holds something of a compartment that it is no member of", d->i);
}

static bool
note_there(const struct fold *fold, uint64_t number)
{
	char text[64];
	size_t length = (size_t)snprintf(text, sizeof(text), "note %llu", (unsigned long long)number);

	for (size_t i = fold->timeline; i < fold->count; i++)
		if (fold->items[i].what == FOLD_NOTE && fold->items[i].value.size == length &&
		    memcmp(fold->items[i].value.text, text, length) == 0)
			return true;
	return false;
}

/* A note that the feed has is there. What was said after one's removal never was sent. */
static void
check_notes(struct sim *s, size_t compartment, const struct view *view, struct many_device *d)
{
	for (size_t i = 0; i < s->note_count; i++) {
		struct sim_note *n = &s->notes[i];
		struct carry_compartment c;

		if (n->compartment != compartment || !n->acknowledged || n->lost || s->m->devices[n->device].gone ||
		    !member_at(&s->m->devices[n->device], s->compartments[compartment].id, &c))
			continue;
		if (!note_there(view->fold, n->number))
			fault(s, "device %zu has lost note %llu of %zu in %zu", d->i, (unsigned long long)n->number,
			    n->device, compartment);
	}
}

static void
check_same(struct sim *s, size_t at)
{
	uint8_t first[CAIRN_HASH_BYTES], digest[CAIRN_HASH_BYTES];
	struct carry_compartment c;
	size_t members = 0;

	for (size_t i = 0; i < s->m->count; i++) {
		struct many_device *d = &s->m->devices[i];
		struct view view;
		int err;

		if (s->m->devices[i].gone || !member_at(d, s->compartments[at].id, &c))
			continue;
		err = view_make(d->carry, &view, c.id, many_now(d));
		if (c.k > 0 && err == CAIRN_ERR_DENIED) {
			view_end(&view);
			continue;
		}
		if (err != CAIRN_OK)
			fault(s, "device %zu cannot read %zu: %s", i, at, cairn_strerror(err));
		fold_digest(view.fold, digest);
		if (members++ == 0)
			memcpy(first, digest, sizeof(first));
		if (memcmp(first, digest, sizeof(first)) != 0)
			fault(s, "device %zu has another state of %zu", i, at);
		check_notes(s, at, &view, d);
		view_end(&view);
	}
}

/* Alone nobody opens it; with the others' consent whoever asked reads the same as the others before. */
static void
open_together(struct sim *s, size_t at)
{
	struct carry_compartment c;
	struct many_device *first = NULL;
	uint8_t ask[OP_ID_BYTES];
	struct view view;
	int err;

	if (!s->compartments[at].threshold)
		return;
	s->m->now += 3601; /* what was open before is not any more */
	many_settle(s->m);
	for (size_t i = 1; i < 3; i++) {
		struct many_device *d = &s->m->devices[i];

		if (!member_at(d, s->compartments[at].id, &c))
			return;
		if (c.k == 0 || view_make(d->carry, &view, c.id, many_now(d)) != CAIRN_ERR_DENIED)
			fault(s, "device %zu opens %zu alone", i, at);
		view_end(&view);
		first = first == NULL ? d : first;
	}
	if (carry_ask(first->carry, ask, ASK_OPEN, c.id, (struct cairn_span){"why", 3}, many_now(first)) != CAIRN_OK)
		fault(s, "not asked");
	many_settle(s->m);
	err = carry_consent(s->m->devices[2].carry, ask, many_now(&s->m->devices[2]));
	if (err != CAIRN_OK)
		fault(s, "no consent to %zu: %s", at, cairn_strerror(err));
	many_settle(s->m);
	if (view_make(first->carry, &view, c.id, many_now(first)) != CAIRN_OK)
		fault(s, "%zu does not open with consent", at);
	check_notes(s, at, &view, first);
	view_end(&view);
}

/* The desk's own state, row by row. */
static void
check_desk(struct sim *s)
{
	static const char sql[] =
	    "SELECT (SELECT group_concat(hex(id) || gen || state || rotate || k) FROM (SELECT * FROM "
	    "compartment ORDER BY"
	    " n)) || (SELECT coalesce(group_concat(c || ' ' || device || ' ' || removed || granted || snapshot || ' "
	    "' || giver), '') FROM (SELECT * FROM"
	    " member ORDER BY c, device)) || (SELECT group_concat(hex(id) || listed || suspended) FROM (SELECT "
	    "* FROM device"
	    " ORDER BY n)) || (SELECT coalesce(group_concat(term || ' ' || device || ' ' || stopped || ' ' || "
	    "size), '') FROM"
	    " (SELECT * FROM publisher ORDER BY term)) || (SELECT coalesce(group_concat(hex(case_id) || state "
	    "|| ' ' || at), '')"
	    " FROM (SELECT * FROM case_change ORDER BY n)) || (SELECT coalesce(group_concat(c || ' ' || mark "
	    "|| ' ' || at), '')"
	    " FROM (SELECT * FROM mark ORDER BY n))";
	char *first = NULL;

	for (size_t i = 0; i < s->m->count; i++) {
		struct query q = db_query(s->m->devices[i].db, sql);
		struct cairn_span text;
		char *copy;

		if (!query_row(&q))
			fault(s, "no state");
		text = query_span(&q, 0);
		copy = strndup(text.text, text.size);
		if (query_end(&q) != CAIRN_OK || copy == NULL)
			fault(s, "no state");
		if (s->m->devices[i].gone) {
			free(copy);
		} else if (first == NULL) {
			first = copy;
		} else {
			if (strcmp(first, copy) != 0)
				fault(s, "device %zu knows another desk:\n%s\n%s", i, first, copy);
			free(copy);
		}
	}
	free(first);
}

static void
heal(struct sim *s)
{
	s->m->devices[0].cut_off = false;
	for (size_t i = 0; i < s->m->count; i++)
		if (s->far[i])
			come_back(s, &s->m->devices[i]);
	for (size_t i = 0; i < s->m->count; i++) {
		s->m->devices[i].cut_off = s->m->devices[i].gone;
		s->m->devices[i].skew = 0;
	}
	many_settle(s->m);
	many_settle(s->m);
}

static void
step(struct sim *s)
{
	static const struct {
		unsigned weight;
		void (*run)(struct sim *s);
	} steps[] = {{30, do_say}, {6, do_open}, {8, do_member}, {3, do_life}, {6, do_cut}, {8, do_time},
	    {2, do_join}, {1, do_lost}, {1, do_captured}, {2, do_house}, {2, do_publish}, {1, do_far},
	    {3, do_false_relay}, {2, do_begin_again}};
	uint32_t at = chance(100);
	struct many_device *d;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (at < steps[i].weight) {
			steps[i].run(s);
			return;
		}
		at -= steps[i].weight;
	}
	d = someone(s);
	do_sync(s, d);
	check_apart(s, d);
}

static void
run(uint64_t seed, unsigned steps, bool told)
{
	struct sim *s = calloc(1, sizeof(*s));

	if (s == NULL)
		exit(2);
	chance_seed(seed);
	s->seed = seed;
	s->told = told;
	all = s;
	s->m = many_new("case,transport,shelter");
	many_join(s->m, "security");
	many_join(s->m, "security,intake");
	for (size_t i = 0; i < 3; i++) {
		s->synced_at[i] = s->m->now;
		watch(&s->m->devices[i]);
	}
	/* Most desks are small; one in forty is as large as desks are. */
	for (unsigned i = chance(40) == 0 ? 27 : 1 + chance(5); i > 0; i--)
		do_join(s);
	for (unsigned i = 0; i < steps; i++)
		step(s);
	heal(s);
	for (size_t i = 0; i < s->m->count; i++)
		if (!s->m->devices[i].gone)
			check_apart(s, &s->m->devices[i]);
	check_desk(s);
	for (size_t i = 0; i < s->count; i++)
		check_same(s, i);
	for (size_t i = 0; i < s->count; i++)
		open_together(s, i);
	many_free(s->m);
	free(s);
}

int
main(int argc, char **argv)
{
	unsigned long long first, count;
	unsigned steps = 250;

	sqlite3_auto_extension((void (*)(void))opened);
	if (argc >= 3 && strcmp(argv[1], "-v") == 0) {
		run(strtoull(argv[2], NULL, 10), argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : steps, true);
		return 0;
	}
	if (argc < 3) {
		fprintf(stderr, "sim FIRST COUNT [STEPS], or sim -v SEED\n");
		return 2;
	}
	first = strtoull(argv[1], NULL, 10);
	count = strtoull(argv[2], NULL, 10);
	if (argc > 3)
		steps = (unsigned)strtoul(argv[3], NULL, 10);
	for (unsigned long long i = 0; i < count; i++)
		run(first + i, steps, false);
	printf("%llu passed, 0 failed\n", count);
	return 0;
}
