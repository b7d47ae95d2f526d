// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/mailer.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <curl/curl.h>
#include <sodium.h>

#include "net/url.h"

#define PATIENCE_S 60U
#define REFUSED 500L

struct mailer {
	const struct mail *mail;
	CURL *curl;
};

/* What is still to be sent of a letter. */
struct outgoing {
	const char *at;
	size_t left;
};

static size_t
on_read(char *out, size_t one, size_t count, void *arg)
{
	struct outgoing *o = arg;
	size_t bytes = one * count < o->left ? one * count : o->left;

	memcpy(out, o->at, bytes);
	o->at += bytes;
	o->left -= bytes;
	return bytes;
}

static bool
loopback(const char *url)
{
	static const char *const here[] = {"smtp://127.0.0.1", "smtp://localhost", "smtp://[::1]"};

	for (size_t i = 0; i < sizeof(here) / sizeof(here[0]); i++) {
		size_t size = strlen(here[i]);

		if (strncasecmp(url, here[i], size) == 0 && strchr(":/", url[size]) != NULL)
			return true;
	}
	return false;
}

static CURLcode
set_up(CURL *curl, const struct mail *m)
{
	long patience = (long)(m->patience_s == 0 ? PATIENCE_S : m->patience_s);
	bool here = loopback(m->url);
	CURLcode code = CURLE_OK;

#define SET(option, value) code = code != CURLE_OK ? code : curl_easy_setopt(curl, option, value)
	SET(CURLOPT_URL, m->url);
	SET(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_TIMEOUT, patience);
	SET(CURLOPT_USE_SSL, (long)(here ? CURLUSESSL_TRY : CURLUSESSL_ALL));
	SET(CURLOPT_UPLOAD, 1L);
	SET(CURLOPT_READFUNCTION, on_read);
	if (m->user != NULL) {
		SET(CURLOPT_USERNAME, m->user);
		SET(CURLOPT_PASSWORD, m->password);
	}
	if (m->proxy != NULL && !here) {
		SET(CURLOPT_PROXY, m->proxy);
		SET(CURLOPT_NOPROXY, "");
		SET(CURLOPT_HTTPPROXYTUNNEL, 1L);
	}
#undef SET
	return code;
}

int
mailer_new(struct mailer **ret, const struct mail *mail)
{
	struct mailer *mailer;

	*ret = NULL;
	if ((strncmp(mail->url, "smtp://", 7) != 0 && strncmp(mail->url, "smtps://", 8) != 0) ||
	    strchr(mail->url, '@') != NULL || (mail->proxy != NULL && !net_proxy_ok(mail->proxy)))
		return CAIRN_ERR_RANGE;
	mailer = calloc(1, sizeof(*mailer));
	if (mailer == NULL)
		return CAIRN_ERR_NOMEM;
	mailer->mail = mail;
	mailer->curl = curl_easy_init();
	if (mailer->curl == NULL || set_up(mailer->curl, mail) != CURLE_OK) {
		mailer_free(mailer);
		return CAIRN_ERR_NOMEM;
	}
	*ret = mailer;
	return CAIRN_OK;
}

void
mailer_free(struct mailer *mailer)
{
	if (mailer == NULL)
		return;
	curl_easy_cleanup(mailer->curl);
	free(mailer);
}

/* ---- one letter ---- */

static bool
ascii(const char *text, char least)
{
	for (; *text != '\0'; text++)
		if (*text < least || *text > '~' || *text == '<' || *text == '>')
			return false;
	return true;
}

/* Lines end in CR LF on the wire; a dot that begins one is doubled by libcurl. */
static char *
wire_text(const char *text)
{
	char *out = malloc(2 * strlen(text) + 1);
	size_t used = 0;

	for (; out != NULL && *text != '\0'; text++) {
		if (*text == '\n')
			out[used++] = '\r';
		if (*text != '\r')
			out[used++] = *text;
	}
	if (out != NULL)
		out[used] = '\0';
	return out;
}

/* The whole letter. Its Message-ID is random and says nothing of this machine. */
static char *
compose(const struct mail *m, const char *to, const char *subject, const char *text)
{
	char when[64], id[33], *whole, *body = wire_text(text);
	const char *at = strrchr(m->from, '@');
	uint8_t random[16];
	time_t now = time(NULL);
	struct tm tm;
	int bytes;

	randombytes_buf(random, sizeof(random));
	sodium_bin2hex(id, sizeof(id), random, sizeof(random));
	if (body == NULL || gmtime_r(&now, &tm) == NULL ||
	    strftime(when, sizeof(when), "%a, %d %b %Y %H:%M:%S +0000", &tm) == 0) {
		free(body);
		return NULL;
	}
	bytes = asprintf(&whole,
	    "Date: %s\r\nFrom: <%s>\r\nTo: <%s>\r\nSubject: %s\r\nMessage-ID: <%s%s>\r\nMIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
	    "Auto-Submitted: auto-generated\r\n\r\n%s",
	    when, m->from, to, subject, id, at == NULL ? "@localhost" : at, body);
	free(body);
	return bytes < 0 ? NULL : whole;
}

static int
judge(CURL *curl, CURLcode code, char why[256])
{
	long status = 0;

	if (code == CURLE_OK)
		return CAIRN_OK;
	(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	snprintf(why, 256, "%s (%ld)", curl_easy_strerror(code), status);
	/* Who may not log in or send at all gets nowhere with the next one either. */
	return code == CURLE_SEND_ERROR && status >= REFUSED ? CAIRN_ERR_DENIED : CAIRN_ERR_IO;
}

static CURLcode
transfer(struct mailer *mailer, const char *from, const char *to, struct outgoing *out)
{
	struct curl_slist *rcpt = curl_slist_append(NULL, to);
	CURL *curl = mailer->curl;
	CURLcode code = rcpt == NULL ? CURLE_OUT_OF_MEMORY : CURLE_OK;

#define SET(option, value) code = code != CURLE_OK ? code : curl_easy_setopt(curl, option, value)
	SET(CURLOPT_MAIL_FROM, from);
	SET(CURLOPT_MAIL_RCPT, rcpt);
	SET(CURLOPT_READDATA, out);
#undef SET
	if (code == CURLE_OK)
		code = curl_easy_perform(curl);
	(void)curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, NULL);
	curl_slist_free_all(rcpt);
	return code;
}

int
mailer_send(struct mailer *mailer, const char *to, const char *subject, const char *text, char why[256])
{
	const struct mail *m = mailer->mail;
	struct outgoing out;
	CURLcode code;
	char *whole, from[300], rcpt[300];

	why[0] = '\0';
	if (!ascii(to, '!') || !ascii(m->from, '!') || !ascii(subject, ' ') || strlen(to) > 254 ||
	    strlen(m->from) > 254)
		return CAIRN_ERR_FORMAT;
	whole = compose(m, to, subject, text);
	if (whole == NULL)
		return CAIRN_ERR_NOMEM;
	out = (struct outgoing){whole, strlen(whole)};
	snprintf(from, sizeof(from), "<%s>", m->from);
	snprintf(rcpt, sizeof(rcpt), "<%s>", to);
	code = transfer(mailer, from, rcpt, &out);
	sodium_memzero(whole, strlen(whole));
	free(whole);
	sodium_memzero(rcpt, sizeof(rcpt));
	return judge(mailer->curl, code, why);
}
