// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <sodium.h>

#include "base/text.h"
#include "net/mail.h"
#include "site/posting.h"
#include "site/text.h"

/*
 * Mail to lists: a message each for an entry, for its change, and for its withdrawal, the later ones as answers to
 * the first. What was mailed cannot be taken back.
 */
#define LINE 57U /* bytes that make 76 signs of base64 */
#define WORD 42U /* of one encoded word of a header: 56 signs */

static void
append_base64(GString *out, const char *bytes, size_t size)
{
	for (size_t at = 0; at < size; at += LINE) {
		char *line = g_base64_encode((const guchar *)bytes + at, size - at < LINE ? size - at : LINE);

		g_string_append_printf(out, "%s\r\n", line);
		g_free(line);
	}
}

/* Words in base64 (RFC 2047), each of whole characters. */
static void
append_subject(GString *out, const char *text)
{
	struct cairn_span rest = text_of(text);

	g_string_append(out, "Subject:");
	while (rest.size > 0) {
		struct cairn_span piece = {rest.text, 0};
		char *word;

		while (rest.size > 0 && piece.size + 4 <= WORD) {
			(void)text_next(&rest);
			piece.size = (size_t)(rest.text - piece.text);
		}
		word = g_base64_encode((const guchar *)piece.text, piece.size);
		g_string_append_printf(out, " =?UTF-8?B?%s?=\r\n", word);
		g_free(word);
	}
	if (text[0] == '\0')
		g_string_append(out, "\r\n");
}

/* "<key@host of from>": the same for the same try, so that a list may know it again. */
static void
make_id(char out[POSTED_ID_MAX + 1], const struct posting_work *w, const uint8_t bytes[POSTED_KEY_BYTES])
{
	char hex[2 * POSTED_KEY_BYTES + 1];

	(void)snprintf(out, POSTED_ID_MAX + 1, "<%s@%.100s>",
	    sodium_bin2hex(hex, sizeof hex, bytes, POSTED_KEY_BYTES),
	    strchr(w->account->values[POSTING_KEY_FROM], '@') + 1);
}

static void
append_headers(GString *out, const struct posting_work *w, const char *id, const char *subject)
{
	char date[64];
	time_t now = (time_t)w->now_s;
	struct tm tm;

	(void)gmtime_r(&now, &tm);
	(void)strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S +0000", &tm);
	g_string_append_printf(out, "Date: %s\r\nFrom: %s\r\nTo: %s\r\nMessage-ID: %s\r\n", date,
	    w->account->values[POSTING_KEY_FROM], w->account->values[POSTING_KEY_TO], id);
	if (strcmp(id, w->row->id) != 0 && w->row->id[0] != '\0')
		g_string_append_printf(out, "In-Reply-To: %s\r\nReferences: %s\r\n", w->row->id, w->row->id);
	append_subject(out, subject);
	g_string_append(out,
	    "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
	    "Content-Transfer-Encoding: base64\r\n\r\n");
}

/* "a@b, c@d" into its pieces; copy is cut up. */
static void
take_recipients(struct net_mail *mail, char *copy)
{
	char *rest = NULL;

	for (char *to = strtok_r(copy, ", ", &rest); to != NULL && mail->to_count < NET_MAIL_TO_MAX;
	     to = strtok_r(NULL, ", ", &rest))
		mail->to[mail->to_count++] = to;
}

static int
tell(struct posting_work *w, int err, long code, const char *why)
{
	if (err == CAIRN_ERR_RANGE)
		return posting_fail(w, CAIRN_ERR_FORMAT, "%s", why);
	if (err == CAIRN_ERR_IO)
		return posting_fail(w, err, "%s", why);
	return posting_fail(w, CAIRN_ERR_DENIED, "%s: %s", why,
	    code == 535 || code == 530 ? "it does not take the login: look at user, and at the secret"
		: code < 500           ? "not now; try again later"
				       : "look at from and to in " POSTING_CONF);
}

static int
send_message(struct posting_work *w, const GString *message)
{
	const struct posting_account *a = w->account;
	const char *server = a->values[POSTING_KEY_SERVER], *user = a->values[POSTING_KEY_USER];
	struct net_mail mail = {.server = server,
	    .proxy = w->proxy,
	    .user = user[0] == '\0' ? NULL : user,
	    .secret = w->secret,
	    .plain = g_str_has_prefix(server, "smtp:") && posting_is_here(server),
	    .from = a->values[POSTING_KEY_FROM],
	    .message = (const uint8_t *)message->str,
	    .bytes = message->len};
	char *copy = g_strdup(a->values[POSTING_KEY_TO]);
	char why[256];
	long code = 0;
	int err;

	take_recipients(&mail, copy);
	err = net_mail_send(&mail, &w->reached, &code, why);
	g_free(copy);
	return err == CAIRN_OK ? err : tell(w, err, code, why);
}

/* An entry with its words, as they were written: Markdown reads well as it stands. */
static int
send_entry(struct posting_work *w, const char *id, const char *before)
{
	const struct posting_text *t = w->text;
	GString *message = g_string_new(NULL), *body = g_string_new(NULL);
	char *subject = g_strdup_printf("%s%.*s", before, (int)t->entry.title.size, t->entry.title.text);
	int err;

	g_string_append_printf(body, "%.*s\n\n%s %s\n", (int)t->body.size, t->body.text, t->first, t->link);
	append_headers(message, w, id, subject);
	append_base64(message, body->str, body->len);
	err = send_message(w, message);
	g_free(subject);
	g_string_free(body, TRUE);
	g_string_free(message, TRUE);
	return err;
}

static int
create(struct posting_work *w)
{
	char id[POSTED_ID_MAX + 1];
	int err;

	make_id(id, w, w->row->key);
	err = send_entry(w, id, "");
	if (err == CAIRN_OK)
		(void)g_strlcpy(w->row->id, id, sizeof(w->row->id));
	return err;
}

/* The digest of the new words names the message that carries them. */
static int
update(struct posting_work *w)
{
	char id[POSTED_ID_MAX + 1];

	make_id(id, w, w->row->digest);
	return send_entry(w, id, "Changed: ");
}

static int
remove_post(struct posting_work *w)
{
	uint8_t key[POSTED_KEY_BYTES];
	char id[POSTED_ID_MAX + 1];
	GString *message = g_string_new(NULL);
	int err;

	for (size_t i = 0; i < sizeof key; i++)
		key[i] = w->row->key[i] ^ 0xff;
	make_id(id, w, key);
	append_headers(message, w, id, "Withdrawn");
	append_base64(message, "What this answers was withdrawn by those who wrote it.\n",
	    strlen("What this answers was withdrawn by those who wrote it.\n"));
	err = send_message(w, message);
	g_string_free(message, TRUE);
	return err;
}

const struct posting_service posting_mail = {POSTING_MAIL, create, update, remove_post, NULL, 0, false};
