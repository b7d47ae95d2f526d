// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/relay_process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "relay/files.h"

#define WORDS_MAX 32
#define READ_MS 10000

static void
must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "relay_process: %s: %s\n", what, strerror(errno));
	abort();
}

static void
wait_ms(long ms)
{
	struct timespec t = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&t, NULL);
}

/* --- the process --- */

void
relay_init(struct relay_process *relay)
{
	const char *base = access("/dev/shm", W_OK) == 0 && getenv("RELAY_ON_DISK") == NULL ? "/dev/shm" : "/tmp";
	char clock[96];
	int fd;

	memset(relay, 0, sizeof *relay);
	snprintf(relay->folder, sizeof relay->folder, "%s/cairnd-XXXXXX", base);
	must(mkdtemp(relay->folder) != NULL, "folder");
	snprintf(relay->data, sizeof relay->data, "%s/data", relay->folder);
	snprintf(relay->socket, sizeof relay->socket, "%s/sock", relay->folder);
	snprintf(relay->log, sizeof relay->log, "%s/log", relay->folder);
	snprintf(clock, sizeof clock, "%s/clock", relay->folder);
	fd = open(clock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	must(fd >= 0 && ftruncate(fd, sizeof *relay->clock) == 0, "clock");
	relay->clock = mmap(NULL, sizeof *relay->clock, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	must(relay->clock != MAP_FAILED, "clock");
	close(fd);
	snprintf(relay->config, sizeof relay->config, "%s/cairnd.conf", relay->folder);
	fd = open(relay->config, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	must(fd >= 0, "configuration");
	close(fd);
}

static void
run(const char *path, const char *const *words)
{
	int log = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);

	if (log < 0 || dup2(log, STDERR_FILENO) < 0 || dup2(log, STDOUT_FILENO) < 0)
		_exit(126);
	close(log);
	execv(CAIRND_TEST, (char *const *)(uintptr_t)words);
	_exit(127);
}

static pid_t
spawn(const char *log, const char *const *words)
{
	pid_t pid = fork();

	must(pid >= 0, "fork");
	if (pid == 0)
		run(log, words);
	return pid;
}

/* Is there somebody behind the socket? */
static bool
answers(const struct relay_process *relay)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool ok;

	must(fd >= 0, "socket");
	snprintf(address.sun_path, sizeof address.sun_path, "%s", relay->socket);
	ok = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
	close(fd);
	return ok;
}

bool
relay_start(struct relay_process *relay, const char *const *flags)
{
	char listen[128], clock[96];
	const char *words[WORDS_MAX] = {"cairnd-test", "--config", relay->config, "--data", relay->data,
	    "--listen", listen, "--test-clock", clock, CAIRND_FLAGS};
	size_t count = 0;
	int status;

	snprintf(listen, sizeof listen, "unix:%s", relay->socket);
	snprintf(clock, sizeof clock, "%s/clock", relay->folder);
	while (words[count] != NULL)
		count++;
	for (size_t i = 0; flags != NULL && flags[i] != NULL && count < WORDS_MAX - 1; i++)
		words[count++] = flags[i];
	unlink(relay->socket);
	relay->pid = spawn(relay->log, words);
	for (int tries = 0; tries < 2000; tries++) {
		if (answers(relay))
			return true;
		if (waitpid(relay->pid, &status, WNOHANG) == relay->pid) {
			relay->pid = 0;
			return false;
		}
		wait_ms(5);
	}
	must(false, "it does not answer");
	return false;
}

int
relay_stop(struct relay_process *relay)
{
	int status = 0;

	if (relay->pid == 0)
		return -1;
	kill(relay->pid, SIGTERM);
	must(waitpid(relay->pid, &status, 0) == relay->pid, "wait");
	relay->pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void
relay_kill(struct relay_process *relay)
{
	if (relay->pid == 0)
		return;
	kill(relay->pid, SIGKILL);
	must(waitpid(relay->pid, NULL, 0) == relay->pid, "wait");
	relay->pid = 0;
}

void
relay_release(struct relay_process *relay)
{
	relay_stop(relay);
	munmap(relay->clock, sizeof *relay->clock);
	must(file_remove_tree(AT_FDCWD, relay->folder) == 0, "remove");
}

uint64_t
relay_now(const struct relay_process *relay)
{
	return (uint64_t)((int64_t)time(NULL) + *relay->clock);
}

void
relay_move_clock(struct relay_process *relay, int64_t seconds)
{
	*relay->clock += seconds;
	/* It looks each second. */
	wait_ms(2500);
}

int
relay_command(const struct relay_process *relay, const char *const *words)
{
	const char *all[WORDS_MAX] = {"cairnd-test", "--config", relay->config, "--data", relay->data};
	size_t count = 5;
	int status;

	for (size_t i = 0; words[i] != NULL && count < WORDS_MAX - 1; i++)
		all[count++] = words[i];
	must(waitpid(spawn("/dev/null", all), &status, 0) > 0, "wait");
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* --- raw HTTP --- */

int
relay_connect(const struct relay_process *relay)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	must(fd >= 0, "socket");
	snprintf(address.sun_path, sizeof address.sun_path, "%s", relay->socket);
	if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	close(fd);
	return -1;
}

bool
http_send(int fd, const void *bytes, size_t size)
{
	const char *at = bytes;

	while (size > 0) {
		ssize_t n = send(fd, at, size, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		at += n;
		size -= (size_t)n;
	}
	return true;
}

bool
http_send_text(int fd, const char *text)
{
	return http_send(fd, text, strlen(text));
}

void
http_taken(int fd)
{
	int left = 1;

	for (int tries = 0; left > 0 && tries < 2000; tries++) {
		must(ioctl(fd, SIOCOUTQ, &left) == 0, "SIOCOUTQ");
		wait_ms(5);
	}
	wait_ms(50);
}

/* One read that waits; 0 at the end, or when nothing came for too long. */
static size_t
some(int fd, void *room, size_t size)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	ssize_t n;

	if (poll(&p, 1, READ_MS) <= 0)
		return 0;
	n = recv(fd, room, size, 0);
	return n <= 0 ? 0 : (size_t)n;
}

static bool
read_head(int fd, struct http_answer *answer)
{
	size_t used = 0;

	while (used < sizeof answer->head - 1 && some(fd, answer->head + used, 1) == 1) {
		answer->head[++used] = '\0';
		if (used >= 4 && memcmp(answer->head + used - 4, "\r\n\r\n", 4) == 0)
			return true;
	}
	return false;
}

const char *
http_header(const struct http_answer *answer, const char *name, char value[256])
{
	size_t length = strlen(name);

	value[0] = '\0';
	for (const char *at = strstr(answer->head, "\r\n"); at != NULL; at = strstr(at, "\r\n")) {
		at += 2;
		if (strncasecmp(at, name, length) != 0 || at[length] != ':')
			continue;
		snprintf(value, 256, "%.*s", (int)strcspn(at + length + 2, "\r"), at + length + 2);
		break;
	}
	return value;
}

static int
status_of(const char *head)
{
	char *end;
	long status;

	if (strncmp(head, "HTTP/1.1 ", 9) != 0)
		return 0;
	status = strtol(head + 9, &end, 10);
	return *end == ' ' ? (int)status : 0;
}

void
http_read(int fd, struct http_answer *answer, bool head)
{
	char value[256];
	size_t size;

	memset(answer, 0, sizeof *answer);
	do {
		if (!read_head(fd, answer))
			return;
		answer->status = status_of(answer->head);
	} while (answer->status == 100);
	size = strtoul(http_header(answer, "Content-Length", value), NULL, 10);
	answer->closed = strcmp(http_header(answer, "Connection", value), "close") == 0;
	answer->body = calloc(1, size + 1);
	must(answer->body != NULL, "memory");
	while (!head && answer->bytes < size) {
		size_t n = some(fd, answer->body + answer->bytes, size - answer->bytes);

		if (n == 0) {
			answer->status = 0;
			return;
		}
		answer->bytes += n;
	}
}

void
http_free(struct http_answer *answer)
{
	free(answer->body);
	memset(answer, 0, sizeof *answer);
}

void
relay_ask(const struct relay_process *relay, struct http_answer *answer, const char *method, const char *target,
    const char *headers, const void *body, size_t bytes)
{
	char head[2048];
	int fd = relay_connect(relay);

	memset(answer, 0, sizeof *answer);
	if (fd < 0)
		return;
	snprintf(head, sizeof head, "%s %s HTTP/1.1\r\nHost: relay\r\n%s", method, target, headers);
	if (body != NULL)
		snprintf(head + strlen(head), sizeof head - strlen(head), "Content-Length: %zu\r\n", bytes);
	must(strlen(head) + 3 < sizeof head, "long request");
	memcpy(head + strlen(head), "\r\n", 3);
	if (http_send_text(fd, head) && (body == NULL || http_send(fd, body, bytes)))
		http_read(fd, answer, strcmp(method, "HEAD") == 0);
	close(fd);
}

int
relay_status(const struct relay_process *relay, const char *method, const char *target, const char *headers,
    const void *body, size_t bytes)
{
	struct http_answer answer;
	int status;

	relay_ask(relay, &answer, method, target, headers, body, bytes);
	status = answer.status;
	http_free(&answer);
	return status;
}
