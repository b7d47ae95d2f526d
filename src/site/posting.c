// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/posting.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>

#include <sodium.h>

#include "site/fault.h"
#include "site/key.h"

static const struct posting_service *const services[] = {
    &posting_journal_dw,
    &posting_journal_lj,
    &posting_mastodon,
    &posting_mail,
};

struct posting {
	const struct posting_options *o;
	const struct posting_service *service;
	struct posting_work work;
	struct posting_text text;
	GArray *rows;
	struct posted *row;
	uint8_t digest[POSTED_KEY_BYTES]; /* of what is to be there; zeros: nothing */
	struct posting_report *report;
};

int
posting_fail(struct posting_work *w, int err, const char *format, ...)
{
	char text[SITE_FAULT_MAX];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return fault_set(w->fault, err, NULL, 0, "%s: %s", w->account->name, text);
}

static int
save(struct posting *p)
{
	return posted_save(p->rows, p->work.fault, p->o->folder);
}

/* All that a driver may show: a change of any of it is a change of the post. */
static void
make_digest(struct posting *p)
{
	const struct posting_text *t = &p->text;
	struct key key;

	key_begin(&key, "posting 1");
	for (int i = 0; i < POSTING_KEY_COUNT; i++)
		if (i != POSTING_KEY_SECRET_FILE)
			key_bytes(&key, p->o->account->values[i], strlen(p->o->account->values[i]));
	key_bytes(&key, t->entry.head, t->entry.head_bytes);
	key_span(&key, t->body);
	key_bytes(&key, t->link, strlen(t->link));
	key_bytes(&key, t->lang, strlen(t->lang));
	key_bytes(&key, t->site, strlen(t->site));
	key_end(&key, p->digest);
}

/* ---- one step, and what is remembered of it ---- */

static int
settle(struct posting *p, enum posting_did did)
{
	p->row->state = POSTED_DONE;
	p->row->began_s = 0;
	memcpy(p->row->digest, p->digest, sizeof(p->digest));
	p->report->did = did;
	(void)g_strlcpy(p->report->url, p->row->url, sizeof(p->report->url));
	return save(p);
}

static int
forget(struct posting *p)
{
	posted_drop(p->rows, p->o->account->name, p->o->entry);
	p->row = NULL;
	return save(p);
}

/* An error that says why wins over one of writing that down. */
static int
undo(struct posting *p, int err, const struct posted *before)
{
	struct site_fault why = *p->work.fault;

	if (before == NULL)
		(void)forget(p);
	else {
		*p->row = *before;
		(void)save(p);
	}
	*p->work.fault = why;
	return err;
}

static int
create(struct posting *p)
{
	int err = p->service->create(&p->work);

	if (err != CAIRN_OK)
		return p->work.reached ? err : undo(p, err, NULL);
	return settle(p, POSTING_DID_CREATE);
}

static int
change(struct posting *p)
{
	struct posted before = *p->row;
	int err;

	p->row->state = POSTED_CHANGING;
	p->row->began_s = p->o->now_s;
	memcpy(p->row->digest, p->digest, sizeof(p->digest));
	err = save(p);
	if (err != CAIRN_OK)
		return err;
	err = p->o->remove ? p->service->remove(&p->work) : p->service->update(&p->work);
	if (p->o->remove && (err == CAIRN_OK || err == CAIRN_ERR_UNKNOWN)) {
		p->report->did = POSTING_DID_REMOVE;
		return forget(p);
	}
	if (err != CAIRN_OK)
		return p->work.reached ? err : undo(p, err, &before);
	return settle(p, POSTING_DID_CHANGE);
}

/* ---- from each state ---- */

static int
may_be_there(struct posting *p)
{
	return posting_fail(&p->work, CAIRN_ERR_CONFLICT,
	    "an earlier try may have got through, and the service cannot be asked: look there, delete by hand what "
	    "is "
	    "there, then --again");
}

/* It is there: what it says is not known, so it is changed to what it is to say. */
static int
adopt(struct posting *p)
{
	p->row->state = POSTED_DONE;
	p->row->began_s = 0;
	memset(p->row->digest, 0, sizeof(p->row->digest));
	return change(p);
}

static int
start(struct posting *p)
{
	int err;

	p->row->state = POSTED_BEGUN;
	p->row->began_s = p->o->now_s;
	memcpy(p->row->digest, p->digest, sizeof(p->digest));
	randombytes_buf(p->row->key, sizeof(p->row->key));
	err = save(p);
	return err == CAIRN_OK ? create(p) : err;
}

/* Nothing is remembered: a service that can be asked is, since the file may have been lost. */
static int
from_nothing(struct posting *p)
{
	int err;

	p->row = p->work.row = posted_add(p->rows, p->o->account->name, p->o->entry);
	if (p->service->find == NULL)
		return start(p);
	err = p->service->find(&p->work);
	if (err == CAIRN_OK)
		return adopt(p);
	return err == CAIRN_ERR_UNKNOWN ? start(p) : undo(p, err, NULL);
}

/* The same key again gives what the first try made, with the words of then. */
static int
again_with_key(struct posting *p)
{
	uint8_t before[POSTED_KEY_BYTES];
	int err;

	memcpy(before, p->row->digest, sizeof before);
	err = p->service->create(&p->work);
	if (err != CAIRN_OK)
		return err;
	p->row->state = POSTED_DONE;
	p->row->began_s = 0;
	if (memcmp(before, p->digest, sizeof before) != 0)
		return change(p);
	return settle(p, POSTING_DID_CREATE);
}

static int
from_begun(struct posting *p)
{
	uint64_t since = p->o->now_s >= p->row->began_s ? p->o->now_s - p->row->began_s : UINT64_MAX;
	int err;

	if (p->service->find == NULL) {
		if (p->o->again)
			return start(p);
		return since < p->service->key_s ? again_with_key(p) : may_be_there(p);
	}
	err = p->service->find(&p->work);
	if (err == CAIRN_OK)
		return adopt(p);
	return err == CAIRN_ERR_UNKNOWN ? start(p) : err;
}

static int
remove_it(struct posting *p)
{
	int err;

	if (p->row == NULL)
		return posting_fail(
		    &p->work, CAIRN_ERR_UNKNOWN, "nothing was posted there that is remembered here");
	if (p->row->state != POSTED_BEGUN)
		return change(p);
	/* A first try broke off: without the entry nothing can be looked for. */
	if (!p->o->again)
		return posting_fail(&p->work, CAIRN_ERR_CONFLICT,
		    "a first try broke off, and nothing came back: post it again and then delete it; or look there "
		    "by "
		    "hand, then --again to forget it");
	err = forget(p);
	p->report->did = POSTING_DID_REMOVE;
	return err;
}

static int
post_it(struct posting *p)
{
	if (p->row == NULL)
		return from_nothing(p);
	if (p->row->state == POSTED_BEGUN)
		return from_begun(p);
	if (p->row->state == POSTED_CHANGING)
		return change(p);
	if (memcmp(p->row->digest, p->digest, sizeof(p->digest)) == 0) {
		p->report->did = POSTING_DID_NOTHING;
		(void)g_strlcpy(p->report->url, p->row->url, sizeof(p->report->url));
		return CAIRN_OK;
	}
	return change(p);
}

static int
run(struct posting *p)
{
	p->row = p->work.row = posted_find(p->rows, p->o->account->name, p->o->entry);
	if (p->row != NULL && p->row->state == POSTED_CHANGING && !p->service->repeats && !p->o->again)
		return posting_fail(&p->work, CAIRN_ERR_CONFLICT,
		    "an earlier message may have gone out; --again sends it once more");
	return p->o->remove ? remove_it(p) : post_it(p);
}

static int
begin(struct posting *p, struct site_fault *fault)
{
	int err;

	for (size_t i = 0; i < sizeof services / sizeof services[0]; i++)
		if (services[i]->service == p->o->account->service)
			p->service = services[i];
	p->work = (struct posting_work){.account = p->o->account,
	    .entry = p->o->entry,
	    .secret = p->o->secret,
	    .proxy = p->o->proxy,
	    .now_s = p->o->now_s,
	    .fault = fault};
	if (flock(p->o->folder, LOCK_EX | LOCK_NB) != 0)
		return fault_set(fault, CAIRN_ERR_BUSY, NULL, 0, "another one is posting from this folder");
	err = posted_load(&p->rows, fault, p->o->folder);
	if (err != CAIRN_OK || p->o->remove)
		return err;
	err = posting_text_load(&p->text, fault, p->o->folder, p->o->entry);
	p->work.text = &p->text;
	if (err == CAIRN_OK)
		make_digest(p);
	return err;
}

int
posting_do(struct posting_report *report, struct site_fault *fault, const struct posting_options *options)
{
	struct posting p = {.o = options, .report = report};
	int err;

	*report = (struct posting_report){0};
	*fault = (struct site_fault){0};
	err = begin(&p, fault);
	if (err == CAIRN_OK)
		err = run(&p);
	posting_text_release(&p.text);
	if (p.rows != NULL)
		g_array_free(p.rows, TRUE);
	(void)flock(options->folder, LOCK_UN);
	return err;
}
