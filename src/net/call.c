// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/call.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>
#include <sodium.h>

#include "net/url.h"

#define PATIENCE_S 60U

/* libcurl takes a short count as the order to give up. */
static size_t
on_body(char *bytes, size_t one, size_t count, void *arg)
{
	struct net_answer *a = arg;

	(void)one;
	if (count > a->room - a->bytes) {
		a->overlong = true;
		return 0;
	}
	memcpy(a->out + a->bytes, bytes, count);
	a->bytes += count;
	return count;
}

/* An onion's name must not be asked of a name server. */
static bool
is_onion(const char *url)
{
	const char *host = strstr(url, "://");
	size_t size = host == NULL ? 0 : strcspn(host + 3, ":/");

	return size > 6 && strncasecmp(host + 3 + size - 6, ".onion", 6) == 0;
}

bool
net_way_ok(const char *url, const char *proxy)
{
	return proxy != NULL ? net_proxy_ok(proxy) : !is_onion(url);
}

bool
net_never_reached(int code)
{
	static const CURLcode never[] = {CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT,
	    CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_PROXY,
	    CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_USE_SSL_FAILED, CURLE_LOGIN_DENIED,
	    CURLE_OUT_OF_MEMORY};

	for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
		if (code == (int)never[i])
			return true;
	return false;
}

static CURLcode
set_up(CURL *curl, const struct net_call *c, struct curl_slist *headers, struct net_answer *answer)
{
	long patience = (long)(c->patience_s == 0 ? PATIENCE_S : c->patience_s);
	CURLcode code = CURLE_OK;

#define SET(option, value) code = code != CURLE_OK ? code : curl_easy_setopt(curl, option, value)
	SET(CURLOPT_URL, c->url);
	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_TIMEOUT, patience);
	if (c->body != NULL) {
		SET(CURLOPT_POSTFIELDS, (const char *)c->body);
		SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)c->bytes);
	}
	SET(CURLOPT_CUSTOMREQUEST, c->method);
	SET(CURLOPT_HTTPHEADER, headers);
	SET(CURLOPT_WRITEFUNCTION, on_body);
	SET(CURLOPT_WRITEDATA, answer);
	if (c->proxy != NULL) {
		SET(CURLOPT_PROXY, c->proxy);
		SET(CURLOPT_NOPROXY, "");
	}
#undef SET
	return code;
}

static int
judge(CURL *curl, CURLcode code, struct net_answer *answer, char why[256])
{
	const char *type = NULL;

	answer->reached = !net_never_reached((int)code);
	if (answer->overlong) {
		snprintf(why, 256, "its answer is too long to be one");
		return CAIRN_ERR_SPACE;
	}
	if (code != CURLE_OK) {
		snprintf(why, 256, "%s", curl_easy_strerror(code));
		return CAIRN_ERR_IO;
	}
	(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->status);
	(void)curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
	snprintf(answer->type, sizeof(answer->type), "%s", type == NULL ? "" : type);
	return CAIRN_OK;
}

static int
append_all(struct curl_slist **list, const char *const *headers)
{
	for (size_t i = 0; headers != NULL && headers[i] != NULL; i++) {
		struct curl_slist *longer = curl_slist_append(*list, headers[i]);

		if (longer == NULL)
			return CAIRN_ERR_NOMEM;
		*list = longer;
	}
	return CAIRN_OK;
}

/* A header may have been a token. */
static void
wipe_all(struct curl_slist *list)
{
	for (struct curl_slist *at = list; at != NULL; at = at->next)
		sodium_memzero(at->data, strlen(at->data));
	curl_slist_free_all(list);
}

int
net_call_do(const struct net_call *c, struct net_answer *answer, char why[256])
{
	struct curl_slist *headers = NULL;
	CURL *curl;
	CURLcode code = CURLE_OUT_OF_MEMORY;
	int err;

	answer->bytes = 0;
	answer->status = 0;
	answer->reached = answer->overlong = false;
	snprintf(why, 256, "the proxy must look names up itself: socks5h://host:port");
	if (!net_way_ok(c->url, c->proxy))
		return CAIRN_ERR_RANGE;
	curl = curl_easy_init();
	if (curl != NULL && append_all(&headers, c->headers) == CAIRN_OK)
		code = set_up(curl, c, headers, answer);
	if (code == CURLE_OK)
		code = curl_easy_perform(curl);
	err = judge(curl, code, answer, why);
	wipe_all(headers);
	curl_easy_cleanup(curl);
	return err;
}
