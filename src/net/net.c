// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/net.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <curl/curl.h>
#include <sodium.h>

#define HTTP_LATER 503
#define TARGET_MAX (NET_URL_MAX + CAIRN_REQUEST_PATH_MAX)

struct net {
	CURL *curl;
	struct net_url url;
	uint32_t patience_ms;
	net_sign *sign;
	void *sign_arg;
	uint8_t relay_key[32];
	uint8_t *body; /* grows up to the answer_max of the request that is under way */
	size_t room;
	size_t bytes;
	size_t answer_max;
	bool overlong;
	char why[CURL_ERROR_SIZE];
};

static uint64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void
net_pause(uint32_t ms)
{
	struct timespec left = {ms / 1000, (long)(ms % 1000) * 1000000};

	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		;
}

uint32_t
net_backoff_ms(unsigned n)
{
	uint32_t step = NET_BACKOFF_MS;

	while (n-- > 1 && step < NET_BACKOFF_MAX_MS)
		step *= 2;
	if (step > NET_BACKOFF_MAX_MS)
		step = NET_BACKOFF_MAX_MS;
	return step / 2 + randombytes_uniform(step / 2 + 1);
}

/* Room for bytes more, never over what the request allows. */
static bool
grow(struct net *net, size_t more)
{
	size_t room = net->room == 0 ? 4096 : net->room;
	uint8_t *body;

	if (more > net->answer_max - net->bytes) {
		net->overlong = true;
		return false;
	}
	while (room - net->bytes < more)
		room *= 2;
	if (room == net->room)
		return true;
	body = realloc(net->body, room);
	if (body == NULL)
		return false;
	net->body = body;
	net->room = room;
	return true;
}

/* libcurl takes a short count as the order to give up. */
static size_t
on_body(char *bytes, size_t one, size_t count, void *arg)
{
	struct net *net = arg;

	(void)one;
	if (count == 0)
		return 0;
	if (!grow(net, count))
		return 0;
	memcpy(net->body + net->bytes, bytes, count);
	net->bytes += count;
	return count;
}

/*
 * A SOCKS name and password that nobody else has: Tor then gives this run circuits of its own, so that two runs
 * cannot be tied together by the exit or the rendezvous.
 */
static CURLcode
isolate(CURL *curl)
{
	uint8_t random[16];
	char text[2 * sizeof(random) + 1];
	CURLcode code;

	randombytes_buf(random, sizeof(random));
	(void)sodium_bin2hex(text, sizeof(text), random, sizeof(random));
	code = curl_easy_setopt(curl, CURLOPT_PROXYUSERNAME, text);
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_PROXYPASSWORD, text);
	return code;
}

static const char *
environment_proxy(const struct net_url *url)
{
	static const char *const names[2][4] = {
	    {"http_proxy", "all_proxy", "ALL_PROXY", NULL},
	    {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"},
	};
	bool tls = strncmp(url->base, "https:", 6) == 0;

	for (size_t i = 0; i < 4 && names[tls][i] != NULL; i++) {
		const char *value = getenv(names[tls][i]);

		if (value != NULL && *value != '\0')
			return value;
	}
	return NULL;
}

/* Which proxy, if any. What would give the relay's name away on this machine's network is refused. */
static int
choose_proxy(const char **ret_proxy, const struct net_options *options)
{
	const char *proxy = options->proxy;

	if (proxy == NULL && options->unix_socket == NULL && !options->url->loopback)
		proxy = environment_proxy(options->url);
	if (proxy != NULL && !net_proxy_ok(proxy))
		return CAIRN_ERR_RANGE;
	if (proxy == NULL && options->unix_socket == NULL && options->url->onion)
		return CAIRN_ERR_RANGE;
	*ret_proxy = proxy == NULL ? "" : proxy;
	return CAIRN_OK;
}

#define SET(option, value)                                           \
	do {                                                         \
		if (curl_easy_setopt(net->curl, option, value) != CURLE_OK) \
			return CAIRN_ERR_NOMEM;                      \
	} while (0)

static int
set_up(struct net *net, const struct net_options *options, const char *proxy)
{
	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long)NET_CONNECT_MS);
	SET(CURLOPT_LOW_SPEED_LIMIT, 1L);
	SET(CURLOPT_LOW_SPEED_TIME, (long)NET_STALL_S);
	SET(CURLOPT_ERRORBUFFER, net->why);
	SET(CURLOPT_WRITEFUNCTION, on_body);
	SET(CURLOPT_WRITEDATA, net);
	SET(CURLOPT_PROXY, proxy);
	SET(CURLOPT_NOPROXY, "");
	if (strncmp(proxy, "socks5h://", 10) == 0 && isolate(net->curl) != CURLE_OK)
		return CAIRN_ERR_NOMEM;
	if (options->unix_socket != NULL)
		SET(CURLOPT_UNIX_SOCKET_PATH, options->unix_socket);
	return CAIRN_OK;
}

int
net_new(struct net **ret_net, const struct net_options *options)
{
	const char *proxy;
	struct net *net;
	int err = choose_proxy(&proxy, options);

	*ret_net = NULL;
	if (err != CAIRN_OK)
		return err;
	net = calloc(1, sizeof(*net));
	if (net == NULL)
		return CAIRN_ERR_NOMEM;
	net->url = *options->url;
	net->patience_ms = options->patience_ms == 0 ? NET_PATIENCE_MS : options->patience_ms;
	net->sign = options->sign;
	net->sign_arg = options->sign_arg;
	if (options->relay_key != NULL)
		memcpy(net->relay_key, options->relay_key, sizeof(net->relay_key));
	net->curl = curl_easy_init();
	err = net->curl == NULL ? CAIRN_ERR_NOMEM : set_up(net, options, proxy);
	if (err != CAIRN_OK)
		net_free(net);
	else
		*ret_net = net;
	return err;
}

void
net_free(struct net *net)
{
	if (net == NULL)
		return;
	curl_easy_cleanup(net->curl);
	free(net->body);
	sodium_memzero(net, sizeof(*net));
	free(net);
}

/* Adds a line; the list is freed and NULL when that fails, which the caller asks at the end. */
static struct curl_slist *
add(struct curl_slist *list, const char *name, const char *value)
{
	char line[64 + CAIRN_AUTHORIZATION_MAX];
	struct curl_slist *longer;

	(void)snprintf(line, sizeof(line), "%s:%s%s", name, *value ? " " : "", value);
	longer = curl_slist_append(list, line);
	if (longer == NULL)
		curl_slist_free_all(list);
	return longer;
}

/* What the other side will read on the request line: the path of the whole URL. */
static struct cairn_span
target_of(const char *url)
{
	const char *at = strstr(url, "://");

	at = at == NULL ? NULL : strchr(at + 3, '/');
	return (struct cairn_span){at == NULL ? "" : at, at == NULL ? 0 : strlen(at)};
}

static int
authorize(struct net *net, const struct cairn_request *request, const char *url,
    char value[CAIRN_AUTHORIZATION_MAX])
{
	struct cairn_staff_request signed_part = {
	    .relay_key = net->relay_key,
	    .desk_id = net->url.desk_id,
	    .method = {request->method, strlen(request->method)},
	    .target = target_of(url),
	};

	if (net->sign == NULL)
		return CAIRN_ERR_STATE;
	(void)crypto_hash_sha256(signed_part.body_hash, request->body, request->body_bytes);
	return net->sign(net->sign_arg, value, &signed_part);
}

/* "Name:" without a value keeps libcurl from sending a header of its own. */
static int
headers(struct net *net, const struct cairn_request *request, const char *url, struct curl_slist **ret_list)
{
	char authorization[CAIRN_AUTHORIZATION_MAX];
	struct curl_slist *list = add(NULL, "Accept", "");
	int err;

	*ret_list = NULL;
	if (list != NULL)
		list = add(list, "Expect", "");
	if (list != NULL && strcmp(request->method, "GET") != 0)
		list = add(list, "Content-Type", "application/octet-stream");
	if (list != NULL && request->work[0] != '\0')
		list = add(list, "Cairn-Work", request->work);
	if (list != NULL && request->pass[0] != '\0')
		list = add(list, "Cairn-Pass", request->pass);
	if (list != NULL && request->staff) {
		err = authorize(net, request, url, authorization);
		if (err != CAIRN_OK)
			return curl_slist_free_all(list), err;
		list = add(list, "Authorization", authorization);
	}
	*ret_list = list;
	return list == NULL ? CAIRN_ERR_NOMEM : CAIRN_OK;
}

static int
set_method(struct net *net, const struct cairn_request *request)
{
	if (strcmp(request->method, "GET") == 0) {
		SET(CURLOPT_HTTPGET, 1L);
		SET(CURLOPT_CUSTOMREQUEST, NULL);
		return CAIRN_OK;
	}
	SET(CURLOPT_POST, 1L);
	SET(CURLOPT_CUSTOMREQUEST, request->method);
	SET(CURLOPT_POSTFIELDS, request->body == NULL ? "" : (const char *)request->body);
	SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_bytes);
	return CAIRN_OK;
}

/* One try. *ret_status is CAIRN_NO_ANSWER where the line did not hold. */
static int
try_once(struct net *net, const struct cairn_request *request, const char *url, int *ret_status)
{
	struct curl_slist *list;
	long status = 0;
	int err = headers(net, request, url, &list);

	*ret_status = CAIRN_NO_ANSWER;
	if (err != CAIRN_OK)
		return err;
	net->bytes = 0;
	net->why[0] = '\0';
	net->overlong = false;
	net->answer_max = request->answer_max;
	err = set_method(net, request);
	if (err == CAIRN_OK && (curl_easy_setopt(net->curl, CURLOPT_URL, url) != CURLE_OK ||
	        curl_easy_setopt(net->curl, CURLOPT_HTTPHEADER, list) != CURLE_OK))
		err = CAIRN_ERR_NOMEM;
	if (err == CAIRN_OK && curl_easy_perform(net->curl) == CURLE_OK &&
	    curl_easy_getinfo(net->curl, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK)
		*ret_status = (int)status;
	(void)curl_easy_setopt(net->curl, CURLOPT_HTTPHEADER, NULL);
	curl_slist_free_all(list);
	return err;
}

/*
 * Is another try of any use? Under load a reading is repeated here; what is posted has a machine that asks the door
 * again first. More bytes than were asked for would come again.
 */
static bool
worth_another(const struct net *net, const struct cairn_request *request, int status)
{
	if (status == CAIRN_NO_ANSWER)
		return !net->overlong;
	return status == HTTP_LATER && strcmp(request->method, "GET") == 0;
}

int
net_do(struct net *net, const struct cairn_request *request, struct net_answer *answer)
{
	uint64_t end = now_ms() + net->patience_ms;
	char url[TARGET_MAX];
	int err;

	*answer = (struct net_answer){CAIRN_NO_ANSWER, NULL, 0};
	(void)snprintf(url, sizeof(url), "%s%s", net->url.base, request->path);
	for (unsigned n = 1;; n++) {
		uint32_t pause = net_backoff_ms(n);

		err = try_once(net, request, url, &answer->status);
		if (err != CAIRN_OK || !worth_another(net, request, answer->status))
			break;
		if (n == NET_TRIES_MAX || now_ms() + pause > end)
			break;
		net_pause(pause);
	}
	if (answer->status != CAIRN_NO_ANSWER) {
		answer->body = net->body;
		answer->bytes = net->bytes;
	}
	return err;
}

const char *
net_why(const struct net *net)
{
	return net->why[0] == '\0' ? "no answer" : net->why;
}
