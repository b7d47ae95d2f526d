// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/stamping.h"

#include <stdlib.h>
#include <string.h>

#include "net/post.h"
#include "record/evidence_sql.h"
#include "record/evidence_token.h"
#include "record/together.h"

/* A round must not wait for an authority for as long as a person would. */
#define PATIENCE_S 30U

/* --- what is kept --- */

static int
stamping_check(const struct stamping *s)
{
	if (s->ca.size > STAMPING_CA_MAX || s->pace_s < STAMPING_PACE_MIN_S || s->pace_s > STAMPING_PACE_MAX_S)
		return CAIRN_ERR_RANGE;
	if (strncmp(s->url, "http://", 7) != 0 && strncmp(s->url, "https://", 8) != 0)
		return CAIRN_ERR_FORMAT;
	return evidence_token_ca_good(s->ca) ? CAIRN_OK : CAIRN_ERR_FORMAT;
}

int
stamping_keep(struct db *db, const struct stamping *s)
{
	struct query q;
	int err;

	if (s->url[0] == '\0') {
		q = evidence_query(db, EVIDENCE_SQL_AUTHORITY_DROP);
		return query_run(&q);
	}
	err = stamping_check(s);
	if (err != CAIRN_OK)
		return err;
	q = evidence_query(db, EVIDENCE_SQL_AUTHORITY_PUT);
	bind_text(&q, (struct cairn_span){s->url, strlen(s->url)});
	bind_int(&q, s->pace_s);
	bind_bytes(&q, s->ca.text, s->ca.size);
	return query_run(&q);
}

static int
take_row(struct query *q, struct stamping *s)
{
	struct cairn_span url = query_span(q, 0), ca;
	char *copy;

	if (url.size > STAMPING_URL_MAX)
		return CAIRN_ERR_FORMAT;
	memcpy(s->url, url.text, url.size);
	s->url[url.size] = '\0';
	s->pace_s = (uint32_t)query_int(q, 1);
	ca = query_span(q, 2);
	copy = malloc(ca.size + 1);
	if (copy == NULL)
		return CAIRN_ERR_NOMEM;
	memcpy(copy, ca.text, ca.size);
	s->ca = (struct cairn_span){copy, ca.size};
	return CAIRN_OK;
}

int
stamping_get(struct db *db, struct stamping *s)
{
	struct query q = evidence_query(db, EVIDENCE_SQL_AUTHORITY_GET);
	int err = CAIRN_OK, end;

	memset(s, 0, sizeof(*s));
	if (query_row(&q))
		err = take_row(&q, s);
	end = query_end(&q);
	if (err == CAIRN_OK)
		err = end;
	if (err != CAIRN_OK)
		stamping_clear(s);
	return err;
}

void
stamping_clear(struct stamping *s)
{
	free((char *)s->ca.text);
	memset(s, 0, sizeof(*s));
}

/* --- asking --- */

int
stamping_post(void *arg, const uint8_t *ask, size_t ask_bytes, uint8_t *answer, size_t room, size_t *ret_bytes)
{
	const struct stamping_way *way = arg;
	struct post p = {.url = way->url,
	    .proxy = way->proxy,
	    .type = "application/timestamp-query",
	    .accept = "application/timestamp-reply",
	    .body = ask,
	    .bytes = ask_bytes,
	    .patience_s = PATIENCE_S};
	char why[256];
	int err = post_do(&p, answer, room, ret_bytes, why);

	if (err == CAIRN_OK)
		return err;
	return evidence_trouble(way->ev, err == CAIRN_ERR_RANGE ? err : CAIRN_ERR_IO,
	    "the time-stamping authority: %s; what waits is asked again at the next tick", why);
}

/* Stamping needs no folder: it is about entries, not about files. */
static int
stamp(struct desk *desk, const struct stamping *s, struct evidence_tick *tick, uint64_t now)
{
	struct evidence ev = {.options = {.db = desk->state,
				  .erasure = erasure_of(desk->state),
				  .sign_secret = desk->self.sign_secret,
				  .sink = record_evidence_sink,
				  .sink_arg = desk},
	    .folder = -1};
	struct stamping_way way = {&ev, s->url, desk->proxy};
	struct evidence_tsa tsa = {.post = stamping_post, .arg = &way, .ca = s->ca, .pace_s = s->pace_s};
	int err;

	memcpy(ev.options.desk_id, desk->self.desk_id, sizeof(ev.options.desk_id));
	memcpy(ev.options.device, desk->self.device_id, sizeof(ev.options.device));
	err = evidence_stamp_tick(&ev, &tsa, now, tick);
	return err == CAIRN_OK ? err : desk_trouble(desk, err, "%s", ev.trouble);
}

int
stamping_round(struct desk *desk, char said[DESK_TROUBLE_MAX], uint64_t now)
{
	struct stamping s;
	struct evidence_tick tick = {.due = false};
	int err = stamping_get(desk->state, &s);

	if (err != CAIRN_OK)
		return desk_state_trouble(desk, err);
	if (s.url[0] != '\0')
		err = stamp(desk, &s, &tick, now);
	if (err == CAIRN_OK && tick.due)
		(void)snprintf(said, DESK_TROUBLE_MAX, "%zu line%s of custody time-stamped", tick.stamped,
		    tick.stamped == 1 ? "" : "s");
	stamping_clear(&s);
	return err;
}
