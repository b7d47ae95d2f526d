// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/mail.h"

#include <stdio.h>
#include <string.h>

#include <curl/curl.h>

#include "net/call.h"

#define PATIENCE_S 120L
#define SAID_NO 400L

struct rest {
	const uint8_t *at;
	size_t left;
};

static size_t
on_read(char *out, size_t one, size_t room, void *arg)
{
	struct rest *rest = arg;
	size_t size = room * one < rest->left ? room * one : rest->left;

	memcpy(out, rest->at, size);
	rest->at += size;
	rest->left -= size;
	return size;
}

static CURLcode
set_up(CURL *curl, const struct net_mail *m, const char *url, struct curl_slist *to, struct rest *rest)
{
	CURLcode code = CURLE_OK;

#define SET(option, value) code = code != CURLE_OK ? code : curl_easy_setopt(curl, option, value)
	SET(CURLOPT_URL, url);
	SET(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_TIMEOUT, PATIENCE_S);
	SET(CURLOPT_USE_SSL, (long)(m->plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
	if (m->user != NULL) {
		SET(CURLOPT_USERNAME, m->user);
		SET(CURLOPT_PASSWORD, m->secret);
	}
	SET(CURLOPT_MAIL_FROM, m->from);
	SET(CURLOPT_MAIL_RCPT, to);
	SET(CURLOPT_UPLOAD, 1L);
	SET(CURLOPT_READFUNCTION, on_read);
	SET(CURLOPT_READDATA, rest);
	SET(CURLOPT_INFILESIZE_LARGE, (curl_off_t)m->bytes);
	if (m->proxy != NULL) {
		SET(CURLOPT_PROXY, m->proxy);
		SET(CURLOPT_HTTPPROXYTUNNEL, 1L);
		SET(CURLOPT_NOPROXY, "");
	}
#undef SET
	return code;
}

static int
judge(CURL *curl, CURLcode code, bool *ret_reached, long *ret_code, char why[256])
{
	*ret_reached = code == CURLE_OK;
	if (code == CURLE_OK)
		return CAIRN_OK;
	snprintf(why, 256, "%s", curl_easy_strerror(code));
	if (curl != NULL)
		(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, ret_code);
	/* What it last said was no, at whatever step: then it did not take the message. */
	if (*ret_code >= SAID_NO) {
		snprintf(why, 256, "it says %ld", *ret_code);
		return CAIRN_ERR_DENIED;
	}
	*ret_reached = !net_never_reached((int)code);
	return CAIRN_ERR_IO;
}

static struct curl_slist *
recipients(const struct net_mail *m)
{
	struct curl_slist *to = NULL, *longer;

	for (size_t i = 0; i < m->to_count; i++) {
		longer = curl_slist_append(to, m->to[i]);
		if (longer == NULL) {
			curl_slist_free_all(to);
			return NULL;
		}
		to = longer;
	}
	return to;
}

int
net_mail_send(const struct net_mail *m, bool *ret_reached, long *ret_code, char why[256])
{
	struct rest rest = {m->message, m->bytes};
	struct curl_slist *to;
	char url[600];
	CURL *curl;
	CURLcode code = CURLE_OUT_OF_MEMORY;
	int err;

	*ret_reached = false;
	*ret_code = 0;
	snprintf(why, 256, "the proxy must look names up itself: socks5h://host:port");
	if (!net_way_ok(m->server, m->proxy) ||
	    (size_t)snprintf(url, sizeof(url), "%s/localhost", m->server) >= sizeof(url))
		return CAIRN_ERR_RANGE;
	curl = curl_easy_init();
	to = recipients(m);
	if (curl != NULL && to != NULL)
		code = set_up(curl, m, url, to, &rest);
	if (code == CURLE_OK)
		code = curl_easy_perform(curl);
	err = judge(curl, code, ret_reached, ret_code, why);
	curl_slist_free_all(to);
	curl_easy_cleanup(curl);
	return err;
}
