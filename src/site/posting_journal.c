// SPDX-License-Identifier: GPL-3.0-or-later
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>
#include <sodium.h>

#include "base/text.h"
#include "net/call.h"
#include "site/posting.h"
#include "site/text.h"
#include "site/xmlrpc.h"

/*
 * Dreamwidth and LiveJournal: the same calls (LJ.XMLRPC.*). The secret never goes over the wire: each call asks for
 * a challenge, which holds once and for a minute, and answers it. No call says where anybody is (current_location,
 * current_coords), nor when the entry was written but for its day.
 */
#define HTTP_OK 200L
#define FAULT_EXPIRED 105
#define FAULT_GONE 302
#define SUBJECT_MAX 100U
#define MOOD_MAX 60U
#define MD5_HEX 33U
#define NOON 12

/* What a fault means for who posts. */
static const struct {
	int code;
	const char *advice;
} faults[] = {
    {100, "it knows no such user: look at user in " POSTING_CONF},
    {101,
	"it does not take the secret; Dreamwidth wants an API key, made under Account Settings, not the password"},
    {105, "its challenge had expired twice: try again, on a quicker connection"},
    {151, "this user may not post in that journal"},
    {153, "the journal has a later entry, and this one's day is before it: backdated = yes in " POSTING_CONF},
    {157, "it does not take the tags; its journal may allow fewer"},
    {203, "it does not take one of the values: look at the entry's title, day, mood and tags"},
    {205, "it does not know one of the properties; server in " POSTING_CONF " may be another kind of journal"},
    {300, "this user has no access to that journal"},
    {305, "the account is suspended"},
    {402, "too many failed logins came from this address: wait some hours"},
    {405, "it takes no more posts for now: wait an hour and try again"},
    {406, "it takes no more of the same requests: wait an hour and try again"},
    {409, "the entry is too long for it"},
};

struct journal {
	struct posting_work *work;
	uint8_t *room;
	struct xmlrpc answer;
};

static const char *
address_of(const struct posting_work *w)
{
	const char *said = w->account->values[POSTING_KEY_SERVER];

	if (said[0] != '\0')
		return said;
	return w->account->service == POSTING_LIVEJOURNAL ? "https://www.livejournal.com/interface/xmlrpc"
							  : "https://www.dreamwidth.org/interface/xmlrpc";
}

static int
tell_fault(struct posting_work *w, int code, const char *said)
{
	if (code == FAULT_GONE)
		return posting_fail(w, CAIRN_ERR_UNKNOWN, "the post is not there any more; --delete forgets it");
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
		if (faults[i].code == code)
			return posting_fail(w, CAIRN_ERR_DENIED, "%s (fault %d)", faults[i].advice, code);
	return posting_fail(w, CAIRN_ERR_DENIED, "it refuses: \"%.120s\" (fault %d)", said, code);
}

/* A fault is an answer: then nothing was done. */
static int
send_call(struct journal *j, const GString *call)
{
	static const char *const headers[] = {POSTING_AGENT, "Content-Type: text/xml", "Accept: text/xml", NULL};
	struct posting_work *w = j->work;
	const struct net_call c = {.method = "POST",
	    .url = address_of(w),
	    .proxy = w->proxy,
	    .headers = headers,
	    .body = (const uint8_t *)call->str,
	    .bytes = call->len};
	struct net_answer a = {.out = j->room, .room = XMLRPC_BYTES_MAX};
	char why[256];
	int err = net_call_do(&c, &a, why);

	xmlrpc_release(&j->answer);
	w->reached = a.reached;
	if (err != CAIRN_OK)
		return posting_fail(w, err == CAIRN_ERR_RANGE ? CAIRN_ERR_FORMAT : CAIRN_ERR_IO, "%s", why);
	if (a.status != HTTP_OK)
		return posting_fail(w, CAIRN_ERR_IO, "it answers %ld: try again later", a.status);
	if (xmlrpc_read(&j->answer, a.out, a.bytes) != CAIRN_OK)
		return posting_fail(
		    w, CAIRN_ERR_IO, "what it answers is no XML-RPC: look at server in " POSTING_CONF);
	if (j->answer.fault == 0)
		return CAIRN_OK;
	w->reached = false;
	return tell_fault(w, j->answer.fault, j->answer.text);
}

/* ---- logging in ---- */

static bool
md5_hex(char out[MD5_HEX], const char *a, const char *b)
{
	uint8_t hash[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	bool good = md != NULL && EVP_DigestInit_ex(md, EVP_md5(), NULL) == 1 &&
	    EVP_DigestUpdate(md, a, strlen(a)) == 1 && EVP_DigestUpdate(md, b, strlen(b)) == 1 &&
	    EVP_DigestFinal_ex(md, hash, &size) == 1 && size == 16;

	EVP_MD_CTX_free(md);
	if (good)
		(void)sodium_bin2hex(out, MD5_HEX, hash, 16);
	sodium_memzero(hash, sizeof hash);
	return good;
}

static int
ask_challenge(struct journal *j, GString *challenge)
{
	GString *call = g_string_new(NULL);
	int err;

	xmlrpc_begin(call, "LJ.XMLRPC.getchallenge");
	xmlrpc_end(call);
	err = send_call(j, call);
	/* Nothing was asked yet that could have been done. */
	j->work->reached = false;
	g_string_free(call, TRUE);
	if (err == CAIRN_OK &&
	    (xmlrpc_text(challenge, xmlrpc_member(j->answer.value, "challenge")) != CAIRN_OK ||
		challenge->len == 0))
		err = posting_fail(j->work, CAIRN_ERR_IO, "it gives no challenge");
	return err;
}

static int
put_login(struct journal *j, GString *call)
{
	const char *journal = j->work->account->values[POSTING_KEY_JOURNAL];
	GString *challenge = g_string_new(NULL);
	char secret[MD5_HEX] = "", response[MD5_HEX] = "";
	int err = ask_challenge(j, challenge);

	if (err == CAIRN_OK &&
	    (!md5_hex(secret, j->work->secret, "") || !md5_hex(response, challenge->str, secret)))
		err = posting_fail(j->work, CAIRN_ERR_NOMEM, "this machine makes no MD5, which the service wants");
	sodium_memzero(secret, sizeof secret);
	if (err == CAIRN_OK) {
		xmlrpc_put_string(call, "username", j->work->account->values[POSTING_KEY_USER]);
		xmlrpc_put_string(call, "auth_method", "challenge");
		xmlrpc_put_string(call, "auth_challenge", challenge->str);
		xmlrpc_put_string(call, "auth_response", response);
		xmlrpc_put_number(call, "ver", 1);
		if (journal[0] != '\0')
			xmlrpc_put_string(call, "usejournal", journal);
	}
	g_string_free(challenge, TRUE);
	return err;
}

/* One call with a login; once more where the challenge had run out on the way. */
static int
call_with_login(struct journal *j, const char *method, void (*put)(GString *, const struct posting_work *))
{
	int err = CAIRN_OK;

	for (int tries = 0; tries < 2; tries++) {
		GString *call = g_string_new(NULL);

		xmlrpc_begin(call, method);
		err = put_login(j, call);
		put(call, j->work);
		xmlrpc_end(call);
		if (err == CAIRN_OK)
			err = send_call(j, call);
		g_string_free(call, TRUE);
		if (j->answer.fault != FAULT_EXPIRED)
			break;
	}
	return err;
}

/* ---- what is said ---- */

static void
put_day(GString *call, const struct posting_work *w)
{
	const time_t seconds = (time_t)w->text->entry.day * 86400;
	struct tm tm;

	(void)gmtime_r(&seconds, &tm);
	xmlrpc_put_number(call, "year", tm.tm_year + 1900);
	xmlrpc_put_number(call, "mon", tm.tm_mon + 1);
	xmlrpc_put_number(call, "day", tm.tm_mday);
}

static void
put_cut(GString *call, const char *name, struct cairn_span text, size_t most)
{
	GString *cut = g_string_new(NULL);

	posting_cut(cut, text, most);
	xmlrpc_put_string(call, name, cut->str);
	g_string_free(cut, TRUE);
}

static void
put_tags(GString *call, const struct posting_work *w)
{
	const struct entry *e = &w->text->entry;
	GString *tags = g_string_new(NULL);

	for (size_t i = 0; i < e->tag_count; i++)
		g_string_append_printf(tags, "%s%.*s", i == 0 ? "" : ", ", (int)e->tags[i].size, e->tags[i].text);
	xmlrpc_put_string(call, "taglist", tags->str);
	g_string_free(tags, TRUE);
}

/* Whose comments wait until the desk has seen them. */
static const char *
screening_of(const struct posting_work *w)
{
	static const char *const letters[][2] = {
	    {"all", "A"}, {"anonymous", "R"}, {"strangers", "F"}, {"none", "N"}};

	for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
		if (strcmp(w->account->values[POSTING_KEY_SCREENING], letters[i][0]) == 0)
			return letters[i][1];
	return "A";
}

static void
put_entry(GString *call, const struct posting_work *w)
{
	xmlrpc_put_string(call, "event", w->text->html->str);
	put_cut(call, "subject", w->text->entry.title, SUBJECT_MAX);
	xmlrpc_put_string(call, "lineendings", "unix");
	xmlrpc_put_string(call, "security", "public");
	put_day(call, w);
	/* The same hour for all, which is nobody's. */
	xmlrpc_put_number(call, "hour", NOON);
	xmlrpc_put_number(call, "min", 0);
	xmlrpc_put_begin(call, "props");
	xmlrpc_put_number(call, "opt_preformatted", 1);
	xmlrpc_put_string(call, "opt_screening", screening_of(w));
	if (strcmp(w->account->values[POSTING_KEY_BACKDATED], "yes") == 0)
		xmlrpc_put_number(call, "opt_backdated", 1);
	put_tags(call, w);
	put_cut(call, "current_mood", w->text->entry.mood, MOOD_MAX);
	xmlrpc_put_end(call);
}

static void
put_change(GString *call, const struct posting_work *w)
{
	xmlrpc_put_number(call, "itemid", (int)strtol(w->row->id, NULL, 10));
	put_entry(call, w);
}

/* An empty event deletes. */
static void
put_removal(GString *call, const struct posting_work *w)
{
	xmlrpc_put_number(call, "itemid", (int)strtol(w->row->id, NULL, 10));
	xmlrpc_put_string(call, "event", "");
	xmlrpc_put_string(call, "subject", "");
	xmlrpc_put_string(call, "lineendings", "unix");
}

static void
put_search(GString *call, const struct posting_work *w)
{
	xmlrpc_put_string(call, "selecttype", "day");
	put_day(call, w);
	xmlrpc_put_string(call, "lineendings", "unix");
	xmlrpc_put_number(call, "noprops", 1);
}

/* ---- the driver ---- */

/* itemid and url of a posted entry, out of an answer or of an event of one. */
static int
take_place(struct posted *row, xmlNode *value)
{
	GString *url = g_string_new(NULL);
	int number = 0, err = xmlrpc_number(&number, xmlrpc_member(value, "itemid"));

	if (err == CAIRN_OK) {
		(void)snprintf(row->id, sizeof(row->id), "%d", number);
		row->url[0] = '\0';
		if (xmlrpc_text(url, xmlrpc_member(value, "url")) == CAIRN_OK && url->len <= POSTED_URL_MAX &&
		    text_is_web(text_of(url->str)))
			(void)g_strlcpy(row->url, url->str, sizeof(row->url));
	}
	g_string_free(url, TRUE);
	return err;
}

static int
with_journal(struct posting_work *w, int (*act)(struct journal *))
{
	struct journal j = {.work = w, .room = malloc(XMLRPC_BYTES_MAX)};
	int err;

	w->reached = false;
	if (j.room == NULL)
		return posting_fail(w, CAIRN_ERR_NOMEM, "out of memory");
	err = act(&j);
	xmlrpc_release(&j.answer);
	free(j.room);
	return err;
}

static int
act_create(struct journal *j)
{
	int err = call_with_login(j, "LJ.XMLRPC.postevent", put_entry);

	if (err == CAIRN_OK && take_place(j->work->row, j->answer.value) != CAIRN_OK)
		err = posting_fail(
		    j->work, CAIRN_ERR_IO, "it gives no number for the post; posting again looks for it");
	return err;
}

/* What stands in "posted" might be of an account that was another kind of service then. */
static int
call_for_post(struct journal *j, void (*put)(GString *, const struct posting_work *))
{
	uint64_t number;

	if (text_number(&number, text_of(j->work->row->id), INT_MAX) != CAIRN_OK)
		return posting_fail(j->work, CAIRN_ERR_FORMAT, "what " POSTED_FILE " has is no post of a journal");
	return call_with_login(j, "LJ.XMLRPC.editevent", put);
}

static int
act_update(struct journal *j)
{
	return call_for_post(j, put_change);
}

static int
act_remove(struct journal *j)
{
	return call_for_post(j, put_removal);
}

/* Of that day's entries the one that links to this entry's page: its address stands there between quotes. */
static int
act_find(struct journal *j)
{
	char *mark = g_strdup_printf("\"%s\"", j->work->text->link);
	int err = call_with_login(j, "LJ.XMLRPC.getevents", put_search), found = CAIRN_ERR_UNKNOWN;
	xmlNode *events = err == CAIRN_OK ? xmlrpc_member(j->answer.value, "events") : NULL;

	for (xmlNode *e = xmlrpc_next(events, NULL); e != NULL && found != CAIRN_OK; e = xmlrpc_next(events, e)) {
		GString *text = g_string_new(NULL);

		if (xmlrpc_text(text, xmlrpc_member(e, "event")) == CAIRN_OK && strstr(text->str, mark) != NULL)
			found = take_place(j->work->row, e);
		g_string_free(text, TRUE);
	}
	g_free(mark);
	return err == CAIRN_OK ? found : err == CAIRN_ERR_UNKNOWN ? CAIRN_ERR_DENIED
								  : err;
}

static int
create(struct posting_work *w)
{
	return with_journal(w, act_create);
}

static int
update(struct posting_work *w)
{
	return with_journal(w, act_update);
}

static int
remove_post(struct posting_work *w)
{
	return with_journal(w, act_remove);
}

static int
find(struct posting_work *w)
{
	return with_journal(w, act_find);
}

const struct posting_service posting_journal_dw = {POSTING_DREAMWIDTH, create, update, remove_post, find, 0, true};
const struct posting_service posting_journal_lj = {POSTING_LIVEJOURNAL, create, update, remove_post, find, 0, true};
