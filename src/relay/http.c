// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/http.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/plain_wire.h"
#include "base/text.h"
#include "relay/answer.h"
#include "relay/board_cache.h"
#include "relay/clock.h"
#include "relay/connections.h"
#include "relay/desks.h"
#include "relay/page.h"
#include "relay/plain.h"
#include "relay/staff.h"

#define CONNECTION_MEMORY 20480U  /* headers, and a piece of the body */
#define CONNECTION_IDLE_S 60U
#define THREAD_STACK 262144U
#define BODY_SMALL 8192U          /* up to here room is taken at once, and by anybody */
#define LARGE_MAX 8U              /* bodies that are longer, at a time */
#define DISCARD_MAX 1048576U      /* what is read of a body that is refused, so that the sender sees the answer */

/* --- the request's own --- */

struct cairn_span
request_header(const struct request *request, const char *name)
{
	const char *value = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);

	return (struct cairn_span){value, value == NULL ? 0 : strlen(value)};
}

void
request_suspend(struct request *request)
{
	request->sleeping = true;
	MHD_suspend_connection(request->connection);
}

void
request_resume(struct request *request)
{
	MHD_resume_connection(request->connection);
}

static void
run_job(struct pool_job *job)
{
	struct request *request = (struct request *)(void *)((char *)job - offsetof(struct request, job));

	request->work(request);
}

void
request_hand_on(struct request *request, struct pool *pool, void (*work)(struct request *request))
{
	request_suspend(request);
	request_pass_on(request, pool, work);
}

void
request_pass_on(struct request *request, struct pool *pool, void (*work)(struct request *request))
{
	request->work = work;
	request->job.run = run_job;
	if (pool_put(pool, &request->job))
		return;
	request->status = MHD_HTTP_SERVICE_UNAVAILABLE;
	request_resume(request);
}

static void
woken(struct wait *wait)
{
	struct request *request = (struct request *)(void *)((char *)wait - offsetof(struct request, wait));

	request_pass_on(request, request->relay->keeper, request->work);
}

void
request_wait(struct request *request, const uint8_t *key, const uint8_t *who,
    void (*again)(struct request *request))
{
	struct wait *wait = &request->wait;

	memcpy(wait->key, key, sizeof wait->key);
	memcpy(wait->who, who, sizeof wait->who);
	wait->until_ms = clock_monotonic_ms() + request->match.seconds * 1000;
	wait->wake = woken;
	request->work = again;
	request->relay->left_waiting = true;
	/* From here on it is another thread's, and may be gone. */
	if (waits_add(request->relay->waits, wait) == CAIRN_OK)
		return;
	request->relay->left_waiting = false;
	request->status = MHD_HTTP_SERVICE_UNAVAILABLE;
}

void
request_answer(struct request *request, unsigned status, const void *bytes, size_t size)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(size, (void *)(uintptr_t)bytes,
	    MHD_RESPMEM_MUST_COPY);

	if (response != NULL && answer_headers(response) == CAIRN_OK) {
		request->response = response;
		request->status = status;
		return;
	}
	if (response != NULL)
		MHD_destroy_response(response);
	request->status = MHD_HTTP_SERVICE_UNAVAILABLE;
}

unsigned
request_status_of(int err)
{
	switch (err) {
	case CAIRN_OK:
		return MHD_HTTP_NO_CONTENT;
	case CAIRN_ERR_SPACE:
	case CAIRN_ERR_IO:
	case CAIRN_ERR_NOMEM:
	case CAIRN_ERR_BUSY:
		return MHD_HTTP_SERVICE_UNAVAILABLE;
	case CAIRN_ERR_UNKNOWN:
		return MHD_HTTP_NOT_FOUND;
	case CAIRN_ERR_CONFLICT:
		return MHD_HTTP_CONFLICT;
	default:
		return MHD_HTTP_BAD_REQUEST;
	}
}

static int
descriptor(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection,
	    MHD_CONNECTION_INFO_CONNECTION_FD);

	return info == NULL ? -1 : (int)info->connect_fd;
}

/* The address stands in this function's frame alone, and only while it is counted. */
static bool
rate_ok(struct request *request)
{
	struct relay *relay = request->relay;
	int fd = descriptor(request->connection);
	struct sockaddr_storage peer = {0};
	socklen_t size = sizeof peer;
	bool ok = true;

	if (!connections_counted(relay->connections, fd))
		return true;
	if (getpeername(fd, (struct sockaddr *)&peer, &size) == 0) {
		if (peer.ss_family == AF_INET)
			((struct sockaddr_in *)&peer)->sin_port = 0;
		else if (peer.ss_family == AF_INET6)
			((struct sockaddr_in6 *)&peer)->sin6_port = 0;
		ok = buckets_take(&relay->buckets, &peer, sizeof peer, clock_seconds() / 60,
		    (uint16_t)relay->settings.rate);
	}
	sodium_memzero(&peer, sizeof peer);
	return ok;
}

/* --- the body --- */

/* Room for the next bytes of a body that is at most route->body_max long. */
static unsigned
grow(struct request *request, size_t need)
{
	size_t most = request->route->body_max;
	size_t room = request->body_room == 0 ? BODY_SMALL : request->body_room;
	uint8_t *body;

	if (need <= request->body_room)
		return 0;
	if (need > BODY_SMALL && !request->large) {
		request->large = true;
		if (request->relay->large++ >= LARGE_MAX)
			return MHD_HTTP_SERVICE_UNAVAILABLE;
	}
	while (room < need)
		room *= 2;
	room = room < most ? room : most;
	body = realloc(request->body, room);
	if (body == NULL)
		return MHD_HTTP_SERVICE_UNAVAILABLE;
	request->body = body;
	request->body_room = room;
	return 0;
}

static unsigned
collect(struct request *request, const uint8_t *bytes, size_t size)
{
	unsigned refused = grow(request, request->body_bytes + size);

	if (refused != 0)
		return refused;
	memcpy(request->body + request->body_bytes, bytes, size);
	request->body_bytes += size;
	return 0;
}

static void
refuse(struct request *request, unsigned status)
{
	request->status = status;
	request->discard = true;
}

/* MHD_NO: it sends without end. */
static enum MHD_Result
take_piece(struct request *request, const uint8_t *bytes, size_t size)
{
	size_t most = request->route == NULL ? 0 : request->route->body_max;
	unsigned refused;

	request->seen += size;
	if (request->discard)
		return request->seen > most + DISCARD_MAX ? MHD_NO : MHD_YES;
	if (size > most - (request->seen - size)) {
		refuse(request, MHD_HTTP_CONTENT_TOO_LARGE);
		return MHD_YES;
	}
	refused = request->route->piece != NULL ? request->route->piece(request, bytes, size) :
	    collect(request, bytes, size);
	if (refused != 0)
		refuse(request, refused);
	return MHD_YES;
}

/* --- beginning --- */

/* *declared: the length that the headers name, 0 for none. */
static unsigned
check_length(const struct request *request, uint64_t *declared)
{
	struct cairn_span length = request_header(request, "Content-Length");
	struct cairn_span coding = request_header(request, "Transfer-Encoding");

	*declared = 0;
	if (length.text == NULL)
		return 0;
	/* Two ends of one body: what stands in front might see another than this server. */
	if (coding.text != NULL)
		return MHD_HTTP_BAD_REQUEST;
	if (text_number(declared, length, UINT64_MAX / 2) != CAIRN_OK) {
		*declared = UINT64_MAX;
		return MHD_HTTP_BAD_REQUEST;
	}
	return request->route != NULL && *declared > request->route->body_max ? MHD_HTTP_CONTENT_TOO_LARGE : 0;
}

/* Where the relay has one desk only, / is its page too. */
static unsigned
find_root(struct request *request)
{
	static const struct route page = {"GET", "", 0, 0, NULL, NULL, page_get};
	static const struct route plain = {"POST", "", ROUTE_COUNTED, PLAIN_BODY_MAX, plain_begin, NULL, plain_post};
	uint8_t desks[2][CAIRN_HASH_BYTES];

	if (desks_list(request->relay->desks, desks, 2) != 1)
		return MHD_HTTP_NOT_FOUND;
	request->route = &page;
	if (strcmp(request->method, "POST") == 0)
		request->route = &plain;
	else if (strcmp(request->method, "GET") != 0 && strcmp(request->method, "HEAD") != 0)
		return MHD_HTTP_METHOD_NOT_ALLOWED;
	memcpy(request->match.desk, desks[0], sizeof request->match.desk);
	return 0;
}

static unsigned
find_route(struct request *request)
{
	struct cairn_span method = {request->method, strlen(request->method)};
	struct cairn_span target = {request->target, request->target_bytes};
	bool other;

	if (span_is(target, "/"))
		return find_root(request);
	request->route = request->target_bytes == 0 ? NULL : route_find(route_table, route_count,
	    &request->match, &other, method, target);
	if (request->route == NULL)
		return request->target_bytes != 0 && other ? MHD_HTTP_METHOD_NOT_ALLOWED : MHD_HTTP_NOT_FOUND;
	return 0;
}

static unsigned
check_route(struct request *request)
{
	const struct relay *relay = request->relay;
	unsigned flags = request->route->flags;

	if (!(flags & ROUTE_ANY_DESK) && !desks_known(relay->desks, request->match.desk))
		return MHD_HTTP_NOT_FOUND;
	if ((flags & ROUTE_COUNTED) && !rate_ok(request))
		return MHD_HTTP_SERVICE_UNAVAILABLE;
	if ((flags & ROUTE_STORES) && relay->disk_low)
		return MHD_HTTP_SERVICE_UNAVAILABLE;
	if (flags & ROUTE_STAFF)
		return staff_begin(request);
	return 0;
}

/* First call: headers are there, the body is not. true: answer now, which closes the connection. */
static bool
begin(struct request *request)
{
	uint64_t declared;
	unsigned refused = find_route(request);
	unsigned length = check_length(request, &declared);

	if (refused == 0)
		refused = length;
	if (refused == 0)
		refused = check_route(request);
	if (refused == 0 && request->route->begin != NULL)
		refused = request->route->begin(request);
	if (refused == 0)
		return false;
	refuse(request, refused);
	return declared > DISCARD_MAX || request_header(request, "Expect").text != NULL;
}

/* --- what libmicrohttpd calls --- */

static enum MHD_Result
answer(struct request *request)
{
	const struct answers *answers = request->relay->answers;
	struct MHD_Response *response = request->response;

	if (request->board_file != NULL)
		response = request->board_file->response;
	else if (request->shared != NULL)
		response = request->shared;
	else if (response == NULL)
		response = request->options ? answers_options(answers) : answers_of(answers, request->status);
	return MHD_queue_response(request->connection, request->status, response);
}

static void
finish(struct request *request)
{
	if (request->route->flags & ROUTE_STAFF)
		request_hand_on(request, request->relay->keeper, staff_finish);
	else
		request->route->finish(request);
}

static enum MHD_Result
handle(void *cls, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
    const char *upload, size_t *upload_bytes, void **context)
{
	struct request *request = *context;
	void (*resumed)(struct request *);

	(void)cls, (void)url, (void)version;
	if (request == NULL)
		return MHD_NO;
	if (!request->begun) {
		request->begun = true;
		request->connection = connection;
		if (strlen(method) < sizeof request->method)
			memcpy(request->method, method, strlen(method) + 1);
		return begin(request) ? answer(request) : MHD_YES;
	}
	if (*upload_bytes > 0) {
		enum MHD_Result go = take_piece(request, (const uint8_t *)upload, *upload_bytes);

		*upload_bytes = 0;
		return go;
	}
	request->sleeping = false;
	resumed = request->resumed;
	request->resumed = NULL;
	if (resumed != NULL)
		resumed(request);
	else if (request->status == 0)
		finish(request);
	/* While it sleeps all else of it is another thread's. */
	return request->sleeping ? MHD_YES : answer(request);
}

static void *
first_line(void *cls, const char *uri, struct MHD_Connection *connection)
{
	struct request *request = calloc(1, sizeof *request);
	size_t bytes = strlen(uri);

	(void)connection;
	if (request == NULL)
		return NULL;
	request->relay = cls;
	request->file = -1;
	/* A longer one is no path of ours: it stays empty, and is not found. */
	if (bytes < sizeof request->target) {
		memcpy(request->target, uri, bytes + 1);
		request->target_bytes = bytes;
	}
	return request;
}

static void
completed(void *cls, struct MHD_Connection *connection, void **context, enum MHD_RequestTerminationCode how)
{
	struct request *request = *context;
	struct relay *relay = cls;

	(void)how;
	*context = NULL;
	connections_done(relay->connections, descriptor(connection), clock_monotonic_ms());
	if (request == NULL)
		return;
	if (request->large)
		relay->large--;
	if (request->large_answer)
		relay->large_answers--;
	if (request->response != NULL)
		MHD_destroy_response(request->response);
	board_file_release(request->board_file);
	if (request->file >= 0)
		close(request->file);
	if (request->temp[0] != '\0')
		unlinkat(relay->data, request->temp, 0);
	free(request->body);
	sodium_memzero(request, sizeof *request);
	free(request);
}

static void
connected(void *cls, struct MHD_Connection *connection, void **context, enum MHD_ConnectionNotificationCode what)
{
	struct relay *relay = cls;

	(void)context;
	if (what == MHD_CONNECTION_NOTIFY_CLOSED)
		connections_closed(relay->connections, descriptor(connection));
}

int
http_start(struct relay *relay)
{
	const struct config *config = relay->config;

	relay->http = MHD_start_daemon(
	    MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME |
	        MHD_USE_SUPPRESS_DATE_NO_CLOCK,
	    0, NULL, NULL, handle, relay,
	    MHD_OPTION_THREAD_POOL_SIZE, config->threads,
	    MHD_OPTION_THREAD_STACK_SIZE, (size_t)THREAD_STACK,
	    MHD_OPTION_CONNECTION_LIMIT, config->connections,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
	    MHD_OPTION_CONNECTION_TIMEOUT, CONNECTION_IDLE_S,
	    MHD_OPTION_STRICT_FOR_CLIENT, 1,
	    MHD_OPTION_URI_LOG_CALLBACK, first_line, relay,
	    MHD_OPTION_NOTIFY_COMPLETED, completed, relay,
	    MHD_OPTION_NOTIFY_CONNECTION, connected, relay,
	    MHD_OPTION_END);
	return relay->http == NULL ? CAIRN_ERR_NOMEM : CAIRN_OK;
}

void
http_stop(struct relay *relay)
{
	if (relay->http != NULL)
		MHD_stop_daemon(relay->http);
	relay->http = NULL;
}

void
http_add(struct relay *relay, int fd, int family, bool counted)
{
	/* Zeros: the library keeps what it is given for as long as the connection lasts. */
	union {
		struct sockaddr any;
		struct sockaddr_un un;
		struct sockaddr_in6 six;
	} nobody;

	memset(&nobody, 0, sizeof nobody);
	nobody.any.sa_family = (sa_family_t)family;
	if (!connections_open(relay->connections, fd, counted, clock_monotonic_ms())) {
		close(fd);
		return;
	}
	if (MHD_add_connection(relay->http, fd, &nobody.any, family == AF_UNIX ? sizeof nobody.un :
	        family == AF_INET6 ? sizeof nobody.six : sizeof(struct sockaddr_in)) != MHD_YES)
		connections_closed(relay->connections, fd);
}
