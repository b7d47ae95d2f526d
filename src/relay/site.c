// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/site.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <microhttpd.h>

#include "relay/clock.h"
#include "relay/connections.h"
#include "relay/log.h"

#define CONNECTION_MEMORY 16384U
#define CONNECTION_IDLE_S 30U
#define THREAD_STACK 131072U
#define TAG_BYTES 48U

struct site_server {
	struct relay *relay;
	struct MHD_Daemon *http;
	struct MHD_Response *absent, *method;
	unsigned connections;
	int folder;
};

/* ---- files ---- */

/* Folder by folder, without following a link: what lies beside the site stays there. -1: no such plain file. */
static int
open_file(int folder, const char *path, struct stat *st)
{
	char part[SITE_PATH_MAX];
	const char *slash;
	int at = folder, next;

	while ((slash = strchr(path, '/')) != NULL) {
		memcpy(part, path, (size_t)(slash - path));
		part[slash - path] = '\0';
		next = openat(at, part, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
		if (at != folder)
			close(at);
		if (next < 0)
			return -1;
		at = next;
		path = slash + 1;
	}
	next = openat(at, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (at != folder)
		close(at);
	if (next >= 0 && fstat(next, st) == 0 && S_ISREG(st->st_mode))
		return next;
	if (next >= 0)
		close(next);
	return -1;
}

/* ---- answers ---- */

/* As the site's own _headers says to other hosts (site/feed.c). Each page has a stricter policy in itself. */
static const struct {
	const char *name;
	const char *value;
} headers[] = {
	{"Content-Security-Policy", "frame-ancestors 'none'; object-src 'none'; base-uri 'none'; form-action 'none'"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"Permissions-Policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()"},
	{"Referrer-Policy", "no-referrer"},
	{"X-Content-Type-Options", "nosniff"},
	{"X-Frame-Options", "DENY"},
};

static bool
add(struct MHD_Response *response, const char *name, const char *value)
{
	return MHD_add_response_header(response, name, value) == MHD_YES;
}

static bool
dress(struct MHD_Response *response, const char *type, const char *cache)
{
	if (!add(response, "Content-Type", type) || !add(response, "Cache-Control", cache))
		return false;
	for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
		if (!add(response, headers[i].name, headers[i].value))
			return false;
	return true;
}

static struct MHD_Response *
plain_answer(const char *text)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(strlen(text), (void *)(uintptr_t)text,
	    MHD_RESPMEM_PERSISTENT);

	if (response != NULL && dress(response, "text/plain; charset=utf-8", "no-store"))
		return response;
	if (response != NULL)
		MHD_destroy_response(response);
	return NULL;
}

/* Pages change when the desk builds anew; a browser asks then whether its copy is still good. */
static enum MHD_Result
answer_file(struct MHD_Connection *connection, int fd, const struct stat *st, const char *path)
{
	const char *known = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_IF_NONE_MATCH);
	bool page = strstr(path, ".html") != NULL;
	char tag[TAG_BYTES];
	struct MHD_Response *response;
	enum MHD_Result result = MHD_NO;
	bool same;

	(void)snprintf(tag, sizeof tag, "\"%llx-%llx\"", (unsigned long long)st->st_size,
	    (unsigned long long)st->st_mtim.tv_sec * 1000000000ULL + (unsigned long long)st->st_mtim.tv_nsec);
	same = known != NULL && strcmp(known, tag) == 0;
	if (same)
		close(fd);
	if (same)
		response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	else
		response = MHD_create_response_from_fd((size_t)st->st_size, fd);
	if (response == NULL) {
		if (!same)
			close(fd);
		return MHD_NO;
	}
	if (dress(response, site_type(path), page ? "public, max-age=60" : "public, max-age=600") &&
	    add(response, "ETag", tag))
		result = MHD_queue_response(connection, same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, response);
	MHD_destroy_response(response);
	return result;
}

struct asked {
	char path[SITE_PATH_MAX]; /* empty: there is no such file */
	bool begun;
};

static enum MHD_Result
handle(void *cls, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
    const char *upload, size_t *upload_bytes, void **context)
{
	struct site_server *site = cls;
	struct asked *asked = *context;
	struct stat st;
	int fd;

	(void)url, (void)version, (void)upload;
	if (asked == NULL)
		return MHD_NO;
	if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
		return asked->begun ? MHD_NO : MHD_queue_response(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
		    site->method);
	/* An answer to the first call would close the connection. */
	if (!asked->begun) {
		asked->begun = true;
		return MHD_YES;
	}
	if (*upload_bytes > 0)
		return MHD_NO;
	fd = asked->path[0] == '\0' ? -1 : open_file(site->folder, asked->path, &st);
	if (fd < 0)
		return MHD_queue_response(connection, MHD_HTTP_NOT_FOUND, site->absent);
	return answer_file(connection, fd, &st, asked->path);
}

static void *
first_line(void *cls, const char *uri, struct MHD_Connection *connection)
{
	struct asked *asked = calloc(1, sizeof *asked);

	(void)cls, (void)connection;
	if (asked != NULL && site_path(asked->path, (struct cairn_span){uri, strlen(uri)}) != CAIRN_OK)
		asked->path[0] = '\0';
	return asked;
}

static int
descriptor(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	return info == NULL ? -1 : (int)info->connect_fd;
}

static void
completed(void *cls, struct MHD_Connection *connection, void **context, enum MHD_RequestTerminationCode how)
{
	struct site_server *site = cls;

	(void)how;
	connections_done(site->relay->connections, descriptor(connection), clock_monotonic_ms());
	free(*context);
	*context = NULL;
}

static void
connected(void *cls, struct MHD_Connection *connection, void **context, enum MHD_ConnectionNotificationCode what)
{
	struct site_server *site = cls;

	(void)context;
	if (what == MHD_CONNECTION_NOTIFY_CLOSED)
		connections_closed(site->relay->connections, descriptor(connection));
}

/* ---- beginning and end ---- */

int
site_server_new(struct site_server **ret, const struct config *config)
{
	struct site_server *site;

	*ret = NULL;
	if (config->site[0] == '\0')
		return CAIRN_OK;
	site = calloc(1, sizeof *site);
	if (site == NULL)
		return CAIRN_ERR_NOMEM;
	site->folder = open(config->site, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	site->absent = plain_answer("not found\n");
	site->method = plain_answer("not allowed\n");
	site->connections = config->connections;
	if (site->folder < 0 || site->absent == NULL || site->method == NULL) {
		log_line(LOG_LEVEL_ERROR, "the site in %s: %s", config->site, strerror(errno));
		site_server_free(site);
		return CAIRN_ERR_IO;
	}
	*ret = site;
	return CAIRN_OK;
}

int
site_server_start(struct site_server *site, struct relay *relay)
{
	if (site == NULL)
		return CAIRN_OK;
	site->relay = relay;
	site->http = MHD_start_daemon(
	    MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ITC, 0, NULL, NULL, handle, site,
	    MHD_OPTION_THREAD_STACK_SIZE, (size_t)THREAD_STACK, MHD_OPTION_CONNECTION_LIMIT, site->connections,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_TIMEOUT,
	    CONNECTION_IDLE_S, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, first_line, site,
	    MHD_OPTION_NOTIFY_COMPLETED, completed, site, MHD_OPTION_NOTIFY_CONNECTION, connected, site,
	    MHD_OPTION_END);
	return site->http == NULL ? CAIRN_ERR_NOMEM : CAIRN_OK;
}

void
site_server_stop(struct site_server *site)
{
	if (site != NULL && site->http != NULL)
		MHD_stop_daemon(site->http);
	if (site != NULL)
		site->http = NULL;
}

void
site_server_free(struct site_server *site)
{
	if (site == NULL)
		return;
	if (site->absent != NULL)
		MHD_destroy_response(site->absent);
	if (site->method != NULL)
		MHD_destroy_response(site->method);
	if (site->folder >= 0)
		close(site->folder);
	free(site);
}

void
site_server_add(struct site_server *site, int fd, int family)
{
	/* Zeros: the library keeps what it is given for as long as the connection lasts. */
	union {
		struct sockaddr any;
		struct sockaddr_un un;
		struct sockaddr_in6 six;
	} nobody;
	socklen_t size = sizeof(struct sockaddr_in);

	memset(&nobody, 0, sizeof nobody);
	nobody.any.sa_family = (sa_family_t)family;
	if (family != AF_INET)
		size = family == AF_UNIX ? sizeof nobody.un : sizeof nobody.six;
	if (!connections_open(site->relay->connections, fd, false, clock_monotonic_ms())) {
		close(fd);
		return;
	}
	if (MHD_add_connection(site->http, fd, &nobody.any, size) != MHD_YES)
		connections_closed(site->relay->connections, fd);
}
