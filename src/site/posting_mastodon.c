// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <sodium.h>

#include "base/text.h"
#include "net/call.h"
#include "site/posting.h"
#include "site/text.h"

/* Mastodon's client API: POST, PUT and DELETE /api/v1/statuses. The secret is a token of scope write:statuses. */
#define ANSWER_MAX (1U << 20)
#define LENGTH 500U
/* An address counts as 23 characters, whatever its length. */
#define LINK_LENGTH 23U
/* Its servers keep a key for an hour. */
#define KEY_S 3300U
#define TOKEN_HEADER 600U

static const struct {
	long status;
	const char *advice;
} answers[] = {
    {401, "it does not take the token: make one with the scope write:statuses"},
    {403, "it does not let this token post: it wants the scope write:statuses, and an account in good order"},
    {422, "it does not take the post: look at its length and at visibility in " POSTING_CONF},
    {429, "it takes no more posts for now: wait an hour and try again"},
};

/* ---- what is said ---- */

/* Letters, digits and underscores make a hashtag there. */
static void
append_tags(GString *out, const struct entry *e, size_t most)
{
	size_t begun = out->len;

	for (size_t i = 0; i < e->tag_count; i++) {
		size_t used = out->len - begun;

		if (used + e->tags[i].size + 2 > most)
			return;
		g_string_append(out, used == 0 ? "#" : " #");
		for (size_t k = 0; k < e->tags[i].size; k++)
			g_string_append_c(out, e->tags[i].text[k] == '-' ? '_' : e->tags[i].text[k]);
	}
}

static size_t
length_of(struct cairn_span text)
{
	size_t count = 0;

	for (; text.size > 0; count++)
		(void)text_next(&text);
	return count;
}

/* Title, what fits of the summary or of the text, tags, and the link. */
static void
append_status(GString *out, const struct posting_work *w)
{
	const struct posting_text *t = w->text;
	const char *said = w->account->values[POSTING_KEY_LENGTH];
	size_t most = said[0] == '\0' ? LENGTH : (size_t)strtoul(said, NULL, 10);
	size_t tail = length_of(text_of(t->first)) + LINK_LENGTH + 1, left;
	struct cairn_span words = t->entry.summary;
	GString *tags = g_string_new(NULL);

	if (words.size == 0)
		words = (struct cairn_span){t->plain->str, t->plain->len};
	while (words.size > 0 && words.text[words.size - 1] == '\n')
		words.size--;
	append_tags(tags, &t->entry, most / 4);
	posting_cut(out, t->entry.title, most / 4);
	left = most - tail - length_of((struct cairn_span){out->str, out->len}) - tags->len - 6;
	g_string_append(out, "\n\n");
	posting_cut(out, words, left);
	g_string_append_printf(out, "\n\n%s%s%s %s", tags->str, tags->len == 0 ? "" : "\n", t->first, t->link);
	g_string_free(tags, TRUE);
}

static char *
make_body(const struct posting_work *w, bool fresh)
{
	const char *visibility = w->account->values[POSTING_KEY_VISIBILITY];
	GString *status = g_string_new(NULL);
	json_t *object;
	char *body;

	append_status(status, w);
	object = json_pack("{s:s,s:s}", "status", status->str, "language", w->text->lang);
	if (object != NULL && fresh)
		(void)json_object_set_new(
		    object, "visibility", json_string(visibility[0] == '\0' ? "public" : visibility));
	body = object == NULL ? NULL : json_dumps(object, JSON_COMPACT);
	json_decref(object);
	g_string_free(status, TRUE);
	return body;
}

/* ---- calls ---- */

static int
judge(struct posting_work *w, long status)
{
	if (status == 200)
		return CAIRN_OK;
	/* Told no, it did nothing; on a server's fault nobody knows. */
	w->reached = status < 400 || status >= 500;
	if (status == 404 || status == 410)
		return posting_fail(w, CAIRN_ERR_UNKNOWN, "the post is not there any more; --delete forgets it");
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
		if (answers[i].status == status)
			return posting_fail(w, CAIRN_ERR_DENIED, "%s (%ld)", answers[i].advice, status);
	return posting_fail(
	    w, status < 500 ? CAIRN_ERR_DENIED : CAIRN_ERR_IO, "it answers %ld: try again later", status);
}

/* Only digits and letters, as it goes into paths. */
static bool
is_id(const char *id)
{
	return id != NULL && id[0] != '\0' && strlen(id) <= POSTED_ID_MAX &&
	    strspn(id, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(id);
}

static int
call(struct posting_work *w, const char *method, const char *body, json_t **ret)
{
	char url[POSTING_VALUE_MAX + POSTED_ID_MAX + 40], token[TOKEN_HEADER], key[80],
	    hex[2 * POSTED_KEY_BYTES + 1], why[256];
	const char *const headers[] = {POSTING_AGENT, token, "Content-Type: application/json",
	    "Accept: application/json", w->row->id[0] == '\0' ? key : NULL, NULL};
	struct net_call c = {.method = method,
	    .url = url,
	    .proxy = w->proxy,
	    .headers = headers,
	    .body = (const uint8_t *)body,
	    .bytes = body == NULL ? 0 : strlen(body)};
	struct net_answer a = {.out = malloc(ANSWER_MAX), .room = ANSWER_MAX};
	int err;

	w->reached = false;
	if (a.out == NULL || (w->row->id[0] != '\0' && !is_id(w->row->id))) {
		free(a.out);
		return posting_fail(w, CAIRN_ERR_FORMAT, "what " POSTED_FILE " has is no post of Mastodon");
	}
	(void)snprintf(url, sizeof url, "%s/api/v1/statuses%s%s", w->account->values[POSTING_KEY_SERVER],
	    w->row->id[0] == '\0' ? "" : "/", w->row->id);
	(void)snprintf(token, sizeof token, "Authorization: Bearer %s", w->secret);
	(void)snprintf(
	    key, sizeof key, "Idempotency-Key: %s", sodium_bin2hex(hex, sizeof hex, w->row->key, POSTED_KEY_BYTES));
	err = net_call_do(&c, &a, why);
	sodium_memzero(token, sizeof token);
	w->reached = a.reached;
	if (err != CAIRN_OK)
		err = posting_fail(w, err == CAIRN_ERR_RANGE ? CAIRN_ERR_FORMAT : CAIRN_ERR_IO, "%s", why);
	else
		err = judge(w, a.status);
	if (err == CAIRN_OK && ret != NULL)
		*ret = json_loadb((const char *)a.out, a.bytes, JSON_REJECT_DUPLICATES, NULL);
	free(a.out);
	return err;
}

static int
create(struct posting_work *w)
{
	char *body = make_body(w, true);
	json_t *status = NULL;
	const char *id, *url;
	int err = body == NULL ? posting_fail(w, CAIRN_ERR_NOMEM, "out of memory") : call(w, "POST", body, &status);

	id = json_string_value(json_object_get(status, "id"));
	url = json_string_value(json_object_get(status, "url"));
	if (err == CAIRN_OK && !is_id(id))
		err =
		    posting_fail(w, CAIRN_ERR_IO, "what it answers is no status: look at server in " POSTING_CONF);
	if (err == CAIRN_OK) {
		(void)g_strlcpy(w->row->id, id, sizeof(w->row->id));
		if (url != NULL && strlen(url) <= POSTED_URL_MAX && text_is_web(text_of(url)))
			(void)g_strlcpy(w->row->url, url, sizeof(w->row->url));
	}
	json_decref(status);
	free(body);
	return err;
}

static int
update(struct posting_work *w)
{
	char *body = make_body(w, false);
	int err = body == NULL ? posting_fail(w, CAIRN_ERR_NOMEM, "out of memory") : call(w, "PUT", body, NULL);

	free(body);
	return err;
}

static int
remove_post(struct posting_work *w)
{
	return call(w, "DELETE", NULL, NULL);
}

const struct posting_service posting_mastodon = {POSTING_MASTODON, create, update, remove_post, NULL, KEY_S, true};
