// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain/crew.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sodium.h>

#include "base/plain_wire.h"
#include "base/reader.h"
#include "base/writer.h"

#define MEMORY_MAX (384UL << 20) /* 64 MiB of Argon2id, the machines, the libraries */
#define CPU_SECONDS 60U          /* Argon2id, and what the door asks for under attack */
#define SLEEP_US 200000U         /* before a watcher that died is started anew */
#define WATCHER_SOCKET_CLOSED 3

/* The status of a request that gave no HTML. */
#define BAD_REQUEST 400U
#define LATER 503U

/* ---- one request, in a process of its own ---- */

static unsigned
status_of(int err)
{
	if (err == CAIRN_OK)
		return 200;
	return err == CAIRN_ERR_FORMAT || err == CAIRN_ERR_RANGE ? BAD_REQUEST : LATER;
}

static void
answer(int slot, const uint8_t *tag, unsigned status, const char *html, size_t bytes)
{
	uint8_t head[PLAIN_ANSWER_HEAD];
	struct iovec parts[] = {{head, sizeof(head)}, {(void *)(uintptr_t)html, bytes}};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
	struct writer w;

	writer_init(&w, head, sizeof(head));
	write_bytes(&w, tag, PLAIN_TAG_BYTES);
	write_u16(&w, (uint16_t)status);
	(void)sendmsg(slot, &message, MSG_NOSIGNAL);
}

static int
limit(int which, rlim_t most)
{
	struct rlimit limit = {most, most};

	return setrlimit(which, &limit);
}

static void
do_request(const struct site *site, int slot)
{
	static uint8_t message[PLAIN_ASK_HEAD + PLAIN_BODY_MAX];
	uint8_t tag[PLAIN_TAG_BYTES], desk_id[CAIRN_HASH_BYTES], flags;
	ssize_t got = recv(slot, message, sizeof(message), 0);
	size_t html_bytes = 0;
	struct reader r;
	char *html = NULL;
	int err;

	if (got < (ssize_t)PLAIN_ASK_HEAD)
		return;
	reader_init(&r, message, (size_t)got);
	take_bytes(&r, tag, sizeof(tag));
	take_bytes(&r, desk_id, sizeof(desk_id));
	take_u8(&r, &flags);
	err = turn_answer(&html, &html_bytes, site, desk_id, flags, message + PLAIN_ASK_HEAD, r.left);
	answer(slot, tag, status_of(err), html, html_bytes);
	sodium_memzero(message, sizeof(message));
	if (html != NULL)
		sodium_memzero(html, html_bytes);
	g_free(html);
}

static void
child(const struct site *site, int slot)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (limit(RLIMIT_AS, MEMORY_MAX) == 0 && limit(RLIMIT_CPU, CPU_SECONDS) == 0) {
		(void)alarm(PLAIN_SECONDS);
		do_request(site, slot);
	}
	_exit(0);
}

/* ---- a slot ---- */

/* What a child left in the socket when it died before it read: nobody else may read it. */
static void
drain(int slot)
{
	char byte;

	while (recv(slot, &byte, 1, MSG_DONTWAIT) > 0)
		;
}

/* Each request is answered: by the child, or with nothing where it died; whoever asked waits for a message. */
static void
one_request(const struct site *site, int slot)
{
	static const uint8_t none[PLAIN_TAG_BYTES];
	pid_t pid = fork();
	int status = 1;

	if (pid == 0)
		child(site, slot);
	if (pid > 0)
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	if (status == 0)
		return;
	drain(slot);
	answer(slot, none, LATER, NULL, 0);
}

static void
watch(const struct site *site, int slot)
{
	struct pollfd p = {.fd = slot, .events = POLLIN};

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		if (poll(&p, 1, -1) < 0)
			continue;
		if (p.revents & POLLIN)
			one_request(site, slot);
		if (p.revents & (POLLHUP | POLLERR | POLLNVAL))
			_exit(WATCHER_SOCKET_CLOSED);
	}
}

/* ---- all slots ---- */

static pid_t
start(const struct site *site, unsigned slot)
{
	pid_t pid = fork();

	if (pid == 0)
		watch(site, (int)(PLAIN_FIRST_FD + slot));
	return pid;
}

int
crew_run(const struct site *site, unsigned slots)
{
	pid_t pids[PLAIN_SLOTS_MAX];
	int status;
	pid_t pid;

	for (unsigned i = 0; i < slots; i++)
		pids[i] = start(site, i);
	while ((pid = waitpid(-1, &status, 0)) > 0 || errno == EINTR) {
		if (pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == WATCHER_SOCKET_CLOSED)
			break;
		for (unsigned i = 0; pid > 0 && i < slots; i++)
			if (pids[i] == pid) {
				(void)usleep(SLEEP_US);
				pids[i] = start(site, i);
			}
	}
	return 0;
}
