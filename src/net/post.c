// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/post.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "net/url.h"

#define HTTP_OK 200L
#define PATIENCE_S 60U

struct post_answer {
	uint8_t *out;
	size_t room;
	size_t bytes;
	bool overlong;
};

/* libcurl takes a short count as the order to give up. */
static size_t
on_body(char *bytes, size_t one, size_t count, void *arg)
{
	struct post_answer *a = arg;

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

static CURLcode
set_up(CURL *curl, const struct post *p, struct curl_slist *headers, struct post_answer *answer)
{
	long patience = (long)(p->patience_s == 0 ? PATIENCE_S : p->patience_s);
	CURLcode code = CURLE_OK;

#define SET(option, value) code = code != CURLE_OK ? code : curl_easy_setopt(curl, option, value)
	SET(CURLOPT_URL, p->url);
	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_TIMEOUT, patience);
	SET(CURLOPT_POSTFIELDS, (const char *)p->body);
	SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)p->bytes);
	SET(CURLOPT_HTTPHEADER, headers);
	SET(CURLOPT_WRITEFUNCTION, on_body);
	SET(CURLOPT_WRITEDATA, answer);
	if (p->proxy != NULL) {
		SET(CURLOPT_PROXY, p->proxy);
		SET(CURLOPT_NOPROXY, "");
	}
#undef SET
	return code;
}

static int
judge(CURL *curl, CURLcode code, const struct post *p, const struct post_answer *answer, char why[256])
{
	const char *type = NULL;
	long status = 0;

	if (answer->overlong) {
		snprintf(why, 256, "its answer is too long to be one");
		return CAIRN_ERR_SPACE;
	}
	if (code != CURLE_OK) {
		snprintf(why, 256, "%s", curl_easy_strerror(code));
		return CAIRN_ERR_IO;
	}
	(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
	if (status == HTTP_OK && type != NULL && strncasecmp(type, p->accept, strlen(p->accept)) == 0)
		return CAIRN_OK;
	snprintf(why, 256, status == HTTP_OK ? "its answer is of another kind" : "it answers %ld", status);
	return CAIRN_ERR_IO;
}

int
post_do(const struct post *p, uint8_t *out, size_t room, size_t *ret_bytes, char why[256])
{
	struct post_answer answer = {.out = out, .room = room};
	struct curl_slist *headers = NULL;
	char type[160], accept[160];
	CURL *curl;
	CURLcode code;
	int err;

	*ret_bytes = 0;
	snprintf(why, 256, "the proxy must look names up itself: socks5h://host:port");
	if ((p->proxy != NULL && !net_proxy_ok(p->proxy)) || (p->proxy == NULL && is_onion(p->url)))
		return CAIRN_ERR_RANGE;
	curl = curl_easy_init();
	snprintf(type, sizeof(type), "Content-Type: %s", p->type);
	snprintf(accept, sizeof(accept), "Accept: %s", p->accept);
	headers = curl_slist_append(curl_slist_append(NULL, type), accept);
	code = curl == NULL || headers == NULL ? CURLE_OUT_OF_MEMORY : set_up(curl, p, headers, &answer);
	if (code == CURLE_OK)
		code = curl_easy_perform(curl);
	err = judge(curl, code, p, &answer, why);
	if (err == CAIRN_OK)
		*ret_bytes = answer.bytes;
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	return err;
}
