// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/*
 * A bad line: passes bytes between a Unix socket and another, one connection at a time, and loses the line after so
 * many bytes from the client, so many times; then it is a good one. What the client said is kept.
 *
 *	flaky_proxy LISTEN TARGET BYTES TIMES LOG
 */

static int
unix_socket(struct sockaddr_un *address, const char *path)
{
	memset(address, 0, sizeof *address);
	address->sun_family = AF_UNIX;
	if (strlen(path) >= sizeof address->sun_path)
		exit(2);
	memcpy(address->sun_path, path, strlen(path) + 1);
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static int
listen_at(const char *path)
{
	struct sockaddr_un address;
	int fd = unix_socket(&address, path);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 16) != 0) {
		perror(path);
		exit(2);
	}
	return fd;
}

static int
connect_to(const char *path)
{
	struct sockaddr_un address;
	int fd = unix_socket(&address, path);

	if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static bool
put(int fd, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, bytes, size);

		if (n <= 0)
			return false;
		bytes += n;
		size -= (size_t)n;
	}
	return true;
}

/* Moves what is there to be read; false at the end. *left counts down, NULL for no limit. */
static bool
move(int from, int to, long *left, int log)
{
	char bytes[4096];
	size_t most = left == NULL || *left > (long)sizeof bytes ? sizeof bytes : (size_t)*left;
	ssize_t n = read(from, bytes, most);

	if (n <= 0)
		return false;
	if (left != NULL)
		*left -= n;
	if (log >= 0)
		(void)!write(log, bytes, (size_t)n);
	return put(to, bytes, (size_t)n);
}

/* One connection to its end; true when the line was lost before. */
static bool
serve(int client, int server, long limit, int log)
{
	struct pollfd fds[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
	long left = limit;

	while (limit == 0 || left > 0) {
		if (poll(fds, 2, -1) < 0)
			return false;
		if ((fds[0].revents != 0 && !move(client, server, limit == 0 ? NULL : &left, log)) ||
		    (fds[1].revents != 0 && !move(server, client, NULL, -1)))
			return false;
	}
	return true;
}

int
main(int argc, char **argv)
{
	int listener, log;
	long bytes, times;

	if (argc != 6)
		return 2;
	(void)signal(SIGPIPE, SIG_IGN);
	listener = listen_at(argv[1]);
	bytes = strtol(argv[3], NULL, 10);
	times = strtol(argv[4], NULL, 10);
	log = open(argv[5], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	for (;;) {
		int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		int server = client < 0 ? -1 : connect_to(argv[2]);

		if (server >= 0)
			times -= serve(client, server, times > 0 ? bytes : 0, log);
		if (server >= 0)
			close(server);
		if (client >= 0)
			close(client);
	}
}
