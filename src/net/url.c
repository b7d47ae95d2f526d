// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/url.h"

#include <string.h>

#include <curl/curl.h>
#include <sodium.h>

#include "base/text.h"

#define DESK_PATH "/d/"
#define DESK_HEX (2U * CAIRN_HASH_BYTES)

static int
read_identity(struct net_url *url, const char *text)
{
	size_t bytes = 0;

	/* libsodium 1.0.18 takes bytes of 0x80 and above for the 63rd digit, where char is signed. */
	for (const char *at = text; *at != '\0'; at++)
		if ((unsigned char)*at >= 0x80)
			return CAIRN_ERR_FORMAT;
	if (sodium_base642bin(url->identity_key, sizeof(url->identity_key), text, strlen(text), NULL, &bytes,
		NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
	    bytes != sizeof(url->identity_key))
		return CAIRN_ERR_FORMAT;
	url->has_identity = true;
	return CAIRN_OK;
}

/* path ends in /d/<desk_id> or /d/<desk_id>/. A relay may stand below a path of its own. */
static int
read_path(struct net_url *url, const char *path)
{
	size_t length = strlen(path);
	const char *id;

	if (length > 0 && path[length - 1] == '/')
		length--;
	if (length < strlen(DESK_PATH) + DESK_HEX)
		return CAIRN_ERR_FORMAT;
	id = path + length - DESK_HEX;
	if (memcmp(id - strlen(DESK_PATH), DESK_PATH, strlen(DESK_PATH)) != 0)
		return CAIRN_ERR_FORMAT;
	return text_hex(url->desk_id, sizeof(url->desk_id), (struct cairn_span){id, DESK_HEX});
}

static bool
ends_in(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length >= tail && strcasecmp(text + length - tail, end) == 0;
}

static void
read_host(struct net_url *url, const char *host)
{
	url->onion = ends_in(host, ".onion");
	url->loopback = strncmp(host, "127.", 4) == 0 || strcmp(host, "[::1]") == 0 ||
	    strcasecmp(host, "localhost") == 0;
}

static bool
has(CURLU *u, CURLUPart part)
{
	char *text = NULL;
	bool there = curl_url_get(u, part, &text, 0) == CURLUE_OK;

	curl_free(text);
	return there;
}

/* Hands one part to a reader; parts of no use here are refused by the caller. */
static int
with_part(struct net_url *url, CURLU *u, CURLUPart part, int (*read)(struct net_url *, const char *))
{
	char *text = NULL;
	int err = CAIRN_ERR_FORMAT;

	if (curl_url_get(u, part, &text, 0) == CURLUE_OK)
		err = read(url, text);
	curl_free(text);
	return err;
}

static int
read_scheme(struct net_url *url, const char *scheme)
{
	(void)url;
	return strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0 ? CAIRN_OK : CAIRN_ERR_FORMAT;
}

static int
take_host(struct net_url *url, const char *host)
{
	read_host(url, host);
	return CAIRN_OK;
}

/* The address without its '#...', with one slash at the end. */
static int
write_base(struct net_url *url, const char *text)
{
	size_t length = strcspn(text, "#");

	while (length > 0 && text[length - 1] == '/')
		length--;
	if (length + 2 > sizeof(url->base))
		return CAIRN_ERR_FORMAT;
	memcpy(url->base, text, length);
	memcpy(url->base + length, "/", 2);
	return CAIRN_OK;
}

static int
any_path(struct net_url *url, const char *path)
{
	(void)url;
	(void)path;
	return CAIRN_OK;
}

static int
read_parts(struct net_url *url, CURLU *u, const char *text, int (*path)(struct net_url *, const char *))
{
	if (has(u, CURLUPART_USER) || has(u, CURLUPART_PASSWORD) || has(u, CURLUPART_QUERY))
		return CAIRN_ERR_FORMAT;
	if (with_part(url, u, CURLUPART_SCHEME, read_scheme) != CAIRN_OK ||
	    with_part(url, u, CURLUPART_HOST, take_host) != CAIRN_OK ||
	    with_part(url, u, CURLUPART_PATH, path) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	if (has(u, CURLUPART_FRAGMENT) && with_part(url, u, CURLUPART_FRAGMENT, read_identity) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	return write_base(url, text);
}

static int
read_url(struct net_url *url, const char *text, int (*path)(struct net_url *, const char *))
{
	struct net_url parsed = {0};
	CURLU *u = curl_url();
	int err;

	if (u == NULL)
		return CAIRN_ERR_NOMEM;
	err = strlen(text) >= NET_URL_MAX || curl_url_set(u, CURLUPART_URL, text, 0) != CURLUE_OK
	    ? CAIRN_ERR_FORMAT
	    : read_parts(&parsed, u, text, path);
	curl_url_cleanup(u);
	if (err == CAIRN_OK)
		*url = parsed;
	return err;
}

int
net_url_read(struct net_url *url, const char *text)
{
	return read_url(url, text, read_path);
}

int
net_url_read_site(struct net_url *url, const char *text)
{
	return strchr(text, '#') != NULL ? CAIRN_ERR_FORMAT : read_url(url, text, any_path);
}

bool
net_proxy_ok(const char *proxy)
{
	return strncmp(proxy, "socks5h://", 10) == 0 || strncmp(proxy, "http://", 7) == 0;
}
