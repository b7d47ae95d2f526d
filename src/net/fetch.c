// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/fetch.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <curl/curl.h>

#include "net/url.h"

#define HTTP_OK 200L
#define PATIENCE_S 60L

struct page {
	uint8_t *out;
	size_t room, bytes;
	bool full;
};

/* What is longer than the room is cut: a short count is libcurl's order to give up. */
static size_t
on_body(char *bytes, size_t one, size_t count, void *arg)
{
	struct page *p = arg;
	size_t take = count < p->room - p->bytes ? count : p->room - p->bytes;

	(void)one;
	memcpy(p->out + p->bytes, bytes, take);
	p->bytes += take;
	p->full = take < count;
	return take;
}

static CURLcode
set_up(CURL *curl, const char *url, const char *proxy, struct page *page)
{
	CURLcode code = CURLE_OK;

#define SET(option, value) code = code != CURLE_OK ? code : curl_easy_setopt(curl, option, value)
	SET(CURLOPT_URL, url);
	SET(CURLOPT_PROTOCOLS_STR, "https");
	SET(CURLOPT_PROXY, proxy);
	SET(CURLOPT_NOPROXY, "");
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_TIMEOUT, PATIENCE_S);
	SET(CURLOPT_WRITEFUNCTION, on_body);
	SET(CURLOPT_WRITEDATA, page);
#undef SET
	return code;
}

int
fetch_page(const char *url, const char *proxy, uint8_t *out, size_t room, size_t *ret_bytes, char why[256])
{
	struct page page = {.out = out, .room = room};
	CURLcode code = CURLE_OUT_OF_MEMORY;
	long status = 0;
	CURL *curl;

	*ret_bytes = 0;
	snprintf(why, 256, "only https, and the proxy must look names up itself: socks5h://host:port");
	if (strncmp(url, "https://", 8) != 0 || proxy == NULL || !net_proxy_ok(proxy))
		return CAIRN_ERR_RANGE;
	curl = curl_easy_init();
	if (curl != NULL)
		code = set_up(curl, url, proxy, &page);
	if (code == CURLE_OK)
		code = curl_easy_perform(curl);
	if (curl != NULL)
		(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(curl);
	snprintf(why, 256, "%s", code != CURLE_OK ? curl_easy_strerror(code) : "it does not answer 200");
	if ((code != CURLE_OK && !page.full) || status != HTTP_OK)
		return CAIRN_ERR_IO;
	*ret_bytes = page.bytes;
	return CAIRN_OK;
}
