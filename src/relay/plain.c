// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/plain.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/plain_wire.h"
#include "base/reader.h"
#include "base/text.h"
#include "base/writer.h"
#include "relay/log.h"
#include "relay/page.h"
#include "relay/pool.h"

#define WAITING 2U     /* forms that may wait, for each that is worked on */
#define PATIENCE_S 100 /* longer than PLAIN_SECONDS */
#define ARGS_MAX 13U
#define FIRST_FREE_FD 64 /* above those that the program is given */
#define ADDRESS_BYTES 160U
#define FORM_TYPE "application/x-www-form-urlencoded"

static const char policy[] =
    "default-src 'none'; style-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'";

static const char busy_page[] =
    "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Write</title></head><body>\n"
    "<h1>Very many are writing now</h1>\n"
    "<p>Nothing is lost: go back, wait a minute, and press the button again.</p>\n</body></html>\n";

static const char invitation[] =
    "<form method=\"post\" autocomplete=\"off\">\n"
    "<h1>Write</h1>\n"
    "<p>This page works best with scripts. Without scripts the relay could see what you write in the moment you send "
    "it. With scripts it cannot.</p>\n"
    "<button class=\"main\">Go on without scripts</button>\n"
    "</form>";

static const char no_invitation[] = "<h1>Write</h1>\n<p>This page needs scripts: please allow them for it.</p>";

struct plain {
	unsigned slots;
	pthread_mutex_t lock;
	int socket[PLAIN_SLOTS_MAX];
	bool taken[PLAIN_SLOTS_MAX];
	struct pool *pool;
	struct MHD_Response *busy;
};

/* ---- at the start ---- */

/* The listener that its requests come in by: the first that is not counted, or the first. */
static const struct config_listen *
own_listener(const struct config *config)
{
	for (size_t i = 0; i < config->listen_count; i++)
		if (!config->listens[i].counted)
			return &config->listens[i];
	return &config->listens[0];
}

static void
write_address(char out[ADDRESS_BYTES], const struct config_listen *listen)
{
	bool six = strchr(listen->address, ':') != NULL;

	if (listen->kind == CONFIG_LISTEN_UNIX)
		snprintf(out, ADDRESS_BYTES, "http://localhost");
	else
		snprintf(out, ADDRESS_BYTES, six ? "http://[%s]:%u" : "http://%s:%u", listen->address,
		    (unsigned)listen->port);
}

/* In the child: the sockets get their numbers, and all else of this program closes at the exec. */
static void
become(const struct config *config, const int *theirs, unsigned slots)
{
	const struct config_listen *listen = own_listener(config);
	static char *const none[] = {NULL};
	char address[ADDRESS_BYTES], count[8];
	const char *args[ARGS_MAX] = {"cairn-plain", "--slots", count, "--exit", config->exit, "--address", address};
	size_t n = 7;

	snprintf(count, sizeof count, "%u", slots);
	write_address(address, listen);
	if (listen->kind == CONFIG_LISTEN_UNIX) {
		args[n++] = "--socket";
		args[n++] = listen->address;
	}
	if (!config->confine)
		args[n++] = "--no-confine";
	if (config->all_languages)
		args[n++] = "--all-languages";
	for (unsigned i = 0; i < slots; i++)
		if (dup2(theirs[i], (int)(PLAIN_FIRST_FD + i)) < 0)
			_exit(126);
	execve(config->plain_program, (char *const *)(uintptr_t)args, none);
	_exit(127);
}

/* Both ends above the numbers that the child's are to have. */
static int
make_pair(int ends[2])
{
	const struct timeval patience = {PATIENCE_S, 0};
	int pair[2];

	ends[0] = ends[1] = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return CAIRN_ERR_IO;
	for (int i = 0; i < 2; i++) {
		ends[i] = fcntl(pair[i], F_DUPFD_CLOEXEC, FIRST_FREE_FD);
		close(pair[i]);
	}
	if (ends[0] < 0 || ends[1] < 0 ||
	    setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0)
		return CAIRN_ERR_IO;
	return CAIRN_OK;
}

static int
spawn(struct plain *plain, const struct config *config)
{
	int theirs[PLAIN_SLOTS_MAX];
	unsigned made = 0;
	int err = CAIRN_OK;
	pid_t pid = -1;

	for (; err == CAIRN_OK && made < plain->slots; made++) {
		int ends[2];

		err = make_pair(ends);
		plain->socket[made] = ends[0];
		theirs[made] = ends[1];
	}
	if (err == CAIRN_OK)
		pid = fork();
	if (pid == 0)
		become(config, theirs, plain->slots);
	for (unsigned i = 0; i < made; i++)
		if (theirs[i] >= 0)
			close(theirs[i]);
	return err == CAIRN_OK && pid < 0 ? CAIRN_ERR_IO : err;
}

static struct MHD_Response *
dressed(size_t bytes, const void *html, enum MHD_ResponseMemoryMode mode)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(bytes, (void *)(uintptr_t)html, mode);

	if (page_dress(response, "text/html; charset=utf-8", policy) == CAIRN_OK)
		return response;
	if (response != NULL)
		MHD_destroy_response(response);
	return NULL;
}

int
plain_start(struct plain **ret, const struct config *config)
{
	struct plain *plain;
	int err;

	*ret = NULL;
	if (config->plain == 0)
		return CAIRN_OK;
	plain = calloc(1, sizeof *plain);
	if (plain == NULL)
		return CAIRN_ERR_NOMEM;
	pthread_mutex_init(&plain->lock, NULL);
	for (unsigned i = 0; i < PLAIN_SLOTS_MAX; i++)
		plain->socket[i] = -1;
	plain->slots = config->plain;
	plain->busy = dressed(sizeof busy_page - 1, busy_page, MHD_RESPMEM_PERSISTENT);
	err = plain->busy == NULL || MHD_add_response_header(plain->busy, "Retry-After", "30") != MHD_YES
	    ? CAIRN_ERR_NOMEM
	    : CAIRN_OK;
	if (err == CAIRN_OK && access(config->plain_program, X_OK) != 0)
		err = CAIRN_ERR_IO;
	if (err == CAIRN_OK)
		err = spawn(plain, config);
	if (err != CAIRN_OK) {
		log_line(LOG_LEVEL_ERROR, "the page without scripts, %s: %s", config->plain_program,
		    cairn_strerror(err));
		plain_free(plain);
		return err;
	}
	*ret = plain;
	return CAIRN_OK;
}

int
plain_serve(struct plain *plain)
{
	return plain == NULL ? CAIRN_OK : pool_new(&plain->pool, plain->slots, WAITING * (size_t)plain->slots);
}

void
plain_stop(struct plain *plain)
{
	struct pool *pool;

	if (plain == NULL)
		return;
	/* Whoever waits for an answer gets none, and so ends. */
	for (unsigned i = 0; i < plain->slots; i++)
		if (plain->socket[i] >= 0)
			shutdown(plain->socket[i], SHUT_RDWR);
	pthread_mutex_lock(&plain->lock);
	pool = plain->pool;
	plain->pool = NULL;
	pthread_mutex_unlock(&plain->lock);
	pool_free(pool);
}

void
plain_free(struct plain *plain)
{
	if (plain == NULL)
		return;
	plain_stop(plain);
	for (unsigned i = 0; i < plain->slots; i++)
		if (plain->socket[i] >= 0)
			close(plain->socket[i]);
	if (plain->busy != NULL)
		MHD_destroy_response(plain->busy);
	pthread_mutex_destroy(&plain->lock);
	free(plain);
}

struct cairn_span
plain_invitation(const struct plain *plain)
{
	const char *text = plain == NULL ? no_invitation : invitation;

	return (struct cairn_span){text, strlen(text)};
}

/* ---- a form ---- */

/* There are as many threads as slots: one is free. */
static unsigned
take_slot(struct plain *plain)
{
	unsigned slot = 0;

	pthread_mutex_lock(&plain->lock);
	while (plain->taken[slot])
		slot++;
	plain->taken[slot] = true;
	pthread_mutex_unlock(&plain->lock);
	return slot;
}

static void
give_slot(struct plain *plain, unsigned slot)
{
	pthread_mutex_lock(&plain->lock);
	plain->taken[slot] = false;
	pthread_mutex_unlock(&plain->lock);
}

static bool
hand_over(int socket, const uint8_t tag[PLAIN_TAG_BYTES], const struct request *request)
{
	uint8_t head[PLAIN_ASK_HEAD], late;
	struct iovec parts[] = {{head, sizeof head}, {request->body, request->body_bytes}};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
	struct writer w;

	/* What came too late for the one before. */
	while (recv(socket, &late, 1, MSG_DONTWAIT) > 0)
		;
	writer_init(&w, head, sizeof head);
	write_bytes(&w, tag, PLAIN_TAG_BYTES);
	write_bytes(&w, request->match.desk, CAIRN_HASH_BYTES);
	write_u8(&w, (request->target_bytes == 1 ? PLAIN_ROOT : 0) | (page_takes_gzip(request) ? PLAIN_PACKED : 0));
	return sendmsg(socket, &message, MSG_NOSIGNAL) == (ssize_t)(sizeof head + request->body_bytes);
}

/* The answer to that tag; 0 bytes where there is none. */
static size_t
take_answer(uint8_t *room, size_t size, int socket, const uint8_t tag[PLAIN_TAG_BYTES])
{
	for (;;) {
		ssize_t got = recv(socket, room, size, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < (ssize_t)PLAIN_ANSWER_HEAD || sodium_is_zero(room, PLAIN_TAG_BYTES))
			return 0;
		if (memcmp(room, tag, PLAIN_TAG_BYTES) == 0)
			return (size_t)got;
	}
}

/* NULL: no memory. */
static struct MHD_Response *
dressed_form(const struct request *request, const struct reader *html)
{
	struct MHD_Response *response = dressed(html->left, html->next, MHD_RESPMEM_MUST_COPY);

	if (response == NULL || !page_takes_gzip(request) ||
	    MHD_add_response_header(response, "Content-Encoding", "gzip") == MHD_YES)
		return response;
	MHD_destroy_response(response);
	return NULL;
}

static void
answer(struct request *request, const uint8_t *room, size_t bytes)
{
	struct reader r;
	uint16_t status;

	reader_init(&r, room, bytes);
	(void)take_view(&r, PLAIN_TAG_BYTES);
	take_u16(&r, &status);
	if (r.failed || (status != MHD_HTTP_OK && status != MHD_HTTP_BAD_REQUEST))
		return;
	request->shared = NULL;
	if (status == MHD_HTTP_OK)
		request->response = dressed_form(request, &r);
	request->status = status == MHD_HTTP_OK && request->response == NULL ? MHD_HTTP_SERVICE_UNAVAILABLE : status;
}

static void
work(struct request *request)
{
	struct plain *plain = request->relay->plain;
	size_t size = PLAIN_ANSWER_HEAD + PLAIN_HTML_MAX, got = 0;
	uint8_t *room = malloc(size);
	uint8_t tag[PLAIN_TAG_BYTES];
	unsigned slot = take_slot(plain);
	bool sent;

	randombytes_buf(tag, sizeof tag);
	sent = room != NULL && hand_over(plain->socket[slot], tag, request);
	if (request->body != NULL)
		sodium_memzero(request->body, request->body_room);
	if (sent)
		got = take_answer(room, size, plain->socket[slot], tag);
	give_slot(plain, slot);
	request->status = MHD_HTTP_SERVICE_UNAVAILABLE;
	if (got > 0)
		answer(request, room, got);
	if (room != NULL)
		sodium_memzero(room, size);
	free(room);
	request_resume(request);
}

unsigned
plain_begin(struct request *request)
{
	struct cairn_span type = request_header(request, "Content-Type");

	if (request->relay->plain == NULL)
		return MHD_HTTP_METHOD_NOT_ALLOWED;
	/* The page's first button sends an empty form, which some clients send without a type. */
	return type.text == NULL || span_is(span_cut(&type, ';'), FORM_TYPE) ? 0 : MHD_HTTP_BAD_REQUEST;
}

void
plain_post(struct request *request)
{
	struct plain *plain = request->relay->plain;

	request->shared = plain->busy; /* until there is something better */
	request->status = MHD_HTTP_SERVICE_UNAVAILABLE;
	pthread_mutex_lock(&plain->lock);
	if (plain->pool != NULL)
		request_hand_on(request, plain->pool, work);
	pthread_mutex_unlock(&plain->lock);
}
